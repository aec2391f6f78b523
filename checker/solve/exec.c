#include "sim.h"

#include <stddef.h>
#include <string.h>

static struct sval sym_of(struct sim *m, struct symbol s)
{
	return sv_sym(sym_get(&m->t, s));
}

struct sval sim_eval(struct sim *m, struct state *s, ir_val v)
{
	const struct ir_value *q = &m->f->vals[v];
	struct sval r = {0};
	switch (q->kind) {
	case IR_VAL_PARAM:
		return sym_of(m, (struct symbol){
		                         .kind = SYM_PARAM, .a = q->aux, .pointer = q->type == IR_TYPE_PTR});
	case IR_VAL_INSTR:
		if (!state_lookup(s, v, &r))
			r = sym_of(m, (struct symbol){.kind = SYM_RESULT,
			                              .a = q->aux,
			                              .pointer = q->type == IR_TYPE_PTR});
		return r;
	case IR_VAL_INT:
		return sv_const(q->bits == 1 ? (q->imm & 1) : q->imm);
	case IR_VAL_NULL:
		return sv_const(0);
	case IR_VAL_GLOBAL:
		return (struct sval){SV_GLOBAL, q->aux, q->imm};
	case IR_VAL_FUNC:
		return (struct sval){SV_FUNC, q->aux, 0};
	case IR_VAL_STRING:
		return (struct sval){SV_STR, v, 0};
	}
	return r;
}

/* In a loop the instruction may have run before: what it yielded then becomes "the earlier one". */
struct sval sim_result(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	bool pointer = in->result && m->f->vals[in->result].type == IR_TYPE_PTR;
	struct symbol now = {.kind = SYM_RESULT, .a = i, .pointer = pointer};
	sym id = sym_get(&m->t, now);
	if (m->cfg->loop_of[in->block]) {
		now.b = 1;
		state_unbind(s, in->result);
		state_age(s, &m->t, id, sym_get(&m->t, now));
	}
	return sv_sym(id);
}

/* Calls that were given the address, or any that it hangs on. */
ir_instr sim_epoch(struct sim *m, struct state *s, struct sval at)
{
	ir_instr e = 0;
	for (unsigned depth = 0; depth < 16; depth++) {
		ir_instr changed = state_clobbered(s, at);
		e = changed > e ? changed : e;
		if (at.kind == SV_GLOBAL || (at.kind == SV_LOCAL && state_leaked(s, at.id)))
			return s->world > e ? s->world : e;
		if (at.kind != SV_SYM)
			return e;
		const struct symbol *q = &m->t.items.data[at.id];
		if (q->kind != SYM_MEM && q->kind != SYM_ELEM)
			return e;
		at = q->x;
	}
	return e;
}

static bool partly_written(struct state *s, struct sval at, uint32_t size)
{
	struct span span = state_cells(s, at);
	for (uint32_t i = span.from; i < span.to && s->mem.data[i].at.off < at.off + (int64_t)size; i++)
		if (s->mem.data[i].at.off + (int64_t)s->mem.data[i].size > at.off)
			return true;
	return false;
}

static void publish_range(struct sim *m, struct state *s, struct sval at, uint32_t size, ir_instr i)
{
	struct span span = state_cells(s, at);
	for (uint32_t k = span.from; k < span.to; k++) {
		struct cell c = s->mem.data[k];
		if (c.at.off >= at.off && c.at.off < at.off + (int64_t)size)
			own_publish(m, s, c.v, i);
	}
}

/* The function that a constant table holds at an address. */
static struct sval constant_slot(const struct sim *m, struct sval at)
{
	const struct ir_global *g = at.kind == SV_GLOBAL ? &m->u->globals[at.id] : NULL;
	for (uint32_t k = 0; g && g->constant && k < g->nslots; k++)
		if (g->slots[k].offset == at.off)
			return (struct sval){SV_FUNC, g->slots[k].func, 0};
	return (struct sval){0};
}

