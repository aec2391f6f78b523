/*
 * limit.c - which limits handles have.
 *
 * A unit-wide question without paths. In each function, values that are the same handle form a class
 * (union-find over copies, local variables, fields and static variables); what is done to any of them is done
 * to the class: it is made, limited, or gets out of sight. A field or static variable is one place for the
 * whole unit. A call that waits on a class that was made in sight, never got out of it, and has no limit of
 * the kind the call needs, is unlimited. Every doubt counts as a limit.
 */
#include "limit_parts.h"
#include "option_list.h"
#include "propagate.h"
#include "scan.h"
#include "unending.h"

#include "arena.h"

#include <string.h>

#define MAX_USES 64 /* of a local structure */

/* ---- calls ---- */

static void make(struct walk *w, uint32_t node, ir_instr by)
{
	if (!node)
		return;
	struct handle *h = limit_of(w, node);
	h->made = true;
	h->by = h->by ? h->by : by;
}

/* The handle forgets its limits. In a field or variable others may set them again. */
static void renew(struct walk *w, uint32_t node, ir_instr by)
{
	make(w, node, by);
	struct handle *h = limit_of(w, node);
	if (h->in_place)
		return;
	h->before |= h->covers;
	h->covers = 0;
	h->renewed = w->now;
}

static void apply_deadline(struct walk *w, const struct api_role *r, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	ir_val v = scan_path(w->f, in, &r->handle);
	uint32_t node = v ? limit_node(w, v) : 0;
	if (!node || scan_test(w->f, in, &r->only) == TRI_FALSE || limit_is_infinite(w->f, r, in) ||
	    unending_callback(w->l->s, w->f, scan_path(w->f, in, &r->timeout)) ||
	    unending_flags(w->l->s, w->f, in, &r->only))
		return;
	bool fresh = strcmp(r->covers, "nothing") == 0;
	ir_val of =
	        fresh && r->handle.base == API_PATH_ARG ? limit_made_of(w->l->s, w->f, in, r->handle.arg) : 0;
	if (of)
		limit_join(w->g, node, limit_node(w, of));
	else if (fresh && v == in->result)
		make(w, node, i);
	else if (fresh)
		renew(w, node, i);
	else
		limit_of(w, node)->covers |= limit_bits(r->covers);
}

static void escape(struct walk *w, uint32_t node)
{
	struct handle *h = limit_of(w, node);
	h->escapes = h->escapes ? h->escapes : w->now;
}

static void add_wait(struct walk *w, struct wait wait)
{
	struct func_limits *g = w->g;
	wait.when = w->now;
	if (g->nwaits == g->waits_cap)
		g->waits = vec_grow(g->waits, &g->waits_cap, g->nwaits + 1, sizeof *g->waits);
	g->waits[g->nwaits++] = wait;
}

static void apply_block(struct walk *w, const struct api_role *r, ir_instr i, bool second)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	bool rooted = unending_wait(w->l->s, w->func, r, in);
	bool tested = r->unless.given && scan_test(w->f, in, &r->unless) != TRI_FALSE;
	bool told = limit_waits_for_ever(w->f, r, in);
	if ((!*r->name && !rooted && !told) || r->bounded || tested ||
	    unending_on_purpose(w->l->s, w->func, ir_callee(w->f, in), r->name))
		return;
	struct wait wait = {.at = i, .role = r, .offer = r->name, .chain = "", .second = second};
	if (told)
		wait.offer = "a finite time";
	wait.arg = r->token.arg;
	wait.needs = *r->covers ? limit_bits(r->covers) : LIMIT_READ | LIMIT_WRITE;
	if (r->handle.deref) {
		wait.listed = true;
		if (option_list_lacks(w->l->s, w->func, ir_arg(w->f, in, r->handle.arg), r->name))
			add_wait(w, wait);
		return;
	}
	ir_val v = scan_path(w->f, in, &r->handle);
	wait.node = v ? limit_node(w, v) : 0;
	if (v && !wait.node && limit_literal_sets(w->f, v, r->name))
		return;
	add_wait(w, wait);
}

