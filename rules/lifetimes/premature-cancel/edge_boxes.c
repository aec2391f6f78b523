// models: ctx
/* premature-cancel: work that wrappers start, with memory that only carries what it is given. */
#include "ctx.h"
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the wrapper gives its own arguments on ---- */

static int run_apart(void *(*body)(void *), void *data)
{
	pthread_t id;
	int failed = pthread_create(&id, NULL, body, data);
	if (!failed)
		pthread_detach(id);
	return failed;
}

static void *count_down(void *data)
{
	int *left = data;
	while (*left > 0)
		--*left;
	return NULL;
}

static void *give_back(void *data)
{
	free(data);
	return NULL;
}

int start_with_local_bad(int n)
{
	int left = n;
	return run_apart(count_down, &left); // want: count_down may still use the local variable `left`
}

int start_with_heap_ok(int n)
{
	int *left = malloc(sizeof *left);
	if (!left)
		return -1;
	*left = n;
	if (run_apart(give_back, left) == 0)
		return 0;
	free(left);
	return -1;
}

/* ---- a box with the function and its data ---- */

struct errand {
	void (*run)(void *data);
	void *data;
};

static void *do_errand(void *p)
{
	struct errand e = *(struct errand *)p;
	free(p);
	e.run(e.data);
	return NULL;
}

static int send_out(void (*run)(void *data), void *data)
{
	struct errand *e = malloc(sizeof *e);
	pthread_t id;
	if (!e)
		return -1;
	e->run = run;
	e->data = data;
	if (pthread_create(&id, NULL, do_errand, e) != 0) {
		free(e);
		return -1;
	}
	pthread_detach(id);
	return 0;
}

static void shout(void *data)
{
	const char *text = data;
	if (write(1, text, 1) < 0)
		return;
}

int shout_local_bad(char c)
{
	char text[2] = {c, 0};
	return send_out(shout, text); // want: shout may still use the local variable `text`
}

int shout_constant_ok(void)
{
	static char text[] = "!";
	return send_out(shout, text);
}

static void shout_and_free(void *data)
{
	shout(data);
	free(data);
}

int shout_copy_ok(char c)
{
	char *text = calloc(2, 1);
	if (!text)
		return -1;
	*text = c;
	if (send_out(shout_and_free, text) == 0)
		return 0;
	free(text);
	return -1;
}

/* ---- a box that leads to what its sender has ---- */

struct tally {
	wait_group *all;
	int sum;
};
struct entry {
	struct tally *in;
	int add;
};

static int add_up(ctx *c, void *data)
{
	struct entry *e = data;
	if (ctx_sleep(c, 5) == 0)
		e->in->sum += e->add;
	wg_done(e->in->all);
	free(e);
	return 0;
}

static int add_later(ctx *c, struct tally *t, int n)
{
	struct entry *e = malloc(sizeof *e);
	if (!e)
		return -1;
	e->in = t;
	e->add = n;
	wg_add(t->all, 1);
	if (ctx_go(c, add_up, e) == 0)
		return 0;
	wg_done(t->all);
	free(e);
	return -1;
}

int sum_up_bad(ctx *c, wait_group *all)
{
	struct tally *t = calloc(1, sizeof *t);
	if (!t)
		return -1;
	t->all = all;
	int failed = add_later(c, t, 1);
	if (failed == 0)
		failed = db_exec(c, "update");
	free(t); // want: what the work that add_later started may still use
	return failed;
}

int sum_up_ok(ctx *c, wait_group *all)
{
	struct tally *t = calloc(1, sizeof *t);
	if (!t)
		return -1;
	t->all = all;
	int failed = add_later(c, t, 1);
	wg_wait(all);
	free(t);
	return failed;
}

/* ---- it may not have been started ---- */

struct hand {
	pthread_t id;
	int turns;
};

static void *turn(void *data)
{
	struct hand *h = data;
	h->turns++;
	return NULL;
}

static int hand_start(struct hand *h)
{
	h->turns = 0;
	return pthread_create(&h->id, NULL, turn, h);
}

static void hand_stop(struct hand *h)
{
	pthread_join(h->id, NULL);
}

int turn_once_ok(void)
{
	struct hand h;
	if (hand_start(&h) != 0)
		return -1;
	hand_stop(&h);
	return h.turns;
}

int turn_and_leave_bad(int hurry)
{
	struct hand h;
	if (hand_start(&h) != 0) // want: what hand_start started may still use the local variable `h`
		return -1;
	if (hurry)
		return 0;
	hand_stop(&h);
	return h.turns;
}
