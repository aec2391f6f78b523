// Ways to end a thread that CERT POS44-C and POS47-C, and checks of clang-tidy, are about.
#define SIGTERM 15
#define SIGINT 2
#define FIRST_BIT (1 << 0)
#define PTHREAD_CANCEL_DEFERRED 0
#define PTHREAD_CANCEL_ASYNCHRONOUS FIRST_BIT
typedef int pthread_t;
typedef struct {
	int stack;
} pthread_attr_t;
int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*start)(void *), void *arg);
int pthread_kill(pthread_t t, int sig);
int pthread_setcanceltype(int type, int *old);
int ready(void);

int ask(pthread_t t)
{
	int rc;
	if ((rc = pthread_kill(t, SIGTERM)) != 0)
		return rc;
	return pthread_kill(t, 0);
}

int plain(void)
{
	int old;
	return pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
}

int in_a_condition(void)
{
	int rc = 0, old;
	if (ready() && (rc = pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old)) != 0)
		return rc;
	return pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old);
}
