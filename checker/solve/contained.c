#include "contained.h"
#include "fields.h"
#include "scan.h"

#include "mem.h"

#include <string.h>

#define IN_CONTAINER ((int64_t)1 << 46)
#define MAX_VISITED 48

struct walk {
	const struct solution *s;
	uint32_t func;
	const struct ir_func *f;
	const struct use_index *x;
	struct containers found;
	ir_val seen[MAX_VISITED]; /* values, or their negative when it is asked what becomes of them */
	uint32_t nseen;
};

static bool first_visit(struct walk *w, ir_val v, bool later)
{
	ir_val key = later ? ~v : v;
	for (uint32_t k = 0; k < w->nseen; k++)
		if (w->seen[k] == key)
			return false;
	if (!v || w->nseen == MAX_VISITED)
		return false;
	w->seen[w->nseen++] = key;
	return true;
}

static void add(struct walk *w, struct handle_place p)
{
	p.offset += IN_CONTAINER;
	for (uint32_t k = 0; k < w->found.n; k++)
		if (same_place(w->found.at[k], p))
			return;
	if (w->found.n < MAX_CONTAINERS)
		w->found.at[w->found.n++] = p;
}

static bool is_system_call(const struct walk *w, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
	return callee && !w->s->program->described[callee] &&
	       (w->s->program->unit->funcs[callee].flags & IR_FUNC_SYSTEM);
}

/* ---- where it comes from ---- */

static void back(struct walk *w, ir_val at, bool through, ir_instr load);

static bool comes_before(const struct walk *w, ir_instr a, ir_instr b)
{
	ir_block from = w->f->instrs[a].block, to = w->f->instrs[b].block;
	return !b || (from == to && a < b) || cfg_can_reach(w->s->program->cfgs[w->func], from, to);
}

/* Pointers that are put into a local variable, before it is read there. */
static void stored_in(struct walk *w, ir_val local, ir_instr load, unsigned depth)
{
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		ir_instr by = w->x->uses[k].by;
		const struct ir_instruction *in = &w->f->instrs[by];
		if (in->op == IR_ADDR && depth)
			stored_in(w, in->result, load, depth - 1);
		else if (!comes_before(w, by, load))
			continue;
		else if (in->op == IR_STORE && w->x->uses[k].operand == 1)
			back(w, ir_operand(w->f, in, 0), true, 0);
		else if (in->op == IR_COPY && w->x->uses[k].operand == 0)
			back(w, ir_operand(w->f, in, 1), true, 0);
	}
}

/* `through`: a pointer was followed to get from here to the object, which `load` read. */
static void back(struct walk *w, ir_val at, bool through, ir_instr load)
{
	struct handle_place outer = {0};
	ir_val v = ir_strip_casts(w->f, at);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!first_visit(w, v, false))
		return;
	for (; in && in->op == IR_ADDR; in = ir_def(w->f, v)) {
		if (in->record && !(in->flags & IR_F_VARIABLE))
			outer = (struct handle_place){PLACE_FIELD, 0, in->record, in->imm};
		v = ir_strip_casts(w->f, ir_operand(w->f, in, 0));
	}
	if (w->f->vals[v].kind == IR_VAL_GLOBAL && !outer.kind)
		outer = (struct handle_place){PLACE_GLOBAL, 0, w->f->vals[v].aux, 0};
	if (in && in->op == IR_ALLOCA) {
		if (through)
			add(w, (struct handle_place){PLACE_LOCAL, w->func, w->f->vals[v].aux, 0});
		stored_in(w, v, load, 2);
	}
	if (w->f->vals[v].kind == IR_VAL_PARAM && !w->found.param)
		w->found.param = w->f->vals[v].aux + 1;
	if (through && outer.kind)
		add(w, outer);
	if (!in)
		return;
	if (in->op == IR_LOAD)
		back(w, ir_operand(w->f, in, 0), true, (ir_instr)(in - w->f->instrs));
	for (uint32_t k = 0; in->op == IR_PHI && k < in->noperands; k++)
		back(w, ir_operand(w->f, in, k), through, 0);
	if (is_system_call(w, in) && ir_nargs(in))
		back(w, ir_arg(w->f, in, 0), true, 0);
}

