/*
 * Which functions a function pointer may hold, from what this unit shows: constant tables by their slots, and
 * fields and static variables by the functions that initialisers and stores put there. A field is taken by
 * its record type, so that any object of that type counts; an assignment of something unknown makes the
 * answer "unknown".
 */
#include "graph.h"
#include "map.h"
#include "mem.h"

#include <string.h>

enum { MAX_STEPS = 64, MAX_NESTING = 8, MAX_FIELDS = 500, MAX_COPIED = 512 };

/* A place that can hold a function: a field of a record type, a part of a global, a part of one local object,
 * or a parameter. */
enum place_kind { IN_RECORD, IN_GLOBAL, IN_LOCAL, IN_PARAM };

struct pointers {
	const struct ir_unit *u;
	struct intmap index;  /* place key -> number in sets */
	struct intmap locals; /* function and value of an alloca -> its number */
	VEC(struct targets) sets;
};

/* What a pointer points to. */
struct spot {
	ir_val base;       /* where the chain of offsets starts */
	uint32_t global;   /* that base, when it is a global */
	int64_t offset;    /* from the base */
	uint32_t scale;    /* plus a multiple of this; 0: exact */
	uint32_t record;   /* the innermost struct indexed into; 0: none */
	int64_t in_record; /* the offset in it */
};

void targets_add(struct targets *t, uint32_t func)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->funcs[i] == func)
			return;
	if (t->n == MAX_TARGETS)
		t->unknown = true;
	else
		t->funcs[t->n++] = func;
}

static void targets_join(struct targets *t, const struct targets *more)
{
	t->unknown |= more->unknown;
	for (uint32_t i = 0; i < more->n; i++)
		targets_add(t, more->funcs[i]);
}

/* ---- places ---- */

static uint64_t place_key(enum place_kind kind, uint32_t index, int64_t offset)
{
	return (uint64_t)kind << 62 | (uint64_t)(index & 0x3fffffff) << 32 | (uint32_t)offset;
}

static struct targets *place_set(struct pointers *ptrs, uint64_t key)
{
	uint64_t i;
	if (!intmap_get(&ptrs->index, key, &i)) {
		i = ptrs->sets.len;
		intmap_set(&ptrs->index, key, i);
		vec_push(&ptrs->sets, (struct targets){0});
	}
	return &ptrs->sets.data[i];
}

static const struct targets *place_get(const struct pointers *ptrs, uint64_t key)
{
	uint64_t i;
	return key && intmap_get(&ptrs->index, key, &i) ? &ptrs->sets.data[i] : NULL;
}

