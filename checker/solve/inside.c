/*
 * inside.c - values that stand for a handle which ends with them: a stream made over a descriptor, a
 * connection that connecting gives back.
 */
#include "sim.h"

void own_take_inside(struct sim *m, struct sval by, struct sval handle, const char *family)
{
	if (by.kind != SV_SYM || by.off || handle.kind == SV_NONE || handle.kind == SV_CONST)
		return;
	vec_push(&m->taken, (struct taken){handle, family});
	intmap_set(&m->inside, by.id, m->taken.len);
}

bool own_stands_for(const struct sim *m, struct sval v)
{
	uint64_t n;
	return v.kind == SV_SYM && !v.off && intmap_get(&m->inside, v.id, &n);
}

bool own_release_inside(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	uint64_t n;
	if (v.kind != SV_SYM || v.off || !intmap_get(&m->inside, v.id, &n))
		return false;
	struct taken t = m->taken.data[n - 1];
	const struct obj *o = state_obj_by_key(s, t.handle);
	if (!t.family) /* it is the handle itself */
		t.family = o && o->family ? o->family : "";
	own_release(m, s, t.handle, &(struct ending){.family = t.family}, i);
	return true;
}

struct sval own_inside(const struct sim *m, struct sval v)
{
	uint64_t n;
	if (v.kind != SV_SYM || v.off || !intmap_get(&m->inside, v.id, &n) ||
	    sv_eq(m->taken.data[n - 1].handle, v))
		return (struct sval){0};
	return m->taken.data[n - 1].handle;
}