static void apply_request(struct walk *w, const struct api_role *r, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	ir_val v = scan_path(w->f, in, &r->handle), from = scan_path(w->f, in, &r->from);
	struct wait wait = {.at = i, .role = r, .offer = r->name, .chain = "", .later = true};
	wait.node = v ? limit_node(w, v) : 0;
	wait.also = from ? limit_node(w, from) : 0;
	wait.needs = limit_bits(r->covers);
	if (wait.node && (wait.also || !r->from.base))
		add_wait(w, wait);
}

static void apply_described(struct walk *w, const struct api_func *d, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	bool second = false;
	const struct api_role *memory = api_role_of(d, API_ROLE_MAKE); /* no handle yet */
	for (uint32_t k = 0; k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if (r->kind == API_ROLE_DEADLINE) {
			apply_deadline(w, r, i);
		} else if (r->kind == API_ROLE_BLOCK) {
			apply_block(w, r, i, second);
			second = true;
		} else if (r->kind == API_ROLE_REQUEST) {
			apply_request(w, r, i);
		} else if (r->kind == API_ROLE_CREATE && r->handle.base == API_PATH_RETURN) {
			make(w, in->result, i);
		} else if (r->kind == API_ROLE_CREATE && r->handle.deref && !r->handle.field) {
			make(w, limit_content(w, ir_arg(w->f, in, r->handle.arg)), i);
		} else if (r->kind == API_ROLE_ALIAS && r->from.base == API_PATH_ARG && in->result) {
			limit_join(w->g, in->result, limit_node(w, ir_arg(w->f, in, r->from.arg)));
		}
	}
	if (in->result && !limit_of(w, in->result)->made &&
	    !(memory && memory->handle.base == API_PATH_RETURN))
		limit_of(w, in->result)->unknown = true;
}

static void hide(struct walk *w, ir_val v, bool constant)
{
	uint32_t node = limit_node(w, v), inside = node ? limit_content(w, v) : 0;
	if (node && !constant)
		escape(w, node);
	if (inside)
		limit_of(w, inside)->unknown = true;
}

/* The callee is given it, and does not look at it: a deleter without state. */
static bool is_ignored(const struct solution *s, uint32_t callee, uint32_t k)
{
	const struct ir_func *g = &s->program->unit->funcs[callee];
	if (!s->program->cfgs[callee] || k >= g->nparams || !g->params[k].val)
		return false;
	const struct use_index *x = scan_uses(s, callee);
	return x->first[g->params[k].val] == x->first[g->params[k].val + 1];
}

/* A function that makes the call with what it is given, and gets a token that never ends. */
static void add_wrapped(struct walk *w, ir_instr i, uint32_t arg)
{
	struct wait wait = {.at = i, .offer = "", .arg = arg, .needs = LIMIT_READ | LIMIT_WRITE};
	wait.role = unending_through(w->l->s, w->func, i, arg, &wait.chain);
	if (wait.role)
		add_wait(w, wait);
}

static void apply_known(struct walk *w, const struct summary *sum, uint32_t callee, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		ir_val v = ir_arg(w->f, in, k);
		uint32_t node = limit_node(w, v), inside = node ? limit_content(w, v) : 0;
		if (is_ignored(w->l->s, callee, k))
			continue;
		if (inside)
			limit_of(w, inside)->unknown = true;
		add_wrapped(w, i, k);
		if (!node || k >= 64)
			continue;
		if (sum->limits >> k & 1)
			limit_of(w, node)->covers |= LIMIT_ALL;
		if (sum->limits_connecting >> k & 1)
			limit_of(w, node)->covers |= LIMIT_CONNECT;
		if (sum->waits_on >> k & 1) {
			const char *chain =
			        arena_printf(w->l->s->arena, "%s -> %s",
			                     w->l->s->program->unit->funcs[callee].display, sum->waits_chain);
			add_wait(w, (struct wait){.at = i,
			                          .node = node,
			                          .offer = sum->waits_offer,
			                          .chain = chain,
			                          .needs = LIMIT_READ | LIMIT_WRITE});
		}
	}
	if (!in->result)
		return;
	if (sum->returns_unlimited)
		make(w, in->result, i);
	if (sum->returns_unlimited)
		limit_of(w, in->result)->covers |= sum->returns_connecting ? LIMIT_CONNECT : 0;
	else if (sum->returns_param)
		limit_join(w->g, in->result, limit_node(w, ir_arg(w->f, in, sum->returns_param - 1)));
	else
		limit_of(w, in->result)->unknown = true;
}

