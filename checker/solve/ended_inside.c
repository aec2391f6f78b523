/*
 * ended_inside.c - a thread ends a handle by a call that it can itself end in, and forgets the handle only
 * then: what cleans up behind the thread ends it once more.
 */
#include "locks.h"
#include "place.h"
#include "scan.h"
#include "ways.h"
#include "who.h"

#define MAX_HELPERS 3

struct end { /* a call that ends what a place holds */
	uint32_t func;
	ir_instr at, load;
	struct handle_place place;
};

/* What the call ends lies in a field or in static storage, and was read from there. */
static bool ends_kept(const struct solution *s, uint32_t func, ir_instr i, struct end *e)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = ir_is_call(&f->instrs[i]) ? scan_model(s, f, &f->instrs[i]) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_RELEASE);
	const struct ir_instruction *load =
	        r ? ir_def(f, ir_strip_casts(f, scan_path(f, &f->instrs[i], &r->handle))) : NULL;
	if (!load || load->op != IR_LOAD || r->idempotent)
		return false;
	*e = (struct end){func, i, (ir_instr)(load - f->instrs), place_of(s, func, ir_operand(f, load, 0))};
	return e->place.kind == PLACE_FIELD || e->place.kind == PLACE_GLOBAL;
}

bool place_ended_by(const struct solution *s, uint32_t func, ir_instr i, struct handle_place place)
{
	struct end e;
	return ends_kept(s, func, i, &e) && same_place(e.place, place);
}

bool place_ended_in(const struct solution *s, uint32_t func, struct handle_place place, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		if (place_ended_by(s, func, i, place))
			return true;
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		if (callee && depth && !s->program->described[callee] &&
		    place_ended_in(s, callee, place, depth - 1))
			return true;
	}
	return false;
}

static bool is_cleared(const struct solution *s, const struct end *e, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[e->func];
	const struct ir_instruction *st = &f->instrs[at];
	return st->op == IR_STORE && scan_null(f, ir_operand(f, st, 0)) &&
	       same_place(place_of(s, e->func, ir_operand(f, st, 1)), e->place);
}

/* The place still holds the handle when the call ends it, and is emptied behind it. */
static bool cleared_behind(const struct solution *s, const struct end *e)
{
	const struct ir_func *f = &s->program->unit->funcs[e->func];
	bool behind = false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!is_cleared(s, e, i))
			continue;
		if (ways_around(s, e->func, e->load, i, &e->at, 1) &&
		    ways_around(s, e->func, i, e->at, &e->load, 1))
			return false;
		behind |= ways_around(s, e->func, e->at, i, NULL, 0);
	}
	return behind;
}

struct masks {
	ir_instr at;
	bool masked;
};

static void see_mask(void *ctx, ir_instr call, const struct lock_flow *at)
{
	struct masks *m = ctx;
	if (call == m->at)
		m->masked = at->masked;
}

static bool is_masked(const struct solution *s, const struct end *e)
{
	struct masks m = {e->at, false};
	locks_walk(s, e->func, see_mask, &m);
	return m.masked;
}

/* ---- who cleans up ---- */

/* The scope that a handler is open in: the call that opens it; 0: `call` runs no handler. What runs when the
 * thread ends is a call that does not return with the same scope. */
static ir_instr handler_scope(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_basic_block *b = &f->blocks[f->instrs[call].block];
	ir_val scope = 0;
	for (ir_instr i = call + 1; i < b->first + b->count && !scope; i++)
		if (ir_is_call(&f->instrs[i]) && ir_nargs(&f->instrs[i]) &&
		    api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_NO_RETURN))
			scope = ir_strip_casts(f, ir_arg(f, &f->instrs[i], 0));
	for (ir_instr i = 1; scope && i < f->ninstrs; i++) {
		const struct api_role *r =
		        ir_is_call(&f->instrs[i])
		                ? api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_ENTER)
		                : NULL;
		if (r && ir_strip_casts(f, scan_path(f, &f->instrs[i], &r->handle)) == scope)
			return i;
	}
	return 0;
}

static bool is_reached(const struct solution *s, uint32_t from, uint32_t func)
{
	struct reach way = who_reaches(s, from);
	for (uint32_t k = 0; k < way.n; k++)
		if (way.all[k].func == func)
			return true;
	return false;
}

/* A clean-up handler of a function that the call is made from ends the same handle. */
static bool handler_ends(const struct solution *s, const struct end *e, struct ended_inside *out)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && p->relevant[func] && i < f->ninstrs; i++) {
			uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
			ir_instr scope = callee && p->cfgs[callee] ? handler_scope(s, func, i) : 0;
			if (!scope || !place_ended_in(s, callee, e->place, MAX_HELPERS) ||
			    !is_reached(s, func, e->func))
				continue;
			*out = (struct ended_inside){e->func, e->at, callee, func, scope};
			return true;
		}
	}
	return false;
}

/* The thread is cancelled, and who does that ends the handle then. */
static bool canceller_ends(const struct solution *s, const struct end *e, struct ended_inside *out)
{
	const struct program *p = s->program;
	for (uint32_t entry = 1; entry < p->unit->nfuncs; entry++) {
		uint32_t by = 0;
		ir_instr cancel = p->cfgs[entry] && (p->unit->funcs[entry].flags & IR_FUNC_ADDRESS_TAKEN)
		                          ? solve_canceller(s, entry, &by)
		                          : 0;
		const struct ir_func *f = &p->unit->funcs[by];
		const struct api_role *r =
		        cancel ? api_role_of(scan_model(s, f, &f->instrs[cancel]), API_ROLE_CANCEL) : NULL;
		const struct api_family *family = r ? apimodel_family(p->api, r->family) : NULL;
		if (!family || !family->task || by == e->func || !is_reached(s, entry, e->func) ||
		    !place_ended_in(s, by, e->place, MAX_HELPERS))
			continue;
		*out = (struct ended_inside){e->func, e->at, by, by, cancel};
		return true;
	}
	return false;
}

void solve_ended_inside(const struct solution *s, void (*each)(void *ctx, const struct ended_inside *e),
                        void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !p->relevant[func] || !program_calls(p, func, API_ROLE_CANCEL_POINT))
			continue;
		for (PROGRAM_EACH_CALL(p, func, c)) {
			ir_instr i = c->at;
			struct end e;
			struct ended_inside found;
			if (!cfg_reachable(p->cfgs[func], f->instrs[i].block) ||
			    !api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_CANCEL_POINT) ||
			    !ends_kept(s, func, i, &e) || !cleared_behind(s, &e) || is_masked(s, &e))
				continue;
			if (handler_ends(s, &e, &found) || canceller_ends(s, &e, &found))
				each(ctx, &found);
		}
	}
}
