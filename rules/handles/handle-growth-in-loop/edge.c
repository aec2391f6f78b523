// flags: %glib_flags
// models: ctx
/* handle-growth-in-loop: the dull cases. */
#include "ctx.h"

#include <gio/gio.h>

struct session {
	ctx *c;
	ctx *all[4];
	int n;
};
struct app {
	GCancellable *stop;
	GCancellable *own;
};

int next(void *item);
int handle(ctx *c, void *item);
void serve(GCancellable *c);
void cancel_child(GCancellable *c, gpointer child);
void on_stop(GCancellable *c, gpointer data);
void visit(struct session *s);

/* ---- a variable that outlives the loop ---- */

void declared_outside_bad(ctx *c, void *key, void *item)
{
	while (next(item)) {
		c = ctx_with_value(c, key, item); // want: ctx_with_value
		handle(c, item);
	}
}

void inside_an_if_bad(ctx *c, void *key, void *item)
{
	for (;;) {
		if (next(item) > 2)
			c = ctx_with_value(c, key, item); // want: `c`
		handle(c, item);
	}
}

void inside_a_switch_bad(ctx *c, void *key, void *item)
{
	for (;;) {
		switch (next(item)) {
		case 1:
			c = ctx_with_value(c, key, item); // want: ctx_with_value
			break;
		default:
			break;
		}
		handle(c, item);
	}
}

void inside_a_block_bad(ctx *p, void *key, void *item)
{
	ctx *c = p;
	for (int i = 0; i < next(item); i++) {
		{
			c = ctx_with_value(c, key, item); // want: ctx_with_value
			handle(c, item);
		}
	}
}

void from_the_same_parent_ok(ctx *p, void *key, void *item)
{
	ctx *c = NULL;
	while (next(item)) {
		c = ctx_with_value(p, key, item);
		handle(c, item);
	}
}

void declared_in_the_loop_ok(ctx *p, void *key, void *item)
{
	while (next(item)) {
		ctx *c = ctx_with_value(p, key, item);
		c = ctx_with_value(c, item, key);
		handle(c, item);
	}
}

void in_the_for_statement_ok(ctx *p, void *key, void *item)
{
	while (next(item))
		for (ctx *c = p; c; c = NULL) {
			c = ctx_with_value(c, key, item);
			handle(c, item);
		}
}

void put_back_ok(ctx *p, void *key, void *item)
{
	ctx *c = p;
	while (next(item)) {
		c = ctx_with_value(c, key, item);
		handle(c, item);
		c = p;
	}
}

void few_turns_ok(ctx *c, void *key, void *item)
{
	for (int i = 0; i < 3; i++)
		c = ctx_with_value(c, key, item);
	handle(c, item);
}

void no_loop_ok(ctx *c, void *key, void *item)
{
	c = ctx_with_value(c, key, item);
	c = ctx_with_value(c, item, key);
	handle(c, item);
}

void one_of_two_is_reset_bad(ctx *p, void *key, void *item)
{
	ctx *a = p, *b = p;
	while (next(item)) {
		a = ctx_with_value(p, key, item);
		b = ctx_with_value(b, key, item); // want: `b`
		handle(a, item);
		handle(b, item);
	}
}

static ctx *tagged(ctx *p, void *item)
{
	return ctx_with_value(p, "tag", item);
}

void through_a_wrapper_bad(ctx *c, void *item)
{
	while (next(item)) {
		c = tagged(c, item); // want: tagged
		handle(c, item);
	}
}

/* ---- the same through memory ---- */

void field_bad(struct session *s, void *key, void *item)
{
	while (next(item)) {
		s->c = ctx_with_value(s->c, key, item); // want: s->c
		handle(s->c, item);
	}
}

void element_bad(struct session *s, void *key, void *item)
{
	while (next(item)) {
		s->all[1] = ctx_with_value(s->all[1], key, item); // want: ctx_with_value
		handle(s->all[1], item);
	}
}

void each_element_once_ok(struct session *s, void *key, void *item)
{
	for (int i = 0; i < s->n; i++)
		s->all[i] = ctx_with_value(s->all[i], key, item);
}

void field_is_set_first_ok(struct session *s, ctx *p, void *key, void *item)
{
	while (next(item)) {
		s->c = p;
		s->c = ctx_with_value(s->c, key, item);
		handle(s->c, item);
	}
}

void struct_copied_in_the_loop_ok(const struct session *from, void *key, void *item)
{
	while (next(item)) {
		struct session s = *from;
		s.c = ctx_with_value(s.c, key, item);
		visit(&s);
	}
}

void each_object_once_ok(struct session *s, int n, void *key, void *item)
{
	for (int i = 0; i < n; i++) {
		struct session *one = s + i;
		one->c = ctx_with_value(one->c, key, item);
	}
}

static ctx *root;

void global_bad(void *key, void *item)
{
	while (next(item)) {
		root = ctx_with_value(root, key, item); // want: root
		handle(root, item);
	}
}

/* ---- handlers ---- */

void attached_each_turn_bad(GCancellable *stop, void *item)
{
	while (next(item)) {
		g_cancellable_connect(stop, G_CALLBACK(on_stop), item, NULL); // want: g_cancellable_connect
		serve(stop);
	}
}

void attached_to_a_field_each_turn_bad(struct app *app, void *item)
{
	for (;;) {
		next(item);
		gulong id = g_cancellable_connect(app->stop, G_CALLBACK(on_stop), item, NULL); // want: app->stop
		serve(app->stop);
		if (next(item))
			g_cancellable_disconnect(app->stop, id);
	}
}

void detached_each_turn_ok(GCancellable *stop, void *item)
{
	while (next(item)) {
		gulong id = g_cancellable_connect(stop, G_CALLBACK(on_stop), item, NULL);
		serve(stop);
		g_cancellable_disconnect(stop, id);
	}
}

void attached_to_one_of_the_turn_ok(void *item)
{
	while (next(item)) {
		g_autoptr(GCancellable) c = g_cancellable_new();
		g_cancellable_connect(c, G_CALLBACK(on_stop), item, NULL);
		serve(c);
	}
}

/* ---- one for each request ---- */

void child_chained_to_the_program_bad(struct app *app)
{
	GCancellable *child = g_cancellable_new();
	g_cancellable_connect(app->stop, G_CALLBACK(cancel_child), child, NULL); // want: app->stop
	serve(child);
	g_object_unref(child);
}

void child_with_a_reference_bad(struct app *app)
{
	g_autoptr(GCancellable) child = g_cancellable_new();
	g_cancellable_connect(app->stop, G_CALLBACK(cancel_child), g_object_ref(child), g_object_unref); // want: app->stop
	serve(child);
}

void child_unchained_ok(struct app *app)
{
	g_autoptr(GCancellable) child = g_cancellable_new();
	gulong id = g_cancellable_connect(app->stop, G_CALLBACK(cancel_child), child, NULL);
	serve(child);
	g_cancellable_disconnect(app->stop, id);
}
