// models: ctx
/* break-stays-in-loop: macros that are wrapped in a `do` of their own, and what a case does before its `break`. */
#include "ctx.h"

#include <stdatomic.h>
#include <stdio.h>

enum event { EV_DATA, EV_PING, EV_STOP };
struct session {
	int n;
	const char *name;
	atomic_bool closing;
};
enum event session_next(struct session *s);
void session_use(struct session *s);
void session_describe(const struct session *s);

#define LEAVE_IF(x)                                                                                          \
	do {                                                                                                 \
		if (x)                                                                                       \
			break;                                                                               \
	} while (0)
#define SAY_AND_LEAVE_IF(x)                                                                                  \
	do {                                                                                                 \
		if (x) {                                                                                     \
			fprintf(stderr, "leaving\n");                                                        \
			break;                                                                               \
		}                                                                                            \
	} while (0)
#define NEXT_IF(x)                                                                                           \
	do {                                                                                                 \
		if (x)                                                                                       \
			continue;                                                                            \
	} while (0)
#define USE_UNLESS(x, s)                                                                                     \
	do {                                                                                                 \
		if (x)                                                                                       \
			break;                                                                               \
		session_use(s);                                                                              \
	} while (0)
#define RETURN_IF(x)                                                                                         \
	do {                                                                                                 \
		if (x)                                                                                       \
			return;                                                                              \
	} while (0)

void break_in_macro_bad(ctx *c, struct session *s)
{
	for (;;) {
		LEAVE_IF(ctx_is_done(c)); // want: the `break` in LEAVE_IF
		session_use(s);
	}
}

void said_before_bad(struct session *s)
{
	for (;;) {
		session_use(s);
		SAY_AND_LEAVE_IF(atomic_load(&s->closing)); // want: SAY_AND_LEAVE_IF
		session_use(s);
	}
}

void continue_in_macro_bad(struct session *s)
{
	while (!atomic_load(&s->closing)) {
		session_use(s);
		NEXT_IF(atomic_load(&s->closing)); // want: the `continue` in NEXT_IF
		session_use(s);
	}
}

/* It skips the rest of the macro. */
void skips_ok(ctx *c, struct session *s)
{
	for (;;) {
		USE_UNLESS(ctx_is_done(c), s);
		RETURN_IF(ctx_is_done(c));
	}
}

void returns_ok(ctx *c, struct session *s)
{
	for (;;) {
		RETURN_IF(ctx_is_done(c));
		session_use(s);
	}
}

/* A later question of the same turn is answered. */
void asked_again_ok(ctx *c, struct session *s)
{
	for (;;) {
		LEAVE_IF(ctx_is_done(c));
		if (ctx_is_done(c))
			break;
		session_use(s);
	}
}

void loop_ends_ok(ctx *c, struct session *s)
{
	for (int i = 0; i < s->n; i++) {
		LEAVE_IF(ctx_is_done(c));
		session_use(s);
	}
}

/* Not about a stop. */
void other_question_ok(struct session *s)
{
	for (;;) {
		LEAVE_IF(s->n == 0);
		session_use(s);
	}
}

void logged_bad(struct session *s)
{
	for (;;) {
		switch (session_next(s)) {
		case EV_DATA:
			session_use(s);
			break;
		case EV_STOP:
			fprintf(stderr, "%s is to stop\n", s->name);
			session_describe(s);
			break; // want: EV_STOP
		default:
			break;
		}
	}
}

/* What the other branch of the case does is not done on the way to the `break`. */
void other_branch_acts_bad(struct session *s)
{
	for (;;) {
		switch (session_next(s)) {
		case EV_DATA:
			session_use(s);
			break;
		case EV_STOP:
			if (s->n == 0)
				break; // want: EV_STOP
			else
				s->n = 0;
		}
	}
}
