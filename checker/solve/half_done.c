/*
 * half_done.c - streams that are left in the middle of something when the work on them is cancelled.
 */
#include "half.h"
#include "sim.h"

#define MAX_CALLERS 3

/* Whoever has the stream may go on with it: a parameter names it, or static storage of the unit. */
static bool is_stream_of_others(const struct solution *s, const struct access *a)
{
	const struct ir_global *g = a->root == ACCESS_GLOBAL ? &s->program->unit->globals[a->id] : NULL;
	return a->root == ACCESS_PARAM || (g && g->defined);
}

/* ---- pairs of steps ---- */

bool half_pair(const struct solution *s, uint32_t func, const struct half_step *a, const struct half_exit *e,
               ir_instr *next)
{
	const struct cfg *cfg = s->program->cfgs[func];
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t loop = cfg->loop_of[f->instrs[a->at].block];
	for (uint32_t k = 0; k < e->steps->all.len; k++) {
		const struct half_step *b = &e->steps->all.data[k];
		if (!half_same_stream(&a->stream, &b->stream))
			continue;
		*next = b->at;
		if (a->at != b->at && a->at != e->point && half_dominates(s, func, a->at, e->point) &&
		    half_leads_to(s, func, e->point, b->at))
			return true;
		if (a->at == b->at && loop && cfg_in_loop(cfg, loop, f->instrs[e->point].block) &&
		    half_accumulates(s, func, a->at, loop))
			return true;
	}
	return false;
}

bool half_kept_before(const struct solution *s, uint32_t func, ir_instr first, const struct half_exit *e)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block from = f->instrs[first].block, to = f->instrs[e->point].block;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		ir_block b = f->instrs[i].block;
		bool behind =
		        b == from ? i > first || cfg_can_reach(cfg, from, b) : cfg_can_reach(cfg, from, b);
		bool before = b == to ? i < e->point || cfg_can_reach(cfg, b, to) : cfg_can_reach(cfg, b, to);
		if (behind && before && half_covers(s, func, i, e))
			return true;
	}
	return false;
}

bool half_is_guarded(const struct solution *s, uint32_t func, ir_instr point, bool handlers)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r = api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_ENTER);
		const struct api_family *family = r ? apimodel_family(s->program->api, r->family) : NULL;
		if (r && (handlers || (family && family->masks_cancel)) &&
		    (!r->unless.given || scan_test(f, &f->instrs[i], &r->unless) != TRI_TRUE) &&
		    half_dominates(s, func, i, point))
			return true;
	}
	return false;
}

/* ---- callers ---- */

enum caller_says { CALLER_ENDS_IT, CALLER_UNKNOWN, CALLER_BEGINS_ANEW };

static enum caller_says callers_say(struct half_looker *l, uint32_t func, const struct access *stream,
                                    unsigned depth, struct field_site *again);

static enum caller_says caller_says(struct half_looker *l, const struct call_edge *edge,
                                    const struct access *stream, unsigned depth, struct field_site *again)
{
	const struct program *p = l->s->program;
	const struct ir_func *f = &p->unit->funcs[edge->caller];
	const struct ir_instruction *in = &f->instrs[edge->site];
	struct half_steps steps = {0};
	struct half_exit e = {.steps = &steps, .stream = *stream, .point = edge->site};
	if (edge->kind != CALL_DIRECT || (stream->root == ACCESS_PARAM && stream->id >= ir_nargs(in)))
		return CALLER_UNKNOWN;
	if (stream->root == ACCESS_PARAM)
		e.stream = access_through(l->s, edge->caller, ir_arg(f, in, stream->id), stream);
	half_find_steps(l, edge->caller, &steps);
	half_walk(l->s, edge->caller, &e);
	vec_release(&steps.all);
	if (e.again && !e.covered) {
		*again = (struct field_site){edge->caller, e.again};
		return CALLER_BEGINS_ANEW;
	}
	if (e.covered || !is_stream_of_others(l->s, &e.stream))
		return CALLER_ENDS_IT; /* it is the caller's own, which goes with it */
	return depth ? callers_say(l, edge->caller, &e.stream, depth - 1, again) : CALLER_UNKNOWN;
}

static enum caller_says callers_say(struct half_looker *l, uint32_t func, const struct access *stream,
                                    unsigned depth, struct field_site *again)
{
	const struct program *p = l->s->program;
	uint32_t n = p->in_edges_of[func + 1] - p->in_edges_of[func];
	enum caller_says most = n ? CALLER_ENDS_IT : CALLER_UNKNOWN;
	for (uint32_t k = 0; k < n && most != CALLER_BEGINS_ANEW; k++) {
		const struct call_edge *edge = &p->edges[p->in_edges[p->in_edges_of[func] + k]];
		enum caller_says says = caller_says(l, edge, stream, depth, again);
		most = says > most ? says : most;
	}
	return most;
}

/* ---- the judgement ---- */

static bool judge(struct half_looker *l, uint32_t func, const struct half_step *a, struct half_exit *e)
{
	struct half_done h = {
	        .kind = HALF_STREAM, .func = func, .at = e->point, .first = a->at, .polls = e->polls};
	if (!half_pair(l->s, func, a, e, &h.next) || half_is_guarded(l->s, func, e->point, false))
		return false;
	e->stream = a->stream;
	if (half_kept_before(l->s, func, a->at, e))
		return false;
	half_walk(l->s, func, e);
	if (e->covered || !e->leaves)
		return false;
	enum caller_says says = callers_say(l, func, &a->stream, MAX_CALLERS, &h.again);
	if (says == CALLER_ENDS_IT)
		return false;
	h.leaves = e->leaves;
	l->each(l->ctx, &h);
	return true;
}

/* The streams of one object count as one. */
static bool first_of_object(const struct half_steps *steps, uint32_t k)
{
	for (uint32_t n = 0; n < k; n++)
		if (access_same_root(&steps->all.data[n].stream, &steps->all.data[k].stream))
			return false;
	return true;
}

/* One finding: the first place that leaves it so. */
static void look_at_stream(struct half_looker *l, uint32_t func, const struct half_steps *steps,
                           const struct access *stream)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		struct half_exit point = {.steps = steps, .point = i};
		if (!half_is_point(l->s, func, i, &point.polls))
			continue;
		for (uint32_t k = 0; k < steps->all.len; k++) {
			struct half_exit e = point;
			const struct half_step *a = &steps->all.data[k];
			if (access_same_root(&a->stream, stream) && judge(l, func, a, &e))
				return;
		}
	}
}

static void look_at(struct half_looker *l, uint32_t func)
{
	struct half_steps steps = {0};
	half_find_steps(l, func, &steps);
	for (uint32_t k = 0; k < steps.all.len; k++)
		if (first_of_object(&steps, k) && is_stream_of_others(l->s, &steps.all.data[k].stream))
			look_at_stream(l, func, &steps, &steps.all.data[k].stream);
	vec_release(&steps.all);
}

void solve_half_done(const struct solution *s, void (*each)(void *ctx, const struct half_done *h), void *ctx)
{
	const struct program *p = s->program;
	struct half_looker l = {.s = s, .each = each, .ctx = ctx};
	l.moves = mem_alloc(p->unit->nfuncs * sizeof *l.moves);
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !p->relevant[func] || done_named_cleanup(s, func) ||
		    (f->flags & (IR_FUNC_SYSTEM | IR_FUNC_GENERATED)))
			continue;
		look_at(&l, func);
		half_files(&l, func);
		if (solve_cancelled(s, func))
			half_threads(&l, func);
	}
	mem_release(l.moves);
	vec_release(&l.told.all);
}
