/*
 * carried.c - what a token is made to carry as its value: how large it is, who else may change it, who frees
 * it.
 */
#include "spelling.h"
#include "scan.h"

#include "arena.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LOOK 8     /* copies and choices that are followed */
#define LARGE 1024     /* bytes */
#define MAX_WRAPPERS 3 /* functions around the one that makes a token carry something */

struct look {
	const struct solution *s;
	uint32_t func;
	struct carried *out;
	unsigned depth;
};

static const struct ir_func *code(const struct look *l)
{
	return &l->s->program->unit->funcs[l->func];
}

/* ---- types ---- */

static bool points_once(const char *ctype)
{
	size_t n = strlen(ctype);
	const char *star = strchr(ctype, '*');
	return star && star == ctype + n - 1;
}

/* The type of a pointer to what `ctype` is or refers to, without template arguments: `std::map *`. */
static const char *pointer_to_class(const struct look *l, const char *ctype)
{
	struct str text = {0};
	unsigned angles = 0;
	for (const char *c = ctype; *c; c++) {
		angles += *c == '<';
		if (!angles && *c != '&' && *c != '*' && *c != ' ')
			str_addn(&text, c, 1);
		angles -= *c == '>' && angles;
	}
	str_add(&text, " *");
	const char *kept = arena_printf(l->s->arena, "%s", str_c(&text));
	str_release(&text);
	return kept;
}

/* A container of C++, whatever it is made for; a pointer or reference to one. What is no template is listed
 * as it is. */
static bool is_container(const struct look *l, const char *ctype)
{
	return l->s->program->unit->cplusplus && str_starts(ctype, "std::") && strchr(ctype, '<') &&
	       !strstr(ctype, "**") &&
	       apimodel_is_mutable_type(l->s->program->api, pointer_to_class(l, ctype));
}

/* Memory that grows: where it is, how much is used and how much there is. */
static bool grows(const struct ir_unit *u, uint32_t record)
{
	static const char *const words[] = {"cap", "alloc", "room"};
	const struct ir_record *r = &u->records[record];
	bool memory = false, room = false;
	for (uint32_t k = 0; record && k < r->nfields; k++) {
		const struct ir_field *f = &r->fields[k];
		bool pointer = strchr(f->ctype, '*') != NULL;
		memory |= pointer && !strchr(f->ctype, '(');
		for (size_t w = 0; !pointer && w < sizeof words / sizeof *words; w++)
			room |= strstr(f->name, words[w]) != NULL;
	}
	return memory && room;
}

/* Does a call of the unit put something into objects of this type, take something out, or wait for one? */
static bool is_used_as_store(const struct solution *s, const char *ctype)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct api_func *d = p->described[g];
		const struct ir_func *f = &p->unit->funcs[g];
		for (uint32_t k = 0; d && k < d->nroles; k++) {
			const struct api_role *r = &d->roles[k];
			bool puts = r->kind == API_ROLE_STORE || r->kind == API_ROLE_SEND;
			const struct api_path *at = puts ? &r->into : &r->from;
			bool takes = r->kind == API_ROLE_UNSTORE || r->kind == API_ROLE_RECEIVE;
			if ((puts || takes) && at->base == API_PATH_ARG && at->arg < f->nparams &&
			    strcmp(f->params[at->arg].ctype, ctype) == 0)
				return true;
		}
	}
	return false;
}

static uint64_t element_bytes(const struct ir_unit *u, const char *ctype, size_t n)
{
	static const struct {
		const char *type;
		uint64_t bytes;
	} plain[] = {{"char", 1},          {"unsigned char", 1}, {"short", 2}, {"unsigned short", 2},
	             {"int", 4},           {"unsigned int", 4},  {"float", 4}, {"long", 8},
	             {"unsigned long", 8}, {"double", 8}};
	char name[64];
	if (!n || n >= sizeof name)
		return 0;
	memcpy(name, ctype, n);
	name[n] = 0;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strcmp(plain[i].type, name) == 0)
			return plain[i].bytes;
	uint32_t record = ctype_object(u, name);
	return record ? u->records[record].size : 0;
}

