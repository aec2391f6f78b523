/*
 * peer.c - what a wait without a limit waits for, who gives that, and ways on which nobody does.
 */
#include "peer.h"
#include "scan.h"

#include "mem.h"

#include <string.h>

#define MAX_DEPTH 4

void peer_each(const struct solution *s, void (*each)(void *ctx, const struct peer *p), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t k = 0; k < p->nedges; k++) {
		const struct call_edge *e = &p->edges[k];
		bool thread = e->runs == API_RUNS_THREAD || e->runs == API_RUNS_POOL;
		if (e->kind != CALL_CALLBACK || !thread || !p->cfgs[e->callee] || !e->data_arg)
			continue;
		const struct ir_func *f = &p->unit->funcs[e->caller];
		uint32_t param = scan_entry_data(s, e->callee);
		struct peer peer = {
		        .starter = e->caller,
		        .worker = e->callee,
		        .spawn = e->site,
		        .role = api_role_of(scan_model(s, f, &f->instrs[e->site]), API_ROLE_SPAWN),
		        .data = ir_arg(f, &f->instrs[e->site], e->data_arg - 1),
		        .param = param - 1};
		if (param && peer.role && !scan_null(f, peer.data))
			each(ctx, &peer);
	}
}

/* ---- waits ---- */

static const struct block_site *unbounded_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t k = 0; k < facts->nblocks; k++) {
		const struct block_site *b = &facts->blocks[k];
		if (b->call == i)
			return b->unbounded && !b->has_token && !b->sleeps && b->role ? b : NULL;
	}
	return NULL;
}

/* The memory that decides whether the loop around a wait goes on; false: several, or none. */
static bool predicate(const struct solution *s, uint32_t func, ir_instr wait, struct access *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t loop = cfg->loop_of[f->instrs[wait].block], n = 0;
	for (uint32_t k = 0; loop && k < cfg->loops[loop].nexits; k++) {
		const struct ir_instruction *t = ir_terminator(f, cfg->loops[loop].exits[k].from);
		ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
		const struct ir_instruction *in = NULL;
		for (unsigned depth = 0; v && depth < 6; depth++) {
			in = ir_def(f, v = ir_strip_casts(f, v));
			if (!in || (in->op != IR_ICMP && in->op != IR_BINOP))
				break;
			int64_t c;
			if (!scan_int(f, ir_operand(f, in, 1), &c))
				return false;
			v = ir_operand(f, in, 0);
		}
		if (!in || in->op != IR_LOAD)
			return false;
		*out = access_of(s, func, ir_operand(f, in, 0));
		n++;
	}
	return n == 1 && access_known(out);
}

bool peer_waits(const struct solution *s, uint32_t func, ir_instr i, struct wanted *out)
{
	const struct ir_instruction *in = &s->program->unit->funcs[func].instrs[i];
	const struct block_site *b = unbounded_at(s, func, i);
	const struct api_role *r;
	*out = (struct wanted){0};
	if (!b || !b->model)
		return false;
	if (b->waits == API_WAITS_EVENT && !b->role->fds.base && api_role_of(b->model, API_ROLE_UNLOCK)) {
		out->kind = WANTS_FLAG;
		return predicate(s, func, i, &out->on);
	}
	if ((r = api_role_of(b->model, API_ROLE_RECEIVE)))
		out->on = access_of_path(s, func, in, &r->from);
	else if (api_role_of(b->model, API_ROLE_SEND) || api_role_of(b->model, API_ROLE_WAKE))
		return false;
	else if ((r = api_role_of(b->model, API_ROLE_WAIT)))
		out->on = access_of_path(s, func, in, &r->handle);
	else if (b->role->fds_kind == API_FDS_FD)
		out->on = access_of_path(s, func, in, &b->role->fds);
	else if (b->waits == API_WAITS_EVENT && !b->role->fds.base && ir_nargs(in))
		out->on = access_of(s, func, ir_arg(&s->program->unit->funcs[func], in, 0));
	return access_known(&out->on);
}

/* ---- frames ---- */

/* `a`, from the object at `base` on; false: another object. */
static bool from_base(const struct access *base, const struct access *a, uint32_t param, struct access *out)
{
	if (!access_same_root(base, a) || a->depth < base->depth)
		return false;
	for (unsigned k = 0; k < base->depth; k++)
		if (a->offset[k] != base->offset[k])
			return false;
	*out = (struct access){.root = ACCESS_PARAM,
	                       .depth = (uint8_t)(a->depth - base->depth),
	                       .id = param,
	                       .record = a->record,
	                       .field = a->field};
	for (unsigned k = 0; k <= out->depth; k++)
		out->offset[k] = a->offset[base->depth + k];
	out->offset[0] -= base->offset[base->depth];
	return true;
}

