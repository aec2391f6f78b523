#include "lower.h"
#include "arena.h"
#include "intern.h"

#include <string.h>

ir_instr emit(struct body *b, enum ir_op op, LLVMValueRef inst)
{
	struct ir_instruction i = {.op = (uint8_t)op, .block = b->block};
	i.first_operand = b->operands.len;
	i.first_succ = b->succs.len;
	ir_loc loc = lower_loc(b->l, LLVMInstructionGetDebugLoc(inst));
	i.loc = loc ? loc : b->last_loc;
	b->last_loc = i.loc;
	uint64_t result;
	ir_instr n = b->instrs.len;
	if (LLVMGetTypeKind(LLVMTypeOf(inst)) != LLVMVoidTypeKind &&
	    intmap_get(&b->val_of, (uintptr_t)inst, &result)) {
		i.result = (ir_val)result;
		b->vals.data[result].aux = n;
	}
	vec_push(&b->instrs, i);
	return n;
}

void add_operand(struct body *b, ir_val v)
{
	vec_push(&b->operands, v);
	vec_push(&b->phi_blocks, 0);
	b->instrs.data[b->instrs.len - 1].noperands++;
}

void add_value_operand(struct body *b, LLVMValueRef v)
{
	add_operand(b, value_of(b, v));
}

void add_succ(struct body *b, LLVMBasicBlockRef to)
{
	uint64_t block = 0;
	intmap_get(&b->block_of, (uintptr_t)to, &block);
	vec_push(&b->succs, (ir_block)block);
	b->instrs.data[b->instrs.len - 1].nsuccs++;
}

/* ---- before the instructions: every value that can be referred to ---- */

static void number_params(struct body *b)
{
	struct ir_func *f = &b->l->funcs.data[b->func];
	const struct arg_order *order = &b->l->orders.data[b->func];
	uint32_t n = LLVMCountParams(b->function);
	for (uint32_t k = 0; k < f->nparams; k++) {
		uint32_t at = order->places ? order->places[k] : k;
		if (at >= n)
			continue;
		struct ir_value v = {.kind = IR_VAL_PARAM, .aux = k};
		ir_val val = new_value(b, LLVMGetParam(b->function, at), v);
		f->params[k].val = val;
		b->vals.data[val].name = f->params[k].name;
		b->vals.data[val].ctype = f->params[k].ctype;
	}
}

static void number_block(struct body *b, LLVMBasicBlockRef block)
{
	const char *label = intern(b->l->unit->strings, LLVMGetBasicBlockName(block));
	intmap_set(&b->block_of, (uintptr_t)block, b->blocks.len);
	vec_push(&b->blocks, (struct ir_basic_block){.label = label});
	for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
		if (LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind)
			new_value(b, i, (struct ir_value){.kind = IR_VAL_INSTR});
}

/* `__p`: what the libraries' headers call it tells nobody what it is. */
static bool is_reserved(const char *name)
{
	return name[0] == '_' && name[1] == '_';
}

/* A variable of the function itself names a value before one of code inlined into it does. */
static void name_values(struct body *b)
{
	const struct shim_variable *vars;
	struct intern *strings = b->l->unit->strings;
	uint32_t n = shim_variables(b->l->shim, b->function, &vars);
	for (int inlined = 0; inlined < 2; inlined++)
		for (uint32_t k = 0; k < n; k++) {
			uint64_t val;
			if (vars[k].inlined != (inlined == 1) ||
			    !intmap_get(&b->val_of, (uintptr_t)vars[k].value, &val))
				continue;
			struct ir_value *v = &b->vals.data[val];
			if (v->kind == IR_VAL_PARAM && !v->line && !inlined)
				v->line = vars[k].line;
			if (*v->name || v->kind == IR_VAL_NONE)
				continue;
			if (!inlined || !is_reserved(vars[k].name))
				v->name = intern(strings, vars[k].name);
			v->ctype = intern(strings, vars[k].ctype);
			v->line = vars[k].line;
		}
}

/* ---- the instructions ---- */

static void lower_block(struct body *b, LLVMBasicBlockRef block)
{
	uint64_t n = 0;
	intmap_get(&b->block_of, (uintptr_t)block, &n);
	b->block = (ir_block)n;
	b->blocks.data[n].first = b->instrs.len;
	for (LLVMValueRef i = LLVMGetFirstInstruction(block); i && !b->skipped_why;
	     i = LLVMGetNextInstruction(i))
		lower_instr(b, i);
	b->blocks.data[n].count = b->instrs.len - b->blocks.data[n].first;
}

/* ---- code that nothing reaches ---- */