/* The last field that starts at or before the offset. */
static const struct ir_field *field_before(const struct ir_record *r, int64_t offset)
{
	uint32_t low = 0, high = r->nfields;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (r->fields[mid].offset <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &r->fields[low - 1] : NULL;
}

/* One key for a field, whichever enclosing struct it was reached through; elements of an array share theirs.
 */
static uint64_t record_key(const struct ir_unit *u, uint32_t record, int64_t offset)
{
	for (int depth = 0; depth < MAX_NESTING; depth++) {
		const struct ir_record *r = &u->records[record];
		if (r->size && offset >= r->size)
			offset %= r->size;
		const struct ir_field *f = r->is_union ? NULL : field_before(r, offset);
		if (!f || offset < 0)
			break;
		if (f->elem_size)
			offset = f->offset + (offset - f->offset) % f->elem_size;
		if (!f->record || f->record >= u->nrecords || u->records[f->record].is_union)
			break;
		offset -= f->offset;
		record = f->record;
	}
	return offset < 0 ? 0 : place_key(IN_RECORD, record, offset);
}

static uint64_t global_key(const struct ir_unit *u, uint32_t global, int64_t offset)
{
	if (u->globals[global].record)
		return record_key(u, u->globals[global].record, offset);
	return offset < 0 ? 0 : place_key(IN_GLOBAL, global, offset);
}

/* Goes back over the offsets that make up an address. */
static struct spot spot_of(const struct ir_func *f, ir_val v)
{
	struct spot s = {0};
	for (int step = 0; step < MAX_STEPS; step++) {
		s.base = ir_strip_casts(f, v);
		const struct ir_instruction *i = ir_def(f, s.base);
		if (!i || i->op != IR_ADDR)
			break;
		s.offset += i->imm;
		if (i->flags & IR_F_VARIABLE)
			s.scale = i->scale ? i->scale : 1;
		if (i->record && !s.record) {
			s.record = i->record;
			s.in_record = s.offset;
		}
		v = ir_operand(f, i, 0);
	}
	if (s.base && f->vals[s.base].kind == IR_VAL_GLOBAL) {
		s.global = f->vals[s.base].aux;
		s.offset += f->vals[s.base].imm;
	}
	return s;
}

static uint64_t spot_key(const struct ir_unit *u, const struct spot *s)
{
	if (s->record)
		return record_key(u, s->record, s->in_record);
	return s->global ? global_key(u, s->global, s->scale ? 0 : s->offset) : 0;
}

static bool is_alloca(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *i = ir_def(f, v);
	return i && i->op == IR_ALLOCA;
}

static uint64_t object_key(const struct ir_unit *u, const struct ir_func *f, ir_val v)
{
	return (uint64_t)(f - u->funcs) << 32 | v;
}

/* The number of a local object; with `add`, a new one if need be. 0: none. */
static uint32_t local_number(struct pointers *ptrs, const struct ir_func *f, ir_val v)
{
	uint64_t n;
	uint64_t key = object_key(ptrs->u, f, v);
	if (!intmap_get(&ptrs->locals, key, &n)) {
		n = ptrs->locals.len + 1;
		intmap_set(&ptrs->locals, key, n);
	}
	return (uint32_t)n;
}

/* ---- what values may be ---- */

struct walk {
	const struct pointers *ptrs;
	const struct ir_func *f;
	ir_val work[MAX_STEPS];
	uint32_t len, next; /* work[0..next) are done */
	uint64_t ignore;    /* loads from this place add nothing: a field copied to the same field */
	bool fields;        /* follow loads from fields; else only those from constant tables */
	bool params;        /* a parameter is what the unit's calls give */
	struct targets *out;
};

/* There are many, and few of them have much to do. */
static void walk_begin(struct walk *w, const struct pointers *ptrs, const struct ir_func *f,
                       struct targets *out)
{
	w->ptrs = ptrs;
	w->f = f;
	w->len = w->next = 0;
	w->ignore = 0;
	w->fields = w->params = false;
	w->out = out;
}

static void walk_push(struct walk *w, ir_val v)
{
	for (uint32_t i = 0; i < w->len; i++)
		if (w->work[i] == v)
			return;
	if (w->len == MAX_STEPS)
		w->out->unknown = true;
	else
		w->work[w->len++] = v;
}

static void table_slots(const struct ir_global *g, const struct spot *s, struct targets *out)
{
	bool found = false;
	for (uint32_t i = 0; i < g->nslots; i++) {
		int64_t ahead = (int64_t)g->slots[i].offset - s->offset;
		bool hit = s->scale ? ahead % s->scale == 0 : ahead == 0;
		if (hit)
			targets_add(out, g->slots[i].func);
		found |= hit;
	}
	out->unknown |= !found;
}

static void walk_load(struct walk *w, const struct ir_instruction *i)
{
	struct spot s = spot_of(w->f, ir_operand(w->f, i, 0));
	if (s.global && w->ptrs->u->globals[s.global].constant) {
		table_slots(&w->ptrs->u->globals[s.global], &s, w->out);
		return;
	}
	uint64_t key = spot_key(w->ptrs->u, &s);
	if (key && key == w->ignore)
		return;
	const struct targets *set = w->fields ? place_get(w->ptrs, key) : NULL;
	if (set)
		targets_join(w->out, set);
	else
		w->out->unknown = true;
}

/* A function that gives one function, whatever it is called with: how a lambda without captures becomes a
 * pointer. */
static uint32_t always_given(const struct ir_unit *u, uint32_t func)
{
	const struct ir_func *f = &u->funcs[func];
	uint32_t found = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (f->instrs[i].op != IR_RET)
			continue;
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_operand(f, &f->instrs[i], 0))];
		if (v->kind != IR_VAL_FUNC || (found && found != v->aux))
			return 0;
		found = v->aux;
	}
	return found;
}

