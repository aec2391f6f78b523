/*
 * fields_walk.c - follows values through a function: back to where they come from, forth to what becomes of
 * them.
 */
#include "fields.h"

#include "arena.h"
#include "str.h"

#include <string.h>

#define MAX_BACK 64
#define MAX_FORTH 512

/* ---- back ---- */

/* The value that is stored into a local whose address only loads and stores see; 0: none, or several. */
static ir_val only_stored(struct fields *x, uint32_t func, ir_val local)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct use_index *uses = scan_uses(x->s, func);
	ir_val found = 0;
	for (uint32_t k = uses->first[local]; k < uses->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[uses->uses[k].by];
		if (in->op == IR_LOAD)
			continue;
		if (in->op != IR_STORE || uses->uses[k].operand != 1)
			return 0;
		ir_val v = ir_operand(f, in, 0);
		if (found && found != v)
			return 0;
		found = v;
	}
	return found;
}

static ir_val arg_of(const struct ir_func *f, const struct ir_instruction *call, const struct api_path *p)
{
	return p->base == API_PATH_ARG && !p->deref && p->arg < ir_nargs(call) ? ir_arg(f, call, p->arg) : 0;
}

static ir_val through_call(struct fields *x, uint32_t func, const struct ir_instruction *call, bool *counted)
{
	const struct ir_func *f = &x->u->funcs[func];
	uint32_t callee = ir_callee(f, call);
	const struct api_role *alias = api_role_of(x->p->described[callee], API_ROLE_ALIAS);
	const struct api_role *ref = api_role_of(x->p->described[callee], API_ROLE_REF);
	if (alias && (alias->to.base == API_PATH_RETURN || !alias->to.base))
		return arg_of(f, call, &alias->from);
	if (ref && ref->to.base == API_PATH_RETURN) {
		if (counted)
			*counted = true;
		return arg_of(f, call, &ref->handle);
	}
	if (callee && x->p->cfgs[callee] && !x->p->described[callee]) {
		uint32_t returns = fields_acts(x, callee)->returns;
		if (counted && returns == 1)
			*counted |= fields_acts(x, callee)->counts;
		return returns && returns <= ir_nargs(call) ? ir_arg(f, call, returns - 1) : 0;
	}
	return 0;
}

ir_val fields_root(struct fields *x, uint32_t func, ir_val v, bool *counted)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (unsigned step = 0; step < MAX_BACK; step++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *def = ir_def(f, v);
		ir_val next = 0;
		if (def && def->op == IR_LOAD) {
			const struct ir_instruction *local =
			        ir_def(f, ir_strip_casts(f, ir_operand(f, def, 0)));
			if (local && local->op == IR_ALLOCA)
				next = only_stored(x, func, local->result);
		} else if (def && ir_is_call(def)) {
			next = through_call(x, func, def, counted);
		}
		if (!next)
			return v;
		v = next;
	}
	return v;
}

static bool takes_reference(struct fields *x, uint32_t func, const struct ir_instruction *in, ir_val root)
{
	const struct ir_func *f = &x->u->funcs[func];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_func *model = x->p->described[callee];
	const struct api_role *ref = api_role_of(model, API_ROLE_REF);
	uint32_t n = ref && ref->handle.base == API_PATH_ARG ? ref->handle.arg : 0;
	bool counts = callee && !model && x->p->cfgs[callee] && fields_acts(x, callee)->counts;
	return (ref || counts) && n < ir_nargs(in) && fields_root(x, func, ir_arg(f, in, n), NULL) == root;
}

bool fields_referenced(struct fields *x, uint32_t func, ir_val root)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (takes_reference(x, func, &f->instrs[i], root))
			return true;
	return false;
}

/* The field that covers an offset and starts at it or, being an array, before it. */
static uint32_t array_start(const struct ir_record *r, uint32_t offset)
{
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct ir_field *f = &r->fields[i];
		if (f->elem_size && offset >= f->offset && offset - f->offset < f->size)
			return f->offset + (offset - f->offset) % f->elem_size;
	}
	return offset;
}

/* A field of an object in static storage. */
static bool key_in_global(struct fields *x, const struct ir_value *v, struct field_key *k)
{
	uint32_t record = v->kind == IR_VAL_GLOBAL ? x->u->globals[v->aux].record : 0;
	if (!record || v->imm < 0)
		return false;
	*k = (struct field_key){record, array_start(&x->u->records[record], (uint32_t)v->imm)};
	return true;
}

