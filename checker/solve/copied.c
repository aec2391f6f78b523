/*
 * copied.c - copies of what others write: a flag, a lock or a counter in an object that is copied by value,
 * and flags that are read once for a loop.
 */
#include "copied.h"
#include "spelling.h"
#include "scan.h"
#include "who.h"

#include "arena.h"
#include "str.h"

#include <string.h>

#define MAX_NESTING 3
#define ONLY_FILLED UINT32_MAX

/* ---- types ---- */

/* What a call takes a pointer to as a lock. */
static bool is_lock_type(const struct solution *s, const char *ctype)
{
	const struct program *p = s->program;
	size_t n = strlen(ctype);
	for (uint32_t g = 1; n && g < p->unit->nfuncs; g++) {
		const struct api_role *r = api_role_of(p->described[g], API_ROLE_LOCK);
		const struct ir_func *f = &p->unit->funcs[g];
		if (r && r->handle.base == API_PATH_ARG && r->handle.arg < f->nparams &&
		    strncmp(f->params[r->handle.arg].ctype, ctype, n) == 0 &&
		    strcmp(f->params[r->handle.arg].ctype + n, " *") == 0)
			return true;
	}
	return false;
}

/* The field that others write, of an object that is not to be copied; NULL: none. Of volatile numbers the
 * first stands for all. */
static const struct ir_field *state_field(const struct copies *c, uint32_t record, unsigned depth)
{
	const struct ir_record *r = &c->s->program->unit->records[record];
	const struct ir_field *first = NULL;
	if (!record || depth > MAX_NESTING || r->own_copy)
		return NULL;
	for (uint32_t k = 0; k < r->nfields; k++) {
		const struct ir_field *f = &r->fields[k];
		bool number = !f->pointee && !f->record && f->size && f->size <= 8 && f->is_volatile;
		if (f->atomic || is_lock_type(c->s, f->ctype))
			return first ? first : f;
		first = number && !first ? f : first;
		if (number && !copied_is_value(c->s, f))
			return first;
		if (f->record && f->record != record && state_field(c, f->record, depth + 1))
			return first ? first : f;
	}
	return NULL;
}

/* ---- what is copied ---- */

static const struct ir_instruction *alloca_of(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return in && in->op == IR_ALLOCA ? in : NULL;
}

/* Somewhere static storage is written to, or its address goes to code that may do so. */
static bool is_written(const struct solution *s, uint32_t global)
{
	const struct program *p = s->program;
	const struct ir_global *g = &p->unit->globals[global];
	for (uint32_t func = 1; g->is_static && func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			for (uint32_t k = 0; k < in->noperands; k++) {
				const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_operand(f, in, k))];
				bool reads = in->op == IR_LOAD || (in->op == IR_COPY && k == 1);
				if (v->kind == IR_VAL_GLOBAL && v->aux == global && !reads)
					return true;
			}
		}
	}
	return !g->is_static;
}

/* Somebody else may know the original: it is no local variable, and no constant. */
static bool is_shared(const struct solution *s, uint32_t func, ir_val v, ir_instr copy)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	v = ir_strip_casts(f, v);
	if (f->vals[v].kind == IR_VAL_GLOBAL)
		return !s->program->unit->globals[f->vals[v].aux].constant && is_written(s, f->vals[v].aux);
	if (!alloca_of(f, v))
		return f->vals[v].kind != IR_VAL_NULL && f->vals[v].kind != IR_VAL_OTHER;
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (x->uses[k].by != copy && ir_is_call(by) && ir_returned(f, by) != v &&
		    !(by->flags & IR_F_CLEANUP))
			return true;
	}
	return false;
}

/* Something other than "not set". */
static bool sets(const struct ir_func *f, const struct ir_instruction *in)
{
	int64_t c;
	return in->op == IR_ATOMIC || (in->op == IR_STORE && in->flags & (IR_F_ATOMIC | IR_F_VOLATILE) &&
	                               scan_int(f, ir_operand(f, in, 0), &c) && c);
}

/* The copy is looked at, set, changed by a call, or handed on. */
static ir_instr reader_of(const struct solution *s, uint32_t func, ir_val copy, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[copy]; copy && k < x->first[copy + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (x->uses[k].by == at || (by->flags & IR_F_CLEANUP))
			continue;
		bool copied_on = by->op == IR_COPY && x->uses[k].operand == 1;
		if (by->op == IR_LOAD || ir_is_call(by) || copied_on || sets(f, by))
			return x->uses[k].by;
		ir_instr inner =
		        by->op == IR_ADDR || by->op == IR_CAST ? reader_of(s, func, by->result, at) : 0;
		if (inner)
			return inner;
	}
	return 0;
}

