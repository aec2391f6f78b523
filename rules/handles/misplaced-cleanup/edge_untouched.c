/* misplaced-cleanup: a call that fails leaves what was put into the memory for its handles before. */
#include <sys/types.h>
#include <unistd.h>

void start(int in, int out);

static void finish(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

int starts_with_two_ok(int confirm)
{
	int to[2] = {-1, -1}, from[2] = {-1, -1};
	int status = 1;

	if (confirm && pipe(to) == -1)
		goto out;
	if (pipe(from) == -1)
		goto out;
	start(to[0], from[1]);
	start(to[1], from[0]);
	return 0;
out:
	if (from[0] != -1) {
		close(from[0]);
		close(from[1]);
	}
	if (to[0] != -1) {
		close(to[0]);
		close(to[1]);
	}
	return status;
}

int tests_the_other_end_ok(void)
{
	int ends[2] = {-1, -1};
	int failed = pipe(ends) < 0;

	if (ends[0] >= 0)
		finish(ends);
	return failed;
}

int does_not_ask_bad(void)
{
	int ends[2];

	if (pipe(ends) == -1) {
		close(ends[0]); // want: on a path where pipe failed
		return 1;
	}
	finish(ends);
	return 0;
}
