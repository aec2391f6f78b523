/* The wait for a thread's end asks for one of its two last states only. */
#include <pthread.h>
#include <unistd.h>

enum state { STOPPED, RUNNING, WAIT_JOIN };
struct worker {
	pthread_t thread;
	enum state state;
};
enum state worker_state(struct worker *w);

void cancel_worker_bad(struct worker *w)
{
	pthread_cancel(w->thread);
	while (worker_state(w) != STOPPED)
		usleep(10000); // want blocking-select-no-exit: usleep
}

void cancel_worker_ok(struct worker *w)
{
	pthread_cancel(w->thread);
	while (worker_state(w) != STOPPED && worker_state(w) != WAIT_JOIN)
		usleep(10000);
}