static bool *reached_blocks(const struct body *b)
{
	bool *reached = mem_alloc(b->blocks.len * sizeof *reached);
	VEC(ir_block) todo = {0};
	vec_push(&todo, 1);
	reached[1] = true;
	while (todo.len) {
		const struct ir_basic_block *block = &b->blocks.data[todo.data[--todo.len]];
		const struct ir_instruction *last = &b->instrs.data[block->first + block->count - 1];
		for (uint32_t k = 0; k < last->nsuccs; k++) {
			ir_block to = b->succs.data[last->first_succ + k];
			if (!reached[to])
				vec_push(&todo, to);
			reached[to] = true;
		}
	}
	vec_release(&todo);
	return reached;
}

static ir_val undefined_like(struct body *b, const struct ir_value *v)
{
	const char *none = intern(b->l->unit->strings, "");
	struct ir_value undefined = {.kind = IR_VAL_UNDEF,
	                             .type = v->type,
	                             .bits = v->bits,
	                             .str = none,
	                             .name = none,
	                             .ctype = none};
	vec_push(&b->vals, undefined);
	return b->vals.len - 1;
}

/* There a value can be made of itself without a PHI: what a pass puts for a variable that only a loop which
 * is never entered sets. Who follows definitions relies on that not being so. */
static void cut_dead_circles(struct body *b)
{
	bool *reached = reached_blocks(b);
	for (ir_instr n = 1; n < b->instrs.len; n++) {
		const struct ir_instruction *i = &b->instrs.data[n];
		for (uint32_t k = 0; k < i->noperands && i->op != IR_PHI && !reached[i->block]; k++) {
			ir_val *operand = &b->operands.data[i->first_operand + k];
			const struct ir_value *v = &b->vals.data[*operand];
			if (v->kind == IR_VAL_INSTR && v->aux >= n)
				*operand = undefined_like(b, v);
		}
	}
	mem_release(reached);
}

/* Results of instructions that were dropped (nothing refers to them any more) must not stay as values. */
static void drop_dead_values(struct body *b)
{
	for (uint32_t i = 1; i < b->vals.len; i++)
		if (b->vals.data[i].kind == IR_VAL_INSTR && b->vals.data[i].aux == 0)
			b->vals.data[i].kind = IR_VAL_UNDEF;
}

#define MOVE(f, from, to, count, type)                                                                       \
	do {                                                                                                 \
		(f)->count = (from).len;                                                                     \
		(f)->to = ARENA_ARRAY(arena, type, (from).len + 1);                                          \
		if ((from).len)                                                                              \
			memcpy((f)->to, (from).data, (from).len * sizeof(type));                             \
	} while (0)

static void finish(struct body *b)
{
	struct ir_func *f = &b->l->funcs.data[b->func];
	struct arena *arena = b->l->unit->arena;
	if (b->skipped_why) {
		f->flags |= IR_FUNC_SKIPPED;
		f->skipped_why = intern(b->l->unit->strings, b->skipped_why);
		for (uint32_t k = 0; k < f->nparams; k++)
			f->params[k].val = 0;
		return;
	}
	place_handlers(b);
	cut_dead_circles(b);
	drop_dead_values(b);
	MOVE(f, b->vals, vals, nvals, struct ir_value);
	MOVE(f, b->instrs, instrs, ninstrs, struct ir_instruction);
	MOVE(f, b->blocks, blocks, nblocks, struct ir_basic_block);
	MOVE(f, b->operands, operands, noperands, ir_val);
	MOVE(f, b->succs, succs, nsuccs, ir_block);
	f->phi_blocks = ARENA_ARRAY(arena, ir_block, b->phi_blocks.len + 1);
	if (b->phi_blocks.len)
		memcpy(f->phi_blocks, b->phi_blocks.data, b->phi_blocks.len * sizeof *f->phi_blocks);
}

static void release(struct body *b)
{
	vec_release(&b->vals);
	vec_release(&b->instrs);
	vec_release(&b->blocks);
	vec_release(&b->operands);
	vec_release(&b->phi_blocks);
	vec_release(&b->succs);
	intmap_release(&b->val_of);
	intmap_release(&b->block_of);
}

void lower_body(struct lower *l, uint32_t func, LLVMValueRef function)
{
	struct body b = {.l = l, .func = func, .function = function};
	const char *none = intern(l->unit->strings, "");
	vec_push(&b.vals, (struct ir_value){.str = none, .name = none, .ctype = none});
	vec_push(&b.instrs, (struct ir_instruction){0});
	vec_push(&b.blocks, (struct ir_basic_block){.label = none});
	number_params(&b);
	for (LLVMBasicBlockRef k = LLVMGetFirstBasicBlock(function); k; k = LLVMGetNextBasicBlock(k))
		number_block(&b, k);
	name_values(&b);
	b.last_loc = l->funcs.data[func].loc;
	for (LLVMBasicBlockRef k = LLVMGetFirstBasicBlock(function); k && !b.skipped_why;
	     k = LLVMGetNextBasicBlock(k))
		lower_block(&b, k);
	finish(&b);
	release(&b);
}