/* The value is kept somewhere in the object. */
static bool kept_in(const struct solution *s, uint32_t func, const struct access *base, uint32_t param,
                    const struct access *a, struct access *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (a->root != ACCESS_VALUE || a->depth || a->offset[0])
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || ir_strip_casts(f, ir_operand(f, in, 0)) != a->id)
			continue;
		struct access at = access_of(s, func, ir_operand(f, in, 1));
		if (at.depth < MAX_ACCESS_DEPTH && from_base(base, &at, param, out)) {
			out->offset[++out->depth] = 0;
			out->record = 0;
			out->field = 0;
			return true;
		}
	}
	return false;
}

bool peer_inside(const struct solution *s, uint32_t func, ir_val arg, uint32_t param, const struct access *a,
                 struct access *out)
{
	struct access base = access_of(s, func, arg);
	return a->root && base.root &&
	       (from_base(&base, a, param, out) || kept_in(s, func, &base, param, a, out));
}

/* ---- giving ---- */

static bool same(const struct access *a, const struct access *b)
{
	return access_match(a, b, true) != ACCESS_OTHER;
}

static bool gives_by_model(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                           const struct api_func *d, const struct wanted *w)
{
	static const enum api_role_kind kinds[] = {API_ROLE_SEND,        API_ROLE_WAKE,    API_ROLE_LEAVE,
	                                           API_ROLE_CLOSE_QUEUE, API_ROLE_RELEASE, API_ROLE_CANCEL};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (const struct api_role *r = NULL; (r = api_role_next(d, kinds[k], r));) {
			struct access a =
			        access_of_path(s, func, in, r->kind == API_ROLE_SEND ? &r->into : &r->handle);
			if (same(&a, &w->on))
				return true;
		}
	return false;
}

static bool hands_on(const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_SPAWN, API_ROLE_CONNECT, API_ROLE_USES,
	                                           API_ROLE_STORE, API_ROLE_SEND,    API_ROLE_COMPLETE,
	                                           API_ROLE_EACH,  API_ROLE_WATCH};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	return false;
}

static enum peer_gives gives(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w,
                             unsigned depth);

/* The most that a callee does about it. */
static enum peer_gives callee_gives(const struct solution *s, uint32_t callee, const struct wanted *w,
                                    unsigned depth)
{
	const struct ir_func *g = &s->program->unit->funcs[callee];
	enum peer_gives most = GIVES_NOT;
	if (depth == MAX_DEPTH)
		return GIVES_PERHAPS;
	for (ir_instr k = 1; k < g->ninstrs && most != GIVES_IT; k++) {
		enum peer_gives one = gives(s, callee, k, w, depth + 1);
		most = one > most ? one : most;
	}
	return most;
}

static enum peer_gives call_gives(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                  const struct wanted *w, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = p->described[callee];
	if (scan_is_marker(s, f, in))
		return GIVES_NOT;
	if (d && w->kind == WANTS_ITEM && gives_by_model(s, func, in, d, w))
		return GIVES_IT;
	enum peer_gives most = GIVES_NOT;
	for (uint32_t k = 0; k < ir_nargs(in) && most != GIVES_IT; k++) {
		struct wanted there = *w;
		if (!peer_inside(s, func, ir_arg(f, in, k), k, &w->on, &there.on))
			continue;
		enum peer_gives one = d                           ? hands_on(d) ? GIVES_PERHAPS : GIVES_NOT
		                      : callee && p->cfgs[callee] ? callee_gives(s, callee, &there, depth)
		                                                  : GIVES_PERHAPS;
		most = one > most ? one : most;
	}
	return most;
}

static enum peer_gives gives(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w,
                             unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	bool atomic = in->op == IR_ATOMIC || in->op == IR_CMPXCHG;
	if (ir_is_call(in))
		return call_gives(s, func, in, w, depth);
	if (w->kind != WANTS_FLAG || (in->op != IR_STORE && !atomic))
		return GIVES_NOT;
	struct access at = access_of(s, func, ir_operand(f, in, atomic ? 0 : 1));
	int64_t c;
	bool clears = !atomic && scan_int(f, ir_operand(f, in, 0), &c) && c == 0;
	return same(&at, &w->on) && !clears ? GIVES_IT : GIVES_NOT;
}

enum peer_gives peer_gives_at(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w)
{
	return gives(s, func, i, w, 0);
}

/* ---- ways ---- */

