/*
 * vacant.c - releases on paths where the creator failed, so that there is nothing to release.
 */
#include "sim.h"

/* The call that would have made the value, in this turn; 0: none. */
static ir_instr maker_of(const struct sim *m, struct sval v, uint8_t *slot)
{
	const struct symbol *q = v.kind == SV_SYM && !v.off ? &m->t.items.data[v.id] : NULL;
	if (!q || (q->kind != SYM_RESULT && q->kind != SYM_OUT) || (q->b & 1) ||
	    !ir_is_call(&m->f->instrs[q->a]))
		return 0;
	*slot = q->kind == SYM_OUT ? (uint8_t)(q->b / 2) : 0;
	return q->a;
}

static const struct api_role *creation(const struct api_func *d, bool put)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_CREATE, r));)
		if (put ? r->handle.deref : r->handle.base == API_PATH_RETURN)
			return r;
	return NULL;
}

/* A handle is forgotten on the edge where it is known that it was never made; its value is not. */
void vacant_release(struct sim *m, struct state *s, struct sval v, const struct api_role *r, ir_instr i)
{
	uint8_t slot = 0;
	ir_instr site = maker_of(m, v, &slot);
	if (!site || r->null_ok || state_obj_by_key(s, v))
		return;
	const struct api_func *d = m->p->described[sim_callee(m, s, &m->f->instrs[site])];
	const struct symbol *q = &m->t.items.data[v.id];
	const struct api_role *made = creation(d, q->kind == SYM_OUT);
	if (!made || made->when == API_ALWAYS || (q->kind == SYM_RESULT && !q->pointer))
		return;
	struct obj none = {
	        .site = site, .slot = slot, .key = v, .family = made->family, .model = d, .changed = site};
	incident_of(m, s, INCIDENT_NEVER_MADE, &none, i);
}
