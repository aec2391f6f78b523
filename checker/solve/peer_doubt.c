/*
 * peer_doubt.c - reasons to be silent about a thread and its starter: ways that cannot be gone, conditions
 * that both may look at, and others who have what one of them waits for.
 */
#include "peer.h"
#include "scan.h"

#include "mem.h"

#define MAX_SEEN 24

struct known { /* of one value on a way: compared with a constant */
	ir_val v;
	struct access at; /* of a value that is loaded */
	enum ir_pred p;
	int64_t c;
};

static bool contradict(const struct known *a, const struct known *b)
{
	for (int64_t n = -1; n <= 1;
	     n++) { /* around each of the constants: is there a value that satisfies both? */
		int64_t x = a->c + n, y = b->c + n;
		if ((ir_compare(a->p, x, a->c) && ir_compare(b->p, x, b->c)) ||
		    (ir_compare(a->p, y, a->c) && ir_compare(b->p, y, b->c)))
			return false;
	}
	return true;
}

static bool learn(const struct solution *s, uint32_t func, ir_block b, ir_block next, struct known *out)
{
	static const uint8_t inverse[] = {IR_NE,  IR_EQ,  IR_SGE, IR_SGT, IR_SLE,
	                                  IR_SLT, IR_UGE, IR_UGT, IR_ULE, IR_ULT};
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *t = ir_terminator(f, b);
	const struct ir_instruction *in =
	        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
	bool truth = t->op == IR_CONDBR && ir_succ(f, t, 0) == next;
	*out = (struct known){.p = truth ? IR_NE : IR_EQ};
	if (!in)
		return false;
	out->v = in->result;
	if (in->op == IR_ICMP) {
		if (!scan_int(f, ir_operand(f, in, 1), &out->c))
			return false;
		out->p = truth ? (enum ir_pred)in->sub : (enum ir_pred)inverse[in->sub];
		out->v = ir_strip_casts(f, ir_operand(f, in, 0));
	}
	const struct ir_instruction *def = ir_def(f, out->v);
	if (def && def->op == IR_LOAD)
		out->at = access_of(s, func, ir_operand(f, def, 0));
	return true;
}

/* What holds wherever the instruction is reached. */
static uint32_t learn_before(const struct solution *s, uint32_t func, ir_instr from, struct known *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t n = 0;
	ir_block at = f->instrs[from].block;
	for (ir_block b = cfg_idom(cfg, at); b && n < MAX_SEEN / 2; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		for (uint32_t k = 0; t->op == IR_CONDBR && k < 2; k++) {
			ir_block to = ir_succ(f, t, k);
			if (cfg->npreds[to] == 1 && cfg_dominates(cfg, to, at) &&
			    learn(s, func, b, to, &out[n]))
				n++;
		}
	}
	return n;
}

/* The conditions of the way exclude each other. */
bool peer_way_impossible(const struct solution *s, uint32_t func, ir_instr from, const struct peer_way *way)
{
	struct known seen[MAX_SEEN];
	uint32_t n = from ? learn_before(s, func, from, seen) : 0;
	for (uint32_t k = 0; k + 1 < way->n && n < MAX_SEEN; k++) {
		if (!learn(s, func, way->blocks[k], way->blocks[k + 1], &seen[n]))
			continue;
		for (uint32_t h = 0; h < n; h++)
			if ((seen[h].v == seen[n].v ||
			     (access_known(&seen[h].at) &&
			      access_match(&seen[h].at, &seen[n].at, true) == ACCESS_SAME)) &&
			    contradict(&seen[h], &seen[n]))
				return true;
		n++;
	}
	return false;
}

/* The value is looked up in, or put into, what the thread gets: the thread may decide by it as well. */
static bool is_shared(const struct solution *s, const struct peer *p, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[p->starter];
	const struct ir_instruction *in;
	struct access at, there;
	while ((in = ir_def(f, v = ir_strip_casts(f, v))) && in->op == IR_ICMP)
		v = ir_operand(f, in, 0);
	if (in && in->op == IR_LOAD) {
		at = access_of(s, p->starter, ir_operand(f, in, 0));
		if (peer_inside(s, p->starter, p->data, 0, &at, &there))
			return true;
	}
	for (ir_instr i = 1; v && i < f->ninstrs; i++) {
		in = &f->instrs[i];
		if (in->op != IR_STORE || ir_strip_casts(f, ir_operand(f, in, 0)) != v)
			continue;
		at = access_of(s, p->starter, ir_operand(f, in, 1));
		if (peer_inside(s, p->starter, p->data, 0, &at, &there))
			return true;
	}
	return false;
}

