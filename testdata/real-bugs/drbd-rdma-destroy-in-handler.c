/* The end of a connection's identifier waits for its event handler; the handler of a failed connect drops the last reference,
 * and so ends it. The repair leaves that to a work item. */
#include <stddef.h>
#include <stdlib.h>

struct cm_id;
struct cm_event {
	int type;
};
typedef int (*cm_handler)(struct cm_id *, struct cm_event *);

__attribute__((annotate("cancelint:create(handle=return,family=cm-id)"),
               annotate("cancelint:connect(entry=arg0,data=arg1,runs=handler)"))) struct cm_id *
cm_create(cm_handler handler, void *data);
__attribute__((annotate("cancelint:release(handle=arg0,family=cm-id)"),
               annotate("cancelint:forbidden-in(runs=handler,family=cm-id)"))) void
cm_destroy(struct cm_id *id);
__attribute__((annotate("cancelint:spawn(entry=arg0,data=arg1,runs=thread)"))) void later(void (*fn)(void *), void *data);
void *cm_data(struct cm_id *id);

struct conn {
	struct cm_id *id;
	int refs;
};

static void conn_free(struct conn *c)
{
	cm_destroy(c->id); // want reentrant-cancel: cm_destroy must not be called from a handler like on_event_first
	free(c);
}

static void conn_put(struct conn *c)
{
	if (--c->refs == 0)
		conn_free(c);
}

static int on_event_first(struct cm_id *id, struct cm_event *event)
{
	struct conn *c = cm_data(id);
	if (event->type < 0)
		conn_put(c);
	return 0;
}

static void conn_free_work(void *data)
{
	struct conn *c = data;
	cm_destroy(c->id);
	free(c);
}

static int on_event_second(struct cm_id *id, struct cm_event *event)
{
	struct conn *c = cm_data(id);
	if (event->type < 0 && --c->refs == 0)
		later(conn_free_work, c);
	return 0;
}

void conn_open(struct conn *c, int repaired)
{
	c->id = repaired ? cm_create(on_event_second, c) : cm_create(on_event_first, c);
}
