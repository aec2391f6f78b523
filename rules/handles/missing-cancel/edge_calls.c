// models: ctx
/* missing-cancel: handles given to functions that call themselves or each other, and to tables of functions. */
#include "ctx.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void drop(ctx_canceller *stop, int turns)
{
	if (turns <= 0) {
		ctx_cancel(stop);
		return;
	}
	drop(stop, turns - 1);
}

int released_by_recursion_ok(ctx *parent, int turns)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	ctx_sleep(c, 5);
	drop(stop, turns);
	return 0;
}

static int depth_of(ctx_canceller *stop, int turns)
{
	if (turns <= 0)
		return 0;
	return depth_of(stop, turns - 1) + 1;
}

int ignored_by_recursion_bad(ctx *parent, int turns)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: `stop`
	if (!c)
		return -1;
	return depth_of(stop, turns);
}

static ctx *make(ctx *parent, ctx_canceller **out, int turns)
{
	if (turns == 0)
		return ctx_with_cancel(parent, out);
	return make(ctx_with_value(parent, &turns, NULL), out, turns - 1);
}

int made_by_recursion_bad(ctx *parent, int turns)
{
	ctx_canceller *stop;
	ctx *c = make(parent, &stop, turns); // want: `stop`
	return c ? ctx_sleep(c, 5) : -1;
}

static void even(ctx_canceller *stop, int turns);
static void odd(ctx_canceller *stop, int turns)
{
	if (turns == 1)
		ctx_cancel(stop);
	else
		even(stop, turns - 1);
}
static void even(ctx_canceller *stop, int turns)
{
	if (turns == 0)
		ctx_cancel(stop);
	else
		odd(stop, turns - 1);
}

int released_by_two_in_turn_ok(ctx *parent, int turns)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	even(stop, turns);
	return 0;
}

/* Only one of the two ends it. */
static void tick(ctx_canceller *stop, int turns);
static void tock(ctx_canceller *stop, int turns)
{
	if (turns > 1)
		tick(stop, turns - 1);
}
static void tick(ctx_canceller *stop, int turns)
{
	if (turns > 0)
		tock(stop, turns - 1);
}

int released_by_neither_bad(ctx *parent, int turns)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: `stop`
	if (!c)
		return -1;
	tick(stop, turns);
	return 0;
}

static _Noreturn void give_up(int turns)
{
	if (turns > 0)
		give_up(turns - 1);
	abort();
}

static void complain(int turns) /* never comes back, without saying so */
{
	give_up(turns);
}

int path_ends_in_a_call_ok(ctx *parent, int turns)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (turns)
		complain(turns);
	ctx_cancel(stop);
	return 0;
}

struct operations {
	void (*end)(ctx_canceller *);
	int (*depth)(ctx_canceller *, int);
};
static void end(ctx_canceller *stop)
{
	ctx_cancel(stop);
}
static const struct operations operations = {end, depth_of};

int released_through_a_table_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	operations.end(stop);
	return 0;
}

int released_through_a_pointer_to_a_table_ok(ctx *parent)
{
	const struct operations *ops = &operations;
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	ops->end(stop);
	return 0;
}

int ignored_through_a_table_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: `stop`
	if (!c)
		return -1;
	return operations.depth(stop, 2);
}

int table_from_elsewhere_ok(ctx *parent, const struct operations *ops)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	ops->end(stop);
	return 0;
}

/* ---- callees that keep it, or end it ---- */

struct keeper {
	int wake;
};

static int keeps_or_closes(struct keeper *k, int fd)
{
	if (k->wake >= 0) {
		close(fd);
		return -1;
	}
	k->wake = fd;
	return 0;
}

static int keeps_or_refuses(struct keeper *k, int fd)
{
	if (k->wake >= 0)
		return -1;
	k->wake = fd;
	return 0;
}

int kept_or_closed_ok(struct keeper *k)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	return keeps_or_closes(k, fd);
}

int refused_and_closed_ok(struct keeper *k)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	int rc = keeps_or_refuses(k, fd);
	if (rc < 0)
		close(fd);
	return rc;
}

void keeper_end(struct keeper *k)
{
	if (k->wake >= 0)
		close(k->wake);
	k->wake = -1;
}