/* ---- where it goes ---- */

static void forth(struct walk *w, ir_val at);

/* A pointer to it lies in a local variable. */
static void pointer_read(struct walk *w, ir_val local)
{
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_LOAD)
			forth(w, in->result);
		else if (in->op == IR_COPY && w->x->uses[k].operand == 1)
			back(w, ir_operand(w->f, in, 0), true, 0);
	}
}

static void forth(struct walk *w, ir_val at)
{
	ir_val v = ir_strip_casts(w->f, at);
	if (!first_visit(w, v, true))
		return;
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		uint32_t operand = w->x->uses[k].operand;
		ir_val to = in->op == IR_COPY && operand == 1    ? ir_operand(w->f, in, 0)
		            : in->op == IR_STORE && operand == 0 ? ir_operand(w->f, in, 1)
		                                                 : 0;
		const struct ir_instruction *local = to ? ir_def(w->f, ir_strip_casts(w->f, to)) : NULL;
		if (in->op == IR_PHI || in->op == IR_CAST)
			forth(w, in->result);
		else if (to && !(local && local->op == IR_ALLOCA))
			back(w, to, true, 0);
		else if (to && in->op == IR_STORE)
			pointer_read(w, local->result);
		else if (to)
			forth(w, to);
		else if (is_system_call(w, in) && operand > 1)
			back(w, ir_arg(w->f, in, 0), true, 0);
	}
}

/* ---- */

static struct walk begin(const struct solution *s, uint32_t func)
{
	return (struct walk){
	        .s = s, .func = func, .f = &s->program->unit->funcs[func], .x = scan_uses(s, func)};
}

struct containers contained_in(const struct solution *s, uint32_t func, ir_val at)
{
	struct walk w = begin(s, func);
	back(&w, at, false, 0);
	return w.found;
}

struct containers contained_later(const struct solution *s, uint32_t func, ir_val at)
{
	struct walk w = begin(s, func);
	back(&w, at, false, 0);
	forth(&w, at);
	return w.found;
}

bool contained_is(const struct handle_place *in, const struct handle_place *container)
{
	struct handle_place p = *container;
	p.offset += IN_CONTAINER;
	return same_place(*in, p);
}

static bool any_same(const struct containers *a, const struct containers *b)
{
	for (uint32_t k = 0; k < a->n; k++)
		for (uint32_t n = 0; n < b->n; n++)
			if (same_place(a->at[k], b->at[n]))
				return true;
	return false;
}

/* What the call joins: an element, by itself or in a visible function that gets it; 0: nothing. */
static ir_val joined_at(const struct solution *s, uint32_t func, const struct ir_instruction *in, bool inside)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = scan_model(s, f, in);
	const struct api_role *join = api_role_of(d, API_ROLE_JOIN);
	uint32_t callee = ir_callee(f, in);
	if (join)
		return api_role_of(d, API_ROLE_BLOCK) && join->handle.base == API_PATH_ARG
		               ? ir_arg(f, in, join->handle.arg)
		               : 0;
	const struct ir_func *g = &s->program->unit->funcs[callee];
	for (ir_instr i = 1; inside && callee && s->program->cfgs[callee] && i < g->ninstrs; i++) {
		ir_val v = ir_is_call(&g->instrs[i]) ? joined_at(s, callee, &g->instrs[i], false) : 0;
		uint32_t param = v ? contained_in(s, callee, v).param : 0;
		if (param)
			return ir_arg(f, in, param - 1);
	}
	return 0;
}