bool fields_key_at(struct fields *x, uint32_t func, ir_val address, struct field_key *k, ir_val *object)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (unsigned step = 0; step < MAX_BACK; step++) {
		ir_val root = fields_root(x, func, address, NULL);
		const struct ir_instruction *def = ir_def(f, root);
		*object = root;
		if (key_in_global(x, &f->vals[root], k))
			return true;
		if (!def || def->op != IR_ADDR || def->imm < 0)
			return false;
		if (def->record) {
			*k = (struct field_key){def->record,
			                        array_start(&x->u->records[def->record], (uint32_t)def->imm)};
			*object = fields_root(x, func, ir_operand(f, def, 0), NULL);
			return true;
		}
		address = ir_operand(f, def, 0); /* an element of an array */
	}
	return false;
}

static bool none(const struct ir_func *f, ir_val v, unsigned depth)
{
	int64_t n;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	if (scan_null(f, v) || f->vals[v].kind == IR_VAL_UNDEF)
		return true;
	if (scan_int(f, v, &n))
		return n <= 0;
	if (!def || def->op != IR_PHI || depth > 3)
		return false;
	for (uint32_t k = 0; k < def->noperands; k++)
		if (!none(f, ir_operand(f, def, k), depth + 1))
			return false;
	return true;
}

bool fields_is_none(struct fields *x, uint32_t func, ir_val v)
{
	return none(&x->u->funcs[func], v, 0);
}

/* ---- forth ---- */

struct todo {
	ir_val v;
	bool address;
};
struct forth {
	struct field_walk *w;
	const struct ir_func *f;
	const struct use_index *uses;
	VEC(struct todo) todo; /* what has been followed, and then what is to be */
};

static void push(struct forth *t, ir_val v, bool address)
{
	if (!v || t->todo.len >= MAX_FORTH)
		return;
	for (uint32_t i = 0; i < t->todo.len; i++)
		if (t->todo.data[i].v == v && t->todo.data[i].address == address)
			return;
	vec_push(&t->todo, (struct todo){v, address});
}

/* Does a role's path name the n-th argument itself (`behind` false) or what it points to? */
static bool names_arg(const struct api_path *p, uint32_t n, bool behind)
{
	return p->base == API_PATH_ARG && p->arg == n && p->deref == behind && !p->field;
}

static void tell(struct forth *t, enum field_act act, ir_instr at, uint32_t callee, const struct api_role *r,
                 ir_val v)
{
	t->w->tell(t->w, act, at, callee, r, v);
}

/* What one role does with the n-th argument, which is the followed value, or the address of where it lies. */
static void role_acts(struct forth *t, ir_instr at, uint32_t callee, const struct api_role *r, uint32_t n,
                      bool address, ir_val v)
{
	/* The memory at an address may be the handle itself: uv_close(&self->timer). */
	bool handle = names_arg(&r->handle, n, address) || (address && names_arg(&r->handle, n, false));
	switch (r->kind) {
	case API_ROLE_RELEASE:
	case API_ROLE_JOIN:
		if (handle)
			tell(t, FIELD_RELEASE, at, callee, r, v);
		break;
	case API_ROLE_TAKE:
		if (handle)
			tell(t, FIELD_LEAVE, at, callee, r, v);
		break;
	case API_ROLE_DISCONNECT:
		if (names_arg(&r->id, n, address))
			tell(t, FIELD_RELEASE, at, callee, r, v);
		break;
	case API_ROLE_CANCEL:
		if (handle || names_arg(&r->token, n, address))
			tell(t, FIELD_CANCEL, at, callee, r, v);
		break;
	case API_ROLE_CREATE:
		if (handle)
			tell(t, FIELD_OWN, at, callee, r, v);
		break;
	case API_ROLE_SPAWN:
		if (names_arg(&r->handle, n, address))
			tell(t, FIELD_OWN, at, callee, r, v);
		else if (names_arg(&r->token, n, address))
			tell(t, FIELD_START, at, callee, r, v);
		break;
	case API_ROLE_CONNECT:
		if (names_arg(&r->from, n, address))
			tell(t, FIELD_START, at, callee, r, v);
		break;
	case API_ROLE_STORE:
	case API_ROLE_SEND:
		if (names_arg(&r->value, n, address))
			tell(t, FIELD_LEAVE, at, callee, r, v);
		break;
	default:
		break;
	}
}