/* Memory that was filled with one byte reads the same in all sizes: 0, or -1. */
static bool is_even(struct sval v)
{
	return sv_is_const(v, 0) || sv_is_const(v, -1);
}

/* The part of an evenly filled cell that an access of `size` bytes looks at; NULL: it lies in none, or not
 * wholly. */
static const struct cell *even_cell(const struct state *s, struct sval at, uint32_t size)
{
	struct span span = state_cells(s, at);
	const struct cell *found = NULL;
	for (uint32_t i = span.from; i < span.to && s->mem.data[i].at.off <= at.off; i++)
		found = &s->mem.data[i];
	bool inside = found && size && at.off + (int64_t)size <= found->at.off + (int64_t)found->size;
	return inside && is_even(found->v) ? found : NULL;
}

struct sval sim_load(struct sim *m, struct state *s, struct sval at, uint32_t size, bool pointer, ir_instr i)
{
	if (at.kind == SV_NONE || at.kind == SV_FUNC || at.kind == SV_STR || at.kind == SV_CONST ||
	    sv_is_deep(&m->t, at))
		return sim_result(m, s, i);
	struct sval slot = constant_slot(m, at);
	if (slot.kind)
		return slot;
	const struct cell *c = state_cell(s, at);
	if (c && c->size == size && c->v.kind)
		return c->v;
	const struct cell *even = even_cell(s, at, size);
	if (even)
		return even->v;
	if (size && partly_written(s, at, size)) {
		publish_range(m, s, at, size, i);
		return sim_result(m, s, i);
	}
	if (own_heap_zero(s, at) && (size || !partly_written(s, at, 8)))
		return sv_const(0);
	ir_instr e = sim_epoch(m, s, at);
	return sym_of(m, (struct symbol){.kind = SYM_MEM, .x = at, .a = e, .pointer = pointer});
}

/* A smaller part of it is written: the rest keeps what it has. */
static void split_even(struct state *s, struct sval at, uint32_t size)
{
	const struct cell *c = even_cell(s, at, size);
	if (!c || c->size == size)
		return;
	struct cell whole = *c;
	ptrdiff_t k = c - s->mem.data;
	struct sval behind = at;
	behind.off += size;
	state_own_mem(s, s->mem.len)[k].size = (uint32_t)(at.off - whole.at.off);
	uint32_t left = (uint32_t)(whole.at.off + (int64_t)whole.size - behind.off);
	if (left && !state_cell(s, behind))
		state_write(s, behind, whole.v, left, whole.store);
}

void sim_store(struct sim *m, struct state *s, struct sval at, struct sval v, uint32_t size, ir_instr i)
{
	if (!own_heap(s, at))
		own_note_write(m, at, size == 0 || size > 8);
	if (at.kind != SV_LOCAL && at.kind != SV_GLOBAL && at.kind != SV_SYM) {
		own_publish(m, s, v, i);
		return;
	}
	bool hidden = (at.kind == SV_LOCAL && !state_leaked(s, at.id)) || sim_is_aggregate(m, at);
	struct obj *heap = hidden ? NULL : own_heap(s, at);
	if (heap) {
		struct obj *o = state_obj_by_key(s, v);
		if (o && o->status == OBJ_OWNED)
			o->holder = heap->key;
	} else if (!hidden) {
		own_publish_stored(m, s, v, at, i);
	}
	enum token_origin origin;
	const struct cell *there = state_cell(s, at);
	struct cell before = there ? *there : (struct cell){0};
	split_even(s, at, size);
	if (v.kind)
		state_watch(s, state_write(s, at, v, size, i),
		            sim_is_token(m, v, &origin) && sv_root_global(&m->t, at, NULL));
	else
		state_forget(s, at, size ? size : 1);
	if (!v.kind || (at.kind == SV_SYM && m->t.items.data[at.id].kind == SYM_ELEM))
		own_heap_written(s, &m->t, at);
	lost_cell(m, s, before, v, i);
}

/* ---- single instructions ---- */