/* A call that gets the place makes it anew, or nobody knows what it does; those that take locks, do not. */
static bool may_make(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
	return ir_is_call(in) && !(in->flags & IR_F_CLEANUP) && !api_role_of(d, API_ROLE_LOCK) &&
	       !api_role_of(d, API_ROLE_UNLOCK) && !scan_is_marker(s, f, in);
}

/* A call gets the object as that what lies first in it. */
static bool gets_first(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                       uint32_t arg, uint32_t record)
{
	const struct ir_func *g = &s->program->unit->funcs[ir_is_call(in) ? ir_callee(f, in) : 0];
	return arg < g->nparams && g->params[arg].pointee != record && may_make(s, f, in) &&
	       str_ends(g->params[arg].ctype, "*") && !strstr(g->params[arg].ctype, "void");
}

static bool makes_anew(const struct solution *s, uint32_t func, ir_val at, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	int64_t c;
	for (uint32_t n = x->first[at]; n < x->first[at + 1]; n++) {
		const struct ir_instruction *in = &f->instrs[x->uses[n].by];
		bool zeroes = in->op == IR_STORE && x->uses[n].operand == 1 &&
		              scan_int(f, ir_operand(f, in, 0), &c) && c == 0;
		if (zeroes || may_make(s, f, in) ||
		    (in->op == IR_ADDR && depth && makes_anew(s, func, in->result, depth - 1)))
			return true;
	}
	return false;
}

/* Behind the copying the state of the copy is made anew: `*to = *from; pthread_mutex_init(&to->lock, NULL);`.
 */
static bool made_anew(const struct solution *s, const struct copied_state *k, ir_val to,
                      const struct ir_field *field)
{
	const struct ir_func *f = &s->program->unit->funcs[k->func];
	const struct use_index *x = scan_uses(s, k->func);
	to = ir_strip_casts(f, to);
	for (uint32_t n = x->first[to]; to && n < x->first[to + 1]; n++) {
		const struct ir_instruction *at = &f->instrs[x->uses[n].by];
		bool part = at->op == IR_ADDR && !(at->flags & IR_F_VARIABLE) && at->imm >= field->offset &&
		            at->imm < (int64_t)field->offset + field->size;
		bool behind =
		        at->block == f->instrs[k->at].block
		                ? x->uses[n].by > k->at
		                : cfg_dominates(s->program->cfgs[k->func], f->instrs[k->at].block, at->block);
		if (!behind)
			continue;
		if (part ? makes_anew(s, k->func, at->result, MAX_NESTING)
		         : !field->offset && gets_first(s, f, at, x->uses[n].operand - 1, k->record))
			return true;
	}
	return false;
}

/* The type of a small object that is copied into a local one and returned from there in a register. */
static uint32_t record_returned(const struct solution *s, uint32_t func, ir_val to)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	to = alloca_of(f, to) ? ir_strip_casts(f, to) : 0;
	for (uint32_t k = to ? x->first[to] : 0; to && k < x->first[to + 1]; k++) {
		const struct ir_instruction *load = &f->instrs[x->uses[k].by];
		for (uint32_t n = x->first[load->result];
		     load->op == IR_LOAD && n < x->first[load->result + 1]; n++)
			if (f->instrs[x->uses[n].by].op == IR_RET)
				return ctype_object(s->program->unit, f->ret_ctype);
	}
	return 0;
}

static void judge_copy(const struct copies *c, uint32_t func, ir_instr i, ir_val to, ir_val from)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	uint32_t record = record_behind(c->s->program->unit, f, from);
	record = record ? record : record_behind(c->s->program->unit, f, to);
	if (!record && f->instrs[i].op == IR_COPY)
		record = record_of_size(c->s->program->unit, f, from, f->instrs[i].imm);
	record = record ? record : record_returned(c->s, func, to);
	uint32_t copier = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
	if (!record && copier) /* a constructor's own class */
		record = c->s->program->unit->funcs[copier].params[0].pointee;
	const struct ir_field *field = state_field(c, record, 0);
	struct copied_state k = {.kind = COPIED_OBJECT, .func = func, .at = i, .record = record};
	if (!field || !is_shared(c->s, func, from, i) || made_anew(c->s, &k, to, field) ||
	    copied_is_snapshot(c->s, &k, to, from) || copied_is_told(c->s, &k, to, field))
		return;
	k.field = field->name;
	if (alloca_of(f, to)) {
		k.read = reader_of(c->s, func, ir_strip_casts(f, to), i);
		if (!k.read)
			return;
	}
	c->each(c->ctx, &k);
}