static void acts_of_body(struct forth *t, ir_instr at, uint32_t callee, uint32_t n, bool address, ir_val v)
{
	const struct func_acts *a = fields_acts(t->w->x, callee);
	if (n >= a->nparams) {
		tell(t, FIELD_ESCAPE, at, callee, NULL, v);
		return;
	}
	struct param_acts what = a->value[n];
	if (address) {
		what.releases |= a->behind[n].releases;
		what.cancels |= a->behind[n].cancels;
		what.escapes |= a->behind[n].escapes;
		what.leaves |= a->behind[n].leaves;
		what.releases |= t->w->members && a->inside[n].releases;
	}
	if (what.releases || (t->w->objects && a->inside[n].releases))
		tell(t, FIELD_RELEASE, at, callee, NULL, v);
	if (what.cancels)
		tell(t, FIELD_CANCEL, at, callee, NULL, v);
	if (what.escapes)
		tell(t, FIELD_ESCAPE, at, callee, NULL, v);
	if (what.leaves)
		tell(t, FIELD_LEAVE, at, callee, NULL, v);
	if (a->returns == n + 1)
		push(t, t->f->instrs[at].result, address);
}

static void acts_of_indirect(struct forth *t, ir_instr at, uint32_t n, bool address, ir_val v)
{
	const struct program *p = t->w->x->p;
	bool known = false;
	for (uint32_t k = p->edges_of[t->w->func]; k < p->edges_of[t->w->func + 1]; k++) {
		const struct call_edge *e = &p->edges[k];
		if (e->site != at || e->kind != CALL_TABLE)
			continue;
		known = true;
		const struct api_func *model = p->described[e->callee];
		for (uint32_t r = 0; model && r < model->nroles; r++)
			role_acts(t, at, e->callee, &model->roles[r], n, address, v);
		if (!model && p->cfgs[e->callee])
			acts_of_body(t, at, e->callee, n, address, v);
		else if (!model)
			tell(t, FIELD_ESCAPE, at, e->callee, NULL, v);
	}
	if (!known)
		tell(t, FIELD_ESCAPE, at, 0, NULL, v);
}

/* What tells at once what went wrong has ended when it returns. */
static bool ends_at_return(const struct fields *x, const struct ir_func *f)
{
	uint32_t n = f->nsource ? f->nsource : f->nparams;
	return n && n <= f->nparams && apimodel_is_error_type(x->p->api, f->params[n - 1].ctype);
}

static void use_in_call(struct forth *t, ir_instr at, uint32_t operand, bool address, ir_val v)
{
	struct fields *x = t->w->x;
	const struct ir_instruction *in = &t->f->instrs[at];
	uint32_t callee = ir_callee(t->f, in), n = operand - 1;
	const struct api_func *model = x->p->described[callee];
	if (operand == 0)
		return;
	if (!callee) {
		acts_of_indirect(t, at, n, address, v);
		return;
	}
	const struct ir_func *to = &x->u->funcs[callee];
	if (model) {
		for (uint32_t k = 0; k < model->nroles; k++)
			role_acts(t, at, callee, &model->roles[k], n, address, v);
		if (!address &&
		    fields_root(x, t->w->func, in->result, NULL) == fields_root(x, t->w->func, v, NULL))
			push(t, in->result, address);
	} else if (x->p->cfgs[callee]) {
		acts_of_body(t, at, callee, n, address, v);
	} else if (n < to->nparams && program_is_token(x->p, to->params[n].ctype) && !address) {
		if (!ends_at_return(x, to))
			tell(t, FIELD_START, at, callee, NULL, v); /* a token is given to be looked at */
	} else if (!str_starts(to->name, "llvm.")) {
		tell(t, FIELD_ESCAPE, at, callee, NULL, v);
	}
}

#define MAX_LOCAL 64 /* addresses of one local variable */

struct locals { /* addresses of local memory: `pointers` of what holds one */
	struct {
		ir_val v;
		bool pointers;
	} all[MAX_LOCAL];
	uint32_t n;
	bool lost;
};

