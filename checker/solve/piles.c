/*
 * piles.c - releases that come too late, or that are bound to nothing: handles that each turn of a loop puts
 * into a container which is emptied behind the loop, and clean-up handlers that got a variable before its
 * handle.
 */
#include "scan.h"

#include "arena.h"

#include "sim.h"

#include <string.h>

#define MAX_COPIES 8
#define MAX_WAYS 16 /* of a value to the container that it is */

static const struct ir_instruction *through_copies(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	for (unsigned n = 0; in && in->op == IR_PHI && in->noperands == 1 && n < MAX_COPIES; n++)
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	return in;
}

static const struct api_func *model_at(const struct solution *s, const struct ir_func *f,
                                       const struct ir_instruction *in)
{
	return in && ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
}

/* The role by which a call makes a handle that is owed. */
static const struct api_role *makes(const struct solution *s, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CREATE);
	const struct api_family *family = r ? apimodel_family(s->program->api, r->family) : NULL;
	return r && !(family && (family->weak || family->claim)) ? r : NULL;
}

/* A call returns a handle that is owed, by its model or by what the function does. */
static bool returns_handle(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_role *r = makes(s, model_at(s, f, in));
	if (r)
		return r->handle.base == API_PATH_RETURN;
	uint32_t callee = in && ir_is_call(in) ? ir_callee(f, in) : 0;
	if (!callee || s->program->described[callee] || !solve_has_body(s, callee))
		return false;
	const struct summary *sum = &s->funcs[callee].summary;
	for (uint32_t k = 0; sum->known && k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		const struct api_family *family =
		        e->family ? apimodel_family(s->program->api, e->family) : NULL;
		if (e->kind == EFFECT_FRESH && e->place.param == -1 && !e->place.depth && family &&
		    !family->weak && !family->claim)
			return true;
	}
	return false;
}

/* The call in the loop that puts a handle into a local variable. */
static ir_instr filled_by(const struct solution *s, const struct cfg *cfg, uint32_t loop, ir_val local)
{
	const struct ir_func *f = cfg->func;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r = makes(s, model_at(s, f, &f->instrs[i]));
		if (r && r->handle.deref && r->handle.base == API_PATH_ARG &&
		    (!loop || cfg_in_loop(cfg, loop, f->instrs[i].block)) &&
		    ir_strip_casts(f, ir_arg(f, &f->instrs[i], r->handle.arg)) == local)
			return i;
	}
	return 0;
}

static ir_instr made_in(const struct solution *s, const struct cfg *cfg, uint32_t loop, ir_val v)
{
	const struct ir_func *f = cfg->func;
	const struct ir_instruction *in = through_copies(f, v);
	if (in && returns_handle(s, f, in) && cfg_in_loop(cfg, loop, in->block))
		return (ir_instr)(in - f->instrs);
	return in && in->op == IR_LOAD ? filled_by(s, cfg, loop, ir_strip_casts(f, ir_operand(f, in, 0))) : 0;
}

/* A container that is the same in each turn: a value, or for one in memory the variable that holds it, or the
 * object and the offset there. */
struct box {
	ir_val v;
	int64_t offset;
	bool held; /* in memory */
};

/* What is made of a list by a call that gives it back: `l = append(l, x)`. */
static ir_val alias_from(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_role *r = api_role_of(model_at(s, f, in), API_ROLE_ALIAS);
	return r && r->to.base == API_PATH_RETURN && r->from.base == API_PATH_ARG && !r->from.deref
	               ? ir_arg(f, in, r->from.arg)
	               : 0;
}

/* The value that goes round the loop as the head of a list; 0: another one comes in between. */
static ir_val list_head(const struct solution *s, const struct cfg *cfg, uint32_t loop, ir_val v,
                        unsigned *ways)
{
	const struct ir_func *f = cfg->func;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || !cfg_in_loop(cfg, loop, in->block) || ++*ways > MAX_WAYS)
		return 0;
	if (in->op == IR_PHI && in->block == cfg->loops[loop].head)
		return v;
	if (in->op != IR_PHI) {
		ir_val from = alias_from(s, f, in);
		return from ? list_head(s, cfg, loop, from, ways) : 0;
	}
	ir_val head = 0;
	for (uint32_t k = 0; k < in->noperands; k++) {
		ir_val way = list_head(s, cfg, loop, ir_operand(f, in, k), ways);
		if (!way || (head && way != head))
			return 0;
		head = way;
	}
	return head;
}

