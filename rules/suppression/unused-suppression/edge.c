// Comments that silence nothing, and comments that are not suppressions at all.
#include <unistd.h>

int plain_bad(int n)
{
	/* cancelint-allow(missing-cancel): nothing is made here */ // want: no finding of `missing-cancel`
	return n + 1;
}

int wrong_rule_bad(void)
{
	int fds[2];
	/* cancelint-allow(unchecked-done): the other rule */ // want: no finding of `unchecked-done`
	return pipe(fds); // want missing-cancel: is not released
}

int used_ok(void)
{
	int fds[2];
	// cancelint-allow(missing-cancel): the process ends with this call
	return pipe(fds);
}

// NOLINTNEXTLINE(cancelint-missing-cancel)
int clang_tidy_comment_ok(int n)
{
	return n + 3; // NOLINT(cancelint-missing-cancel)
}

int text_that_only_looks_like_one_ok(void)
{
	const char *text = "// cancelint-allow(missing-cancel): in a string";
	return text[0];
}