static void mark_field_token(struct sim *m, const struct ir_instruction *in, struct sval v)
{
	const struct ir_instruction *addr = ir_def(m->f, ir_operand(m->f, in, 0));
	if (!addr || addr->op != IR_ADDR || !addr->record)
		return;
	const struct ir_field *field = ir_field_at(m->u, addr->record, (uint32_t)addr->imm);
	if (field && apimodel_is_token_type(m->p->api, field->ctype) && sv_root_param(&m->t, v, NULL))
		sim_mark_token(m, v, TOKEN_FROM_FIELD);
}

static struct sval exec_load(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	bool pointer = m->f->vals[in->result].type == IR_TYPE_PTR;
	if (in->flags & (IR_F_VOLATILE | IR_F_ATOMIC))
		return sim_result(m, s, i);
	struct sval at = sim_eval(m, s, ir_operand(m->f, in, 0));
	ended_access(m, s, at, ir_operand(m->f, in, 0), i);
	if (m->f->vals[in->result].type == IR_TYPE_AGGREGATE)
		return aggregate_load(m, s, at, in->imm, i);
	struct sval v = sim_load(m, s, at, (uint32_t)in->imm, pointer, i);
	if (pointer)
		mark_field_token(m, in, v);
	return v;
}

static struct sval exec_addr(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	struct sval base = sim_eval(m, s, ir_operand(m->f, in, 0));
	if (base.kind == SV_NONE || base.kind == SV_CONST || base.kind == SV_FUNC || base.kind == SV_STR)
		return (struct sval){0};
	if (in->flags & IR_F_VARIABLE) {
		struct sval index = sim_eval(m, s, ir_operand(m->f, in, 1));
		if (index.kind == SV_CONST && in->scale) {
			base.off += index.off * (int64_t)in->scale;
		} else if (index.kind == SV_NONE) {
			return (struct sval){0};
		} else {
			if (base.kind ==
			    SV_LOCAL) /* which element is unknown: the array is no longer ours to follow */
				own_publish(m, s, base, (ir_instr)(in - m->f->instrs));
			if (sv_is_deep(&m->t, base) || sv_is_deep(&m->t, index))
				return (struct sval){0};
			base = sym_of(m, (struct symbol){.kind = SYM_ELEM,
			                                 .x = base,
			                                 .y = index,
			                                 .b = in->scale,
			                                 .pointer = true});
		}
	}
	base.off += in->imm;
	return base;
}

static struct sval exec_icmp(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval a = sim_eval(m, s, ir_operand(m->f, in, 0)), b = sim_eval(m, s, ir_operand(m->f, in, 1));
	if (a.kind == SV_NONE || b.kind == SV_NONE || sv_is_deep(&m->t, a) || sv_is_deep(&m->t, b))
		return sim_result(m, s, i);
	enum tri r = state_compare(s, &m->t, in->sub, a, b);
	if (r != TRI_UNKNOWN)
		return sv_const(r == TRI_TRUE);
	return sym_of(m, (struct symbol){.kind = SYM_CMP, .a = in->sub, .x = a, .y = b});
}

static bool fold(uint8_t op, int64_t a, int64_t b, int64_t *r)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;
	switch (op) {
	case IR_ADD:
		*r = (int64_t)(x + y);
		return true;
	case IR_SUB:
		*r = (int64_t)(x - y);
		return true;
	case IR_MUL:
		*r = (int64_t)(x * y);
		return true;
	case IR_AND:
		*r = a & b;
		return true;
	case IR_OR:
		*r = a | b;
		return true;
	case IR_XOR:
		*r = a ^ b;
		return true;
	case IR_SHL:
		*r = y < 64 ? (int64_t)(x << y) : 0;
		return y < 64;
	}
	return false;
}

