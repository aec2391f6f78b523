// models: ctx
/*
 * break-stays-in-loop: a `break` for a stop event that leaves the switch alone. `want` stands at the `break`.
 */
#include "ctx.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

enum event { EV_DATA, EV_STOP, EV_ERROR, EV_STOP_WATCH };
#define MSG_DATA 1
#define MSG_QUIT 2

struct source;
enum event next(struct source *s);
int next_message(struct source *s);
void handle(struct source *s);
void say(const char *text);
void tick(void);

void empty_case_bad(struct source *s)
{
	for (;;)
		switch (next(s)) {
		case EV_STOP:
			break; // want: EV_STOP
		default:
			handle(s);
		}
}

void says_so_bad(struct source *s)
{
	while (true) {
		switch (next(s)) {
		case EV_DATA:
			handle(s);
			break;
		case EV_STOP:
			say("stopping");
			break; // want: the loop goes on
		default:
			break;
		}
		tick();
	}
}

void in_a_trailing_if_bad(struct source *s, bool loud)
{
	for (;;) {
		switch (next_message(s)) {
		case MSG_QUIT:
			if (loud) {
				say("quitting");
				break; // want: MSG_QUIT
			} else {
				break; // want: MSG_QUIT
			}
		case MSG_DATA:
			handle(s);
			break;
		}
	}
}

void in_braces_bad(struct source *s)
{
	for (;;) {
		switch (next_message(s)) {
		case MSG_DATA: {
			handle(s);
			break;
		}
		case MSG_QUIT: {
			break; // want: MSG_QUIT
		}
		}
	}
}

void done_case_bad(ctx *c, chan *in)
{
	void *item;
	struct chan_case cases[2] = {{.done = c}, {.ch = in, .item = &item}};
	for (;;) {
		switch (chan_select(cases, 2, -1)) {
		case 0:
			break; // want: leaves the switch
		case 1:
			handle(item);
			break;
		}
	}
}

void with_a_token_bad(ctx *c, struct source *s)
{
	while (!ctx_is_done(c)) {
		switch (next(s)) {
		case EV_STOP:
			break; // want: EV_STOP
		default:
			handle(s);
		}
	}
}

/* Another event ends it; this one does not. */
int another_case_leaves_bad(struct source *s)
{
	for (;;) {
		switch (next(s)) {
		case EV_ERROR:
			return -1;
		case EV_STOP:
			break; // want: EV_STOP
		default:
			handle(s);
		}
	}
}

void jumps_out_ok(struct source *s)
{
	for (;;) {
		switch (next(s)) {
		case EV_STOP:
			goto out;
		default:
			handle(s);
		}
	}
out:
	say("stopped");
}

void returns_ok(struct source *s)
{
	for (;;) {
		switch (next(s)) {
		case EV_STOP:
			return;
		case EV_ERROR:
			say("error");
			break;
		default:
			handle(s);
		}
	}
}

/* What it skips is the rest of its case. */
void skips_the_rest_ok(struct source *s, bool busy)
{
	for (;;) {
		switch (next(s)) {
		case EV_STOP:
			if (busy)
				break;
			return;
		default:
			handle(s);
		}
	}
}

void left_behind_the_switch_ok(struct source *s)
{
	for (;;) {
		switch (next(s)) {
		case EV_DATA:
			handle(s);
			continue;
		case EV_STOP:
			break;
		default:
			continue;
		}
		break;
	}
}

void sets_the_condition_ok(struct source *s)
{
	bool running = true;
	while (running) {
		switch (next(s)) {
		case EV_STOP:
			running = false;
			break;
		default:
			handle(s);
		}
	}
}

void ends_with_the_source_ok(struct source *s)
{
	int m;
	while ((m = next_message(s)) > 0) {
		switch (m) {
		case MSG_QUIT:
			break;
		default:
			handle(s);
		}
	}
}

void another_word_ok(struct source *s)
{
	for (;;) {
		switch (next(s)) {
		case EV_STOP_WATCH:
			break;
		default:
			handle(s);
		}
	}
}

void no_loop_ok(struct source *s)
{
	switch (next(s)) {
	case EV_STOP:
		break;
	default:
		handle(s);
	}
}

/* The inner loop is left by it. */
void loop_in_the_case_ok(struct source *s)
{
	for (;;) {
		switch (next(s)) {
		case EV_STOP:
			for (int i = 0; i < 3; i++) {
				if (next(s) == EV_DATA)
					break;
				tick();
			}
			return;
		default:
			handle(s);
		}
	}
}

void other_done_case_ok(ctx *c, chan *in)
{
	void *item;
	struct chan_case cases[2] = {{.done = c}, {.ch = in, .item = &item}};
	for (;;) {
		switch (chan_select(cases, 2, -1)) {
		case 0:
			return;
		case 1:
			break;
		}
	}
}

/* An endless loop with its condition at the end. */
void do_while_bad(struct source *s)
{
	do {
		switch (next(s)) {
		case EV_STOP:
			break; // want: EV_STOP
		default:
			handle(s);
		}
	} while (1);
}

