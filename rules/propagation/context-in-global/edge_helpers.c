// models: ctx
/* context-in-global: helpers that other files may call, too, are judged where this one calls them. */
#include "ctx.h"

struct entry {
	int id;
	ctx *c;
};
static struct entry table[64], listed[64];

void remember(ctx *c, int id)
{
	table[id % 64].id = id;
	table[id % 64].c = c;
}

void forget(int id)
{
	table[id % 64].c = NULL;
}

int forgotten_ok(ctx *c, int id)
{
	remember(c, id);
	int rc = rpc_call(c, "audit", &id, NULL);
	forget(id);
	return rc;
}

int never_forgotten_bad(ctx *c, int id)
{
	remember(c, id); // want: is kept in the global `table` by remember
	return rpc_call(c, "audit", &id, NULL);
}

int forgotten_on_success_bad(ctx *c, int id)
{
	remember(c, id); // want: is kept in the global `table` by remember
	int rc = rpc_call(c, "audit", &id, NULL);
	if (rc < 0)
		return rc;
	forget(id);
	return 0;
}

int emptied_here_ok(ctx *c, int id)
{
	remember(c, id);
	int rc = rpc_call(c, "audit", &id, NULL);
	table[id % 64].c = NULL;
	return rc;
}

int searched_here_ok(ctx *c, int id)
{
	remember(c, id);
	int rc = rpc_call(c, "audit", &id, NULL);
	for (int i = 0; i < 64; i++)
		if (table[i].id == id) {
			table[i].c = NULL;
			break;
		}
	return rc;
}

/* Nobody in sight calls it. */
void remember_for_others_bad(ctx *c, int id)
{
	table[id % 64].c = c; // want: is kept in the global `table`
}

/* Both look for the place. */
int list(ctx *c, int id)
{
	for (int i = 0; i < 64; i++)
		if (!listed[i].c) {
			listed[i].id = id;
			listed[i].c = c;
			return 0;
		}
	return -1;
}

void unlist(int id)
{
	for (int i = 0; i < 64; i++)
		if (listed[i].id == id) {
			listed[i].c = NULL;
			break;
		}
}

int unlisted_ok(ctx *c, int id)
{
	if (list(c, id) < 0)
		return -1;
	int rc = rpc_call(c, "audit", &id, NULL);
	unlist(id);
	return rc;
}

static __thread ctx *current;

void set_current(ctx *c)
{
	current = c;
}

int set_for_the_call_ok(ctx *c, int id)
{
	set_current(c);
	int rc = rpc_call(c, "audit", &id, NULL);
	set_current(NULL);
	return rc;
}

int set_for_good_bad(ctx *c, int id)
{
	set_current(c); // want: is kept in the thread-local `current` by set_current
	return rpc_call(c, "audit", &id, NULL);
}