bool contained_joined(const struct solution *s, uint32_t func, ir_instr start, ir_val handle, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct containers in_them = contained_later(s, func, handle);
	for (ir_instr i = 1; in_them.n && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t loop = ir_is_call(in) && cfg_reachable(cfg, in->block) ? cfg->loop_of[in->block] : 0;
		ir_val v = loop && !cfg_in_loop(cfg, loop, f->instrs[start].block)
		                   ? joined_at(s, func, in, true)
		                   : 0;
		struct containers of = v ? contained_in(s, func, v) : (struct containers){0};
		if (any_same(&in_them, &of) && cfg_dominates(cfg, cfg->loops[loop].head, f->instrs[at].block))
			return true;
	}
	return false;
}

/* One of the containers is a field or static storage, and so means the same in other functions. */
static bool outlives_function(const struct containers *c)
{
	for (uint32_t k = 0; k < c->n; k++)
		if (c->at[k].kind == PLACE_FIELD || c->at[k].kind == PLACE_GLOBAL)
			return true;
	return false;
}

ir_instr contained_joined_elsewhere(const struct solution *s, uint32_t func, ir_val handle, uint32_t *where)
{
	const struct program *p = s->program;
	struct containers in_them = contained_later(s, func, handle);
	for (uint32_t g = 1; outlives_function(&in_them) && g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			ir_val v = ir_is_call(&f->instrs[i]) ? joined_at(s, g, &f->instrs[i], false) : 0;
			struct containers of = v ? contained_in(s, g, v) : (struct containers){0};
			if (!any_same(&in_them, &of))
				continue;
			*where = g;
			return i;
		}
	}
	return 0;
}

/* ---- containers of threads that are left ---- */

struct left_search {
	const struct solution *s;
	uint32_t func;
	const struct containers *in_them;
	bool *seen;
	ir_block *todo;
	uint32_t n;
};

/* The block joins what lies in the container, or begins a loop that does. */
static bool joins_in(const struct left_search *q, ir_block b)
{
	const struct ir_func *f = &q->s->program->unit->funcs[q->func];
	const struct cfg *cfg = q->s->program->cfgs[q->func];
	uint32_t loop = cfg->loop_of[b];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool here = in->block == b ||
		            (loop && cfg->loops[loop].head == b && cfg_in_loop(cfg, loop, in->block));
		ir_val v = here && ir_is_call(in) ? joined_at(q->s, q->func, in, true) : 0;
		struct containers of = v ? contained_in(q->s, q->func, v) : (struct containers){0};
		if (any_same(q->in_them, &of))
			return true;
	}
	return false;
}

/* A return that is reached behind the start with no join in between, exceptions aside; 0: none. */
static ir_instr left_at(struct left_search *q, ir_instr start)
{
	const struct ir_func *f = &q->s->program->unit->funcs[q->func];
	q->todo[q->n++] = f->instrs[start].block;
	while (q->n) {
		const struct ir_instruction *t = ir_terminator(f, q->todo[--q->n]);
		if (t->op == IR_RET)
			return (ir_instr)(t - f->instrs);
		for (uint32_t k = 0; k < (t->op == IR_INVOKE ? 1u : t->nsuccs); k++) {
			ir_block b = ir_succ(f, t, k);
			if (q->seen[b] || joins_in(q, b))
				continue;
			q->seen[b] = true;
			q->todo[q->n++] = b;
		}
	}
	return 0;
}

/* Without the insides of the library's classes, which are those of any of their objects. */
static struct containers without_insides(const struct solution *s, struct containers c)
{
	uint32_t kept = 0;
	for (uint32_t k = 0; k < c.n; k++)
		if (c.at[k].kind != PLACE_FIELD || !scan_of_library(s->program->unit, c.at[k].id))
			c.at[kept++] = c.at[k];
	c.n = kept;
	return c;
}

/* What a container holds goes to another one, or out of the function: a copy of what lies in it is stored
 * there. */
