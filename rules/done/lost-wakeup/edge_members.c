/* lost-wakeup: flags that are members of one static structure. */
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

static struct {
	int verbose;
	volatile sig_atomic_t stop, reload;
	bool reject;
} settings;

static void on_term(int sig)
{
	settings.stop = 1;
}

void install(void)
{
	signal(SIGTERM, on_term);
}

void asks_the_flag_bad(void)
{
	while (!settings.stop)
		pause(); // want: between the test and pause
}

/* The member beside it is another one, which no handler sets. */
void asks_another_member_ok(int fd)
{
	if (settings.reject)
		write(fd, "busy\n", 5);
	if (settings.verbose > 1)
		pause();
}