static void walk_call(struct walk *w, const struct ir_instruction *i)
{
	uint32_t callee = ir_callee(w->f, i), given = callee ? always_given(w->ptrs->u, callee) : 0;
	if (given)
		targets_add(w->out, given);
	else
		w->out->unknown = true;
}

static void walk_instr(struct walk *w, const struct ir_instruction *i)
{
	switch (i->op) {
	case IR_CAST:
		walk_push(w, ir_operand(w->f, i, 0));
		break;
	case IR_PHI:
		for (uint32_t n = 0; n < i->noperands; n++)
			walk_push(w, ir_operand(w->f, i, n));
		break;
	case IR_SELECT:
		walk_push(w, ir_operand(w->f, i, 1));
		walk_push(w, ir_operand(w->f, i, 2));
		break;
	case IR_LOAD:
		walk_load(w, i);
		break;
	case IR_CALL:
	case IR_INVOKE:
		walk_call(w, i);
		break;
	default:
		w->out->unknown = true;
	}
}

/* A function that registers what it is given: what all those in sight give it. */
static void walk_param(struct walk *w, uint32_t param)
{
	uint32_t func = (uint32_t)(w->f - w->ptrs->u->funcs);
	const struct targets *set = w->params ? place_get(w->ptrs, place_key(IN_PARAM, func, param)) : NULL;
	if (set)
		targets_join(w->out, set);
	else
		w->out->unknown = true;
}

/* Null and other constants (SIG_IGN) run nothing of this unit. */
static void walk_run(struct walk *w, ir_val v)
{
	walk_push(w, v);
	while (w->next < w->len && !w->out->unknown) {
		const struct ir_value *val = &w->f->vals[w->work[w->next++]];
		switch (val->kind) {
		case IR_VAL_FUNC:
			targets_add(w->out, val->aux);
			break;
		case IR_VAL_INSTR:
			walk_instr(w, &w->f->instrs[val->aux]);
			break;
		case IR_VAL_PARAM:
			walk_param(w, val->aux);
			break;
		case IR_VAL_INT:
		case IR_VAL_NULL:
		case IR_VAL_UNDEF:
		case IR_VAL_OTHER:
			break;
		default:
			w->out->unknown = true;
		}
	}
}

void pointers_resolve(const struct pointers *ptrs, const struct ir_func *f, ir_val v, struct targets *out)
{
	struct walk w;
	walk_begin(&w, ptrs, f, out);
	w.fields = true;
	walk_run(&w, v);
}

/* ---- collecting ---- */

static void collect_global(struct pointers *ptrs, uint32_t g)
{
	const struct ir_global *global = &ptrs->u->globals[g];
	for (uint32_t i = 0; i < global->nslots; i++) {
		uint64_t key = global_key(ptrs->u, g, global->slots[i].offset);
		if (!key)
			continue;
		struct targets *set = place_set(ptrs, key);
		targets_add(set, global->slots[i].func);
		if (!global->record && !global->is_static && !global->constant)
			set->unknown = true; /* any unit may assign it */
	}
}

static void collect_store(struct pointers *ptrs, const struct ir_func *f, const struct ir_instruction *i)
{
	ir_val value = ir_operand(f, i, 0);
	if (f->vals[value].type != IR_TYPE_PTR && f->vals[value].kind != IR_VAL_FUNC)
		return;
	struct spot s = spot_of(f, ir_operand(f, i, 1));
	uint64_t key = spot_key(ptrs->u, &s);
	struct targets found = {0};
	struct walk w;
	walk_begin(&w, ptrs, f, &found);
	w.ignore = key;
	w.params = true;
	walk_run(&w, value);
	if (!found.n && !found.unknown)
		return;
	if (key)
		targets_join(place_set(ptrs, key), &found);
	if (s.global && !s.record && !ptrs->u->globals[s.global].is_static && key)
		place_set(ptrs, key)->unknown = true;
	if (is_alloca(f, s.base) && s.offset >= 0)
		targets_join(place_set(ptrs, place_key(IN_LOCAL, local_number(ptrs, f, s.base), s.offset)),
		             &found);
}

