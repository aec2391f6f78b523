/* stuck-waiter: threads that only an answer of the program's ends, joined before anybody has it. */
#include <pthread.h>
#include <unistd.h>

int told_to_stop(void);
void tell_to_stop(void);
void work_on(void *arg);

static pthread_t first, second, third, fourth, fifth;

static void *work(void *arg)
{
	while (!told_to_stop()) {
		work_on(arg);
		usleep(10);
	}
	return NULL;
}

static void end_first_bad(void)
{
	pthread_join(first, NULL); // want: nothing but an answer of told_to_stop ends work
}

int half_started(int *arg)
{
	if (pthread_create(&first, NULL, work, arg) != 0)
		return -1;
	if (usleep(1) != 0) {
		end_first_bad();
		return -1;
	}
	while (!told_to_stop())
		usleep(1000);
	end_first_bad();
	return 0;
}

/* That nobody asks is how a program waits for the end: on every way. */
static void end_second(void)
{
	pthread_join(second, NULL);
}

int always_waits_ok(int *arg)
{
	if (pthread_create(&second, NULL, work, arg) != 0)
		return -1;
	end_second();
	return 0;
}

/* The thread is told before. */
static void end_third(void)
{
	tell_to_stop();
	pthread_join(third, NULL);
}

int tells_ok(int *arg)
{
	if (pthread_create(&third, NULL, work, arg) != 0)
		return -1;
	if (usleep(1) != 0) {
		end_third();
		return -1;
	}
	while (!told_to_stop())
		usleep(1000);
	end_third();
	return 0;
}

static void end_fourth(void)
{
	pthread_join(fourth, NULL);
}

int tells_by_itself_ok(int *arg)
{
	if (pthread_create(&fourth, NULL, work, arg) != 0)
		return -1;
	if (usleep(1) != 0) {
		tell_to_stop();
		end_fourth();
		return -1;
	}
	while (!told_to_stop())
		usleep(1000);
	end_fourth();
	return 0;
}

/* It ends by itself, too. */
static void *work_some(void *arg)
{
	for (int i = 0; i < 10 && !told_to_stop(); i++)
		work_on(arg);
	return NULL;
}

static void end_fifth(void)
{
	pthread_join(fifth, NULL);
}

int ends_by_itself_ok(int *arg)
{
	if (pthread_create(&fifth, NULL, work_some, arg) != 0)
		return -1;
	if (usleep(1) != 0) {
		end_fifth();
		return -1;
	}
	while (!told_to_stop())
		usleep(1000);
	end_fifth();
	return 0;
}

/* The answer comes from a table of functions. */
struct core {
	int (*name)(void);
	int (*told)(void);
};
extern struct core core;
static pthread_t sixth;

static void *work_for_core(void *arg)
{
	do {
		if (core.told() == 1)
			break;
		work_on(arg);
	} while (core.told() == 0);
	return NULL;
}

static void end_sixth_bad(void)
{
	pthread_join(sixth, NULL); // want: nothing but an answer of core.told ends work_for_core
}

int half_started_for_core(int *arg)
{
	if (pthread_create(&sixth, NULL, work_for_core, arg) != 0)
		return -1;
	if (usleep(1) != 0) {
		end_sixth_bad();
		return -1;
	}
	while (core.told() == 0)
		usleep(1000);
	end_sixth_bad();
	return 0;
}