static struct sval exec_binop(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval a = sim_eval(m, s, ir_operand(m->f, in, 0)), b = sim_eval(m, s, ir_operand(m->f, in, 1));
	int64_t r;
	if (a.kind == SV_NONE || b.kind == SV_NONE || sv_is_deep(&m->t, a) || sv_is_deep(&m->t, b))
		return sim_result(m, s, i);
	if (a.kind == SV_CONST && b.kind == SV_CONST && fold(in->sub, a.off, b.off, &r))
		return sv_const(r);
	if (a.kind == SV_CONST && in->sub != IR_SUB) {
		struct sval x = a;
		a = b, b = x;
	}
	if (b.kind == SV_CONST && a.kind == SV_SYM && (in->sub == IR_ADD || in->sub == IR_SUB)) {
		a.off += in->sub == IR_ADD ? b.off : -b.off;
		return a;
	}
	return sym_of(m, (struct symbol){.kind = SYM_BIN, .a = in->sub, .x = a, .y = b});
}

/* Both ways are followed. */
static struct sval exec_select(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval c = sim_eval(m, s, ir_operand(m->f, in, 0));
	struct sval a = sim_eval(m, s, ir_operand(m->f, in, 1)), b = sim_eval(m, s, ir_operand(m->f, in, 2));
	enum tri r = state_test(s, &m->t, c);
	if (r != TRI_UNKNOWN || sv_eq(a, b))
		return r == TRI_FALSE ? b : a;
	struct state *other = state_copy(s);
	if (!state_assume(s, &m->t, c, true)) {
		state_free(other);
		return b;
	}
	if (!b.kind || !state_assume(other, &m->t, c, false)) {
		state_free(other);
		return a;
	}
	state_bind(other, in->result, b);
	vec_push(&m->forks, other);
	return a;
}

static struct sval exec_atomic(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval at = sim_eval(m, s, ir_operand(m->f, in, 0));
	struct sval v = sim_eval(m, s, ir_operand(m->f, in, in->op == IR_CMPXCHG ? 2 : 1));
	const struct cell *c = state_cell(s, at);
	struct sval old = c ? c->v : (struct sval){0};
	if (in->op == IR_ATOMIC && in->sub == IR_RMW_XCHG) {
		sim_store(m, s, at, v, 8, i);
		if (old.kind)
			return old;
	} else {
		own_publish(m, s, v, i);
		own_note_write(m, at, false);
		state_forget(s, at, 8);
		own_heap_written(s, &m->t, at);
	}
	return sim_result(m, s, i);
}

/* What was written below src, up to `size` bytes (0: all of it), goes to dst. */
/* Nothing was written to the source here: what was in the destination is gone all the same. */
static void copy_unknown(struct sim *m, struct state *s, struct sval dst, struct sval src, int64_t size,
                         ir_instr i)
{
	if (sv_eq(dst, src))
		return;
	if (size == 8 && src.kind)
		sim_store(m, s, dst, sim_load(m, s, src, 8, true, i), 8, i);
	else if (dst.kind == SV_LOCAL)
		state_clobber(s, dst, i);
	else if (dst.kind == SV_SYM)
		sim_store(m, s, dst, (struct sval){0}, size > 0 && size < UINT32_MAX ? (uint32_t)size : 0, i);
}

void sim_copy_region(struct sim *m, struct state *s, struct sval dst, struct sval src, int64_t size,
                     ir_instr i)
{
	VEC(struct cell) moved = {0};
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell *c = &s->mem.data[k];
		if (c->at.kind == src.kind && c->at.id == src.id && c->at.off >= src.off &&
		    (!size || c->at.off < src.off + size))
			vec_push(&moved, *c);
	}
	if (dst.kind)
		state_forget(s, dst, size);
	own_heap_written(s, &m->t, dst);
	for (uint32_t k = 0; k < moved.len; k++) {
		struct sval at = dst;
		at.off += moved.data[k].at.off - src.off;
		sim_store(m, s, at, moved.data[k].v, moved.data[k].size, i);
	}
	if (!moved.len)
		copy_unknown(m, s, dst, src, size, i);
	vec_release(&moved);
}

static void exec_copy(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	sim_copy_region(m, s, sim_eval(m, s, ir_operand(m->f, in, 0)),
	                sim_eval(m, s, ir_operand(m->f, in, 1)), in->imm, i);
}

