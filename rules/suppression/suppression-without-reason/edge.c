// A reason is whatever follows the colon; white space alone is none. The finding is silenced all the same.
#include <unistd.h>

int no_colon_bad(void)
{
	int fds[2];
	return pipe(fds); /* cancelint-allow(missing-cancel) */ // want: gives no reason
}

int empty_reason_bad(void)
{
	int fds[2];
	return pipe(fds); /* cancelint-allow(missing-cancel):   */ // want: gives no reason
}

int one_reason_for_two_rules_bad(void)
{
	int fds[2];
	return pipe(fds); /* cancelint-allow(missing-cancel, unchecked-done) */ // want: gives no reason
}

int reason_ok(void)
{
	int fds[2];
	return pipe(fds); // cancelint-allow(missing-cancel): the process ends with this call
}

int reason_on_the_next_line_ok(void)
{
	int fds[2];
	// cancelint-allow(missing-cancel):
	// the process ends with this call
	return pipe(fds);
}

int clang_tidy_comment_ok(void)
{
	int fds[2];
	return pipe(fds); // NOLINT(cancelint-missing-cancel)
}
