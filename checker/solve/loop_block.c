/*
 * loop_block.c - calls that hold up an event loop: they wait, and are reached from what runs on the loop.
 */
#include "deadline.h"
#include "far.h"
#include "scan.h"
#include "told.h"
#include "who.h"

#include "arena.h"
#include "mem.h"

#include <string.h>

#define TINY_NS ((int64_t)10 * 1000 * 1000)

struct looker {
	const struct solution *s;
	void (*each)(void *ctx, const struct loop_block *b);
	void *ctx;
	struct told told, told_far;
};

/* A sleep for a constant time that nobody notices. */
static bool is_tiny(const struct solution *s, uint32_t func, const struct block_site *b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[b->call];
	int64_t n;
	if (b->role && b->role->timeout.base == API_PATH_ARG &&
	    scan_duration(s, func, in, b->role->timeout.arg, &n))
		return n < TINY_NS;
	if (!b->role || b->role->timeout.base != API_PATH_ARG ||
	    !scan_int(f, ir_arg(f, in, b->role->timeout.arg), &n))
		return !b->role || b->sleeps;
	int64_t ns = time_unit_ns(b->role->unit);
	if (ns)
		return n < TINY_NS / ns;
	return n <= 0;
}

/* What reads and writes a descriptor by its number does not wait in a loop's callback, where they are made so
 * that they do not; and the loop knows which are ready. */
static bool on_descriptor(const struct solution *s, const struct ir_func *f, const struct block_site *b)
{
	const struct ir_func *g = &s->program->unit->funcs[ir_callee(f, &f->instrs[b->call])];
	return (b->role && b->role->fds.base) || (g->nparams && strcmp(g->params[0].ctype, "int") == 0);
}

/* A wait for several descriptors, which is what the loop itself is for. */
static bool waits_for_set(const struct solution *s, uint32_t func, const struct block_site *b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[b->call];
	int64_t n;
	if (!b->role->fds.base || b->role->timeout.base != API_PATH_ARG)
		return false;
	return b->unbounded || (scan_int(f, ir_arg(f, in, b->role->timeout.arg), &n) && !is_tiny(s, func, b));
}

static bool holds_up(const struct solution *s, uint32_t func, const struct block_site *b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!b->role || !b->model) /* reported in the callee */
		return false;
	if (b->sleeps)
		return !is_tiny(s, func, b);
	switch (b->waits) {
	case API_WAITS_NETWORK:
		if (b->role->bounded &&
		    !b->role->timeout.base) /* by how often it is tried, which takes long */
			return !on_descriptor(s, f, b);
		/* fall through */
	case API_WAITS_DISK:
		return waits_for_set(s, func, b) || (!on_descriptor(s, f, b) && !b->role->bounded);
	case API_WAITS_PROCESS:
	case API_WAITS_BUS:
	case API_WAITS_EVENT:
	case API_WAITS_QUEUE:
	case API_WAITS_THREAD:
	case API_WAITS_LOOP:
		return b->unbounded || b->waits == API_WAITS_BUS || b->waits == API_WAITS_LOOP;
	default:
		return false;
	}
}

static void tell(struct looker *l, const struct loop_block *b)
{
	if (told_first(&l->told, b->func, b->at))
		l->each(l->ctx, b);
}

static void look_at_callback(struct looker *l, const struct registration *r)
{
	struct reach way = who_reaches(l->s, r->entry);
	for (uint32_t k = 0; k < way.n; k++) {
		uint32_t func = way.all[k].func;
		const struct func_facts *facts = &l->s->funcs[func];
		for (uint32_t n = 0; n < facts->nblocks; n++) {
			const struct block_site *b = &facts->blocks[n];
			if (holds_up(l->s, func, b) && who_comes_to(l->s, &way, k, b->call))
				tell(l, &(struct loop_block){.func = func,
				                             .at = b->call,
				                             .site = b,
				                             .entry = r->entry,
				                             .starter = r->func,
				                             .started = r->at,
				                             .chain = k ? who_chain(l->s, &way, k) : NULL});
		}
	}
}

bool loop_held_up(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t n = 0; n < facts->nblocks; n++)
		if (facts->blocks[n].call == call)
			return holds_up(s, func, &facts->blocks[n]);
	return false;
}

/* What a function of another unit says of itself. */
static void look_at_far(struct looker *l, struct loop_block b, uint32_t callee, const char *way)
{
	struct far_calls far;
	if (l->s->program->cfgs[callee] || !far_imported(l->s, callee, &far))
		return;
	for (uint32_t k = 0; k < far.n; k++) {
		const struct far_call *c = &far.all[k];
		if (c->arg != FAR_HOLDS_UP || !told_first(&l->told_far, c->where.line, c->where.col))
			continue;
		b.model = c->model;
		b.far = c->where;
		b.chain = way ? arena_printf(l->s->arena, "%s -> %s", way, c->chain) : c->chain;
		l->each(l->ctx, &b);
	}
}

static void look_beyond(struct looker *l, const struct registration *r)
{
	const struct program *p = l->s->program;
	struct loop_block b = {.func = r->func, .entry = r->entry, .starter = r->func, .started = r->at};
	if (!p->cfgs[r->entry]) {
		b.at = r->at;
		look_at_far(l, b, r->entry, NULL);
		return;
	}
	struct reach way = who_reaches(l->s, r->entry);
	for (uint32_t k = 0; k < way.n; k++)
		for (uint32_t e = p->edges_of[way.all[k].func]; e < p->edges_of[way.all[k].func + 1]; e++) {
			const struct call_edge *to = &p->edges[e];
			b.func = to->caller;
			b.at = to->site;
			if (to->kind == CALL_DIRECT && !p->cfgs[to->callee] &&
			    who_comes_to(l->s, &way, k, to->site))
				look_at_far(l, b, to->callee,
				            k ? who_chain(l->s, &way, k) : p->unit->funcs[r->entry].display);
		}
}

void solve_loop_blocks(const struct solution *s, void (*each)(void *ctx, const struct loop_block *b),
                       void *ctx)
{
	struct looker l = {.s = s, .each = each, .ctx = ctx};
	struct registrations all = who_registered(s);
	for (uint32_t k = 0; k < all.n; k++) {
		if (all.all[k].role->runs != API_RUNS_LOOP)
			continue;
		if (s->program->cfgs[all.all[k].entry])
			look_at_callback(&l, &all.all[k]);
		look_beyond(&l, &all.all[k]);
	}
	vec_release(&l.told.all);
	vec_release(&l.told_far.all);
}
