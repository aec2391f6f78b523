/*
 * call_result.c - who asks what a call returned.
 */
#include "call.h"
#include "scan.h"

static bool tested(const struct ir_func *f, const struct use_index *x, ir_val v, unsigned depth)
{
	for (uint32_t k = x->first[v]; v && k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op == IR_ICMP || in->op == IR_SWITCH || in->op == IR_CONDBR)
			return true;
		if ((in->op == IR_CAST || in->op == IR_PHI) && depth < 6 &&
		    tested(f, x, in->result, depth + 1))
			return true;
	}
	return false;
}

bool call_tested(const struct sim *m, const struct call *c)
{
	return tested(m->f, scan_uses(m->sol, m->func), c->in->result, 0);
}

bool call_returned(const struct sim *m, const struct call *c)
{
	const struct use_index *x = scan_uses(m->sol, m->func);
	ir_val v = c->in->result;
	for (uint32_t k = x->first[v]; v && k < x->first[v + 1]; k++)
		if (m->f->instrs[x->uses[k].by].op == IR_RET)
			return true;
	return false;
}