/* Where the start has succeeded, this branch goes to one side only: 1 + its successor; 0: to either. */
static uint32_t side_taken(const struct solution *s, const struct peer *p, const struct ir_instruction *t)
{
	const struct ir_func *f = &s->program->unit->funcs[p->starter];
	bool zero = p->role->when == API_ZERO || p->role->when == API_NONNEGATIVE;
	if (t->op != IR_CONDBR || (!zero && p->role->when != API_NONNULL))
		return 0;
	ir_val v = ir_operand(f, t, 0);
	bool truth = true;
	for (unsigned depth = 0; depth < 6; depth++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		int64_t c;
		if (!in || (ir_is_call(in) && in != &f->instrs[p->spawn]))
			return 0;
		if (in == &f->instrs[p->spawn])
			return (!zero == truth) ? 1 : 2;
		if (in->op == IR_BINOP && in->sub == IR_XOR) {
			truth = !truth;
		} else if (in->op == IR_ICMP && scan_int(f, ir_operand(f, in, 1), &c)) {
			const struct ir_instruction *of = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
			if (of == &f->instrs[p->spawn])
				return ir_compare((enum ir_pred)in->sub, zero ? 0 : 1, c) == truth ? 1 : 2;
			if (c != 0 || (in->sub != IR_EQ && in->sub != IR_NE))
				return 0;
			truth = in->sub == IR_NE ? truth : !truth;
		} else {
			return 0;
		}
		v = ir_operand(f, in, 0);
	}
	return 0;
}

enum { WAY_ON, WAY_STOPS, WAY_ARRIVES };

static int pass_block(const struct solution *s, const struct peer_search *q, ir_block b, ir_instr from)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	const struct ir_basic_block *bb = &f->blocks[b];
	for (ir_instr i = from; i < bb->first + bb->count; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (i == q->to || (!q->to && in->op == IR_RET))
			return WAY_ARRIVES;
		if (ir_is_call(in) && solve_no_return(s, q->func, i))
			return WAY_STOPS;
		if (peer_gives_at(s, q->func, i, &q->wanted) != GIVES_NOT)
			return WAY_STOPS;
	}
	return WAY_ON;
}

static void trace_back(const struct ir_func *f, const ir_block *before, ir_block first, ir_block b,
                       struct peer_way *way)
{
	ir_block end = b;
	way->last = ir_terminator(f, b) ? (ir_instr)(ir_terminator(f, b) - f->instrs) : 0;
	for (uint32_t n = 0; n < f->nblocks && b; n++) {
		way->blocks[way->n++] = b;
		if (b == first && n)
			break;
		b = before[b] == b ? 0 : before[b];
	}
	for (uint32_t k = 0; k < way->n / 2; k++) {
		ir_block t = way->blocks[k];
		way->blocks[k] = way->blocks[way->n - 1 - k];
		way->blocks[way->n - 1 - k] = t;
	}
	if (way->n > 1 &&
	    f->blocks[end].count <= 3) /* a return that several lead to: the jump there is the statement */
		way->last = (ir_instr)(ir_terminator(f, way->blocks[way->n - 2]) - f->instrs);
}

bool peer_way(const struct solution *s, const struct peer_search *q, struct peer_way *way)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	ir_block *before = mem_alloc(f->nblocks * sizeof *before),
	         *queue = mem_alloc((f->nblocks + 1) * sizeof *queue);
	ir_block first = q->from ? f->instrs[q->from].block : 1;
	uint32_t n = 0, done = 0;
	bool found = false;
	*way = (struct peer_way){.blocks = mem_alloc((f->nblocks + 1) * sizeof *way->blocks)};
	queue[n++] = first;
	while (done < n && !found) {
		ir_block b = queue[done];
		int how = pass_block(s, q, b, done++ == 0 && q->from ? q->from + 1 : f->blocks[b].first);
		const struct ir_instruction *t = ir_terminator(f, b);
		uint32_t side = q->started && how == WAY_ON ? side_taken(s, q->started, t) : 0;
		found = how == WAY_ARRIVES;
		for (uint32_t k = 0; how == WAY_ON && k < t->nsuccs; k++) {
			ir_block to = ir_succ(f, t, k);
			bool unwinds = t->op == IR_INVOKE && k == 1;
			if (before[to] || unwinds || (to == first && !q->from) || (side && side != k + 1))
				continue;
			before[to] = b;
			queue[n++] = to;
		}
		if (found)
			trace_back(f, before, first, b, way);
	}
	mem_release(before);
	mem_release(queue);
	if (!found)
		peer_way_release(way);
	return found;
}

void peer_way_release(struct peer_way *way)
{
	mem_release(way->blocks);
	*way = (struct peer_way){0};
}
