/*
 * transfer_token.c - a transfer that runs callbacks until it is done: the object that a function is given for
 * it carries a token, and no callback asks that.
 */
#include "scan.h"

#include "arena.h"

#include <string.h>

/* A function that some call of the unit stores into an object of that library; what it works with must be
 * seen. */
static uint32_t stored_callback(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                const char *library)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_STORE);
	ir_val v = r && strcmp(d->library, library) == 0 ? scan_path(f, in, &r->value) : 0;
	const struct ir_value *given = &f->vals[ir_strip_casts(f, v)];
	return v && given->kind == IR_VAL_FUNC && p->cfgs[given->aux] ? given->aux : 0;
}

#define MAX_DOWN 2

/* A token field of some record is asked, or handed on, or goes where that may happen. */
static bool asks_carried(const struct solution *s, uint32_t func, uint32_t record, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_ADDR && in->record == record && scan_token_field(s, record, in->imm))
			return true;
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		if (callee && depth && !p->described[callee] && asks_carried(s, callee, record, depth - 1))
			return true;
	}
	return false;
}

/* Callbacks are stored for such transfers, all of them are seen, and none of them looks at the token. */
static uint32_t blind_callback(const struct solution *s, const char *library, uint32_t record)
{
	const struct program *p = s->program;
	uint32_t found = 0;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			uint32_t callback = stored_callback(s, func, &f->instrs[i], library);
			if (!callback)
				continue;
			if (asks_carried(s, callback, record, MAX_DOWN))
				return 0;
			found = callback;
		}
	}
	return found;
}

/* The parameter that carries a token, and is no token itself: 1 + its number; 0: none. */
static uint32_t carrier(const struct solution *s, const struct ir_func *f)
{
	for (uint32_t k = 0; k < f->nparams; k++)
		if (!program_is_token(s->program, f->params[k].ctype) &&
		    scan_carries_token(s, f->params[k].pointee))
			return k + 1;
	return 0;
}

static const char *token_name(const struct solution *s, const struct ir_func *f, uint32_t param)
{
	const struct ir_record *r = &s->program->unit->records[f->params[param].pointee];
	for (uint32_t k = 0; k < r->nfields; k++)
		if (program_is_token(s->program, r->fields[k].ctype))
			return arena_printf(s->arena, "%s->%s", f->params[param].name, r->fields[k].name);
	return NULL;
}

/* The call's object is a handle of its library's that a callback was stored into, and its data is the
 * carrier. */
static bool gets_carrier(const struct solution *s, uint32_t func, const char *library, uint32_t param)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_func *d = ir_is_call(&f->instrs[i]) ? scan_model(s, f, &f->instrs[i]) : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_STORE);
		ir_val v = r && strcmp(d->library, library) == 0 ? scan_path(f, &f->instrs[i], &r->value) : 0;
		const struct ir_value *given = &f->vals[ir_strip_casts(f, v)];
		if (v && given->kind == IR_VAL_PARAM && given->aux == param)
			return true;
	}
	return false;
}

void solve_blind_transfers(const struct solution *s, void (*each)(void *ctx, const struct blind_transfer *t),
                           void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		uint32_t param = p->cfgs[func] && p->relevant[func] ? carrier(s, f) : 0;
		for (ir_instr i = 1; param && i < f->ninstrs; i++) {
			const struct api_func *d =
			        ir_is_call(&f->instrs[i]) ? scan_model(s, f, &f->instrs[i]) : NULL;
			const struct api_role *b = api_role_of(d, API_ROLE_BLOCK);
			if (!b || b->waits != API_WAITS_NETWORK || b->token.base || !b->handle.base ||
			    !gets_carrier(s, func, d->library, param - 1))
				continue;
			struct blind_transfer t = {
			        .func = func, .call = i, .token = token_name(s, f, param - 1)};
			t.callback =
			        t.token ? blind_callback(s, d->library, f->params[param - 1].pointee) : 0;
			if (t.callback)
				each(ctx, &t);
		}
	}
}
