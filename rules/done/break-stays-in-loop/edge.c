// models: ctx
/*
 * break-stays-in-loop: a `break` for a stop event that leaves the switch alone. `want` stands at the `break`.
 */
#include "ctx.h"

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