/* What a pointer to an array points to: "int (*)[1000]". 0: it is no such type, or its elements are not
 * known. */
static uint64_t array_bytes(const struct ir_unit *u, const char *ctype)
{
	const char *at = strstr(ctype, " (*)[");
	uint64_t bytes = at ? element_bytes(u, ctype, (size_t)(at - ctype)) : 0;
	for (at = at ? at + 4 : NULL; at && *at == '['; at = strchr(at, ']') ? strchr(at, ']') + 1 : NULL) {
		uint64_t count = strtoull(at + 1, NULL, 10);
		bytes = count < UINT32_MAX && bytes < UINT32_MAX ? bytes * count : 0;
	}
	return bytes;
}

/* What the type of a pointer tells. */
static bool type_tells(struct look *l, const char *ctype)
{
	const struct solution *s = l->s;
	const struct ir_unit *u = s->program->unit;
	l->out->type = ctype;
	if (is_container(l, ctype)) {
		l->out->fault = CARRIED_MUTABLE;
		return true;
	}
	uint64_t array = ctype_is_const(ctype) ? 0 : array_bytes(u, ctype);
	if (array > LARGE) {
		l->out->fault = CARRIED_LARGE;
		l->out->bytes = array;
		return true;
	}
	if (!points_once(ctype) || ctype_is_const(ctype) || program_is_token(s->program, ctype))
		return false;
	uint32_t record = ctype_record(u, ctype);
	if (record && u->records[record].size > LARGE) {
		l->out->fault = CARRIED_LARGE;
		l->out->bytes = u->records[record].size;
	} else if (apimodel_is_mutable_type(s->program->api, ctype) || grows(u, record) ||
	           is_used_as_store(s, ctype)) {
		l->out->fault = CARRIED_MUTABLE;
	}
	return l->out->fault != CARRIED_FINE;
}

/* A pointer whose type has a name of its own, or that of what it points to. */
static bool pointee_tells(struct look *l, const char *ctype, uint32_t record)
{
	const struct ir_unit *u = l->s->program->unit;
	if ((strchr(ctype, '*') && !points_once(ctype)) || strchr(ctype, '&') || !record ||
	    ctype_is_const(ctype) || program_is_token(l->s->program, ctype) ||
	    u->records[record].size <= LARGE)
		return false;
	l->out->type = ctype;
	l->out->fault = CARRIED_LARGE;
	l->out->bytes = u->records[record].size;
	return true;
}

/* ---- objects ---- */

static bool object_tells(struct look *l, const char *ctype, int64_t bytes)
{
	if (ctype_is_const(ctype))
		return false;
	l->out->type = ctype;
	if (bytes > LARGE) {
		l->out->fault = CARRIED_LARGE;
		l->out->bytes = (uint64_t)bytes;
	} else if (is_container(l, ctype) ||
	           grows(l->s->program->unit, ctype_record(l->s->program->unit, ctype))) {
		l->out->fault = CARRIED_MUTABLE;
	}
	return l->out->fault != CARRIED_FINE;
}

static bool global_tells(struct look *l, uint32_t global)
{
	const struct ir_unit *u = l->s->program->unit;
	const struct ir_global *g = &u->globals[global];
	return !g->constant && object_tells(l, g->ctype, g->size ? g->size : u->records[g->record].size);
}

/* ---- heap memory ---- */

/* Does the unit free what it reads back from tokens? */
static bool values_are_freed(const struct solution *s)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = scan_model(s, f, in);
			const struct api_role *r = api_role_of(d, API_ROLE_DESTROY);
			const struct ir_instruction *from =
			        r ? ir_def(f, ir_strip_casts(f, ir_arg(f, in, r->handle.arg))) : NULL;
			const struct api_role *t =
			        from && ir_is_call(from)
			                ? api_role_of(p->described[ir_callee(f, from)], API_ROLE_TOKEN)
			                : NULL;
			if (t && t->values_only)
				return true;
		}
	}
	return false;
}