static void apply_call(struct walk *w, ir_instr i)
{
	const struct solution *s = w->l->s;
	const struct ir_instruction *in = &w->f->instrs[i];
	uint32_t callee = ir_callee(w->f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	if (d) {
		apply_described(w, d, i);
	} else if (callee && solve_has_body(s, callee)) {
		apply_known(w, &s->funcs[callee].summary, callee, i);
	} else {
		for (uint32_t k = 0; k < ir_nargs(in); k++)
			hide(w, ir_arg(w->f, in, k), limit_is_const(s, callee, k));
		if (in->result)
			limit_of(w, in->result)->unknown = true;
	}
}

/* ---- a function ---- */

/* To a call without a body: as an array goes, by the address of its first element. */
static bool is_passed(struct walk *w, const struct use_index *x, ir_val v)
{
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &w->f->instrs[x->uses[k].by];
		if (ir_is_call(by) && !w->l->s->program->cfgs[ir_callee(w->f, by)])
			return true;
	}
	return false;
}

/* A local structure or array that code without a body gets: a set of descriptors, options. */
static bool is_handed_out(struct walk *w, ir_val address)
{
	const struct ir_func *f = w->f;
	ir_val base = ir_strip_casts(f, address);
	const struct ir_instruction *in = ir_def(f, base);
	bool inside = in && in->op == IR_ADDR;
	for (unsigned n = 0; n < 8 && in && in->op == IR_ADDR; n++) {
		base = ir_strip_casts(f, ir_operand(f, in, 0));
		in = ir_def(f, base);
	}
	if (!in || in->op != IR_ALLOCA)
		return false;
	const struct use_index *x = scan_uses(w->l->s, w->func);
	if (x->first[base + 1] - x->first[base] > MAX_USES)
		return true;
	for (uint32_t k = x->first[base]; k < x->first[base + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (inside && by->op == IR_ADDR && !(by->flags & IR_F_VARIABLE) &&
		    is_passed(w, x, by->result))
			return true;
		if (ir_is_call(by) && inside && !w->l->s->program->cfgs[ir_callee(f, by)])
			return true;
	}
	return false;
}

/* What a value is stored to or loaded from. A number in a field is a descriptor of an event loop, as a rule.
 */
static uint32_t slot_of(struct walk *w, ir_val address, ir_val value)
{
	uint32_t node = limit_content(w, address);
	return node && w->f->vals[value].type == IR_TYPE_INT && limit_of(w, node)->in_place ? 0 : node;
}

static void apply_store(struct walk *w, const struct ir_instruction *in)
{
	ir_val address = ir_operand(w->f, in, 1), what = ir_operand(w->f, in, 0);
	uint32_t value = limit_node(w, what), to = value ? slot_of(w, address, what) : 0;
	if (to && is_handed_out(w, address))
		to = 0;
	if (value && to)
		limit_join(w->g, to, value);
	else if (value)
		escape(w, value);
}

static void apply_load(struct walk *w, const struct ir_instruction *in)
{
	uint32_t from = slot_of(w, ir_operand(w->f, in, 0), in->result);
	if (from)
		limit_join(w->g, in->result, from);
	else
		limit_of(w, in->result)->unknown = true;
}

static void apply_choice(struct walk *w, const struct ir_instruction *in)
{
	for (uint32_t k = in->op == IR_SELECT; k < in->noperands; k++)
		limit_join(w->g, in->result, limit_node(w, ir_operand(w->f, in, k)));
}

static void apply_other(struct walk *w, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < in->noperands; k++) {
		uint32_t node = limit_node(w, ir_operand(w->f, in, k));
		if (node)
			escape(w, node);
	}
	if (in->result)
		limit_of(w, in->result)->unknown = true;
}