/* ---- arguments by value ---- */

static bool is_by_value(const struct ir_func *g, uint32_t param)
{
	const char *type = g->params[param].ctype;
	return param < g->nsource && *type && !str_ends(type, "*") && !str_ends(type, "&") &&
	       !g->params[param].pointee;
}

static bool loads_behind(const struct ir_func *f, const struct use_index *x, ir_val v, unsigned depth)
{
	for (uint32_t k = x->first[v]; depth && k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (by->op == IR_LOAD || ir_is_call(by) || (by->op == IR_STORE && x->uses[k].operand == 1))
			return true;
		if (by->op == IR_STORE && x->uses[k].operand == 0)
			return true;
		if ((by->op == IR_ADDR || by->op == IR_CAST) && loads_behind(f, x, by->result, depth - 1))
			return true;
	}
	return false;
}

static ir_val local_at(const struct ir_func *f, ir_val at)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	return ir_strip_casts(f, in && in->op == IR_ADDR ? ir_operand(f, in, 0) : at);
}

static bool is_copy(const struct solution *s, uint32_t func, ir_val local)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++)
		if (f->instrs[x->uses[k].by].op == IR_COPY && x->uses[k].operand == 0)
			return true;
	return false;
}

bool copied_argument(const struct copies *c, uint32_t func, ir_instr i, ir_val arg, uint32_t callee,
                     uint32_t k)
{
	const struct program *p = c->s->program;
	const struct ir_func *f = &p->unit->funcs[func], *g = &p->unit->funcs[callee];
	if (!is_by_value(g, k))
		return false;
	uint32_t record = ctype_object(p->unit, g->params[k].ctype);
	const struct ir_field *field = state_field(c, record, 0);
	if (!field)
		return false;
	bool unread = p->cfgs[callee] && g->params[k].val &&
	              !loads_behind(g, scan_uses(c->s, callee), g->params[k].val, 4);
	arg = ir_strip_casts(f, arg);
	const struct ir_instruction *load = ir_def(f, arg);
	if (load && load->op == IR_LOAD) /* a small one, in pieces */
		arg = local_at(f, ir_operand(f, load, 0));
	/* judged where it is made */
	bool own = arg && alloca_of(f, arg) && (is_copy(c->s, func, arg) || !is_shared(c->s, func, arg, i));
	if (unread || own)
		return false;
	c->each(c->ctx, &(struct copied_state){.kind = COPIED_ARGUMENT,
	                                       .func = func,
	                                       .at = i,
	                                       .record = record,
	                                       .field = field->name,
	                                       .reader = p->cfgs[callee] ? callee : 0});
	return true;
}

static void judge_call(const struct copies *c, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	const struct ir_func *g = &c->s->program->unit->funcs[callee];
	for (uint32_t k = 0; callee && k < g->nparams && k < ir_nargs(&f->instrs[i]); k++)
		if (copied_argument(c, func, i, ir_arg(f, &f->instrs[i], k), callee, k))
			return;
}

/* ---- copies that are cancelled ---- */

static bool says_cancel(const char *name)
{
	static const char *const words[] = {"cancel", "stop", "abort", "quit", "shutdown", "terminate"};
	const char *last = strrchr(name, ':');
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(last ? last + 1 : name, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* A method that puts something into its own object. */
static bool writes_itself(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_instruction *at =
		        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
		if (at && at->op == IR_ADDR &&
		    f->vals[ir_strip_casts(f, ir_operand(f, at, 0))].kind == IR_VAL_PARAM &&
		    f->vals[ir_strip_casts(f, ir_operand(f, at, 0))].aux == 0)
			return true;
	}
	return false;
}

/* A method that only looks at its object. */
static bool only_looks(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = s->program->cfgs[func] && f->nparams ? scan_uses(s, func) : NULL;
	ir_val self = x ? f->params[0].val : 0;
	for (uint32_t k = self ? x->first[self] : 0; self && k < x->first[self + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op == IR_LOAD)
			continue;
		if (in->op != IR_ADDR)
			return false;
		for (uint32_t n = x->first[in->result]; n < x->first[in->result + 1]; n++)
			if (f->instrs[x->uses[n].by].op != IR_LOAD)
				return false;
	}
	return self != 0;
}

/* All that is done with the object, or a part of it, is to call methods like "cancel" of it; 0: it is not.
 * `filled`: other parts of it are copied one by one. */
static ir_instr only_cancelled(const struct copies *c, uint32_t func, ir_val v, ir_instr copy, bool filled,
                               unsigned depth)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(c->s, func);
	ir_instr found = 0;
	for (uint32_t n = x->first[v]; n < x->first[v + 1]; n++) {
		const struct ir_instruction *by = &f->instrs[x->uses[n].by];
		uint32_t callee = ir_is_call(by) ? ir_callee(f, by) : 0;
		ir_instr at = x->uses[n].by;
		bool fills = (filled && by->op == IR_STORE && x->uses[n].operand == 1) || at == copy;
		if (fills || (by->flags & IR_F_CLEANUP))
			continue;
		if (by->op == IR_LOAD || (callee && x->uses[n].operand == 1 && only_looks(c->s, callee)))
			at = ONLY_FILLED;
		else if (by->op == IR_ADDR && depth)
			at = only_cancelled(c, func, by->result, copy, filled, depth - 1);
		else if (!callee || !says_cancel(c->s->program->unit->funcs[callee].display) ||
		         !writes_itself(c->s, callee))
			at = 0;
		if (!at)
			return 0;
		found = at != ONLY_FILLED ? at : found;
	}
	return found ? found : ONLY_FILLED;
}