static void add_local(struct locals *l, ir_val v, bool pointers)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->all[i].v == v && l->all[i].pointers == pointers)
			return;
	l->lost |= l->n == MAX_LOCAL;
	if (l->n < MAX_LOCAL) {
		l->all[l->n].v = v;
		l->all[l->n++].pointers = pointers;
	}
}

static bool mentions_arg(const struct api_role *r, uint32_t n)
{
	const struct api_path *all[] = {&r->handle, &r->token, &r->from, &r->to, &r->into,
	                                &r->value,  &r->entry, &r->data, &r->id, &r->destroy};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i]->base == API_PATH_ARG && all[i]->arg == n)
			return true;
	return false;
}

/* A described function only reads what lies there, as a wait set does, when no role says more. */
static bool only_read_by_call(const struct forth *t, const struct ir_instruction *in, uint32_t operand)
{
	const struct api_func *model =
	        ir_callee(t->f, in) ? t->w->x->p->described[ir_callee(t->f, in)] : NULL;
	if (!model || !operand)
		return false;
	for (uint32_t k = 0; k < model->nroles; k++)
		if (mentions_arg(&model->roles[k], operand - 1))
			return false;
	return true;
}

/* One use of an address of local memory. */
static void use_local(struct forth *t, struct locals *l, const struct use *u, bool pointers, bool address)
{
	const struct ir_instruction *in = &t->f->instrs[u->by];
	ir_val to =
	        in->op == IR_STORE && u->operand == 0 ? scan_local_around(t->f, ir_operand(t->f, in, 1)) : 0;
	switch (in->op) {
	case IR_LOAD:
		if (!pointers)
			push(t, in->result, address);
		else if (t->f->vals[in->result].type == IR_TYPE_PTR)
			add_local(l, in->result, false);
		break;
	case IR_ADDR:
	case IR_PHI:
	case IR_SELECT:
	case IR_CAST:
		if (in->op != IR_ADDR || u->operand == 0)
			add_local(l, in->result, pointers);
		break;
	case IR_STORE: /* into it; or its address, to where the elements are walked from */
		if (to)
			add_local(l, to, true);
		l->lost |= u->operand == 0 && (!to || pointers);
		break;
	case IR_ICMP:
	case IR_FILL:
		break;
	case IR_CALL:
	case IR_INVOKE:
		l->lost |= pointers || !only_read_by_call(t, in, u->operand);
		break;
	default:
		l->lost = true;
	}
}

/* Follows what is read from a local variable, an array too, by whatever address in it; false: other code gets
 * one. */
static bool walk_local(struct forth *t, ir_val local, bool address)
{
	struct locals l = {0};
	add_local(&l, local, false);
	for (uint32_t i = 0; i < l.n; i++) {
		ir_val v = l.all[i].v;
		bool pointers = l.all[i].pointers;
		for (uint32_t k = t->uses->first[v]; k < t->uses->first[v + 1]; k++)
			use_local(t, &l, &t->uses->uses[k], pointers, address);
	}
	return !l.lost;
}

static void use_in_store(struct forth *t, ir_instr at, uint32_t operand, bool address, ir_val v)
{
	const struct ir_instruction *in = &t->f->instrs[at];
	if (operand == 1) {
		if (address)
			tell(t,
			     fields_is_none(t->w->x, t->w->func, ir_operand(t->f, in, 0)) ? FIELD_NONE
			                                                                  : FIELD_PUT,
			     at, 0, NULL, v);
		return;
	}
	ir_val to = ir_strip_casts(t->f, ir_operand(t->f, in, 1)), local = scan_local_around(t->f, to);
	if (local && walk_local(t, local, address))
		return;
	tell(t, local && to == local ? FIELD_ESCAPE : FIELD_LEAVE, at, 0, NULL,
	     v); /* in a part: a lambda's capture */
}