/* What comes back to the head is what was there, with more in it. */
static bool goes_on(const struct solution *s, const struct cfg *cfg, uint32_t loop, ir_val head)
{
	const struct ir_func *f = cfg->func;
	const struct ir_instruction *phi = ir_def(f, head);
	for (uint32_t k = 0; k < phi->noperands; k++) {
		unsigned ways = 0;
		if (cfg_in_loop(cfg, loop, f->phi_blocks[phi->first_operand + k]) &&
		    list_head(s, cfg, loop, ir_operand(f, phi, k), &ways) != head)
			return false;
	}
	return true;
}

/* Where a load in the loop reads: a variable, or a field of what was there before. */
static struct box read_from(const struct cfg *cfg, uint32_t loop, ir_val at)
{
	const struct ir_func *f = cfg->func;
	struct box b = {.v = ir_strip_casts(f, at), .held = true};
	const struct ir_instruction *in = ir_def(f, b.v);
	while (in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE)) {
		b.offset += in->imm;
		b.v = ir_strip_casts(f, ir_operand(f, in, 0));
		in = ir_def(f, b.v);
	}
	bool older = in ? in->op == IR_ALLOCA || !cfg_in_loop(cfg, loop, in->block)
	                : f->vals[b.v].kind == IR_VAL_PARAM;
	return older ? b : (struct box){0};
}

static bool same_box(struct box a, struct box b)
{
	return a.v && a.v == b.v && a.offset == b.offset && a.held == b.held;
}

static struct box container(const struct solution *s, const struct cfg *cfg, uint32_t loop, ir_val v)
{
	const struct ir_func *f = cfg->func;
	unsigned ways = 0;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || !cfg_in_loop(cfg, loop, in->block))
		return (struct box){.v = v};
	if (in->op != IR_LOAD)
		return (struct box){.v = list_head(s, cfg, loop, v, &ways)};
	struct box from = read_from(cfg, loop, ir_operand(f, in, 0));
	for (ir_instr i = 1; from.v && i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_STORE && cfg_in_loop(cfg, loop, f->instrs[i].block) &&
		    same_box(read_from(cfg, loop, ir_operand(f, &f->instrs[i], 1)), from))
			return (struct box){0};
	return from;
}

/* Does a function store one parameter behind another one, by its summary? */
static bool puts_in(const struct effect *e)
{
	return e->kind == EFFECT_STORE && e->place.param >= 0 && e->place.depth && e->value.param >= 0 &&
	       !e->value.depth && e->value.param != e->place.param;
}

static bool only_puts_in(const struct api_func *d)
{
	for (uint32_t k = 0; d && k < d->nroles; k++)
		if (d->roles[k].kind != API_ROLE_STORE && d->roles[k].kind != API_ROLE_GET &&
		    d->roles[k].kind != API_ROLE_ALIAS)
			return false;
	return d && d->nroles;
}

/* Somebody in the loop gets the container, or the object that it is a field of, and may take things out. */
static bool emptied_in(const struct solution *s, const struct cfg *cfg, uint32_t loop, struct box what,
                       uint32_t helper)
{
	const struct ir_func *f = cfg->func;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		for (uint32_t k = 0; ir_is_call(in) && cfg_in_loop(cfg, loop, in->block) && k < ir_nargs(in);
		     k++)
			if ((same_box(container(s, cfg, loop, ir_arg(f, in, k)), what) ||
			     (what.held && read_from(cfg, loop, ir_arg(f, in, k)).v == what.v)) &&
			    !(helper && ir_callee(f, in) == helper) && !only_puts_in(model_at(s, f, in)))
				return true;
	}
	return false;
}

/* Is `value` made in each turn of a loop around the call, and put into what is only emptied behind it?
 * `helper`: the function that does so; 0: a described one. */
static bool grows(const struct solution *s, struct pile *p, ir_val value, ir_val into, uint32_t helper)
{
	const struct cfg *cfg = s->program->cfgs[p->func];
	const struct ir_func *f = cfg->func;
	for (p->loop = cfg->loop_of[f->instrs[p->call].block]; p->loop;
	     p->loop = cfg->loops[p->loop].parent) {
		enum loop_end end = solve_loop_end(s, p->func, p->loop);
		struct box box = container(s, cfg, p->loop, into);
		bool head = box.v && !box.held && ir_def(f, box.v) &&
		            cfg_in_loop(cfg, p->loop, ir_def(f, box.v)->block);
		p->container = box.v;
		p->made = made_in(s, cfg, p->loop, value);
		p->endless = end == LOOP_ENDLESS && !solve_turns_with_outer(s, p->func, p->loop);
		if ((p->endless || end == LOOP_ENDS_WITH_PEER ||
		     solve_ends_with_source(s, p->func, p->loop)) &&
		    p->container && p->made && f->vals[p->container].kind != IR_VAL_GLOBAL &&
		    (!head || goes_on(s, cfg, p->loop, p->container)) &&
		    !emptied_in(s, cfg, p->loop, box, helper))
			return true;
	}
	return false;
}

