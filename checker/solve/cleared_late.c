/*
 * cleared_late.c - an operation is completed, which may run its callback at once, while a field of its owner
 * still holds its token; the field is cleared behind that.
 */
#include "place.h"
#include "scan.h"
#include "told.h"
#include "ways.h"

/* The field that a call or a store clears, if it holds a token. */
static struct handle_place cleared_token(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct api_func *d = ir_is_call(&f->instrs[i]) ? scan_model(s, f, &f->instrs[i]) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_RELEASE);
	struct handle_place place = {0};
	if (r && r->handle.base == API_PATH_ARG && r->handle.deref)
		place = place_of_path(s, func, &f->instrs[i], &r->handle);
	else if (f->instrs[i].op == IR_STORE && scan_null(f, ir_operand(f, &f->instrs[i], 0)))
		place = place_of(s, func, ir_operand(f, &f->instrs[i], 1));
	const struct ir_field *field = place.kind == PLACE_FIELD && place.offset <= UINT32_MAX
	                                       ? ir_field_at(p->unit, place.id, (uint32_t)place.offset)
	                                       : NULL;
	return field && program_is_token(p, field->ctype) ? place : (struct handle_place){0};
}

static struct handle_place read_from(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
	return load && load->op == IR_LOAD ? place_of(s, func, ir_operand(f, load, 0))
	                                   : (struct handle_place){0};
}

/* Operations are begun with the token that the field holds. */
static bool begins_operation(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                             struct handle_place place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = scan_model(s, f, in);
	if (!api_role_of(d, API_ROLE_PROMISE))
		return false;
	for (uint32_t k = 0; k < d->nroles; k++) {
		ir_val token = scan_path(f, in, &d->roles[k].token);
		if (token && same_place(read_from(s, func, token), place))
			return true;
	}
	return false;
}

static bool cancels(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                    struct handle_place place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_CANCEL);
	ir_val token = r ? scan_path(f, in, r->token.base ? &r->token : &r->handle) : 0;
	return token && same_place(read_from(s, func, token), place);
}

/* The first call of the unit, outside of `but`, that does so with the field. */
static ir_instr somewhere(const struct solution *s, uint32_t but, struct handle_place place,
                          bool (*does)(const struct solution *, uint32_t, const struct ir_instruction *,
                                       struct handle_place),
                          uint32_t *where)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; func != but && p->cfgs[func] && i < f->ninstrs; i++) {
			if (!ir_is_call(&f->instrs[i]) || !does(s, func, &f->instrs[i], place))
				continue;
			*where = func;
			return i;
		}
	}
	return 0;
}

/* The call completes an operation that this function has not begun itself, and may run its callback at once.
 */
static bool tells_at_once(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_COMPLETE);
	if (!r || r->later || r->when != API_ALWAYS || r->idempotent)
		return false;
	const struct ir_instruction *made = ir_def(f, ir_strip_casts(f, scan_path(f, in, &r->handle)));
	return !(made && ir_is_call(made) && api_role_of(scan_model(s, f, made), API_ROLE_PROMISE));
}

/* The field is emptied already before the operation is completed, on all ways that lead there. */
static bool cleared_before(const struct solution *s, uint32_t func, ir_instr told, struct handle_place place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool clears = in->op == IR_STORE ? same_place(place_of(s, func, ir_operand(f, in, 1)), place)
		                                 : same_place(cleared_token(s, func, i), place);
		if (clears && !ways_around(s, func, 0, told, &i, 1))
			return true;
	}
	return false;
}

static void look_at(const struct solution *s, uint32_t func, ir_instr told, struct told *known,
                    void (*each)(void *, const struct cleared_late *), void *ctx)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		struct handle_place place = cleared_token(s, func, i);
		struct cleared_late c = {.func = func, .told = told, .cleared = i};
		if (!place.kind || !ways_around(s, func, told, i, NULL, 0) ||
		    cleared_before(s, func, told, place))
			continue;
		c.begun = somewhere(s, 0, place, begins_operation, &c.begun_in);
		c.cancel = c.begun ? somewhere(s, func, place, cancels, &c.cancel_in) : 0;
		if (!c.cancel || !told_first(known, func, i))
			continue;
		c.field = ir_field_name(s->program->unit, place.id, (uint32_t)place.offset);
		each(ctx, &c);
		return;
	}
}

void solve_cleared_late(const struct solution *s, void (*each)(void *ctx, const struct cleared_late *c),
                        void *ctx)
{
	const struct program *p = s->program;
	struct told known = {0};
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !p->relevant[func] || !program_calls(p, func, API_ROLE_COMPLETE))
			continue;
		for (PROGRAM_EACH_CALL(p, func, c))
			if (cfg_reachable(p->cfgs[func], f->instrs[c->at].block) &&
			    tells_at_once(s, f, &f->instrs[c->at]))
				look_at(s, func, c->at, &known, each, ctx);
	}
	vec_release(&known.all);
}