static void use(struct forth *t, const struct use *u, bool address, ir_val v)
{
	const struct ir_instruction *in = &t->f->instrs[u->by];
	switch (in->op) {
	case IR_CAST:
	case IR_PHI:
	case IR_SELECT:
		push(t, in->result, address);
		break;
	case IR_LOAD:
		if (address)
			push(t, in->result, false);
		break;
	case IR_ADDR:
		if (address && (!in->record || t->w->members) && u->operand == 0)
			push(t, in->result, true);
		break;
	case IR_STORE:
		use_in_store(t, u->by, u->operand, address, v);
		break;
	case IR_CALL:
	case IR_INVOKE:
		use_in_call(t, u->by, u->operand, address, v);
		break;
	case IR_FILL:
		if (address)
			tell(t, FIELD_NONE, u->by, 0, NULL, v);
		break;
	case IR_ATOMIC:
	case IR_CMPXCHG:
		if (address && u->operand == 0)
			push(t, in->result, false);
		break;
	case IR_EXTRACT:
		push(t, in->result, address);
		break;
	case IR_ICMP:
		if (!address)
			tell(t, FIELD_TEST, u->by, 0, NULL, v);
		break;
	case IR_RET:
		tell(t, FIELD_LEAVE, u->by, 0, NULL, v);
		break;
	case IR_COPY:
		tell(t, address && u->operand == 0 ? FIELD_PUT : FIELD_ESCAPE, u->by, 0, NULL, v);
		break;
	case IR_INSERT:
	case IR_ASM:
	case IR_OTHER:
		tell(t, FIELD_ESCAPE, u->by, 0, NULL, v);
		break;
	default:
		break;
	}
}

void fields_walk(struct field_walk *w, ir_val v, bool address)
{
	struct forth t = {.w = w, .f = &w->x->u->funcs[w->func], .uses = scan_uses(w->x->s, w->func)};
	push(&t, v, address);
	for (uint32_t next = 0; next < t.todo.len; next++) {
		struct todo q = t.todo.data[next];
		for (uint32_t k = t.uses->first[q.v]; k < t.uses->first[q.v + 1]; k++)
			use(&t, &t.uses->uses[k], q.address, q.v);
	}
	vec_release(&t.todo);
}

/* ---- what a function does with its parameters ---- */

static void tell_param(struct field_walk *w, enum field_act act, ir_instr at, uint32_t callee,
                       const struct api_role *r, ir_val v)
{
	struct param_acts *a = w->data;
	const struct ir_func *f = &w->x->u->funcs[w->func];
	(void)callee;
	(void)r;
	(void)v;
	a->releases |= act == FIELD_RELEASE;
	a->cancels |= act == FIELD_CANCEL;
	a->escapes |= act == FIELD_ESCAPE;
	a->leaves |= act == FIELD_LEAVE && f->instrs[at].op != IR_RET;
}

/* Who counts up a field that is never asked, where it is counted down, whether that was the last one, does
 * not count references. */
static bool is_of_references(const struct fields *x, struct field_key k)
{
	enum count_down down = scan_count_down(x->s, k.record, k.offset);
	return down == COUNT_LAST_ONE || (down == COUNT_NOT_DOWN && !x->u->records[k.record].local);
}

/* `self->refs++`, also atomically. */
static bool counts_up(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; f->nparams && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct field_key k, from;
		ir_val object, other;
		if (in->op == IR_ATOMIC && in->sub == IR_RMW_ADD &&
		    fields_key_at(x, func, ir_operand(f, in, 0), &k, &object) && object == f->params[0].val &&
		    is_of_references(x, k))
			return true;
		const struct ir_instruction *add =
		        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) : NULL;
		const struct ir_instruction *load =
		        add && add->op == IR_BINOP && add->sub == IR_ADD
		                ? ir_def(f, ir_strip_casts(f, ir_operand(f, add, 0)))
		                : NULL;
		if (load && load->op == IR_LOAD &&
		    fields_key_at(x, func, ir_operand(f, in, 1), &k, &object) &&
		    fields_key_at(x, func, ir_operand(f, load, 0), &from, &other) &&
		    fields_key_number(k) == fields_key_number(from) && object == f->params[0].val &&
		    is_of_references(x, k))
			return true;
	}
	return false;
}

static void returned(struct fields *x, uint32_t func, struct func_acts *a)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_block b = 1; b < f->nblocks; b++) {
		const struct ir_instruction *ret = ir_terminator(f, b);
		if (ret->op != IR_RET || !ret->noperands)
			continue;
		ir_val v = fields_root(x, func, ir_operand(f, ret, 0), NULL);
		const struct ir_instruction *def = ir_def(f, v);
		bool part = def && def->op == IR_ADDR;
		ir_val base = part ? fields_root(x, func, ir_operand(f, def, 0), NULL) : v;
		if (f->vals[base].kind == IR_VAL_PARAM && part)
			a->returns_part = f->vals[base].aux + 1;
		else if (f->vals[base].kind == IR_VAL_PARAM)
			a->returns = f->vals[base].aux + 1;
	}
}

