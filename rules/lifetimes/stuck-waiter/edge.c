// models: ctx
/* stuck-waiter: queues with both ends in this file. */
#include "ctx.h"

#include <stdlib.h>

struct job {
	chan *results;
	chan *work;
	int n;
};

extern void keep(chan *ch);
extern int check(int n);
extern void use(void *item);

/* ---- the receiver leaves ---- */

static int sends_one_bad(ctx *c, void *arg)
{
	struct job *j = arg;
	ctx_sleep(c, 1);
	return chan_send(j->results, j); // want: chan_send may wait for ever
}

int leaves_before_it_takes(ctx *c, struct job *j)
{
	void *item;
	chan *ch = chan_new(0);
	struct job *mine = malloc(sizeof *mine);
	if (!ch || !mine)
		return -1;
	mine->results = ch;
	if (ctx_go(c, sends_one_bad, mine) < 0)
		return -1;
	if (check(j->n) < 0)
		return -1;
	return chan_recv(ch, &item);
}

static int sends_alone_bad(ctx *c, void *arg)
{
	chan *ch = arg;
	ctx_sleep(c, 1);
	return chan_send(ch, NULL); // want: the channel `ch`
}

int result_or_cancel(ctx *c)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_alone_bad, ch) < 0)
		return -1;
	struct chan_case cases[2] = {{.ch = ch, .item = &item}, {.done = c}};
	if (chan_select(cases, 2, -1) == 0)
		use(item);
	return 0;
}

static int sends_with_room(ctx *c, void *arg)
{
	chan *ch = arg;
	ctx_sleep(c, 1);
	return chan_send(ch, NULL);
}

int room_for_it_ok(ctx *c)
{
	void *item;
	chan *ch = chan_new(1);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	struct chan_case cases[2] = {{.ch = ch, .item = &item}, {.done = c}};
	if (chan_select(cases, 2, -1) == 0)
		use(item);
	return 0;
}

int room_of_the_caller_ok(ctx *c, size_t n)
{
	chan *ch = chan_new(n);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	return 0;
}

int always_taken_ok(ctx *c)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	return chan_recv(ch, &item);
}

int closed_ok(ctx *c, int n)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	if (check(n) < 0) {
		chan_close(ch);
		return -1;
	}
	return chan_recv(ch, &item);
}

static void drain(chan *ch)
{
	void *item;
	while (chan_recv(ch, &item) > 0)
		use(item);
}

int drained_in_a_helper_ok(ctx *c, int n)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	if (check(n) < 0) {
		drain(ch);
		return -1;
	}
	return chan_recv(ch, &item);
}

chan *given_to_the_caller_ok(ctx *c)
{
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return NULL;
	return ch;
}

int kept_elsewhere_ok(ctx *c)
{
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	keep(ch);
	return 0;
}

int same_condition_ok(ctx *c, int with)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch)
		return -1;
	if (with && ctx_go(c, sends_with_room, ch) < 0)
		return -1;
	if (with)
		chan_recv(ch, &item);
	return 0;
}

static int tries_to_send(ctx *c, void *arg)
{
	chan *ch = arg;
	ctx_sleep(c, 1);
	return chan_try_send(ch, NULL);
}

int never_waits_ok(ctx *c)
{
	chan *ch = chan_new(0);
	return ch ? ctx_go(c, tries_to_send, ch) : -1;
}

static int sends_or_stops(ctx *c, void *arg)
{
	struct chan_case cases[2] = {{.ch = arg}, {.done = c}};
	return chan_select(cases, 2, -1);
}

int sender_looks_at_its_token_ok(ctx *c)
{
	chan *ch = chan_new(0);
	return ch ? ctx_go(c, sends_or_stops, ch) : -1;
}

/* ---- one too many ---- */

static int sends_twice_bad(ctx *c, void *arg)
{
	chan *ch = arg;
	if (ctx_sleep(c, 1) < 0)
		chan_send(ch, NULL); /* a return is missing */
	return chan_send(ch, c);     // want: chan_send may wait for ever
}

int takes_only_one(ctx *c)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_twice_bad, ch) < 0)
		return -1;
	return chan_recv(ch, &item);
}

static int sends_once(ctx *c, void *arg)
{
	chan *ch = arg;
	if (ctx_sleep(c, 1) < 0)
		return chan_send(ch, NULL);
	return chan_send(ch, c);
}

int takes_one_ok(ctx *c)
{
	void *item;
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, sends_once, ch) < 0)
		return -1;
	return chan_recv(ch, &item);
}

