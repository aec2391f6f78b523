/*
 * nonblocking.c - descriptors that somebody has told not to wait: "no more" is then what they say as a rule.
 */
#include "place.h"
#include "scan.h"

#define MAX_HELPERS 3 /* functions that hand a descriptor on to the call that tells it */
#define MAX_CALLERS 2 /* that a descriptor is asked of */

struct descriptor {
	const struct solution *s;
	uint32_t func; /* `value` is one of its */
	ir_val value;
	struct handle_place place; /* where it is kept; kind 0: nowhere that others know */
};

static bool tells(const struct ir_func *f, const struct ir_instruction *in, const struct api_role *r)
{
	return r->handle.base && scan_test(f, in, &r->only) != TRI_FALSE;
}

static bool is_it(const struct descriptor *d, uint32_t func, ir_val v)
{
	const struct ir_func *f = &d->s->program->unit->funcs[func];
	v = ir_strip_casts(f, v);
	return v && ((func == d->func && v == d->value) ||
	             (d->place.kind && same_place(place_of_value(d->s, func, v), d->place)));
}

/* Does the function tell what its parameter is not to wait? */
static bool tells_param(const struct solution *s, uint32_t func, uint32_t param, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = scan_model(s, f, in);
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++) {
			const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
			if (v->kind != IR_VAL_PARAM || v->aux != param)
				continue;
			for (const struct api_role *r = NULL;
			     d && (r = api_role_next(d, API_ROLE_DISABLE, r));)
				if (r->handle.base == API_PATH_ARG && r->handle.arg == k && tells(f, in, r))
					return true;
			if (!d && callee && depth && tells_param(s, callee, k, depth - 1))
				return true;
		}
	}
	return false;
}

static bool call_tells(const struct descriptor *d, uint32_t func, const struct ir_instruction *in)
{
	const struct solution *s = d->s;
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *model = scan_model(s, f, in);
	uint32_t callee = ir_callee(f, in);
	for (const struct api_role *r = NULL; model && (r = api_role_next(model, API_ROLE_DISABLE, r));) {
		if (!tells(f, in, r))
			continue;
		ir_val v = r->handle.base == API_PATH_RETURN ? in->result : ir_arg(f, in, r->handle.arg);
		if (r->handle.deref ? d->place.kind && same_place(place_of(s, func, v), d->place)
		                    : is_it(d, func, v))
			return true;
	}
	for (uint32_t k = 0; !model && callee && k < ir_nargs(in); k++)
		if (is_it(d, func, ir_arg(f, in, k)) && tells_param(s, callee, k, MAX_HELPERS))
			return true;
	return false;
}

static bool told(const struct descriptor *d)
{
	const struct program *p = d->s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || (func != d->func && d->place.kind < PLACE_GLOBAL))
			continue;
		for (ir_instr i = 1; i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) && call_tells(d, func, &f->instrs[i]))
				return true;
	}
	return false;
}

static bool never_waits(const struct solution *s, uint32_t func, ir_val v, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	struct descriptor d = {s, func, ir_strip_casts(f, v), place_of_value(s, func, v)};
	if (told(&d))
		return true;
	for (uint32_t k = p->in_edges_of[func];
	     f->vals[d.value].kind == IR_VAL_PARAM && depth && k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_instruction *in = &p->unit->funcs[e->caller].instrs[e->site];
		uint32_t n = f->vals[d.value].aux;
		if (e->kind == CALL_DIRECT && e->caller != func && n < ir_nargs(in) &&
		    never_waits(s, e->caller, ir_arg(&p->unit->funcs[e->caller], in, n), depth - 1))
			return true;
	}
	return false;
}

bool scan_never_waits(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_BLOCK);
	if (!r)
		return false;
	if (r->unless.given && scan_test(f, in, &r->unless) == TRI_TRUE)
		return true;
	ir_val v = r->fds.base == API_PATH_ARG && r->fds_kind == API_FDS_FD ? ir_arg(f, in, r->fds.arg) : 0;
	return v && never_waits(s, func, v, MAX_CALLERS);
}
