#include <pthread.h>

enum state { IDLE, ACTIVE, ENDED };

struct pool;
struct worker {
	pthread_t thread;
	struct pool *pool;
	int state;
};
struct pool {
	pthread_mutex_t lock;
	struct worker *workers[4];
};

void worker_join_ended(struct worker *w);
void worker_join(struct worker *w);