static bool piles_up(const struct solution *s, struct pile *p)
{
	const struct ir_func *f = &s->program->unit->funcs[p->func];
	const struct ir_instruction *in = &f->instrs[p->call];
	const struct api_func *d = model_at(s, f, in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_STORE, r));)
		if (grows(s, p, scan_path(f, in, &r->value), scan_path(f, in, &r->into), 0))
			return true;
	uint32_t callee = ir_callee(f, in);
	const struct summary *sum = &s->funcs[callee].summary;
	for (uint32_t k = 0; !d && callee && sum->known && k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		if (puts_in(e) && grows(s, p, ir_arg(f, in, (uint32_t)e->value.param),
		                        ir_arg(f, in, (uint32_t)e->place.param), callee))
			return true;
	}
	return false;
}

/* ---- handlers that are bound to a value that changes ---- */

static bool releases_argument(const struct solution *s, uint32_t callee)
{
	const struct api_role *r = api_role_of(s->program->described[callee], API_ROLE_RELEASE);
	const struct summary *sum = &s->funcs[callee].summary;
	if (r)
		return r->handle.base == API_PATH_ARG && r->handle.arg == 0 && !r->handle.deref;
	for (uint32_t i = 0; callee && sum->known && i < sum->neffects; i++)
		if (sum->effects[i].kind == EFFECT_RELEASE && sum->effects[i].place.param == 0 &&
		    sum->effects[i].place.depth == 0)
			return true;
	return false;
}

/* The path ends behind the call: it is how the handler runs when the thread is cancelled. */
static bool ends_path(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_basic_block *b = &f->blocks[f->instrs[call].block];
	for (ir_instr i = call + 1; i < b->first + b->count; i++)
		if (ir_is_call(&f->instrs[i]) && solve_no_return(s, func, i))
			return true;
	return false;
}

static bool called_elsewhere(const struct ir_func *f, ir_instr call)
{
	const struct ir_instruction *in = &f->instrs[call];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (i != call && ir_is_call(&f->instrs[i]) &&
		    ir_callee(f, &f->instrs[i]) == ir_callee(f, in) &&
		    ir_arg(f, &f->instrs[i], 0) == ir_arg(f, in, 0))
			return true;
	return false;
}

/* It runs only after a jump to the place that the scope has set: `pthread_cleanup_pop(0)` leaves no other
 * call. */
static bool behind_landing(const struct solution *s, const struct cfg *cfg, ir_instr call)
{
	const struct ir_func *f = cfg->func;
	ir_block before = cfg_idom(cfg, f->instrs[call].block);
	const struct ir_instruction *t = before ? ir_terminator(f, before) : NULL, *in = NULL;
	ir_val v = t && t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
	while (v && (in = ir_def(f, v = ir_strip_casts(f, v))) && in->op == IR_ICMP)
		v = ir_operand(f, in, 0);
	return in && api_role_of(model_at(s, f, in), API_ROLE_LANDING);
}

/* Nothing but none is stored to the variable before. */
static bool holds_none(const struct cfg *cfg, ir_val local, const struct ir_instruction *load)
{
	const struct ir_func *f = cfg->func;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_STORE &&
		    ir_strip_casts(f, ir_operand(f, &f->instrs[i], 1)) == local &&
		    cfg_dominates(cfg, f->instrs[i].block, load->block) &&
		    !scan_null(f, ir_operand(f, &f->instrs[i], 0)))
			return false;
	return true;
}

static ir_instr made_behind(const struct solution *s, const struct cfg *cfg, ir_block b)
{
	const struct ir_func *f = cfg->func;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r = makes(s, model_at(s, f, in));
		if (r && r->handle.base == API_PATH_RETURN && *f->vals[in->result].name &&
		    cfg_dominates(cfg, cfg_idom(cfg, b), in->block) && in->block != cfg_idom(cfg, b))
			return i;
	}
	return 0;
}

/* Something other than the handler ends the value. */
static ir_instr ended_by_hand(const struct solution *s, const struct cfg *cfg, ir_val v, ir_instr handler)
{
	const struct ir_func *f = cfg->func;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (!ir_is_call(in) || ir_callee(f, in) == ir_callee(f, &f->instrs[handler]))
			continue;
		const struct api_role *r = api_role_of(model_at(s, f, in), API_ROLE_RELEASE);
		if (r && r->handle.base == API_PATH_ARG && !r->handle.deref &&
		    ir_strip_casts(f, ir_arg(f, in, r->handle.arg)) == v)
			return i;
	}
	return 0;
}

