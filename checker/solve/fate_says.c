/*
 * fate_says.c - what a function that comes back says to who called it: a failure, a success, or nothing.
 */
#define _GNU_SOURCE /* strcasestr */
#include "fate.h"
#include "sim.h"
#include "spelling.h"

#include "str.h"

#include <string.h>

static bool walked(const struct fate *w, ir_block from, ir_block to)
{
	uint64_t key = ((uint64_t)from << 32 | to) << 1;
	return intmap_get(&w->seen, key, NULL) || intmap_get(&w->seen, key | 1, NULL);
}

/* What a returned constant says, by the type of the function. */
static enum fate_end constant_says(const struct fate *w, ir_val v)
{
	const char *type = w->f->ret_ctype;
	int64_t c;
	bool truth = w->f->vals[v].bits == 1 || apimodel_is_boolean_type(w->s->program->api, type) ||
	             strcasestr(type, "bool");
	if (str_ends(type, "*"))
		return FATE_HANDLED; /* NULL; anything else is no constant */
	if (!scan_int(w->f, v, &c))
		return FATE_UNSURE;
	if (truth)
		return c ? FATE_SUCCESS : FATE_HANDLED;
	return c == 0 && strcmp(type, "int") == 0 ? FATE_SUCCESS : c < 0 ? FATE_HANDLED : FATE_UNSURE;
}

/* What a call makes for sure is returned in place of what there is none of. */
static bool is_made(const struct fate *w, const struct ir_instruction *in)
{
	const struct api_func *d = in && in != w->call ? scan_model(w->s, w->f, in) : NULL;
	const struct api_role *c = api_role_of(d, API_ROLE_CREATE), *m = api_role_of(d, API_ROLE_MAKE);
	return !api_role_of(d, API_ROLE_BLOCK) &&
	       ((c && c->handle.base == API_PATH_RETURN && !c->token.base) ||
	        (m && m->handle.base == API_PATH_RETURN));
}

static enum fate_end value_says(const struct fate *w, ir_val v, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	int64_t c;
	if (v && w->result[v] && !(in && in->op == IR_PHI))
		return FATE_HANDLED;
	if (scan_null(w->f, v) || scan_int(w->f, v, &c))
		return constant_says(w, v);
	if (is_made(w, in) && str_ends(w->f->ret_ctype, "*"))
		return FATE_SUCCESS;
	if (!in || in->op != IR_PHI || depth > 8)
		return FATE_UNSURE;
	enum fate_end most = FATE_HANDLED;
	for (uint32_t k = 0; k < in->noperands; k++) {
		if (!walked(w, w->f->phi_blocks[in->first_operand + k], in->block))
			continue;
		enum fate_end e = value_says(w, ir_operand(w->f, in, k), depth + 1);
		most = e > most ? e : most;
	}
	return most;
}

/* An object with a flag or a number in it may say that there is nothing in it; a text or a list is taken as
 * it is. */
static enum fate_end object_says(const struct fate *w)
{
	const struct ir_unit *u = w->s->program->unit;
	uint32_t record = ctype_object(u, w->f->ret_ctype);
	ir_val slot = w->f->params[w->f->nsource].val;
	for (uint32_t k = w->x->first[slot]; !record && k < w->x->first[slot + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		record = in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE) ? in->record : 0;
	}
	if (!w->exception || !record)
		return FATE_UNSURE;
	return record_has_small_part(u, record, 0) ? FATE_HANDLED : FATE_RETURNS;
}

/* The loop, or who emits a signal, alone calls it: what it returns says whether it is called again. */
static bool answers_loop(const struct fate *w)
{
	const struct program *p = w->s->program;
	bool called = false;
	for (uint32_t k = p->in_edges_of[w->func]; k < p->in_edges_of[w->func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		called = true;
		if (e->kind != CALL_CALLBACK || (e->runs != API_RUNS_LOOP && e->runs != API_RUNS_HANDLER))
			return false;
	}
	return called;
}

enum fate_end fate_says(const struct fate *w, const struct ir_instruction *ret)
{
	bool place = w->f->nparams > w->f->nsource && w->f->nsource && !ret->noperands;
	if (answers_loop(w))
		return FATE_RETURNS;
	if (ret->noperands)
		return value_says(w, ir_operand(w->f, ret, 0), 0);
	return place ? object_says(w) : FATE_RETURNS;
}
