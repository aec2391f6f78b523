#include <poll.h>
#include <pthread.h>
#include <unistd.h>

struct job {
	int wake[2];
	pthread_t thread;
	volatile int stop;
};

int job_ask(struct job *j, int ms);

static void *work(void *data)
{
	struct job *j = data;
	struct pollfd p = {.fd = j->wake[0], .events = POLLIN};
	while (!j->stop)
		if (poll(&p, 1, -1) > 0)
			break;
	return NULL;
}

int job_start(struct job *j)
{
	if (pipe(j->wake) != 0)
		return -1;
	if (pthread_create(&j->thread, NULL, work, j) != 0) {
		close(j->wake[0]);
		return -1;
	}
	return job_ask(j, -1);
}

void job_end(struct job *j)
{
	j->stop = 1;
	pthread_cancel(j->thread); /* cancelint-allow(async-cancel): its own */
	pthread_join(j->thread, NULL);
	close(j->wake[0]);
	close(j->wake[1]);
}