static void apply(struct walk *w, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	w->now++;
	switch (in->op) {
	case IR_CALL:
	case IR_INVOKE:
		apply_call(w, i);
		break;
	case IR_STORE:
		apply_store(w, in);
		break;
	case IR_LOAD:
		apply_load(w, in);
		break;
	case IR_PHI:
	case IR_SELECT:
		apply_choice(w, in);
		break;
	case IR_ADDR:
		if (in->record && !(in->flags & IR_F_VARIABLE))
			limit_join(w->g, in->result,
			           limit_place_node(w, limit_place_key(PLACE_IN_FIELD, in->record, in->imm)));
		break;
	case IR_RET:
		if (in->noperands && limit_node(w, ir_operand(w->f, in, 0)))
			limit_of(w, limit_node(w, ir_operand(w->f, in, 0)))->returned = true;
		break;
	case IR_BINOP:
	case IR_ATOMIC:
	case IR_CMPXCHG:
	case IR_INSERT:
	case IR_ASM:
	case IR_OTHER:
		apply_other(w, in);
		break;
	default:
		break;
	}
}

static void start(struct walk *w)
{
	struct func_limits *g = w->g;
	g->nnodes = g->cap = 2 * w->f->nvals;
	intmap_clear(&w->l->local);
	g->up = mem_alloc(g->cap * sizeof *g->up);
	g->known = mem_alloc(g->cap * sizeof *g->known);
	for (uint32_t n = 0; n < g->nnodes; n++)
		g->up[n] = n;
	for (uint32_t k = 0; k < w->f->nparams; k++)
		if (w->f->params[k].val)
			g->known[w->f->params[k].val].params = k < 64 ? UINT64_C(1) << k : 0;
}

static bool unlimited(const struct handle *h, const struct wait *wait)
{
	uint8_t covers = h->covers | (wait->when < h->renewed ? h->before : 0);
	return (!h->escapes || (h->escapes > wait->when && !h->in_place)) && !(covers & wait->needs);
}

static void summarise_param(struct walk *w, struct summary *sum, uint32_t k)
{
	const struct handle *h = limit_of(w, w->f->params[k].val);
	uint64_t bit = UINT64_C(1) << k;
	if (h->escapes || h->in_place || h->covers & (LIMIT_READ | LIMIT_WRITE))
		sum->limits |= bit;
	if (h->covers & LIMIT_CONNECT)
		sum->limits_connecting |= bit;
	for (uint32_t n = 0; n < w->g->nwaits; n++) {
		const struct wait *wait = &w->g->waits[n];
		if (!wait->node || limit_find(w->g, wait->node) != limit_find(w->g, w->f->params[k].val) ||
		    wait->second || wait->later || !unlimited(h, wait) || h->unknown || h->in_place ||
		    h->made || sum->waits_on & bit)
			continue;
		const struct ir_instruction *in = &w->f->instrs[wait->at];
		sum->waits_on |= bit;
		sum->waits_offer = wait->offer;
		sum->waits_chain = *wait->chain ? wait->chain
		                                : w->l->s->program->unit->funcs[ir_callee(w->f, in)].display;
	}
}

/* Every handle it returns was made here, and has no limit but for connecting. */
static bool returns_unlimited(struct walk *w, uint8_t *covers)
{
	const struct cfg *cfg = w->l->s->program->cfgs[w->func];
	bool any = false;
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_instruction *in = ir_terminator(w->f, cfg->rpo[n]);
		uint32_t node =
		        in->op == IR_RET && in->noperands ? limit_node(w, ir_operand(w->f, in, 0)) : 0;
		const struct handle *h = node ? limit_of(w, node) : NULL;
		if (h && (!h->made || h->unknown || h->escapes || (h->covers & ~LIMIT_CONNECT) || h->params ||
		          h->in_place))
			return false;
		*covers |= h ? h->covers : 0;
		any |= h != NULL;
	}
	return any;
}

void limits_summarise(struct limits *l, uint32_t func)
{
	if (!l)
		return;
	struct walk w = {l, &l->funcs[func], &l->s->program->unit->funcs[func], func, 0};
	struct summary *sum = &l->s->funcs[func].summary;
	const struct cfg *cfg = l->s->program->cfgs[func];
	sum->waits_offer = sum->waits_chain = "";
	sum->limits = 0;
	start(&w);
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_basic_block *b = &w.f->blocks[cfg->rpo[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++)
			apply(&w, i);
	}
	for (uint32_t k = 0; k < w.f->nparams && k < 64; k++)
		if (w.f->params[k].val)
			summarise_param(&w, sum, k);
	uint8_t covers = 0;
	sum->returns_unlimited = returns_unlimited(&w, &covers);
	sum->returns_connecting = covers & LIMIT_CONNECT;
}

