/* A semaphore that is made of a condition: a waiter that gets cancelled leaves its mutex locked. The repair holds it by a
 * guard. Reduced to one unit with the thread. */
#include <pthread.h>

class CondVar {
public:
	void Lock() { pthread_mutex_lock(&mutex); }
	void UnLock() { pthread_mutex_unlock(&mutex); }
	int Wait() { return pthread_cond_wait(&cond, &mutex); }

private:
	pthread_mutex_t mutex;
	pthread_cond_t cond;
};

class CondVarHelper {
public:
	explicit CondVarHelper(CondVar &c) : held(c) { held.Lock(); }
	~CondVarHelper() { held.UnLock(); }

private:
	CondVar &held;
};

struct Semaphore {
	CondVar cond;
	int value = 0, waiters = 0;
};

static Semaphore first, second;
static pthread_t first_thread, second_thread;

static void wait_bad(Semaphore &s)
{
	s.cond.Lock();
	while (s.value < 1) {
		s.waiters++;
		s.cond.Wait(); // want cancel-under-lock: may be cancelled in pthread_cond_wait
		s.waiters--;
	}
	s.value--;
	s.cond.UnLock();
}

static void wait_ok(Semaphore &s)
{
	CondVarHelper guard(s.cond);
	while (s.value < 1) {
		s.waiters++;
		s.cond.Wait();
		s.waiters--;
	}
	s.value--;
}

static void *run_first(void *data)
{
	wait_bad(first);
	return data;
}

static void *run_second(void *data)
{
	wait_ok(second);
	return data;
}

int start()
{
	return pthread_create(&first_thread, nullptr, run_first, nullptr) ||
	       pthread_create(&second_thread, nullptr, run_second, nullptr);
}

void stop()
{
	pthread_cancel(first_thread);
	pthread_join(first_thread, nullptr);
	pthread_cancel(second_thread);
	pthread_join(second_thread, nullptr);
}