/* `list[n++] = (struct entry){fn, data}` */
static void collect_from_local(struct pointers *ptrs, const struct ir_func *f, const struct ir_instruction *i,
                               const struct spot *from, struct spot to)
{
	uint64_t number;
	if (from->scale || from->offset < 0 || !to.record ||
	    !intmap_get(&ptrs->locals, object_key(ptrs->u, f, from->base), &number))
		return;
	for (int64_t at = 0; at < i->imm && at < MAX_COPIED; at += 8) {
		const struct targets *set =
		        place_get(ptrs, place_key(IN_LOCAL, (uint32_t)number, from->offset + at));
		uint64_t key = set ? record_key(ptrs->u, to.record, to.in_record + at) : 0;
		struct targets found = set ? *set : (struct targets){0}; /* the sets may move */
		if (key)
			targets_join(place_set(ptrs, key), &found);
	}
}

/* `struct ops o = { .read = f }`: a local object filled from a constant. */
static void collect_copy(struct pointers *ptrs, const struct ir_func *f, const struct ir_instruction *i)
{
	struct spot to = spot_of(f, ir_operand(f, i, 0)), from = spot_of(f, ir_operand(f, i, 1));
	if (is_alloca(f, from.base))
		collect_from_local(ptrs, f, i, &from, to);
	if (!from.global || from.scale || to.scale || !is_alloca(f, to.base))
		return;
	const struct ir_global *g = &ptrs->u->globals[from.global];
	for (uint32_t n = 0; n < g->nslots; n++) {
		int64_t offset = to.offset + g->slots[n].offset - from.offset;
		if (offset >= 0)
			targets_add(
			        place_set(ptrs, place_key(IN_LOCAL, local_number(ptrs, f, to.base), offset)),
			        g->slots[n].func);
	}
}

/* May this instruction use its n-th operand, an address, without giving it away? */
static bool keeps_address(const struct ir_instruction *i, uint32_t n)
{
	switch (i->op) {
	case IR_LOAD:
	case IR_ADDR:
	case IR_CAST:
	case IR_ICMP:
	case IR_FILL:
	case IR_COPY:
		return true;
	case IR_STORE:
		return n == 1;
	default:
		return false;
	}
}

static bool is_leaf(const struct ir_unit *u, const struct spot *s)
{
	if (!s->record)
		return s->global && !u->globals[s->global].record;
	const struct ir_field *f = field_before(&u->records[s->record], s->in_record);
	return f && !f->record;
}

/* Somebody who has the address of a field may store anything there. */
static void collect_escapes(struct pointers *ptrs, const struct ir_func *f, const struct ir_instruction *i)
{
	for (uint32_t n = 0; n < i->noperands; n++) {
		ir_val v = ir_operand(f, i, n);
		const struct ir_instruction *def = ir_def(f, v);
		if (keeps_address(i, n) || !((def && def->op == IR_ADDR) || f->vals[v].kind == IR_VAL_GLOBAL))
			continue;
		struct spot s = spot_of(f, v);
		uint64_t key = is_leaf(ptrs->u, &s) ? spot_key(ptrs->u, &s) : 0;
		if (key && !(s.global && ptrs->u->globals[s.global].constant))
			place_set(ptrs, key)->unknown = true;
	}
}

/* What a call gives the unit's functions, as far as it says so itself. */
static void collect_call(struct pointers *ptrs, const struct ir_func *f, const struct ir_instruction *i)
{
	uint32_t callee = ir_callee(f, i);
	const struct ir_func *g = &ptrs->u->funcs[callee];
	for (uint32_t n = 0; callee && g->nblocks && n < g->nparams && n < ir_nargs(i); n++) {
		ir_val arg = ir_strip_casts(f, ir_arg(f, i, n));
		if (f->vals[ir_arg(f, i, n)].type != IR_TYPE_PTR && f->vals[arg].kind != IR_VAL_FUNC)
			continue;
		struct targets *set = place_set(ptrs, place_key(IN_PARAM, callee, n));
		if (f->vals[arg].kind == IR_VAL_FUNC)
			targets_add(set, f->vals[arg].aux);
		else
			set->unknown |= f->vals[arg].kind != IR_VAL_NULL;
	}
}

