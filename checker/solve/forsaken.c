/*
 * forsaken.c - waits for what a thread gives, while that thread can end without giving it.
 */
#include "peer.h"
#include "scan.h"

struct look {
	const struct solution *s;
	const struct peer *peer;
	void (*each)(void *ctx, const struct forsaken *w);
	void *ctx;
};

/* ---- the thread ---- */

/* It gives, and outside of loops: how often a loop runs is not known. */
static bool gives_somewhere(const struct solution *s, uint32_t worker, const struct wanted *w)
{
	const struct ir_func *f = &s->program->unit->funcs[worker];
	bool any = false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		enum peer_gives g = peer_gives_at(s, worker, i, w);
		if (g == GIVES_IT && s->program->cfgs[worker]->loop_of[f->instrs[i].block])
			return false;
		any |= g == GIVES_IT;
	}
	return any;
}

/* The thread can end without giving it; where it does. */
static ir_instr leaves_early(const struct solution *s, uint32_t worker, const struct wanted *w)
{
	struct peer_way way;
	struct peer_search q = {.func = worker, .wanted = *w};
	if (!gives_somewhere(s, worker, w) || !peer_way(s, &q, &way))
		return 0;
	ir_instr last = peer_way_impossible(s, worker, 0, &way) ? 0 : way.last;
	peer_way_release(&way);
	return last;
}

/* ---- who waits ---- */

/* What is wanted, or its other end, as the thread sees it. */
static bool seen_inside(const struct solution *s, const struct peer *p, const struct wanted *w,
                        struct wanted *out)
{
	*out = (struct wanted){.kind = w->kind};
	bool on = peer_inside(s, p->starter, p->data, p->param, &w->on, &out->on);
	bool also = w->also.root && peer_inside(s, p->starter, p->data, p->param, &w->also, &out->also);
	if (!on)
		out->on = out->also;
	return on || also;
}

static void judge(const struct look *l, ir_instr i)
{
	const struct solution *s = l->s;
	const struct peer *p = l->peer;
	const struct ir_func *f = &s->program->unit->funcs[p->starter];
	struct peer_search q = {.func = p->starter, .from = p->spawn, .to = i, .started = p};
	struct wanted inside;
	struct peer_way way;
	if (!peer_waits(s, p->starter, i, &q.wanted))
		return;
	if (!seen_inside(s, p, &q.wanted, &inside))
		return;
	ir_instr leaves = leaves_early(s, p->worker, &inside);
	if (!leaves || peer_others_have(s, p, &q.wanted) || peer_given_elsewhere(s, p, &q.wanted) ||
	    !peer_way(s, &q, &way))
		return;
	uint32_t loop = s->program->cfgs[p->starter]->loop_of[f->instrs[i].block];
	bool shared = peer_way_shares(s, p, &way, q.wanted.kind == WANTS_FLAG ? loop : 0);
	peer_way_release(&way);
	if (!shared)
		l->each(l->ctx, &(struct forsaken){.kind = q.wanted.kind == WANTS_FLAG ? FORSAKEN_FLAG
		                                                                       : FORSAKEN_ITEM,
		                                   .func = p->starter,
		                                   .wait = i,
		                                   .starter = p->starter,
		                                   .spawn = p->spawn,
		                                   .leaver = p->worker,
		                                   .leaves = leaves});
}

static void look_at(void *ctx, const struct peer *peer)
{
	struct look *l = ctx;
	const struct ir_func *f = &l->s->program->unit->funcs[peer->starter];
	l->peer = peer;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && i != peer->spawn)
			judge(l, i);
}

/* ---- pipes of one function ---- */

static bool same_place(const struct access *a, const struct access *b)
{
	return access_match(a, b, true) == ACCESS_SAME;
}

