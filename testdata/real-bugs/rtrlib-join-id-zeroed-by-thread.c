/* A thread clears its own id on its way out; who stops it may then join thread 0. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct sock {
	pthread_t thread_id;
	volatile int state;
	unsigned retry;
	int fd;
};

static void *fsm_bad(void *arg)
{
	struct sock *s = arg;
	for (;;) {
		if (s->state == 0) {
			s->state = s->fd >= 0;
		} else if (s->state == 1) {
			close(s->fd);
			s->state = 0;
			sleep(s->retry);
		} else if (s->state == 2) {
			close(s->fd);
			s->thread_id = 0; // want orphaned-task: thread_id
			pthread_exit(NULL);
		}
	}
	return NULL;
}

static void *fsm_ok(void *arg)
{
	struct sock *s = arg;
	for (;;) {
		if (s->state == 0) {
			s->state = s->fd >= 0;
		} else if (s->state == 1) {
			close(s->fd);
			s->state = 0;
			sleep(s->retry);
		} else if (s->state == 2) {
			close(s->fd);
			pthread_exit(NULL);
		}
	}
	return NULL;
}

int sock_start(struct sock *s, int first)
{
	return pthread_create(&s->thread_id, NULL, first ? fsm_bad : fsm_ok, s);
}

void sock_stop(struct sock *s)
{
	s->state = 2;
	if (s->thread_id != 0) {
		pthread_kill(s->thread_id, SIGUSR1);
		pthread_join(s->thread_id, NULL);
		s->thread_id = 0;
	}
}