/* ---- the unit ---- */

/* A limit that is set on the handle, another call that has one, or a token. Where handles are only made, or
 * set up, the call that waits may be in another unit. */
static bool is_offered(const struct api_func *d)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_DEADLINE, r));)
		if (r->handle.base && *r->covers)
			return true;
	if (api_role_of(d, API_ROLE_REQUEST))
		return true;
	for (const struct api_role *r = api_role_of(d, API_ROLE_BLOCK); r;
	     r = api_role_next(d, API_ROLE_BLOCK, r))
		if (*r->name || (r->token.base && r->waits == API_WAITS_NETWORK) ||
		    (r->waits == API_WAITS_BUS && r->infinite == API_INF_MAX))
			return true;
	return false;
}

struct limits *limits_new(struct solution *s)
{
	const struct program *p = s->program;
	bool any = false;
	for (uint32_t f = 1; f < p->unit->nfuncs && !any; f++)
		any = is_offered(p->described[f]) ||
		      (s->imports && s->imports[f] && s->funcs[f].summary.waits_on);
	if (!any)
		return NULL;
	struct limits *l = mem_alloc(sizeof *l);
	l->s = s;
	l->funcs = mem_alloc(p->unit->nfuncs * sizeof *l->funcs);
	return l;
}

/* What all functions do to a place; whose instruction and when means nothing to the others. True: there was
 * something new. */
static bool merge_places(struct limits *l, bool into)
{
	bool news = false;
	for (uint32_t f = 1; f < l->s->program->unit->nfuncs; f++) {
		struct func_limits *g = &l->funcs[f];
		for (uint32_t k = 0; k < g->places.len; k++) {
			struct handle *own = &g->known[limit_find(g, g->places.data[k].node)];
			struct handle *place = &l->places.data[g->places.data[k].place];
			struct handle h = into ? *own : *place;
			h.unknown |= h.params || h.returned;
			h.params = 0;
			h.by = 0;
			h.before = 0;
			h.renewed = 0;
			h.escapes = h.escapes != 0;
			news |= limit_absorb(into ? place : own, &h);
		}
	}
	return news;
}

/* The value itself comes out of the call that makes the handle, whatever it is merged with later; or was made
 * as new by the function, whoever made it. */
static bool is_fresh(struct walk *w, const struct wait *wait, const struct handle *h)
{
	if (h->renewed && h->renewed < wait->when)
		return true;
	return h->by && !h->in_place && wait->node == w->f->instrs[h->by].result;
}

static bool node_is_unlimited(struct walk *w, const struct wait *wait, uint32_t node)
{
	const struct handle *h = limit_of(w, node);
	struct wait of_node = *wait;
	of_node.node = node;
	return h->made && !h->told && unlimited(h, wait) &&
	       ((!h->unknown && !h->params) || is_fresh(w, &of_node, h));
}

static bool is_unlimited(struct walk *w, const struct wait *wait)
{
	if (!wait->node)
		return wait->listed || !wait->role || wait->role->handle.base != API_PATH_ARG ||
		       w->f->vals[ir_strip_casts(w->f, scan_path(w->f, &w->f->instrs[wait->at],
		                                                 &wait->role->handle))]
		                       .kind == IR_VAL_STRING;
	return node_is_unlimited(w, wait, wait->node) &&
	       (!wait->also || node_is_unlimited(w, wait, wait->also));
}

static void mark_told(struct walk *w, uint32_t node)
{
	if (!node)
		return;
	limit_of(w, node)->told = true;
	for (uint32_t k = 0; k < w->g->places.len; k++)
		if (limit_find(w->g, w->g->places.data[k].node) == limit_find(w->g, node))
			w->l->places.data[w->g->places.data[k].place].told = true;
}

static bool told_elsewhere(struct walk *w, uint32_t node)
{
	for (uint32_t k = 0; node && k < w->g->places.len; k++)
		if (limit_find(w->g, w->g->places.data[k].node) == limit_find(w->g, node) &&
		    w->l->places.data[w->g->places.data[k].place].told)
			return true;
	return false;
}

