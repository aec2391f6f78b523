/*
 * moved.c - what a call takes out of the objects that it is given by `T &&`.
 */
#include "call.h"

#include <string.h>

bool moved_from(const struct sim *m, const struct call *c, uint32_t arg)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	const char *type = arg < g->nparams ? g->params[arg].ctype : "";
	size_t n = strlen(type);
	return n > 2 && strcmp(type + n - 2, "&&") == 0;
}

/* The part of an object at this offset is of a class that ends what it holds. */
static bool ends_itself(const struct sim *m, uint32_t record, int64_t offset)
{
	const struct ir_record *r = &m->u->records[record];
	for (uint32_t k = 0; record && k < r->nfields; k++) {
		const struct ir_field *f = &r->fields[k];
		if (f->record && offset >= f->offset && offset < (int64_t)f->offset + f->size)
			return m->u->records[f->record].own_destructor ||
			       ends_itself(m, f->record, offset - f->offset);
	}
	return false;
}

/* What a callable owns went away with it; what it only holds stays in sight. */
static void hand_over_owned(struct sim *m, struct state *s, const struct call *c, uint32_t arg,
                            struct sval closure)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	uint32_t record = arg < g->nparams ? g->params[arg].pointee : 0;
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell cell = s->mem.data[k];
		if (cell.at.kind != closure.kind || cell.at.id != closure.id ||
		    !ends_itself(m, record, cell.at.off - closure.off))
			continue;
		own_publish(m, s, cell.v, c->i);
		state_own_mem(s, s->mem.len)[k].v = sv_const(0);
	}
}

/* `a.done = std::move(b)`: what was completed at `a.done` was another operation. */
static void move_over(struct sim *m, struct state *s, const struct call *c)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	if (g->nparams != 2 || !g->params[0].pointee || g->params[0].pointee != g->params[1].pointee ||
	    !moved_from(m, c, 1))
		return;
	struct obj *o = complete_of(s, sim_eval(m, s, ir_arg(m->f, c->in, 0)));
	if (o && o->status == OBJ_COMPLETED)
		o->blurred = true;
}

/* What a thread is given to call it with is moved into it; what it calls is copied, and looked at later. */
void moved_by_call(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *spawn = api_role_of(d, API_ROLE_SPAWN);
	move_over(m, s, c);
	spawn = spawn ? spawn : api_role_of(d, API_ROLE_CONNECT);
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		bool called = spawn && spawn->entry.base == API_PATH_ARG && spawn->entry.arg == k;
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, k));
		if (v.kind != SV_LOCAL || !moved_from(m, c, k))
			continue;
		if (called) {
			hand_over_owned(m, s, c, k, v);
			continue;
		}
		state_forget(s, v, 0);
		state_clobber(s, v, c->i);
	}
}

/* An operation that is given away by its object, or by one that it lies in, goes on in what the callee makes
 * of that: contents that are moved show in no summary. */
void moved_operations(struct sim *m, struct state *s, const struct call *c)
{
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, k));
		if (v.kind != SV_LOCAL || !moved_from(m, c, k))
			continue;
		for (uint32_t i = 0; i < s->objs.len; i++) {
			struct sval key = s->objs.data[i].key;
			if (key.kind == SV_LOCAL && key.id == v.id && key.off >= v.off && complete_of(s, key))
				own_publish(m, s, key, c->i);
		}
	}
}