/* Nothing but this call, reads, writes and tests of it see the memory. */
static bool only_here(const struct look *l, ir_val v, ir_instr call)
{
	const struct ir_func *f = code(l);
	const struct use_index *x = scan_uses(l->s, l->func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = scan_model(l->s, f, in);
		bool reads = in->op == IR_ICMP || in->op == IR_LOAD || in->op == IR_FILL ||
		             in->op == IR_COPY || in->op == IR_ADDR ||
		             (in->op == IR_STORE && x->uses[k].operand == 1) || (d && d->nroles == 0);
		if (x->uses[k].by == call || reads || (in->op == IR_CAST && only_here(l, in->result, call)))
			continue;
		return false;
	}
	return true;
}

static bool memory_tells(struct look *l, ir_val v, const struct ir_instruction *in)
{
	const struct ir_func *f = code(l);
	const struct api_role *r = api_role_of(l->s->program->described[ir_callee(f, in)], API_ROLE_MAKE);
	if (!r || r->handle.base != API_PATH_RETURN || !only_here(l, v, l->out->call) ||
	    values_are_freed(l->s))
		return false;
	l->out->fault = CARRIED_UNFREED;
	l->out->made = (ir_instr)(in - f->instrs);
	return true;
}

/* ---- values ---- */

static bool tells(struct look *l, ir_val v);

static bool load_tells(struct look *l, const struct ir_instruction *in)
{
	const struct ir_unit *u = l->s->program->unit;
	const struct ir_func *f = code(l);
	ir_val at = ir_strip_casts(f, ir_operand(f, in, 0));
	const struct ir_instruction *addr = ir_def(f, at);
	if (f->vals[at].kind == IR_VAL_GLOBAL)
		return type_tells(l, u->globals[f->vals[at].aux].ctype);
	if (addr && addr->op == IR_ALLOCA)
		return type_tells(l, f->vals[at].ctype);
	const struct ir_field *field = addr && addr->op == IR_ADDR && addr->record
	                                       ? ir_field_at(u, addr->record, (uint32_t)addr->imm)
	                                       : NULL;
	return field && type_tells(l, field->ctype);
}

/* The part itself, not the first part of it. */
static const struct ir_field *part_at(const struct ir_unit *u, const struct ir_instruction *in)
{
	const struct ir_record *r = &u->records[in->record];
	for (uint32_t k = 0; in->record && k < r->nfields; k++)
		if (r->fields[k].offset == in->imm && !(in->flags & IR_F_VARIABLE))
			return &r->fields[k];
	return in->record ? ir_field_at(u, in->record, (uint32_t)in->imm) : NULL;
}

/* A part of an object, or an array as a pointer to its first element. */
static bool part_tells(struct look *l, const struct ir_instruction *in)
{
	const struct ir_field *field = part_at(l->s->program->unit, in);
	if (field)
		return object_tells(l, field->ctype, field->size);
	return !in->record && !in->imm && tells(l, ir_operand(code(l), in, 0));
}

static bool choice_tells(struct look *l, const struct ir_instruction *in)
{
	if (l->depth >= MAX_LOOK)
		return false;
	for (uint32_t k = in->op == IR_SELECT; k < in->noperands; k++) {
		l->depth++;
		bool told = tells(l, ir_operand(code(l), in, k));
		l->depth--;
		if (told)
			return true;
	}
	return false;
}

static bool instr_tells(struct look *l, ir_val v, const struct ir_instruction *in)
{
	const struct ir_func *f = code(l);
	switch (in->op) {
	case IR_ALLOCA:
		return object_tells(l, f->vals[v].ctype, in->imm);
	case IR_ADDR:
		return part_tells(l, in);
	case IR_LOAD:
		return load_tells(l, in);
	case IR_CALL:
	case IR_INVOKE:
		return type_tells(l, l->s->program->unit->funcs[ir_callee(f, in)].ret_ctype) ||
		       memory_tells(l, v, in);
	case IR_PHI:
	case IR_SELECT:
		return choice_tells(l, in);
	default:
		return false;
	}
}

