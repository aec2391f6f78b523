// A reason is whatever follows the colon; white space alone is none.

int no_colon_bad(int n)
{
	/* cancelint-allow(missing-cancel) */ // want: no reason
	return n + 1;
}

int empty_reason_bad(int n)
{
	/* cancelint-allow(missing-cancel):   */ // want: no reason
	return n + 2;
}

// NOLINTNEXTLINE(cancelint-missing-cancel)
int clang_tidy_comment_ok(int n)
{
	return n + 3;
}
