// models: ctx
/* no-deadline: what runs only once somebody was asked to stop needs no limit, in whichever function it stands. */
#include "ctx.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

static volatile sig_atomic_t running = 1, quit;
static atomic_bool stop_requested;
static volatile int ready;

static void on_term(int sig)
{
	(void)sig;
	running = 0;
	quit = 1;
}

void install_ok(void)
{
	signal(SIGTERM, on_term);
}

static void say_bye_ok(void)
{
	rpc_call(ctx_background(), "bye", NULL, NULL);
}

static void say_more_ok(void)
{
	rpc_call(ctx_background(), "more", NULL, NULL);
}

static void leave_all_ok(void)
{
	say_more_ok();
}

/* Also called while nobody was asked to stop. */
static void say_hello_bad(void)
{
	rpc_call(ctx_background(), "hello", NULL, NULL); // want: rpc_call
}

int after_the_loop_ok(ctx *c)
{
	say_hello_bad();
	while (!ctx_is_done(c))
		ctx_sleep(c, 10);
	say_bye_ok();
	leave_all_ok();
	return 0;
}

int on_one_branch_ok(ctx *c)
{
	if (ctx_is_done(c)) {
		say_bye_ok();
		say_hello_bad();
		return -1;
	}
	int rc = db_exec(c, "select 1");
	if (rc == CTX_ECANCELED)
		leave_all_ok();
	return rc;
}

void until_the_handler_ok(void)
{
	while (running)
		sleep(1);
	rpc_call(ctx_background(), "deregister", NULL, NULL);
}

void until_the_other_flag_ok(void)
{
	while (!quit)
		sleep(1);
	rpc_call(ctx_background(), "deregister", NULL, NULL);
}

void until_the_atomic_flag_ok(void)
{
	while (!atomic_load(&stop_requested))
		sleep(1);
	rpc_call(ctx_background(), "deregister", NULL, NULL);
}

/* That something is ready asks nobody to stop. */
void until_ready_bad(void)
{
	while (!ready)
		sleep(1);
	rpc_call(ctx_background(), "register", NULL, NULL); // want: rpc_call
}

/* The other way round. */
void while_running_bad(void)
{
	if (running)
		rpc_call(ctx_background(), "tick", NULL, NULL); // want: rpc_call
}

int after_the_signal_ok(void)
{
	sigset_t set;
	int sig;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &sig);
	return rpc_call(ctx_background(), "deregister", NULL, NULL);
}

/* Some signals ask for something else. */
int between_signals_bad(void)
{
	sigset_t set;
	int sig = 0;
	sigemptyset(&set);
	while (sig != SIGTERM) {
		sigwait(&set, &sig);
		if (sig == SIGHUP)
			rpc_call(ctx_background(), "reload", NULL, NULL); // want: rpc_call
	}
	return 0;
}
