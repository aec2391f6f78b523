#include "ir.h"
#include "mem.h"

#define CHECK(cond, text)                                                                                    \
	do {                                                                                                 \
		if (!(cond))                                                                                 \
			return (text);                                                                       \
	} while (0)

static bool ends_block(const struct ir_instruction *i)
{
	switch (i->op) {
	case IR_INVOKE:
	case IR_BR:
	case IR_CONDBR:
	case IR_SWITCH:
	case IR_INDIRECTBR:
	case IR_RET:
	case IR_UNREACHABLE:
	case IR_RESUME:
		return true;
	default:
		return false;
	}
}

static const char *verify_value(const struct ir_unit *u, const struct ir_func *f, const struct ir_value *v)
{
	CHECK(v->name && v->ctype && v->str, "a value's text is NULL");
	CHECK(v->kind <= IR_VAL_OTHER && v->type <= IR_TYPE_OTHER, "a value's kind does not exist");
	switch (v->kind) {
	case IR_VAL_PARAM:
		CHECK(v->aux < f->nparams, "a value names no parameter");
		break;
	case IR_VAL_INSTR:
		CHECK(v->aux > 0 && v->aux < f->ninstrs && f->instrs[v->aux].result < f->nvals,
		      "a value names no instruction");
		CHECK(&f->vals[f->instrs[v->aux].result] == v,
		      "a value is not the result of its instruction");
		break;
	case IR_VAL_GLOBAL:
		CHECK(v->aux > 0 && v->aux < u->nglobals, "a value names no global");
		break;
	case IR_VAL_FUNC:
		CHECK(v->aux > 0 && v->aux < u->nfuncs, "a value names no function");
		break;
	default:
		break;
	}
	return NULL;
}

static const char *verify_shape(const struct ir_instruction *i)
{
	switch (i->op) {
	case IR_NONE:
		return "an instruction does nothing";
	case IR_INVOKE:
	case IR_CONDBR:
		return i->nsuccs == 2 ? NULL : "a two-way branch has not two successors";
	case IR_BR:
		return i->nsuccs == 1 ? NULL : "a branch has not one successor";
	case IR_SWITCH:
		return i->nsuccs == i->noperands ? NULL : "a switch has not one successor for each case";
	case IR_LOAD:
	case IR_CAST:
	case IR_EXTRACT:
		return i->noperands == 1 ? NULL : "an instruction has not one operand";
	case IR_ADDR:
		return i->noperands == ((i->flags & IR_F_VARIABLE) ? 2u : 1u) ? NULL
		                                                              : "addr has not its operands";
	case IR_STORE:
	case IR_ICMP:
	case IR_BINOP:
	case IR_ATOMIC:
	case IR_COPY:
	case IR_FILL:
	case IR_INSERT:
		return i->noperands == 2 ? NULL : "an instruction has not two operands";
	case IR_SELECT:
	case IR_CMPXCHG:
		return i->noperands == 3 ? NULL : "an instruction has not three operands";
	case IR_CALL:
		return i->noperands >= 1 ? NULL : "a call has no callee";
	default:
		return NULL;
	}
}

static uint8_t sub_max(const struct ir_instruction *i)
{
	switch (i->op) {
	case IR_ICMP:
		return IR_UGE;
	case IR_BINOP:
		return IR_BIN_OTHER;
	case IR_ATOMIC:
		return IR_RMW_OTHER;
	case IR_CALL:
	case IR_INVOKE:
		return i->noperands > UINT8_MAX ? UINT8_MAX : i->noperands ? (uint8_t)(i->noperands - 1) : 0;
	default:
		return UINT8_MAX;
	}
}

/* What the instructions of a function have taken so far. */
struct taken {
	uint32_t operands, succs;
	bool backward; /* one is made of what stands behind it */
};