/* ---- the sender leaves ---- */

static int consumes_bad(ctx *c, void *arg)
{
	void *item;
	while (chan_recv(arg, &item) > 0) // want: chan_recv may wait for ever
		ctx_sleep(c, 1);
	return 0;
}

int nobody_closes(ctx *c, int n)
{
	chan *ch = chan_new(4);
	if (!ch || ctx_go(c, consumes_bad, ch) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		chan_send(ch, NULL);
	return 0;
}

static int consumes_until_closed(ctx *c, void *arg)
{
	void *item;
	while (chan_recv(arg, &item) > 0)
		ctx_sleep(c, 1);
	return 0;
}

int closes_ok(ctx *c, int n)
{
	chan *ch = chan_new(4);
	if (!ch || ctx_go(c, consumes_until_closed, ch) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		chan_send(ch, NULL);
	chan_close(ch);
	return 0;
}

static int waits_for_one_bad(ctx *c, void *arg)
{
	void *item;
	(void)c;
	return chan_recv(arg, &item); // want: chan_recv may wait for ever
}

int error_before_the_send(ctx *c, int n)
{
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, waits_for_one_bad, ch) < 0)
		return -1;
	if (check(n) < 0)
		return -1;
	return chan_send(ch, NULL);
}

static int takes_one_and_ends(ctx *c, void *arg)
{
	void *item;
	(void)c;
	return chan_recv(arg, &item);
}

int sends_on_each_path_ok(ctx *c, int n)
{
	chan *ch = chan_new(0);
	if (!ch || ctx_go(c, takes_one_and_ends, ch) < 0)
		return -1;
	if (check(n) < 0) {
		chan_send(ch, NULL);
		return -1;
	}
	return chan_send(ch, c);
}

/* A constructor that gives up. */
static int serves_bad(ctx *c, void *arg)
{
	void *item;
	while (chan_recv(arg, &item) > 0) // want: server_new can return
		ctx_sleep(c, 1);
	return 0;
}

struct server *server_new(ctx *c, int n)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return NULL;
	j->work = chan_new(8);
	if (!j->work || ctx_go(c, serves_bad, j->work) < 0)
		return NULL;
	if (check(n) < 0)
		return NULL;
	keep(j->work);
	return (struct server *)j;
}

/* ---- nobody at all ---- */

int no_sender_bad(void)
{
	void *item;
	chan *ch = chan_new(1);
	if (!ch)
		return -1;
	return chan_recv(ch, &item); // want: nobody can put anything into it
}

int no_receiver_bad(void)
{
	chan *ch = chan_new(0);
	if (!ch)
		return -1;
	return chan_send(ch, NULL); // want: nobody can take from it
}

int to_itself_ok(void)
{
	void *item;
	chan *ch = chan_new(1);
	if (!ch)
		return -1;
	chan_send(ch, NULL);
	return chan_recv(ch, &item);
}

int sender_outside_ok(void)
{
	void *item;
	chan *ch = chan_new(1);
	if (!ch)
		return -1;
	keep(ch);
	return chan_recv(ch, &item);
}

/* ---- what lies in objects of the caller ---- */

struct box {
	chan *results;
};

static int sends_into_the_box_bad(ctx *c, void *arg)
{
	struct box *b = arg;
	ctx_sleep(c, 1);
	return chan_send(b->results, b); // want: stop_does_not_drain can leave without taking
}

void stop_does_not_drain(struct box *b, ctx *c)
{
	b->results = chan_new(0);
	if (b->results)
		ctx_go(c, sends_into_the_box_bad, b);
}

struct mailbox {
	chan *results;
};

static int sends_into_the_mailbox(ctx *c, void *arg)
{
	struct mailbox *b = arg;
	ctx_sleep(c, 1);
	return chan_send(b->results, b);
}

void taken_by_another_function_ok(struct mailbox *b, ctx *c)
{
	b->results = chan_new(0);
	if (b->results)
		ctx_go(c, sends_into_the_mailbox, b);
}

int takes_from_the_mailbox_ok(struct mailbox *b)
{
	void *item;
	return chan_recv(b->results, &item);
}

static int sends_to_a_caller_bad(ctx *c, void *arg)
{
	chan *ch = arg;
	ctx_sleep(c, 1);
	return chan_send(ch, NULL); // want: nobody_takes can leave without taking
}

struct shelf {
	chan *results;
};

void nobody_takes(struct shelf *s, ctx *c)
{
	s->results = chan_new(0);
	if (s->results)
		ctx_go(c, sends_to_a_caller_bad, s->results);
}
