// models: ctx
/* double-cancel: what each turn of a loop takes anew. */
#include "ctx.h"

#include <stddef.h>
#include <unistd.h>

int more(void);
void use(ctx *c);

struct node {
	struct node *next, *prev;
	int fd;
};
struct list {
	struct node head;
};

static void unlink_node(struct node *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
}

void first_of_the_list_ok(struct list *l)
{
	struct node *n;
	while ((n = l->head.next) != &l->head) {
		close(n->fd);
		unlink_node(n);
	}
}

void same_one_bad(struct list *l, int twice)
{
	int fd = l->head.fd;
	for (int i = 0; i < twice; i++)
		close(fd); // want: ended a second time
}

void twice_in_a_turn_bad(struct list *l)
{
	for (struct node *n = l->head.next; n != &l->head; n = n->next) {
		close(n->fd);
		if (n->prev)
			close(n->fd); // want: ended a second time
	}
}

/* ---- a local variable that the loop does not set, though its address was given away before ---- */

void in_a_variable_bad(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx_with_cancel(parent, &stop);
	while (more())
		ctx_cancel(stop); // want: ended a second time
}

void made_anew_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	while (more()) {
		ctx *c = ctx_with_cancel(parent, &stop);
		use(c);
		ctx_cancel(stop);
		ctx_canceller_free(stop);
	}
}

void once_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx_with_cancel(parent, &stop);
	while (more())
		if (stop) {
			ctx_cancel(stop);
			stop = NULL;
		}
}

/* ---- lists whose elements are taken out by a pointer to what leads to them ---- */

#include <stdlib.h>
#include <sys/queue.h>

struct listed {
	rows *r;
	LIST_ENTRY(listed) link;
};
struct list_owner {
	int n;
	LIST_HEAD(, listed) all;
};

static void listed_free(struct listed *l)
{
	LIST_REMOVE(l, link);
	rows_close(l->r);
	free(l);
}

void list_cleared_ok(struct list_owner *o)
{
	struct listed *l;
	while ((l = LIST_FIRST(&o->all)))
		listed_free(l);
}
