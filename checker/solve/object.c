/*
 * object.c - tokens that are objects: copied by constructors and assignments into variables, fields and
 * captures.
 */
#include "sim.h"

/* What an object at this address is a copy of; the address itself when it is no copy. */
static struct sval original(struct state *s, struct sval at)
{
	const struct cell *c = at.kind ? state_cell(s, at) : NULL;
	return c && c->v.kind == SV_SYM ? c->v : at;
}

/* A copy is a cell that names the original: static storage that holds one holds the token. */
void sim_copy_object(struct sim *m, struct state *s, struct sval to, struct sval from, ir_instr i)
{
	enum token_origin origin;
	struct sval v = original(s, from);
	if (!to.kind || to.kind == SV_CONST)
		return;
	bool token = sim_is_token(m, v, &origin), lasting = sv_root_global(&m->t, to, NULL) != 0;
	if (token)
		state_watch(s, state_write(s, to, v, 0, i), lasting);
	else
		state_write(s, to, sv_const(0), 0, i);
}

/* The one callback that the call at i is known to run; SV_NONE: none, or several. */
struct sval sim_callback(const struct sim *m, ir_instr i)
{
	uint32_t found = 0;
	for (uint32_t k = m->p->edges_of[m->func]; k < m->p->edges_of[m->func + 1]; k++) {
		const struct call_edge *e = &m->p->edges[k];
		if (e->site != i || e->kind != CALL_CALLBACK)
			continue;
		if (found)
			return (struct sval){0};
		found = e->callee;
	}
	return found ? (struct sval){SV_FUNC, found, 0} : (struct sval){0};
}