static const char *verify_instr(const struct ir_unit *u, const struct ir_func *f, ir_instr n, struct taken *t)
{
	const struct ir_instruction *i = &f->instrs[n];
	CHECK(i->op < IR_NOPS && i->sub <= sub_max(i), "an instruction's operation does not exist");
	CHECK(i->result < f->nvals && i->loc < u->nlocs && i->record < u->nrecords,
	      "an instruction's index is out of range");
	CHECK(i->result == 0 || (f->vals[i->result].kind == IR_VAL_INSTR && f->vals[i->result].aux == n),
	      "an instruction's result is not its own");
	CHECK(i->first_operand <= f->noperands && i->noperands <= f->noperands - i->first_operand,
	      "operands out of range");
	CHECK(i->first_succ <= f->nsuccs && i->nsuccs <= f->nsuccs - i->first_succ,
	      "successors out of range");
	/* So there are no more uses of values than operands. */
	CHECK(i->first_operand >= t->operands && i->first_succ >= t->succs,
	      "two instructions share operands or successors");
	t->operands = i->first_operand + i->noperands;
	t->succs = i->first_succ + i->nsuccs;
	for (uint32_t k = 0; k < i->noperands; k++) {
		ir_val v = f->operands[i->first_operand + k];
		CHECK(v > 0 && v < f->nvals, "an operand is no value");
		ir_block from = f->phi_blocks[i->first_operand + k];
		CHECK(i->op == IR_PHI ? from > 0 && from < f->nblocks : from == 0,
		      "an incoming block is wrong");
		t->backward |= i->op != IR_PHI && f->vals[v].kind == IR_VAL_INSTR && f->vals[v].aux >= n;
	}
	for (uint32_t k = 0; k < i->nsuccs; k++) {
		ir_block b = f->succs[i->first_succ + k];
		CHECK(b > 0 && b < f->nblocks, "a successor is no block");
	}
	return verify_shape(i);
}

static const char *verify_block(const struct ir_func *f, ir_block n, ir_instr *next)
{
	const struct ir_basic_block *b = &f->blocks[n];
	CHECK(b->label, "a block's label is NULL");
	CHECK(b->count > 0, "a block is empty");
	CHECK(b->first == *next && b->count <= f->ninstrs - b->first,
	      "a block's instructions are not where they should be");
	for (uint32_t k = 0; k < b->count; k++) {
		const struct ir_instruction *i = &f->instrs[b->first + k];
		CHECK(i->block == n, "an instruction is in another block");
		CHECK(ends_block(i) == (k + 1 == b->count), "a block does not end with its terminator");
	}
	*next = b->first + b->count;
	return NULL;
}

/* ---- only a PHI is made of itself: who follows definitions does not count his steps ---- */

enum { DONE = UINT32_MAX };

struct walk {
	const struct ir_func *f;
	uint32_t *looked; /* per instruction: 0: not met; 1 + how many operands were looked at; or DONE */
	ir_instr *path;   /* each makes an operand of the one before */
	uint32_t depth;
};

static void enter(struct walk *w, ir_instr n)
{
	w->path[w->depth++] = n;
	w->looked[n] = w->f->instrs[n].op == IR_PHI ? DONE : 1;
}

/* The instruction that makes the next operand of the last one of the path; 0: it has no more. */
static ir_instr next_definition(struct walk *w)
{
	ir_instr last = w->path[w->depth - 1];
	const struct ir_instruction *i = &w->f->instrs[last];
	while (w->looked[last] <= i->noperands) {
		const struct ir_value *v =
		        &w->f->vals[w->f->operands[i->first_operand + w->looked[last]++ - 1]];
		if (v->kind == IR_VAL_INSTR)
			return v->aux;
	}
	return 0;
}

static bool ends(struct walk *w, ir_instr start)
{
	enter(w, start);
	while (w->depth) {
		ir_instr n = next_definition(w);
		if (!n)
			w->looked[w->path[--w->depth]] = DONE;
		else if (!w->looked[n])
			enter(w, n);
		else if (w->looked[n] != DONE)
			return false;
	}
	return true;
}

static bool all_end(const struct ir_func *f)
{
	struct walk w = {f, mem_alloc(f->ninstrs * sizeof *w.looked), mem_alloc(f->ninstrs * sizeof *w.path),
	                 0};
	bool ok = true;
	for (ir_instr i = 1; ok && i < f->ninstrs; i++)
		ok = w.looked[i] || ends(&w, i);
	mem_release(w.looked);
	mem_release(w.path);
	return ok;
}