/* Every value it returns is either none or what one creator made. */
static void made(struct fields *x, uint32_t func, ir_val v, struct func_acts *a, unsigned depth, bool *all)
{
	const struct ir_func *f = &x->u->funcs[func];
	v = fields_root(x, func, v, NULL);
	const struct ir_instruction *def = ir_def(f, v);
	if (fields_is_none(x, func, v))
		return;
	if (def && def->op == IR_PHI && depth < 4) {
		for (uint32_t k = 0; k < def->noperands; k++)
			made(x, func, ir_operand(f, def, k), a, depth + 1, all);
		return;
	}
	uint32_t callee = def && ir_is_call(def) ? ir_callee(f, def) : 0;
	const struct api_role *r = api_role_of(x->p->described[callee], API_ROLE_CREATE);
	const struct api_role *spawn = api_role_of(x->p->described[callee], API_ROLE_SPAWN);
	if (spawn && spawn->handle.base == API_PATH_RETURN)
		r = spawn;
	if (r && r->handle.base == API_PATH_RETURN && !r->handle.deref) {
		a->makes = x->p->described[callee];
		a->makes_role = r;
	} else if (callee && x->p->cfgs[callee] && !x->p->described[callee] &&
	           fields_acts(x, callee)->makes) {
		a->makes = fields_acts(x, callee)->makes;
		a->makes_role = fields_acts(x, callee)->makes_role;
	} else {
		*all = false;
	}
}

static void tell_made(struct field_walk *w, enum field_act act, ir_instr at, uint32_t callee,
                      const struct api_role *r, ir_val v)
{
	(void)callee;
	(void)r;
	(void)v;
	bool *kept = w->data;
	*kept |= (act == FIELD_LEAVE && w->x->u->funcs[w->func].instrs[at].op != IR_RET) ||
	         act == FIELD_RELEASE;
}

/* What is also stored or released in the function is not its caller's. */
static bool kept_inside(struct fields *x, uint32_t func, ir_val v)
{
	bool kept = false;
	struct field_walk w = {.x = x, .func = func, .tell = tell_made, .data = &kept};
	ir_val root = fields_root(x, func, v, NULL);
	if (ir_def(&x->u->funcs[func], root))
		fields_walk(&w, root, false);
	return kept;
}

static void find_made(struct fields *x, uint32_t func, struct func_acts *a)
{
	const struct ir_func *f = &x->u->funcs[func];
	bool all = true;
	for (ir_block b = 1; b < f->nblocks && all; b++) {
		const struct ir_instruction *ret = ir_terminator(f, b);
		if (ret->op != IR_RET || !ret->noperands)
			continue;
		made(x, func, ir_operand(f, ret, 0), a, 0, &all);
		all = all && !(a->makes && kept_inside(x, func, ir_operand(f, ret, 0)));
	}
	if (!all)
		a->makes = NULL;
}

const struct func_acts *fields_acts(struct fields *x, uint32_t func)
{
	static const struct func_acts unknown;
	struct func_acts *a = &x->acts[func];
	if (a->state)
		return a->state == 2 ? a : &unknown;
	a->state = 1;
	const struct ir_func *f = &x->u->funcs[func];
	struct func_acts found = {.state = 2, .nparams = f->nparams};
	found.value = ARENA_ARRAY(x->s->arena, struct param_acts, f->nparams + 1);
	found.behind = ARENA_ARRAY(x->s->arena, struct param_acts, f->nparams + 1);
	found.inside = ARENA_ARRAY(x->s->arena, struct param_acts, f->nparams + 1);
	for (uint32_t i = 0; i < f->nparams; i++) {
		struct field_walk w = {.x = x, .func = func, .tell = tell_param, .data = &found.value[i]};
		fields_walk(&w, f->params[i].val, false);
		if (f->vals[f->params[i].val].type == IR_TYPE_PTR) {
			w.data = &found.behind[i];
			fields_walk(&w, f->params[i].val, true);
			w.data = &found.inside[i];
			w.members = true;
			fields_walk(&w, f->params[i].val, true);
		}
	}
	returned(x, func, &found);
	found.counts = counts_up(x, func);
	find_made(x, func, &found);
	*a = found;
	return a;
}