void do_once_ok(struct source *s)
{
	do {
		switch (next(s)) {
		case EV_STOP:
			break;
		default:
			handle(s);
		}
	} while (0);
}

enum message { MSG_WORK, MSG_STOP_WORKER, MSG_TERM };
enum message next_for_worker(struct source *s);

void more_words_bad(struct source *s)
{
	for (;;) {
		switch (next_for_worker(s)) {
		case MSG_STOP_WORKER:
			break; // want: MSG_STOP_WORKER
		case MSG_TERM:
			break; // want: MSG_TERM
		default:
			handle(s);
		}
	}
}

/* ---- the case makes the loop's condition true ---- */

struct server {
	atomic_bool stop;
	_Atomic int state;
	volatile bool quit;
	struct source *q;
	ctx *c;
	bool running;
};
void server_stop(struct server *s);

static void set_stop(struct server *s)
{
	atomic_store(&s->stop, true);
}

void sets_the_flag_ok(struct server *s)
{
	while (!atomic_load(&s->stop)) {
		switch (next(s->q)) {
		case EV_STOP:
			say("stop");
			atomic_store(&s->stop, true);
			break;
		default:
			handle(s->q);
		}
	}
}

void sets_the_state_ok(struct server *s)
{
	while (atomic_load(&s->state) == 1 && !s->quit) {
		switch (next(s->q)) {
		case EV_STOP:
			s->quit = true;
			break;
		default:
			handle(s->q);
		}
	}
}

void by_a_helper_ok(struct server *s)
{
	while (!atomic_load(&s->stop)) {
		switch (next(s->q)) {
		case EV_STOP:
			set_stop(s);
			break;
		default:
			handle(s->q);
		}
	}
}

void by_unknown_code_ok(struct server *s)
{
	while (!atomic_load(&s->stop)) {
		switch (next(s->q)) {
		case EV_STOP:
			server_stop(s);
			break;
		default:
			handle(s->q);
		}
	}
}

void cancels_the_token_ok(ctx *c, ctx_canceller *h, struct source *q)
{
	while (!ctx_is_done(c)) {
		switch (next(q)) {
		case EV_STOP:
			ctx_cancel(h);
			break;
		default:
			handle(q);
		}
	}
}

/* Behind the switch, for the same event. */
void sets_it_behind_ok(struct server *s)
{
	while (!atomic_load(&s->stop)) {
		enum event e = next(s->q);
		switch (e) {
		case EV_STOP:
			break;
		default:
			handle(s->q);
		}
		if (e == EV_STOP)
			atomic_store(&s->stop, true);
	}
}

void sets_another_flag_bad(struct server *s, struct server *other)
{
	while (!atomic_load(&s->stop)) {
		switch (next(s->q)) {
		case EV_STOP:
			atomic_store(&other->stop, true);
			break; // want: EV_STOP
		default:
			handle(s->q);
		}
	}
}

/* ---- that the next event could not be had ends the loop, too ---- */

void leaves_on_failure_bad(int fd)
{
	int msg;
	for (;;) {
		if (read(fd, &msg, sizeof msg) != sizeof msg)
			return;
		switch (msg) {
		case EV_STOP:
			break; // want: EV_STOP
		case EV_DATA:
			handle(NULL);
			break;
		}
	}
}

void condition_is_the_wait_bad(int fd)
{
	int msg;
	while (read(fd, &msg, sizeof msg) > 0) {
		switch (msg) {
		case EV_STOP:
			break; // want: EV_STOP
		case EV_DATA:
			handle(NULL);
			break;
		}
	}
}

/* Not the failure of a wait: the loop has another end. */
void leaves_on_timeout_ok(struct pollfd *set)
{
	while (poll(set, 1, 1000) != 0) {
		switch (next(NULL)) {
		case EV_STOP:
			break;
		default:
			handle(NULL);
		}
	}
}

void all_that_is_there_ok(struct queue *q, int n)
{
	while (n-- > 0) {
		switch (next(q)) {
		case EV_STOP:
			break;
		default:
			handle(q);
		}
	}
}

/* ---- a stop of the thing that another case starts, and one of the program ---- */

enum player_command { PLAYER_PLAY, PLAYER_STOP, PLAYER_QUIT };
enum player_command next_command(struct queue *q);
void show(const char *what);

void has_an_opposite_and_low_confidence_bad(struct queue *q)
{
	for (;;) {
		switch (next_command(q)) {
		case PLAYER_PLAY:
			show("playing");
			break;
		case PLAYER_STOP:
			show("stopped");
			break; // want: PLAYER_STOP
		case PLAYER_QUIT:
			return;
		}
	}
}

void quits_bad(struct queue *q)
{
	for (;;) {
		switch (next_command(q)) {
		case PLAYER_PLAY:
			show("playing");
			break;
		case PLAYER_QUIT:
			show("good bye");
			break; // want: PLAYER_QUIT
		}
	}
}
