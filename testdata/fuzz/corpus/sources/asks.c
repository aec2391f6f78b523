#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

struct job {
	int wake[2];
};
static struct job *last;

int job_ask(struct job *j, int ms)
{
	fd_set set;
	struct timeval t = {ms / 1000, ms % 1000 * 1000};
	switch (ms) {
	case 0:
		return 0;
	case -1:
		last = j;
		/* fallthrough */
	default:
		FD_ZERO(&set);
		FD_SET(j->wake[0], &set);
		return select(j->wake[0] + 1, &set, NULL, NULL, ms < 0 ? NULL : &t);
	}
}

char *job_read(struct job *j, size_t n)
{
	char *text = malloc(n);
	for (size_t at = 0; text && at < n;) {
		ssize_t got = read(j->wake[0], text + at, n - at);
		if (got <= 0) {
			free(text);
			return NULL;
		}
		at += (size_t)got;
	}
	return text;
}
