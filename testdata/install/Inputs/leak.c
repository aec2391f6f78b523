#include <cancelint.h>
#include <unistd.h>

struct job;
CANCELINT_CREATES(return, job)
struct job *job_start(void);
CANCELINT_RELEASES(arg0, job)
void job_end(struct job *j);

int run_bad(int quick)
{
	struct job *j = job_start();
	if (quick)
		return -1;
	job_end(j);
	return 0;
}

int wait_bad(char *byte)
{
	int ends[2];
	if (pipe(ends) < 0)
		return -1;
	if (read(ends[0], byte, 1) < 0)
		return -1;
	close(ends[0]);
	close(ends[1]);
	return 0;
}