static bool moved_out(const struct solution *s, uint32_t func, const struct ir_instruction *local)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i], *load;
		if (in->op != IR_STORE || !(load = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)))) ||
		    load->op != IR_LOAD || scan_local_around(f, ir_operand(f, load, 0)) != local->result)
			continue;
		ir_val to = scan_local_around(f, ir_operand(f, in, 1));
		const struct ir_instruction *other = to ? ir_def(f, to) : NULL;
		if (to != local->result && (!other || other->imm >= local->imm))
			return true;
	}
	return false;
}

/* Only this function knows the containers: local ones, which it hands to nobody. */
static bool own_containers(const struct solution *s, uint32_t func, const struct containers *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	bool own = c->n && !c->param;
	for (uint32_t k = 0; k < c->n && own; k++) {
		own = c->at[k].kind == PLACE_LOCAL && c->at[k].func == func;
		const struct ir_instruction *alloca = own ? &f->instrs[c->at[k].id] : NULL;
		own = own && alloca->op == IR_ALLOCA && !moved_out(s, func, alloca);
		for (uint32_t n = own ? x->first[alloca->result] : 0; own && n < x->first[alloca->result + 1];
		     n++) {
			const struct ir_instruction *by = &f->instrs[x->uses[n].by];
			uint32_t callee = ir_is_call(by) ? ir_callee(f, by) : 0;
			if (by->op == IR_STORE && x->uses[n].operand == 0)
				return false; /* by reference */
			own = !ir_is_call(by) || (callee && x->uses[n].operand == 1 &&
			                          (s->program->unit->funcs[callee].flags & IR_FUNC_SYSTEM));
		}
	}
	return own;
}

static bool starts_thread(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                          ir_val *handle)
{
	const struct api_role *r = ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_SPAWN) : NULL;
	const struct api_family *family =
	        r && *r->family ? apimodel_family(s->program->api, r->family) : NULL;
	*handle = r && r->handle.base == API_PATH_ARG ? ir_arg(f, in, r->handle.arg) : 0;
	return family && family->task && r->handle.deref && *handle;
}

void solve_contained_lost(const struct solution *s, void (*each)(void *ctx, const struct contained_lost *l),
                          void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || f->flags & IR_FUNC_SYSTEM || !program_calls(p, func, API_ROLE_SPAWN))
			continue;
		for (PROGRAM_EACH_CALL(p, func, call)) {
			ir_instr i = call->at;
			ir_val handle;
			if (!starts_thread(s, f, &f->instrs[i], &handle) ||
			    !cfg_reachable(p->cfgs[func], f->instrs[i].block))
				continue;
			struct containers in_them = without_insides(s, contained_later(s, func, handle));
			struct left_search q = {.s = s, .func = func, .in_them = &in_them};
			if (!own_containers(s, func, &in_them))
				continue;
			q.seen = mem_alloc(f->nblocks);
			q.todo = mem_alloc((f->nblocks + 1) * sizeof *q.todo);
			ir_instr at = left_at(&q, i);
			mem_release(q.seen);
			mem_release(q.todo);
			if (at)
				each(ctx, &(struct contained_lost){func, i, at});
		}
	}
}

/* ---- containers of threads in objects ---- */

/* The member of the record that is a container and covers the offset. */
static bool container_at(const struct ir_unit *u, int64_t offset, struct contained_member *out)
{
	const struct ir_record *r = &u->records[out->record];
	for (uint32_t k = 0; out->record && r->local && !scan_of_library(u, out->record) && k < r->nfields;
	     k++) {
		const struct ir_field *f = &r->fields[k];
		if (!f->record || !scan_of_library(u, f->record) || offset < f->offset ||
		    offset >= f->offset + f->size)
			continue;
		out->field = f->name;
		out->offset = f->offset;
		return true;
	}
	return false;
}

