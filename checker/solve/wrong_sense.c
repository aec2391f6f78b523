/*
 * wrong_sense.c - loops that ask the flag by which their thread is told to end, and go on while it is so: who
 * joins the thread has set the flag before to what keeps the loop going.
 */
#include "flag.h"
#include "scan.h"

#define MAX_DEPTH 6

/* The condition, when the flag that it asks has this value. `flag` gets what is asked. */
static bool decided(const struct ir_func *f, ir_val v, int64_t value, struct flag *flag, int64_t *out,
                    unsigned depth)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	int64_t c, inner;
	if (!in || depth > MAX_DEPTH)
		return false;
	if (in->op == IR_LOAD) {
		*out = value;
		return in->imm <= 4 && flag_at(f, ir_operand(f, in, 0), flag) && !flag->local;
	}
	bool compares = in->op == IR_ICMP, inverts = in->op == IR_BINOP && in->sub == IR_XOR;
	if ((!compares && !inverts) || !scan_int(f, ir_operand(f, in, 1), &c) ||
	    !decided(f, ir_operand(f, in, 0), value, flag, &inner, depth + 1))
		return false;
	*out = compares ? ir_compare((enum ir_pred)in->sub, inner, c) : !inner;
	return true;
}

static bool starts_threads(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r =
		        ir_is_call(&f->instrs[i])
		                ? api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_SPAWN)
		                : NULL;
		if (r && (r->runs == API_RUNS_THREAD || r->runs == API_RUNS_POOL))
			return true;
	}
	return false;
}

/* It waits without a limit for the end of a thread whose handle lies where the flag does. */
static bool joins_there(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                        const struct flag *flag)
{
	const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_JOIN), *block = api_role_of(d, API_ROLE_BLOCK);
	struct flag handle;
	if (!r || !block || block->timeout.base || r->handle.base != API_PATH_ARG)
		return false;
	ir_val at = ir_strip_casts(f, ir_arg(f, in, r->handle.arg));
	const struct ir_instruction *load = ir_def(f, at);
	if (!flag_at(f, load && load->op == IR_LOAD ? ir_operand(f, load, 0) : at, &handle))
		return false;
	return flag->global ? handle.global != 0 : !handle.global && handle.record == flag->record;
}

static bool reaches(const struct ir_func *f, const struct cfg *cfg, ir_instr from, ir_instr to)
{
	return f->instrs[from].block == f->instrs[to].block
	               ? from < to
	               : cfg_can_reach(cfg, f->instrs[from].block, f->instrs[to].block);
}

enum place { ELSEWHERE, BEFORE_JOIN, BEHIND_JOIN };

static enum place place_of_store(const struct solution *s, uint32_t func, ir_instr store,
                                 const struct flag *flag)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	enum place found = ELSEWHERE;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!joins_there(s, f, &f->instrs[i], flag))
			continue;
		if (reaches(f, cfg, store, i))
			return BEFORE_JOIN;
		if (reaches(f, cfg, i, store))
			found = BEHIND_JOIN;
	}
	return found;
}

bool scan_wrong_sense(const struct solution *s, uint32_t func, const struct cfg_exit *e)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *end = ir_terminator(f, e->from);
	struct flag flag, other;
	int64_t value, out;
	bool told = false;
	if (!s->funcs[func].nblocks || end->op != IR_CONDBR || !decided(f, ir_operand(f, end, 0), 0, &flag, &out, 0))
		return false;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *h = &p->unit->funcs[g];
		bool outside = p->cfgs[g] && g != func && !starts_threads(s, g);
		for (ir_instr i = 1; outside && i < h->ninstrs; i++) {
			const struct ir_instruction *in = &h->instrs[i];
			if (in->op != IR_STORE || !flag_at(h, ir_operand(h, in, 1), &other) ||
			    !flag_same(&flag, &other))
				continue;
			enum place at = place_of_store(s, g, i, &flag);
			if (at == BEHIND_JOIN)
				continue;
			if (!scan_int(h, ir_operand(h, in, 0), &value))
				return false;
			decided(f, ir_operand(f, end, 0), value, &other, &out, 0);
			if (ir_succ(f, end, out ? 0 : 1) == e->to)
				return false;
			told |= at == BEFORE_JOIN;
		}
	}
	return told;
}