static void collect_func(struct pointers *ptrs, const struct ir_func *f)
{
	bool copies = false;
	for (uint32_t n = 1; n < f->ninstrs; n++) {
		const struct ir_instruction *i = &f->instrs[n];
		if (i->op == IR_STORE)
			collect_store(ptrs, f, i);
		copies |= i->op == IR_COPY;
		if (i->op == IR_STORE || !keeps_address(i, 0))
			collect_escapes(ptrs, f, i);
	}
	for (uint32_t n = 1; copies && n < f->ninstrs;
	     n++) /* what is copied was stored before, in this function */
		if (f->instrs[n].op == IR_COPY)
			collect_copy(ptrs, f, &f->instrs[n]);
}

struct pointers *pointers_collect(struct arena *scratch, const struct program *p)
{
	struct pointers *ptrs = ARENA_NEW(scratch, struct pointers);
	const struct ir_unit *u = p->unit;
	ptrs->u = u;
	for (uint32_t g = 1; g < u->nglobals; g++)
		collect_global(ptrs, g);
	for (uint32_t f = 1; f < u->nfuncs; f++)
		for (PROGRAM_EACH_CALL(p, f, c))
			if (c->callee)
				collect_call(ptrs, &u->funcs[f], &u->funcs[f].instrs[c->at]);
	for (uint32_t f = 1; f < u->nfuncs; f++)
		collect_func(ptrs, &u->funcs[f]);
	return ptrs;
}

void pointers_release(struct pointers *ptrs)
{
	intmap_release(&ptrs->index);
	intmap_release(&ptrs->locals);
	vec_release(&ptrs->sets);
}

/* ---- fields by name ---- */

/* Where the named field starts, in the record or in a struct inside it. `budget` is how many fields may be
 * looked at. */
static bool field_offset(const struct ir_unit *u, uint32_t record, const char *name, int *budget,
                         int64_t *offset)
{
	const struct ir_record *r = &u->records[record];
	for (uint32_t i = 0; i < r->nfields; i++)
		if (!strcmp(r->fields[i].name, name)) {
			*offset += r->fields[i].offset;
			return true;
		}
	for (uint32_t i = 0; i < r->nfields && --*budget > 0; i++) {
		int64_t inner = 0;
		if (r->fields[i].record && field_offset(u, r->fields[i].record, name, budget, &inner)) {
			*offset += r->fields[i].offset + inner;
			return true;
		}
	}
	return false;
}

static const struct targets *local_field(const struct pointers *ptrs, const struct ir_func *f, ir_val v,
                                         int64_t offset)
{
	uint64_t number;
	struct spot s = spot_of(f, v);
	if (!is_alloca(f, s.base) || s.scale || s.offset + offset < 0 ||
	    !intmap_get(&ptrs->locals, object_key(ptrs->u, f, s.base), &number))
		return NULL;
	return place_get(ptrs, place_key(IN_LOCAL, (uint32_t)number, s.offset + offset));
}

bool pointers_held(const struct pointers *ptrs, const struct ir_func *f, ir_val v, struct targets *out)
{
	const struct targets *set = local_field(ptrs, f, v, 0);
	if (set)
		targets_join(out, set);
	return set != NULL;
}

void pointers_field(const struct pointers *ptrs, const struct ir_func *f, ir_val v, uint32_t record,
                    const char *field, struct targets *out)
{
	int64_t offset = 0;
	int budget = MAX_FIELDS;
	if (!record || record >= ptrs->u->nrecords ||
	    !field_offset(ptrs->u, record, field, &budget, &offset)) {
		out->unknown = true;
		return;
	}
	const struct targets *set = local_field(ptrs, f, v, offset);
	if (!set)
		set = place_get(ptrs, record_key(ptrs->u, record, offset));
	if (set)
		targets_join(out, set);
	else
		out->unknown = true;
}
