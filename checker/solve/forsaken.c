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
	inside = q.wanted;
	if (!peer_inside(s, p->starter, p->data, p->param, &q.wanted.on, &inside.on))
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

void solve_forsaken(const struct solution *s, void (*each)(void *ctx, const struct forsaken *w), void *ctx)
{
	struct look l = {.s = s, .each = each, .ctx = ctx};
	peer_each(s, look_at, &l);
}
