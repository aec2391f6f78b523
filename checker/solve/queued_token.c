/*
 * queued_token.c - a job that is put into a list by hand, where a thread is woken for it, and runs on a root:
 * `job->c = root; job->next = pool->head; pool->head = job; signal(&pool->more);`.
 */
#include "propagate.h"
#include "scan.h"

static bool is_made_here(const struct sim *m, struct sval object)
{
	return object.kind == SV_SYM && m->t.items.data[object.id].kind == SYM_RESULT;
}

/* Somebody else's memory refers to it. */
static bool is_listed(const struct state *s, struct sval object)
{
	object.off = 0;
	for (uint32_t k = 0; k < s->mem.len; k++)
		if (sv_eq(s->mem.data[k].v, object) && s->mem.data[k].at.kind != SV_LOCAL)
			return true;
	return false;
}

void queued_root(struct sim *m, struct state *s, const struct call *c)
{
	if (!api_role_of(m->p->described[c->callee], API_ROLE_WAKE))
		return;
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell *cell = &s->mem.data[k];
		ir_instr root = is_made_here(m, cell->at) ? propagate_root(m, cell->v) : 0;
		if (root && is_listed(s, cell->at))
			propagate_tell_queued(m, s, c, root);
	}
}