static bool tells(struct look *l, ir_val v)
{
	const struct ir_func *f = code(l);
	ir_val w = ir_strip_casts(f, v);
	const struct ir_value *q = &f->vals[w];
	const struct ir_instruction *in = ir_def(f, w);
	if (q->type != IR_TYPE_PTR)
		return false;
	if (q->kind == IR_VAL_GLOBAL)
		return global_tells(l, q->aux);
	if (q->kind == IR_VAL_PARAM)
		return type_tells(l, f->params[q->aux].ctype) ||
		       pointee_tells(l, f->params[q->aux].ctype, f->params[q->aux].pointee);
	bool object = in && in->op == IR_ALLOCA;
	if (!object && *q->ctype && type_tells(l, q->ctype))
		return true;
	return in && !(*q->ctype && ctype_is_const(q->ctype)) && instr_tells(l, w, in);
}

/* 1 + the parameter that the function makes a token carry; 0: none. */
static uint32_t carries_param(const struct solution *s, uint32_t func, unsigned depth);

static ir_val carried_at(const struct solution *s, uint32_t func, const struct call_site *c, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[c->at];
	const struct api_func *d = s->program->described[c->callee];
	const struct api_role *r = api_role_of(d, API_ROLE_VALUE);
	if (r)
		return scan_path(f, in, &r->value);
	uint32_t param = c->callee && depth && !d ? carries_param(s, c->callee, depth - 1) : 0;
	return param && param <= ir_nargs(in) ? ir_arg(f, in, param - 1) : 0;
}

static uint32_t find_carried_param(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!s->program->cfgs[func])
		return 0;
	for (PROGRAM_EACH_CALL(s->program, func, c)) {
		ir_val v = carried_at(s, func, c, depth);
		v = v ? ir_strip_casts(f, v) : 0;
		struct carried own = {.func = func, .call = c->at, .type = ""};
		struct look l = {s, func, &own, 0};
		if (v && f->vals[v].kind == IR_VAL_PARAM && !tells(&l, v))
			return f->vals[v].aux + 1;
	}
	return 0;
}

static uint32_t carries_param(const struct solution *s, uint32_t func, unsigned depth)
{
	uint32_t *known = &s->carriers[depth * s->program->unit->nfuncs + func]; /* 1 + the answer */
	if (!*known)
		*known = 1 + find_carried_param(s, func, depth);
	return *known - 1;
}

static bool judge(const struct solution *s, const struct call_site *call, struct carried *c)
{
	const struct api_func *d = s->program->described[call->callee];
	struct look l = {s, c->func, c, 0};
	ir_val value = carried_at(s, c->func, call, MAX_WRAPPERS);
	if (!value)
		return false;
	*c = (struct carried){.func = c->func,
	                      .call = call->at,
	                      .role = api_role_of(d, API_ROLE_VALUE),
	                      .model = d,
	                      .type = "",
	                      .value = value};
	return tells(&l, value);
}

bool solve_next_carried(const struct solution *s, struct carried *c)
{
	const struct program *p = s->program;
	if (!program_has(p, API_ROLE_VALUE))
		return false;
	if (!s->carriers)
		((struct solution *)s)->carriers =
		        ARENA_ARRAY(s->arena, uint32_t, (size_t)MAX_WRAPPERS * p->unit->nfuncs);
	for (; c->func < p->unit->nfuncs; c->func++, c->call = 0) {
		ir_instr after = c->call;
		if (!p->cfgs[c->func])
			continue;
		for (PROGRAM_EACH_CALL(p, c->func, call))
			if (call->at > after && judge(s, call, c))
				return true;
	}
	return false;
}