static const char *verify_body(const struct ir_unit *u, const struct ir_func *f)
{
	const char *wrong = NULL;
	struct taken t = {0};
	for (ir_instr i = 1; i < f->ninstrs && !wrong; i++)
		wrong = verify_instr(u, f, i, &t);
	ir_instr next = 1;
	for (ir_block b = 1; b < f->nblocks && !wrong; b++)
		wrong = verify_block(f, b, &next);
	if (wrong)
		return wrong;
	CHECK(next == f->ninstrs || f->ninstrs == 0, "instructions outside of blocks");
	/* Most code has each value before its uses. */
	CHECK(!t.backward || all_end(f), "a value is made of itself");
	return NULL;
}

static const char *verify_func(const struct ir_unit *u, const struct ir_func *f)
{
	CHECK(f->name && f->display && f->plain && f->usr && f->ret_ctype && f->skipped_why,
	      "a function's text is NULL");
	CHECK(f->loc < u->nlocs, "a function's place is out of range");
	for (uint32_t i = 0; i < f->nparams; i++) {
		const struct ir_param *p = &f->params[i];
		CHECK(p->name && p->ctype, "a parameter's text is NULL");
		CHECK(p->pointee < u->nrecords && (p->val == 0 || p->val < f->nvals),
		      "a parameter's index is out of range");
	}
	const char *wrong = NULL;
	for (uint32_t i = 0; i < f->nvals && !wrong; i++)
		wrong = verify_value(u, f, &f->vals[i]);
	if (wrong)
		return wrong;
	if (!(f->flags & IR_FUNC_DEFINED) || (f->flags & IR_FUNC_SKIPPED)) {
		CHECK(f->ninstrs <= 1 && f->nblocks <= 1, "a function without a body has code");
		return NULL;
	}
	CHECK(f->nblocks > 1, "a defined function has no blocks");
	return verify_body(u, f);
}

static const char *verify_record(const struct ir_unit *u, const struct ir_record *r)
{
	CHECK(r->name && r->call < u->nfuncs, "a record's text or index is wrong");
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct ir_field *f = &r->fields[i];
		CHECK(f->name && f->ctype, "a field's text is NULL");
		CHECK(f->record < u->nrecords && f->pointee < u->nrecords,
		      "a field's record is out of range");
		CHECK(i == 0 || r->fields[i - 1].offset <= f->offset, "fields are not in order");
	}
	return NULL;
}

static const char *verify_global(const struct ir_unit *u, const struct ir_global *g)
{
	CHECK(g->name && g->display && g->ctype, "a global's text is NULL");
	CHECK(g->record < u->nrecords && g->pointee < u->nrecords && g->owner < u->nfuncs &&
	              g->loc < u->nlocs,
	      "a global's index is out of range");
	for (uint32_t i = 0; i < g->nslots; i++)
		CHECK(g->slots[i].func > 0 && g->slots[i].func < u->nfuncs, "a slot names no function");
	return NULL;
}

const char *ir_verify(const struct ir_unit *u)
{
	const char *wrong = NULL;
	for (uint32_t i = 0; i < u->nfiles; i++)
		CHECK(u->files[i].path, "a file's path is NULL");
	for (uint32_t i = 0; i < u->nlocs; i++)
		CHECK(u->locs[i].file < u->nfiles && u->locs[i].inlined_at < u->nlocs,
		      "a place is out of range");
	for (uint32_t i = 1; i < u->nrecords && !wrong; i++)
		wrong = verify_record(u, &u->records[i]);
	for (uint32_t i = 1; i < u->nglobals && !wrong; i++)
		wrong = verify_global(u, &u->globals[i]);
	for (uint32_t i = 0; i < u->nvtables; i++)
		CHECK(u->vtables[i].global < u->nglobals, "a table of virtual functions is out of range");
	for (uint32_t i = 1; i < u->nfuncs && !wrong; i++)
		wrong = verify_func(u, &u->funcs[i]);
	return wrong;
}