/* The handler has the handle of before: that is ended by hand, and the same variable gets a new one. */
static ir_instr replaced_behind(const struct solution *s, const struct cfg *cfg, ir_val old, ir_instr handler)
{
	const struct ir_func *f = cfg->func;
	ir_block registered = cfg_idom(cfg, f->instrs[handler].block);
	const struct ir_value *v = &f->vals[old];
	if (v->kind != IR_VAL_INSTR || !*v->name || !returns_handle(s, f, ir_def(f, old)))
		return 0;
	ir_instr ended = ended_by_hand(s, cfg, old, handler);
	for (ir_instr i = 1; ended && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_value *w = &f->vals[in->result];
		if (in->result && in->result != old && strcmp(w->name, v->name) == 0 && w->line == v->line &&
		    returns_handle(s, f, in) && cfg_dominates(cfg, registered, in->block) &&
		    in->block != registered &&
		    (f->instrs[ended].block == in->block
		             ? ended < i
		             : cfg_can_reach(cfg, f->instrs[ended].block, in->block)))
			return i;
	}
	return 0;
}

static bool bound_to_nothing(const struct solution *s, struct pile *p)
{
	const struct cfg *cfg = s->program->cfgs[p->func];
	const struct ir_func *f = cfg->func;
	const struct ir_instruction *in = &f->instrs[p->call];
	ir_val arg = ir_strip_casts(f, ir_arg(f, in, 0));
	const struct ir_instruction *load = ir_def(f, arg);
	p->loop = p->made = 0;
	if (!arg || !releases_argument(s, ir_callee(f, in)) || !ends_path(s, p->func, p->call) ||
	    !(called_elsewhere(f, p->call) || behind_landing(s, cfg, p->call)))
		return false;
	const struct ir_value *v = &f->vals[arg];
	bool none =
	        v->kind == IR_VAL_NULL || v->kind == IR_VAL_UNDEF || (v->kind == IR_VAL_INT && v->imm < 0);
	if (none)
		p->made = made_behind(s, cfg, in->block);
	else if (load && load->op == IR_LOAD &&
	         holds_none(cfg, ir_strip_casts(f, ir_operand(f, load, 0)), load))
		p->made = filled_by(s, cfg, 0, ir_strip_casts(f, ir_operand(f, load, 0)));
	else
		p->made = replaced_behind(s, cfg, arg, p->call);
	ir_block there = f->instrs[p->made].block;
	bool before = load && p->made && cfg_dominates(cfg, there, load->block) &&
	              (there != load->block || p->made < (ir_instr)(load - f->instrs));
	p->bound_early = p->made && !before;
	return p->bound_early;
}

bool solve_next_pile(const struct solution *s, struct pile *p)
{
	const struct program *g = s->program;
	for (p->func = p->func ? p->func : 1; p->func < g->unit->nfuncs; p->func++, p->call = 0) {
		const struct ir_func *f = &g->unit->funcs[p->func];
		ir_instr after = p->call;
		if (!g->cfgs[p->func])
			continue;
		for (PROGRAM_EACH_CALL(g, p->func, c)) {
			p->call = c->at;
			p->bound_early = false;
			if (c->at > after && cfg_reachable(g->cfgs[p->func], f->instrs[c->at].block) &&
			    (bound_to_nothing(s, p) || piles_up(s, p)))
				return true;
		}
	}
	return false;
}

/* What is made in the function behind the handler that was to end it. */
static void find_bound_early(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct bound_early *all = &s->bound;
	*all = (struct bound_early){.func = func, .made = ARENA_ARRAY(s->arena, ir_instr, f->ninstrs)};
	if (!s->program->cfgs[func])
		return;
	for (PROGRAM_EACH_CALL(s->program, func, c)) {
		struct pile p = {.func = func, .call = c->at};
		if (cfg_reachable(s->program->cfgs[func], f->instrs[c->at].block) && bound_to_nothing(s, &p))
			all->made[all->n++] = p.made;
	}
}

bool solve_bound_early(const struct solution *s, uint32_t func, ir_instr made)
{
	if (s->bound.func != func)
		find_bound_early((struct solution *)s, func);
	for (uint32_t k = 0; k < s->bound.n; k++)
		if (s->bound.made[k] == made)
			return true;
	return false;
}

bool solve_runs_bound_early(const struct solution *s, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[at];
	for (ir_instr i = 1; s->program->cfgs[func] && ir_is_call(in) && i < f->ninstrs; i++) {
		struct pile p = {.func = func, .call = i};
		const struct ir_instruction *other = &f->instrs[i];
		if (ir_is_call(other) && ir_callee(f, other) == ir_callee(f, in) &&
		    ir_arg(f, other, 0) == ir_arg(f, in, 0) &&
		    cfg_reachable(s->program->cfgs[func], other->block) && bound_to_nothing(s, &p))
			return true;
	}
	return false;
}