bool peer_way_shares(const struct solution *s, const struct peer *p, const struct peer_way *way,
                     uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[p->starter];
	const struct cfg *cfg = s->program->cfgs[p->starter];
	for (uint32_t k = 0; k + 1 < way->n; k++) {
		const struct ir_instruction *t = ir_terminator(f, way->blocks[k]);
		bool own = loop && cfg_in_loop(cfg, loop, way->blocks[k]);
		if (t->op == IR_CONDBR && !own && is_shared(s, p, ir_operand(f, t, 0)))
			return true;
	}
	return false;
}

/* Somebody else has it from before, and may give it at any time. */
bool peer_others_have(const struct solution *s, const struct peer *p, const struct wanted *w)
{
	const struct ir_func *f = &s->program->unit->funcs[p->starter];
	const struct cfg *cfg = s->program->cfgs[p->starter];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		ir_block at = f->instrs[i].block, spawn = f->instrs[p->spawn].block;
		bool before = at == spawn ? i < p->spawn : cfg_can_reach(cfg, at, spawn);
		if (before && i != p->spawn && peer_gives_at(s, p->starter, i, w) == GIVES_PERHAPS)
			return true;
	}
	return false;
}

static bool in_tree(const struct solution *s, uint32_t root, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	if (root == func)
		return true;
	for (uint32_t k = p->edges_of[root]; depth < 6 && k < p->edges_of[root + 1]; k++)
		if (p->edges[k].kind != CALL_CALLBACK && p->edges[k].callee != root &&
		    in_tree(s, p->edges[k].callee, func, depth + 1))
			return true;
	return false;
}

/* Memory, or an object of a model, that was made there. */
static bool is_fresh(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = scan_model(s, f, in);
	return api_role_of(d, API_ROLE_MAKE) || api_role_of(d, API_ROLE_CREATE);
}

/* Threads that other functions start and wait for in the same way: what those give is for them. */
struct others {
	const struct solution *s;
	const struct peer *peer;
	const struct wanted *field;
	bool *own; /* by function */
};

/* It asks, or waits, for the field there: a flag may be one of several that a loop looks at. */
static bool wants_at(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *field)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	struct wanted w;
	if (ir_is_call(in))
		return peer_waits(s, func, i, &w) && w.kind == field->kind &&
		       w.on.record == field->on.record && w.on.field == field->on.field;
	if (field->kind != WANTS_FLAG || in->op != IR_LOAD || !s->program->cfgs[func]->loop_of[in->block])
		return false;
	struct access at = access_of(s, func, ir_operand(f, in, 0));
	return at.record == field->on.record && at.field == field->on.field;
}

static bool waits_itself(const struct solution *s, uint32_t func, const struct wanted *field)
{
	for (ir_instr i = 1; i < s->program->unit->funcs[func].ninstrs; i++)
		if (wants_at(s, func, i, field))
			return true;
	return false;
}

static void note_other(void *ctx, const struct peer *q)
{
	struct others *o = ctx;
	if (q->worker == o->peer->worker || q->starter == o->peer->starter ||
	    !waits_itself(o->s, q->starter, o->field))
		return;
	for (uint32_t g = 1; g < o->s->program->unit->nfuncs; g++)
		o->own[g] |= o->s->program->cfgs[g] && in_tree(o->s, q->worker, g, 0);
}

/* Functions that neither the thread nor its starter runs give it, too. */
bool peer_given_elsewhere(const struct solution *s, const struct peer *peer, const struct wanted *w)
{
	const struct program *p = s->program;
	const struct ir_func *starter = &p->unit->funcs[peer->starter];
	const struct ir_instruction *root = w->on.root == ACCESS_VALUE ? ir_def(starter, w->on.id) : NULL;
	struct wanted field = {.kind = w->kind, .on = w->on};
	if (root && (root->op == IR_ALLOCA || is_fresh(s, starter, root)))
		return false; /* they would have to be given it */
	if (!w->on.record)
		return w->on.root == ACCESS_GLOBAL || w->on.root == ACCESS_PARAM;
	field.on.root = ACCESS_NOWHERE;
	struct others others = {s, peer, &field, mem_alloc(p->unit->nfuncs)};
	bool given = false;
	peer_each(s, note_other, &others);
	for (uint32_t g = 1; g < p->unit->nfuncs && !given; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		if (!p->cfgs[g] || g == peer->starter || others.own[g] || in_tree(s, peer->worker, g, 0))
			continue;
		for (ir_instr i = 1; i < f->ninstrs && !given; i++)
			given = peer_gives_at(s, g, i, &field) == GIVES_IT;
	}
	mem_release(others.own);
	return given;
}