static void exec_store(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval at = sim_eval(m, s, ir_operand(m->f, in, 1)), v = sim_eval(m, s, ir_operand(m->f, in, 0));
	ended_access(m, s, at, ir_operand(m->f, in, 1), i);
	if (sim_is_aggregate(m, v))
		sim_copy_region(m, s, at, v, in->imm, i);
	else
		sim_store(m, s, at, v, (uint32_t)in->imm, i);
	if (sv_is_const(v, 0))
		container_cleared(m, s, at);
}

#define MAX_FILLED 256 /* bytes of which each state keeps account */
#define FILLED_CELL 8

/* `= {0}` and memset(): of memory that is the function's own, each part has a value from then on. */
static void fill_cells(struct state *s, struct sval dst, struct sval byte, int64_t size, ir_instr i)
{
	struct sval v = sv_is_const(byte, 0) ? byte : sv_const(-1);
	for (int64_t done = 0; done < size; done += FILLED_CELL) {
		struct sval at = dst;
		at.off += done;
		state_write(s, at, v, (uint32_t)(size - done < FILLED_CELL ? size - done : FILLED_CELL), i);
	}
}

static bool is_even_byte(struct sval byte)
{
	return byte.kind == SV_CONST && (byte.off == 0 || (byte.off & 0xff) == 0xff);
}

static void exec_fill(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval dst = sim_eval(m, s, ir_operand(m->f, in, 0)),
	            byte = sim_eval(m, s, ir_operand(m->f, in, 1));
	if (dst.kind == SV_SYM && !own_heap(s, dst))
		own_note_write(m, dst, true);
	if (dst.kind == SV_LOCAL || dst.kind == SV_SYM || dst.kind == SV_GLOBAL)
		state_forget(s, dst, in->imm);
	if (!sv_is_const(byte, 0))
		own_heap_written(s, &m->t, dst);
	bool own = dst.kind == SV_LOCAL && !state_leaked(s, dst.id);
	if (own && is_even_byte(byte) && in->imm > 0 && in->imm <= MAX_FILLED)
		fill_cells(s, dst, byte, in->imm, i);
}

static void publish_operands(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	for (uint32_t k = 0; k < in->noperands; k++)
		own_publish_region(m, s, sim_eval(m, s, ir_operand(m->f, in, k)), i);
}

bool sim_exec(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval v = {0};
	switch (in->op) {
	case IR_ALLOCA:
		v = (struct sval){SV_LOCAL, i, 0};
		break;
	case IR_LOAD:
		v = exec_load(m, s, i);
		break;
	case IR_STORE:
		exec_store(m, s, i);
		return true;
	case IR_ADDR:
		v = exec_addr(m, s, in);
		break;
	case IR_CALL:
	case IR_INVOKE:
		return sim_call(m, s, i);
	case IR_PHI:
		return true; /* bound on the edge */
	case IR_ICMP:
		v = exec_icmp(m, s, i);
		break;
	case IR_CAST:
		v = sim_eval(m, s, ir_operand(m->f, in, 0));
		break;
	case IR_SELECT:
		v = exec_select(m, s, i);
		break;
	case IR_BINOP:
		v = exec_binop(m, s, i);
		break;
	case IR_ATOMIC:
	case IR_CMPXCHG:
		v = exec_atomic(m, s, i);
		break;
	case IR_COPY:
		exec_copy(m, s, i);
		return true;
	case IR_FILL:
		exec_fill(m, s, i);
		return true;
	case IR_EXTRACT:
		v = aggregate_extract(m, s, i);
		break;
	case IR_INSERT:
		v = aggregate_insert(m, s, i);
		break;
	case IR_ASM:
	case IR_OTHER:
		publish_operands(m, s, i);
		v = sim_result(m, s, i);
		break;
	default:
		v = sim_result(m, s, i);
		break;
	}
	if (in->result)
		state_bind(s, in->result, v.kind ? v : sim_result(m, s, i));
	return true;
}
