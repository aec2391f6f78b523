/*
 * half_steps.c - steps of work on a stream, and the places where it can be cancelled.
 */
#include "half.h"

#define MAX_DEPTH 4

/* ---- steps ---- */

typedef VEC(struct half_step) step_list;

static const struct half_moves *moves_of(struct half_looker *l, uint32_t func, unsigned depth);

/* A stream that an object of others gives is like one in a field of it. */
static struct access stream_of(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access a = access_of(s, func, v), from;
	const struct ir_instruction *in = a.root == ACCESS_VALUE && !a.depth ? ir_def(f, a.id) : NULL;
	const struct api_func *d = in ? scan_model(s, f, in) : NULL;
	const struct api_role *get = api_role_of(d, API_ROLE_GET);
	if (!get || get->to.base != API_PATH_RETURN || api_role_of(d, API_ROLE_CREATE))
		return a;
	from = access_of_path(s, func, in, &get->from);
	if ((from.root != ACCESS_PARAM && from.root != ACCESS_GLOBAL) || from.depth >= MAX_ACCESS_DEPTH)
		return a;
	from.offset[from.depth] = from.offset[from.depth] * 4096 + ir_callee(f, in); /* which of them */
	from.offset[++from.depth] = 0;
	return from;
}

static void step_by_role(const struct solution *s, uint32_t func, ir_instr i, const struct api_role *r,
                         step_list *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	ir_val v = scan_path(f, in, &r->handle);
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
	struct half_step step = {.at = i, .stream = stream_of(s, func, v)};
	if (load && load->op == IR_LOAD)
		step.place = access_of(s, func, ir_operand(f, load, 0));
	if (!r->unless.given || scan_test(f, in, &r->unless) != TRI_TRUE)
		vec_push(out, step);
}

static void steps_at(struct half_looker *l, uint32_t func, ir_instr i, unsigned depth, step_list *out)
{
	const struct solution *s = l->s;
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_ADVANCE);
	const struct half_moves *m = callee && !d ? moves_of(l, callee, depth + 1) : NULL;
	if (r)
		step_by_role(s, func, i, r, out);
	for (uint32_t k = 0; m && k < m->n; k++) {
		const struct access *a = &m->streams[k];
		struct half_step step = {.at = i};
		if (a->id >= ir_nargs(in))
			continue;
		step.stream = access_through(s, func, ir_arg(f, in, a->id), a);
		vec_push(out, step);
	}
}

static void add_stream(struct half_moves *m, const struct access *a)
{
	for (uint32_t k = 0; k < m->n; k++)
		if (half_same_stream(&m->streams[k], a))
			return;
	if (a->root == ACCESS_PARAM && m->n < MAX_STREAMS)
		m->streams[m->n++] = *a;
}

static const struct half_moves *moves_of(struct half_looker *l, uint32_t func, unsigned depth)
{
	const struct program *p = l->s->program;
	struct half_moves *m = &l->moves[func];
	if (!p->cfgs[func] || !p->relevant[func] || depth > MAX_DEPTH)
		return NULL;
	if (m->known)
		return m;
	m->known = true; /* none, while it is looked at: it may call itself */
	step_list steps = {0};
	for (ir_instr i = 1; i < p->unit->funcs[func].ninstrs; i++)
		steps_at(l, func, i, depth, &steps);
	for (uint32_t k = 0; k < steps.len; k++)
		add_stream(m, &steps.data[k].stream);
	vec_release(&steps);
	return m;
}

void half_find_steps(struct half_looker *l, uint32_t func, struct half_steps *out)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct cfg *cfg = l->s->program->cfgs[func];
	step_list steps = {0};
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && cfg_reachable(cfg, f->instrs[i].block))
			steps_at(l, func, i, 0, &steps);
	for (uint32_t k = 0; k < steps.len; k++)
		if (steps.data[k].stream.root)
			vec_push(&out->all, steps.data[k]);
	vec_release(&steps);
}

bool half_same_stream(const struct access *a, const struct access *b)
{
	return access_match(a, b, true) == ACCESS_SAME;
}

/* ---- points ---- */

static bool is_poll(const struct solution *s, uint32_t callee)
{
	const struct api_func *d = s->program->described[callee];
	return d ? api_role_of(d, API_ROLE_POLL) != NULL
	         : s->program->cfgs[callee] && s->funcs[callee].summary.polls;
}

bool half_is_point(const struct solution *s, uint32_t func, ir_instr i, bool *polls)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	if (!callee || !cfg_reachable(s->program->cfgs[func], in->block))
		return false;
	*polls = is_poll(s, callee);
	return *polls ? in->result && scan_matters(f, scan_uses(s, func), in->result)
	              : fate_gives_token(s, func, in);
}

/* ---- order ---- */

bool half_dominates(const struct solution *s, uint32_t func, ir_instr a, ir_instr b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_block from = f->instrs[a].block, to = f->instrs[b].block;
	return from == to ? a < b : cfg_dominates(s->program->cfgs[func], from, to);
}

bool half_leads_to(const struct solution *s, uint32_t func, ir_instr a, ir_instr b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block from = f->instrs[a].block, to = f->instrs[b].block;
	if (from == to)
		return a <= b;
	return cfg->rpo_index[from] < cfg->rpo_index[to] && cfg_can_reach(cfg, from, to);
}

/* ---- loops that add up ---- */

struct tracer {
	const struct ir_func *f;
	ir_val result;
	bool *seen;
	bool merged; /* on the way from a value that an earlier turn left */
};

static bool made_of(struct tracer *t, ir_val v)
{
	v = ir_strip_casts(t->f, v);
	const struct ir_instruction *in = ir_def(t->f, v);
	if (v && v == t->result)
		return t->merged;
	if (!in || t->seen[v])
		return false;
	t->seen[v] = true;
	bool before = t->merged, found = false;
	t->merged |= in->op == IR_PHI;
	if (in->op == IR_PHI || in->op == IR_BINOP || in->op == IR_ADDR || in->op == IR_SELECT)
		for (uint32_t k = 0; !found && k < in->noperands; k++)
			found = made_of(t, ir_operand(t->f, in, k));
	t->merged = before;
	return found;
}

bool half_accumulates(const struct solution *s, uint32_t func, ir_instr step, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[step];
	struct tracer t = {.f = f, .result = in->result};
	bool found = false;
	if (!loop || !in->result)
		return false;
	t.seen = mem_alloc(f->nvals);
	for (uint32_t k = 0; !found && k < ir_nargs(in); k++)
		found = made_of(&t, ir_arg(f, in, k));
	mem_release(t.seen);
	return found;
}
