/*
 * token_fields.c - tokens that lie in the fields of an object.
 */
#include "token_fields.h"

#include "scan.h"

#include "arena.h"

#include <string.h>

/* `ctx *&`, what a lambda captures by reference: the token is where it leads. */
static bool refers_to_token(const struct solution *s, const char *ctype)
{
	char to[64];
	size_t n = strlen(ctype);
	if (!n || ctype[n - 1] != '&' || n > sizeof to || program_is_token(s->program, ctype))
		return false;
	memcpy(to, ctype, n - 1);
	to[n - 1] = 0;
	return apimodel_is_token_type(s->program->api, to);
}

/* The field at this offset that is a token, or lies in one. */
static const struct ir_field *token_at(const struct solution *s, uint32_t record, int64_t offset,
                                       unsigned depth)
{
	const struct ir_record *r = &s->program->unit->records[record];
	for (uint32_t i = 0; i < r->nfields && depth < 8; i++) {
		const struct ir_field *f = &r->fields[i];
		if (offset < f->offset || (offset >= (int64_t)f->offset + f->size && offset != f->offset))
			continue;
		if (program_is_token(s->program, f->ctype) || refers_to_token(s, f->ctype))
			return f;
		const struct ir_field *inner =
		        f->record ? token_at(s, f->record, offset - f->offset, depth + 1) : NULL;
		if (inner)
			return inner;
	}
	return NULL;
}

const struct ir_field *scan_token_field(const struct solution *s, uint32_t record, int64_t offset)
{
	return token_at(s, record, offset, 0);
}

/* What is read from a variable that was captured by reference. */
static void add_loads(const struct ir_func *f, const struct use_index *x, ir_val at, const char *name,
                      struct field_use *out)
{
	for (uint32_t n = x->first[at]; n < x->first[at + 1]; n++) {
		const struct ir_instruction *load = &f->instrs[x->uses[n].by];
		if (load->op == IR_LOAD)
			vec_push(&out->found, (struct token_info){.val = load->result, .name = name});
	}
}

/* A reference is taken or given back, or it is freed: nobody looks into the object for that. */
static bool only_counts(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = scan_model(s, f, in);
	return d &&
	       (api_role_of(d, API_ROLE_RELEASE) || api_role_of(d, API_ROLE_DESTROY) ||
	        api_role_of(d, API_ROLE_REF)) &&
	       !(in->result &&
	         scan_matters(f, scan_uses(s, (uint32_t)(f - s->program->unit->funcs)), in->result));
}

static bool takes_own_token(const struct solution *s, const struct ir_func *g)
{
	return s->program->token_param[g - s->program->unit->funcs];
}

/* A function of the unit gets the object to end it: where it has ended, nothing is to be cancelled any more.
 */
static bool ends_it(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                    uint32_t operand, unsigned depth)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct ir_func *g = &s->program->unit->funcs[callee];
	if (!callee || !s->program->cfgs[callee] || !operand || operand > g->nparams || depth == 3)
		return false;
	const struct use_index *x = scan_uses(s, callee);
	ir_val param = g->params[operand - 1].val;
	for (uint32_t k = param ? x->first[param] : 0; param && k < x->first[param + 1]; k++) {
		const struct ir_instruction *by = &g->instrs[x->uses[k].by];
		const struct api_func *d = scan_model(s, g, by);
		const struct api_role *r = api_role_of(d, API_ROLE_RELEASE);
		r = r ? r : api_role_of(d, API_ROLE_DESTROY);
		if ((r && ir_strip_casts(g, scan_path(g, by, &r->handle)) == param) ||
		    ends_it(s, g, by, x->uses[k].operand, depth + 1))
			return true;
	}
	return false;
}

/* Code that is not here gets the object, and does not look at its token: as another type, which has none, or
 * as data (`void *`) beside a token. */
static bool only_keeps(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                       uint32_t operand)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct ir_func *g = &s->program->unit->funcs[callee];
	if (!callee || operand == 0 || operand - 1 >= g->nparams || s->program->cfgs[callee])
		return false;
	uint32_t to = g->params[operand - 1].pointee;
	if (s->program->described[callee] && to)
		return false;
	return to ? !scan_carries_token(s, to) : takes_own_token(s, g);
}

/* The same object by another type: `GTK_WINDOW(self)`. */
static bool is_alias(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     uint32_t operand)
{
	const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_ALIAS);
	return r && operand && r->from.base == API_PATH_ARG && r->from.arg == operand - 1 && !r->from.deref &&
	       r->to.base == API_PATH_RETURN;
}

/* Follows the data pointer: which record it is, which of its token fields are loaded, is it handed on whole?
 */
void token_fields_walk(const struct solution *s, uint32_t func, ir_val v, struct field_use *out,
                       unsigned depth)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; depth < 6 && k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op == IR_CAST || in->op == IR_PHI || is_alias(s, f, in, x->uses[k].operand)) {
			token_fields_walk(s, func, in->result, out, depth + 1);
		} else if (in->op == IR_ADDR && in->record && x->uses[k].operand == 0) {
			out->record = in->record;
			const struct ir_field *field = scan_token_field(s, in->record, in->imm);
			if (!field)
				continue;
			if (field->record) { /* the field is the token, not a pointer to it */
				vec_push(&out->found,
				         (struct token_info){.val = in->result, .name = field->name});
				continue;
			}
			bool refers = refers_to_token(s, field->ctype);
			for (uint32_t n = x->first[in->result]; n < x->first[in->result + 1]; n++) {
				const struct ir_instruction *load = &f->instrs[x->uses[n].by];
				if (load->op != IR_LOAD)
					out->carried = true;
				else if (refers)
					add_loads(f, x, load->result, field->name, out);
				else
					vec_push(&out->found, (struct token_info){.val = load->result,
					                                          .name = field->name});
			}
		} else if (in->op != IR_ICMP && !only_counts(s, f, in) &&
		           !only_keeps(s, f, in, x->uses[k].operand) &&
		           !ends_it(s, f, in, x->uses[k].operand, 0)) {
			out->carried = true;
		}
	}
}

static const char *token_field(const struct solution *s, uint32_t record, unsigned depth)
{
	const struct ir_record *r = &s->program->unit->records[record];
	for (uint32_t i = 0; i < r->nfields; i++) {
		const char *inner = r->fields[i].record && depth < 4
		                            ? token_field(s, r->fields[i].record, depth + 1)
		                            : NULL;
		if (inner)
			return inner;
		if (program_is_token(s->program, r->fields[i].ctype) ||
		    refers_to_token(s, r->fields[i].ctype))
			return r->fields[i].name;
	}
	return NULL;
}

const char *token_fields_name(const struct solution *s, uint32_t record)
{
	static const char none[] = "";
	const char **known;
	if (!s->token_fields)
		((struct solution *)s)->token_fields =
		        ARENA_ARRAY(s->arena, const char *, s->program->unit->nrecords);
	known = &s->token_fields[record];
	if (!*known) {
		const char *name = token_field(s, record, 0);
		*known = name ? name : none;
	}
	return *known == none ? NULL : *known;
}