static const char *what_of(struct walk *w, const struct wait *wait)
{
	const struct ir_instruction *in = &w->f->instrs[wait->at];
	if (!*wait->offer) {
		ir_val v = ir_strip_casts(w->f, ir_arg(w->f, in, wait->arg));
		const struct ir_instruction *def = ir_def(w->f, v);
		bool call = def && ir_is_call(def) && ir_callee(w->f, def);
		return call ? arena_printf(w->l->s->arena, "%s()",
		                           w->l->s->program->unit->funcs[ir_callee(w->f, def)].display)
		            : "a root";
	}
	for (uint32_t k = 0; wait->node && k < ir_nargs(in); k++) {
		ir_val v = ir_arg(w->f, in, k);
		if (limit_node(w, v) == wait->node)
			return *w->f->vals[v].name ? w->f->vals[v].name
			                           : w->f->vals[ir_strip_casts(w->f, v)].name;
	}
	return "";
}

/* The call is itself the clean-up, and has a form with a limit: there is no other place for it. */
static bool ends_something(const struct limits *l, const struct ir_func *f, const struct wait *wait)
{
	uint32_t callee = ir_callee(f, &f->instrs[wait->at]);
	return wait->role && *wait->role->name && !wait->role->handle.base &&
	       api_role_of(l->s->program->described[callee], API_ROLE_CLEANUP);
}

static struct unlimited entry_of(struct walk *w, const struct wait *wait)
{
	const struct handle *h = wait->node ? limit_of(w, wait->node) : NULL;
	return (struct unlimited){.at = wait->at,
	                          .role = wait->role,
	                          .offer = wait->offer,
	                          .chain = wait->chain,
	                          .what = what_of(w, wait),
	                          .made = h && !h->in_place ? h->by : 0,
	                          .connect_only =
	                                  h && (h->covers & LIMIT_CONNECT) && !(wait->needs & LIMIT_CONNECT),
	                          .in_field = h && h->in_place,
	                          .later = wait->later,
	                          .may_end = wait->later && limit_may_end(w->l->s, w->func, wait->at),
	                          .ends = ends_something(w->l, w->f, wait)};
}

/* What cleans up may wait, or is called by what cleans up. */
static bool may_wait(const struct limits *l, uint32_t func, const struct wait *wait)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	return !ends_something(l, f, wait) &&
	       (propagate_is_cleanup(l->s, func) ||
	        propagate_cleans_up(l->s, func, wait->at, ir_callee(f, &f->instrs[wait->at])));
}

static void judge_function(struct limits *l, uint32_t func)
{
	struct walk w = {l, &l->funcs[func], &l->s->program->unit->funcs[func], func, 0};
	struct func_facts *out = &l->s->funcs[func];
	VEC(struct unlimited) found = {0};
	for (unsigned second = 0; second < 2; second++)
		for (uint32_t k = 0; k < w.g->nwaits; k++) {
			const struct wait *wait = &w.g->waits[k];
			if (wait->second != second || !is_unlimited(&w, wait) ||
			    told_elsewhere(&w, wait->node) || may_wait(l, func, wait))
				continue;
			mark_told(&w, wait->node);
			vec_push(&found, entry_of(&w, wait));
		}
	out->unlimited = ARENA_ARRAY(l->s->arena, struct unlimited, found.len + 1);
	out->nunlimited = found.len;
	if (found.len)
		memcpy(out->unlimited, found.data, found.len * sizeof *found.data);
	vec_release(&found);
}

static void free_function(struct func_limits *g)
{
	mem_release(g->up);
	mem_release(g->known);
	mem_release(g->waits);
	vec_release(&g->places);
}

void limits_judge(struct limits *l)
{
	if (!l)
		return;
	const struct program *p = l->s->program;
	while (merge_places(l, true) | merge_places(l, false)) /* a class may lie in several places */
		;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f] && l->funcs[f].nwaits)
			judge_function(l, f);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		free_function(&l->funcs[f]);
	intmap_release(&l->keys);
	intmap_release(&l->local);
	vec_release(&l->places);
	mem_release(l->funcs);
	mem_release(l);
}
