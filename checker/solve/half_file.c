/*
 * half_file.c - files that are written in their place, and left half written when the work is cancelled.
 */
#include "half.h"

#include "str.h"

#define MAX_DEPTH 3

/* ---- who removes it, or gives it its place ---- */

static bool gets_name(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                      const struct access *name)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t k = 0; name && k < ir_nargs(in); k++) {
		struct access a = access_of(s, func, ir_arg(f, in, k));
		if (access_match(&a, name, true) == ACCESS_SAME)
			return true;
	}
	return false;
}

/* The function, or what it calls, settles a file; or unknown code gets the name. */
static bool settles(const struct solution *s, uint32_t func, const struct access *name, ir_instr but,
                    unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		if (!callee || i == but)
			continue;
		if (api_role_of(p->described[callee], API_ROLE_SETTLE))
			return true;
		if (!p->described[callee] && !solve_has_body(s, callee) && gets_name(s, func, in, name))
			return true;
		if (depth && settles(s, callee, NULL, 0, depth - 1))
			return true;
	}
	return false;
}

static bool callers_settle(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; depth && k < p->in_edges_of[func + 1]; k++) {
		uint32_t caller = p->edges[p->in_edges[k]].caller;
		if (settles(s, caller, NULL, 0, 1) || callers_settle(s, caller, depth - 1))
			return true;
	}
	return false;
}

/* ---- the file ---- */

static const struct api_role *overwrites(const struct solution *s, const struct ir_func *f,
                                         const struct ir_instruction *in)
{
	const struct api_func *d = scan_model(s, f, in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_OVERWRITE, r));)
		if (scan_test(f, in, &r->only) == TRI_TRUE)
			return r;
	return NULL;
}

/* A loop around both, each turn of which goes on with the same file. */
static bool in_one_loop(const struct solution *s, uint32_t func, ir_instr made, ir_instr point,
                        ir_instr write)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (uint32_t loop = cfg->loop_of[f->instrs[point].block]; loop; loop = cfg->loops[loop].parent)
		if (cfg_in_loop(cfg, loop, f->instrs[write].block) &&
		    !cfg_in_loop(cfg, loop, f->instrs[made].block))
			return true;
	return false;
}

/* A write that is not made, or not made to its end, when the work is cancelled at the point. */
static ir_instr write_lost(const struct solution *s, uint32_t func, ir_instr made, const struct half_exit *e)
{
	for (uint32_t k = 0; k < e->steps->all.len; k++) {
		ir_instr w = e->steps->all.data[k].at;
		if (half_same_stream(&e->steps->all.data[k].stream, &e->stream) &&
		    (half_leads_to(s, func, e->point, w) || in_one_loop(s, func, made, e->point, w)))
			return w;
	}
	return 0;
}

static bool judge(struct half_looker *l, uint32_t func, ir_instr made, struct half_exit *e)
{
	struct half_done h = {
	        .kind = HALF_FILE, .func = func, .at = e->point, .first = made, .polls = e->polls};
	h.next = half_dominates(l->s, func, made, e->point) ? write_lost(l->s, func, made, e) : 0;
	if (!h.next)
		return false;
	half_walk(l->s, func, e);
	if (e->covered || !e->leaves)
		return false;
	h.leaves = e->leaves;
	l->each(l->ctx, &h);
	return true;
}

static void look_at(struct half_looker *l, uint32_t func, ir_instr made, const struct api_role *r,
                    const struct half_steps *steps)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[made];
	ir_val name = scan_path(f, in, &r->from);
	struct access of_name = access_of(l->s, func, name);
	struct half_exit e = {
	        .steps = steps, .file = true, .stream = access_of_path(l->s, func, in, &r->handle)};
	if (scan_made_up_file(l->s, func, name, 0) || settles(l->s, func, &of_name, made, MAX_DEPTH) ||
	    callers_settle(l->s, func, MAX_DEPTH))
		return;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		struct half_exit at = e;
		at.point = i;
		if (i != made && half_is_point(l->s, func, i, &at.polls) && judge(l, func, made, &at))
			return;
	}
}

void half_files(struct half_looker *l, uint32_t func)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	struct half_steps steps = {0};
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r =
		        ir_is_call(&f->instrs[i]) ? overwrites(l->s, f, &f->instrs[i]) : NULL;
		if (!r || !cfg_reachable(l->s->program->cfgs[func], f->instrs[i].block))
			continue;
		if (!steps.all.len)
			half_find_steps(l, func, &steps);
		look_at(l, func, i, r, &steps);
	}
	vec_release(&steps.all);
}