/* The destructor of the class; 0: it has none here. */
static uint32_t destructor_of(const struct program *p, uint32_t record)
{
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (p->cfgs[func] && f->nparams && f->params[0].pointee == record &&
		    strstr(f->display, "::~"))
			return func;
	}
	return 0;
}

/* The member of `this`, or of another parameter's object, that an address is reached from through the inside
 * of a container; false: it is reached otherwise. */
static bool member_of(const struct solution *s, uint32_t func, ir_val at, struct contained_member *out)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	int64_t offset = 0;
	bool through = false;
	for (unsigned step = 0; step < 16; step++) {
		ir_val v = ir_strip_casts(f, at);
		const struct ir_instruction *in = ir_def(f, v);
		if (f->vals[v].kind == IR_VAL_PARAM) {
			out->record = f->params[f->vals[v].aux].pointee;
			return through && container_at(u, offset, out);
		}
		if (!in || (in->op != IR_ADDR && in->op != IR_LOAD))
			return false;
		if (in->op == IR_LOAD &&
		    through) /* a pointer in the object: the container is somebody else's */
			return false;
		through |= in->op == IR_LOAD;
		offset = in->op == IR_LOAD ? 0 : offset + in->imm;
		at = ir_operand(f, in, 0);
	}
	return false;
}

static bool is_method(const struct ir_func *f, const struct contained_member *c)
{
	return f->nparams && f->params[0].pointee == c->record;
}

/* A method is defined elsewhere, or gives the object to such code. */
static bool out_of_sight(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool unknown = ir_is_call(in) && !scan_model(s, f, in) && !p->cfgs[ir_callee(f, in)];
		for (uint32_t k = 0; unknown && k < ir_nargs(in); k++)
			if (ir_strip_casts(f, ir_arg(f, in, k)) == f->params[0].val)
				return true;
	}
	return !p->cfgs[func];
}

static bool joins_any(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_JOIN))
			return true;
	return false;
}

/* Some method of the class, or what it runs, joins a thread, or is not in sight. */
static bool may_be_joined(const struct solution *s, const struct contained_member *c)
{
	const struct program *p = s->program;
	bool *runs = mem_alloc(p->unit->nfuncs), joined = false;
	for (uint32_t func = 1; func < p->unit->nfuncs && !joined; func++) {
		if (!is_method(&p->unit->funcs[func], c))
			continue;
		joined = out_of_sight(s, func);
		ends_reach(p, func, runs);
	}
	for (uint32_t func = 1; func < p->unit->nfuncs && !joined; func++)
		joined = runs[func] && joins_any(s, func);
	mem_release(runs);
	return joined;
}

static bool told_before(const struct contained_member *all, uint32_t n, const struct contained_member *c)
{
	for (uint32_t k = 0; k < n; k++)
		if (all[k].record == c->record && all[k].offset == c->offset)
			return true;
	return false;
}

#define MAX_MEMBERS 32

void solve_members_lost(const struct solution *s, void (*each)(void *ctx, const struct contained_member *m),
                        void *ctx)
{
	const struct program *p = s->program;
	struct contained_member told[MAX_MEMBERS];
	uint32_t n = 0;
	for (uint32_t func = 1; func < p->unit->nfuncs && n < MAX_MEMBERS; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || f->flags & IR_FUNC_SYSTEM || !program_calls(p, func, API_ROLE_SPAWN))
			continue;
		for (PROGRAM_EACH_CALL(p, func, call)) {
			ir_instr i = call->at;
			struct contained_member c = {.func = func, .start = i};
			ir_val handle;
			if (n == MAX_MEMBERS || !starts_thread(s, f, &f->instrs[i], &handle) ||
			    !member_of(s, func, handle, &c) || told_before(told, n, &c) ||
			    may_be_joined(s, &c))
				continue;
			c.end = destructor_of(p, c.record);
			if (!c.end && p->unit->records[c.record].own_destructor)
				continue;
			told[n++] = c;
			each(ctx, &c);
		}
	}
}
