/*
 * world.c - what a function may change beside what its parameters lead to: memory that everybody can reach.
 * Its callers go on knowing the rest.
 */
#include "scan.h"
#include "sim.h"

#define MAX_GLOBALS 4  /* written to, by name */
#define MAX_LOOKING 32 /* values looked at for one address */

enum address_root { ROOT_OWN, ROOT_GLOBAL, ROOT_UNKNOWN };

struct looking {
	const struct ir_func *f;
	unsigned left;
};

/* Where an address begins: in what the function has made or was given, or in static storage. */
static enum address_root root_of(struct looking *l, ir_val v)
{
	while (l->left-- > 0) {
		v = ir_strip_casts(l->f, v);
		if (l->f->vals[v].kind == IR_VAL_GLOBAL)
			return ROOT_GLOBAL;
		const struct ir_instruction *in = ir_def(l->f, v);
		if (!in || in->op == IR_ALLOCA || ir_is_call(in)) /* parameters, and what is new */
			return ROOT_OWN;
		if (in->op == IR_ADDR || in->op == IR_LOAD) {
			v = ir_operand(l->f, in, 0);
			continue;
		}
		if (in->op != IR_PHI && in->op != IR_SELECT)
			return ROOT_UNKNOWN;
		for (uint32_t k = in->op == IR_SELECT; k < in->noperands; k++) {
			ir_val next = ir_operand(l->f, in, k);
			enum address_root r = next == v ? ROOT_OWN : root_of(l, next);
			if (r != ROOT_OWN)
				return r;
		}
		return ROOT_OWN;
	}
	return ROOT_UNKNOWN;
}

static void writes_global(struct sim *m, uint32_t global, int64_t offset)
{
	struct effect e = {.kind = EFFECT_WRITE,
	                   .when = API_NEVER,
	                   .value = {.param = -2},
	                   .place = {.param = -2, .global = global, .depth = 1, .offset = {offset, 0}}};
	uint32_t others = 0;
	for (uint32_t i = 0; i < m->writes.len; i++) {
		if (own_same_place(&m->writes.data[i].place, &e.place))
			return;
		others += m->writes.data[i].place.global != 0;
	}
	if (others < MAX_GLOBALS && m->writes.len < MAX_WRITES)
		vec_push(&m->writes, e);
	else
		m->world = true;
}

/* An address that is written to. A variable in static storage is told by its name. */
static void note_address(struct sim *m, ir_val at, bool whole)
{
	const struct ir_func *f = m->f;
	int64_t offset = 0;
	ir_val v = ir_strip_casts(f, at);
	const struct ir_instruction *in = ir_def(f, v);
	while (in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE)) {
		offset += in->imm;
		v = ir_strip_casts(f, ir_operand(f, in, 0));
		in = ir_def(f, v);
	}
	if (!whole && f->vals[v].kind == IR_VAL_GLOBAL)
		writes_global(m, f->vals[v].aux, f->vals[v].imm + offset);
	else
		m->world |= root_of(&(struct looking){f, MAX_LOOKING}, at) != ROOT_OWN;
}

/* What the callee may change, this function may. Code that nobody knows may change everything. */
static void note_call(struct sim *m, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(m->f, in);
	if (scan_model(m->sol, m->f, in) || scan_is_marker(m->sol, m->f, in))
		return;
	bool seen = callee && solve_has_body(m->sol, callee) && !(m->u->funcs[callee].flags & IR_FUNC_SYSTEM);
	const struct summary *sum = seen ? &m->sol->funcs[callee].summary : NULL;
	if (!sum || !sum->known || sum->world || sum->yields) {
		m->world = true;
		return;
	}
	for (uint32_t i = 0; i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->place.global && e->kind == EFFECT_WRITE)
			writes_global(m, e->place.global, e->place.offset[0]);
	}
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		if ((k >= 64 || sum->writes >> k & 1) &&
		    root_of(&(struct looking){m->f, MAX_LOOKING}, ir_arg(m->f, in, k)) != ROOT_OWN)
			m->world = true;
}

void world_summarise(struct sim *m)
{
	for (ir_instr i = 1; i < m->f->ninstrs && !m->world; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		if (!cfg_reachable(m->cfg, in->block))
			continue;
		if (ir_is_call(in))
			note_call(m, in);
		else if (in->op == IR_STORE)
			note_address(m, ir_operand(m->f, in, 1), in->imm > 8 || in->imm <= 0);
		else if (in->op == IR_ATOMIC || in->op == IR_CMPXCHG)
			note_address(m, ir_operand(m->f, in, 0), false);
		else if (in->op == IR_COPY || in->op == IR_FILL)
			note_address(m, ir_operand(m->f, in, 0), true);
	}
}