/* `for (auto item : items) item.cancel();`: what is cancelled is a copy, which is used for nothing else. */
static void judge_cancelled_copy(const struct copies *c, uint32_t func, ir_instr i, ir_val to, ir_val from)
{
	const struct program *p = c->s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	ir_val part = ir_strip_casts(f, to), v = scan_local_around(f, part);
	struct copied_state k = {.kind = COPIED_CANCELLED, .func = func, .at = i};
	if (!p->unit->cplusplus || !v || scan_local_around(f, from))
		return;
	k.read = only_cancelled(c, func, v, i, v != part, MAX_NESTING);
	k.record = record_behind(c->s->program->unit, f, part);
	if (k.read && k.read != ONLY_FILLED && !state_field(c, k.record, 0))
		c->each(c->ctx, &k);
}

/* "b" of "a::b<c::d>". */
static bool has_last_name(const char *name, const char *last)
{
	size_t n = strcspn(name, "<"), len = strlen(last);
	return n >= len && strncmp(name + n - len, last, len) == 0 && (n == len || name[n - len - 1] == ':');
}

/* A class that cannot be copied byte by byte is copied by its constructor. */
static bool is_copy_constructor(const struct solution *s, const struct ir_func *g)
{
	const char *last = strrchr(g->display, ':');
	if (!last || g->nsource != 2 || g->nparams < 2 || !g->params[0].pointee ||
	    strncmp(g->params[1].ctype, "const ", 6) != 0)
		return false;
	const char *type = ctype_bare(g->params[1].ctype);
	const char *record = s->program->unit->records[g->params[0].pointee].name;
	return strncmp(type, record, strlen(record)) == 0 && strcmp(type + strlen(record), " &") == 0 &&
	       has_last_name(record, last + 1);
}

static void look_at(const struct copies *c, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	if (in->op == IR_COPY) {
		judge_copy(c, func, i, ir_operand(f, in, 0), ir_operand(f, in, 1));
		judge_cancelled_copy(c, func, i, ir_operand(f, in, 0), ir_operand(f, in, 1));
	} else if (callee && is_copy_constructor(c->s, &c->s->program->unit->funcs[callee])) {
		judge_copy(c, func, i, ir_arg(f, in, 0), ir_arg(f, in, 1));
		judge_cancelled_copy(c, func, i, ir_arg(f, in, 0), ir_arg(f, in, 1));
	} else if (callee && !c->s->program->described[callee]) {
		judge_call(c, func, i);
	}
}

void solve_copied(const struct solution *s, void (*each)(void *ctx, const struct copied_state *k), void *ctx)
{
	struct copies c = {.s = s, .each = each, .ctx = ctx};
	for (uint32_t func = 1; func < s->program->unit->nfuncs; func++) {
		const struct ir_func *f = &s->program->unit->funcs[func];
		const struct cfg *cfg = s->program->cfgs[func];
		if (!cfg || (f->flags & (IR_FUNC_SYSTEM | IR_FUNC_GENERATED)))
			continue;
		for (ir_instr i = 1; i < f->ninstrs; i++)
			if ((f->instrs[i].op == IR_COPY || ir_is_call(&f->instrs[i])) &&
			    cfg_reachable(cfg, f->instrs[i].block))
				look_at(&c, func, i);
		copied_flags(&c, func);
		copied_capture(&c, func);
	}
	struct registrations all = who_registered(s);
	for (uint32_t k = 0; k < all.n; k++)
		copied_into_thread(&c, &all.all[k]);
}