/* A use of an end of the pipe that gives it to nobody: it is closed, read from, or compared. */
static bool keeps_end(const struct solution *s, const struct ir_func *f, const struct ir_instruction *by,
                      ir_val v)
{
	const struct api_func *d = scan_model(s, f, by);
	if (by->op == IR_ICMP)
		return true;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RELEASE, r));)
		if (r->handle.base == API_PATH_ARG && !r->handle.deref && ir_arg(f, by, r->handle.arg) == v)
			return true;
	const struct api_role *r = api_role_of(d, API_ROLE_BLOCK);
	return r && !api_role_of(d, API_ROLE_WAKE) && r->fds.base == API_PATH_ARG && !r->fds.deref &&
	       ir_arg(f, by, r->fds.arg) == v;
}

/* What is loaded, by its place: whatever was stored there before the pipe was made. */
static struct access loaded(const struct solution *s, uint32_t func, const struct ir_instruction *in)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access at = in->op == IR_LOAD ? access_of(s, func, ir_operand(f, in, 0)) : (struct access){0};
	if (at.root && at.depth < MAX_ACCESS_DEPTH)
		at.offset[++at.depth] = 0;
	return at;
}

/* Somebody else may have the other end, or the function itself puts something in or closes it before the
 * wait. */
static bool has_another(const struct solution *s, uint32_t func, ir_instr made, ir_instr wait,
                        const struct wanted *w)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct use_index *x = scan_uses(s, func);
	struct access there;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool later = in->block == f->instrs[wait].block
		                     ? i > wait && !cfg->loop_of[in->block]
		                     : !cfg_can_reach(cfg, in->block, f->instrs[wait].block);
		enum peer_gives g = i == made ? GIVES_NOT : peer_gives_at(s, func, i, w);
		if (g == GIVES_PERHAPS || (g == GIVES_IT && !later))
			return true;
		for (uint32_t k = 0; ir_is_call(in) && i != made && k < ir_nargs(in); k++)
			if (f->vals[ir_arg(f, in, k)].type == IR_TYPE_PTR && !scan_is_marker(s, f, in) &&
			    peer_inside(s, func, ir_arg(f, in, k), 0, &w->also, &there))
				return true;
		struct access at = in->op == IR_LOAD ? access_of(s, func, in->result) : (struct access){0};
		struct access place = loaded(s, func, in);
		bool end = same_place(&at, &w->also) || same_place(&at, &w->on) ||
		           same_place(&place, &w->also) || same_place(&place, &w->on);
		for (uint32_t k = end ? x->first[in->result] : 0; end && k < x->first[in->result + 1]; k++)
			if (!keeps_end(s, f, &f->instrs[x->uses[k].by], in->result))
				return true;
	}
	return false;
}

static void judge_alone(const struct look *l, uint32_t func, ir_instr i)
{
	const struct solution *s = l->s;
	struct wanted w;
	ir_instr made =
	        peer_waits(s, func, i, &w) && w.also.root == ACCESS_VALUE ? peer_pipe(s, func, &w.on) : 0;
	const struct ir_instruction *root = made ? ir_def(&s->program->unit->funcs[func], w.also.id) : NULL;
	if (root && root->op == IR_ALLOCA && !has_another(s, func, made, i, &w))
		l->each(l->ctx, &(struct forsaken){.kind = FORSAKEN_ALONE,
		                                   .func = func,
		                                   .wait = i,
		                                   .starter = func,
		                                   .spawn = made,
		                                   .leaver = func});
}

static void look_for_pipes(const struct look *l)
{
	const struct program *p = l->s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++)
		for (uint32_t k = 0; p->cfgs[func] && k < l->s->funcs[func].nblocks; k++)
			judge_alone(l, func, l->s->funcs[func].blocks[k].call);
}

void solve_forsaken(const struct solution *s, void (*each)(void *ctx, const struct forsaken *w), void *ctx)
{
	struct look l = {.s = s, .each = each, .ctx = ctx};
	peer_each(s, look_at, &l);
	look_for_pipes(&l);
}
