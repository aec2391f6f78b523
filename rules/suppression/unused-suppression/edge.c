// Comments that silence nothing, and comments that are not suppressions at all.

int plain_bad(int n)
{
	/* cancelint-allow(missing-cancel): nothing is made here */ // want: silences nothing
	return n + 1;
}

// NOLINTNEXTLINE(cancelint-missing-cancel)
int clang_tidy_comment_ok(int n)
{
	return n + 2; // NOLINT(cancelint-missing-cancel)
}

int text_that_only_looks_like_one_ok(void)
{
	const char *text = "// cancelint-allow(missing-cancel): in a string";
	return text[0];
}
