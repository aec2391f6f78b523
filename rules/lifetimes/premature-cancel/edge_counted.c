/* Objects that count their own references under their own lock. */
#include <pthread.h>
#include <stdlib.h>

struct job {
	pthread_mutex_t lock;
	int refs;
	int state;
	struct pool *pool;
};
struct pool {
	pthread_mutex_t lock;
	int jobs;
};

void job_woken(int state);

static void job_free(struct job *j)
{
	pthread_mutex_destroy(&j->lock);
	free(j);
}

void state_after_unlock_bad(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	int left = --j->refs;
	pthread_mutex_unlock(&j->lock);
	if (left == 0)
		job_free(j);
	else
		job_woken(j->state); // want: `j` is used after its lock was given back
}

void state_copied_ok(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	int left = --j->refs, state = j->state;
	pthread_mutex_unlock(&j->lock);
	if (left == 0)
		job_free(j);
	else
		job_woken(state);
}

void last_one_ok(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	int left = --j->refs;
	pthread_mutex_unlock(&j->lock);
	if (left == 0) {
		job_woken(j->state);
		job_free(j);
	}
}

void under_the_lock_ok(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	int left = --j->refs;
	if (left != 0)
		job_woken(j->state);
	pthread_mutex_unlock(&j->lock);
	if (left == 0)
		job_free(j);
}

/* The lock of the pool says nothing about who else holds the job. */
void lock_of_another_ok(struct job *j)
{
	struct pool *pool = j->pool;
	pthread_mutex_lock(&pool->lock);
	int left = --j->refs;
	pthread_mutex_unlock(&pool->lock);
	if (left == 0)
		job_free(j);
	else
		job_woken(j->state);
}

/* It counts jobs, and the pool is not freed where there are none. */
void pool_counts_ok(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	int left = --pool->jobs;
	pthread_mutex_unlock(&pool->lock);
	if (left != 0)
		job_woken(pool->jobs);
}
