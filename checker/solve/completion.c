/*
 * completion.c - operations that owe exactly one completion: begun, handed on, completed.
 *
 * The obligation is kept beside the handle that stands for the operation: references come and go without it,
 * and it goes with the value to whoever may complete it.
 */
#include "scan.h"
#include "sim.h"

#include "arena.h"

#include <string.h>

#define PROMISE_SLOT 202
#define PARAM_SLOTS 50 /* from PROMISE_SLOT + 1 on */

static bool is_operation(const struct obj *o)
{
	return o->status == OBJ_PENDING || o->status == OBJ_COMPLETED || o->status == OBJ_ENTRUSTED;
}

bool complete_watched(const struct obj *o)
{
	return o->status == OBJ_PENDING || (o->status == OBJ_COMPLETED && !o->blurred);
}

struct obj *complete_of(struct state *s, struct sval v)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (is_operation(&s->objs.data[i]) && sv_eq(s->objs.data[i].key, v))
			return &s->objs.data[i];
	return NULL;
}

/* A promise gives its future once: where it gives another, another promise lies there. */
static bool lies_anew(const struct obj *o, const struct api_role *r)
{
	return o->status == OBJ_COMPLETED && r->kind == API_ROLE_PROMISE &&
	       (o->blurred || api_role_of(o->model, API_ROLE_PROMISE));
}

void complete_begin(struct sim *m, struct state *s, ir_instr i, const struct api_func *d,
                    const struct api_role *r, struct sval key, struct sval waits, struct sval result)
{
	bool nobody_waits = r->entry.base && sv_is_const(waits, 0);
	/* What lies in an object that lives on is there for others to complete. */
	bool elsewhere =
	        r->handle.base == API_PATH_ARG && r->kind == API_ROLE_PROMISE && key.kind != SV_LOCAL;
	struct obj *before = complete_of(s, key);
	if (!key.kind || key.kind == SV_CONST || nobody_waits || elsewhere ||
	    (before && !lies_anew(before, r)))
		return;
	struct obj begun = {.site = i,
	                    .slot = PROMISE_SLOT,
	                    .status = OBJ_PENDING,
	                    .claim = true,
	                    .key = key,
	                    .result = result,
	                    .when = r->when,
	                    .family = r->family,
	                    .model = d};
	if (before)
		*before = begun;
	else
		state_add_obj(s, begun);
}

/* Families whose release completes: what is begun is an operation. */
void complete_find_families(struct solution *s)
{
	const struct program *p = s->program;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const struct api_func *d = p->described[f];
		const struct api_role *end = api_role_of(d, API_ROLE_COMPLETE), *r = NULL;
		while (end && (r = api_role_next(d, API_ROLE_RELEASE, r)) != NULL)
			if (*r->family && r->handle.arg == end->handle.arg && !r->handle.deref &&
			    s->ncompleted_families < MAX_COMPLETED_FAMILIES)
				s->completed_families[s->ncompleted_families++] = r->family;
	}
}

bool complete_family(const struct sim *m, const char *family)
{
	for (uint32_t i = 0; i < m->sol->ncompleted_families; i++)
		if (m->sol->completed_families[i] == family)
			return true;
	return false;
}

/* ---- completion ---- */

static uint8_t place_slot(const struct effect_place *e)
{
	return (uint8_t)(PROMISE_SLOT + 1 +
	                 (e->depth * 16u + (uint32_t)(e->offset[0] + e->plus) / 8u) % PARAM_SLOTS);
}

/* What a parameter, or memory behind it, stands for: first met when it is completed. */
static void first_met(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct effect_place e;
	sim_trail(m, s, TRAIL_RELEASE, i, false, 0);
	if (v.kind != SV_SYM || !own_param_path(&m->t, v, &e)) {
		if (ended_exact(m, v))
			state_add_obj(s, (struct obj){.site = i,
			                              .slot = PROMISE_SLOT,
			                              .claim = true,
			                              .status = OBJ_COMPLETED,
			                              .key = v,
			                              .changed = i});
		return;
	}
	state_add_obj(s, (struct obj){.site = (ir_instr)e.param + 1,
	                              .slot = place_slot(&e),
	                              .is_param = true,
	                              .claim = true,
	                              .status = OBJ_COMPLETED,
	                              .key = v,
	                              .changed = i});
}

void complete_end(struct sim *m, struct state *s, struct sval v, ir_val arg, ir_instr i)
{
	struct obj *o = complete_of(s, v);
	if (v.kind != SV_SYM && v.kind != SV_LOCAL && v.kind != SV_GLOBAL)
		return;
	if (!o) {
		first_met(m, s, v, i);
		return;
	}
	bool again = o->status == OBJ_COMPLETED;
	if (again && (o->blurred || !ended_exact(m, v) || turn_anew(m, arg, o->changed, i)))
		return;
	if (!again)
		sim_trail(m, s, TRAIL_RELEASE, i, false, 0);
	own_note_release(m, o, i);
	m->event_value = arg;
	own_event(m, s, o, EVENT_COMPLETE, i);
	m->event_value = 0;
}

void complete_harmlessly(struct sim *m, struct state *s, struct sval v, ir_val arg, ir_instr i)
{
	struct obj *o = complete_of(s, v);
	if (o && o->status == OBJ_COMPLETED)
		return;
	complete_end(m, s, v, arg, i);
	o = complete_of(s, v);
	if (o && o->status == OBJ_COMPLETED)
		o->blurred = true;
}

bool complete_place(const struct sim *m, const struct obj *o, struct effect_place *p)
{
	return o->is_param && o->status == OBJ_COMPLETED && own_param_path(&m->t, o->key, p);
}

/* A local variable gets the object that the call returns, or its scope ends: what was completed there will
 * have been another one. */
void complete_made_anew(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	ir_val place = ir_returned(m->f, in);
	if (in->flags & IR_F_CLEANUP && ir_nargs(in))
		place = ir_arg(m->f, in, 0);
	if (!place || place == in->result)
		return;
	struct sval v = sim_eval(m, s, place);
	for (uint32_t k = 0; v.kind == SV_LOCAL && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool there = o->key.kind == SV_LOCAL && o->key.id == v.id && o->key.off >= v.off;
		o->blurred |= there && o->status == OBJ_COMPLETED;
	}
}

/* ---- handing over ---- */

static void share(struct sim *m, struct obj *o)
{
	if (o->entrusted)
		m->sol->entrusted[o->entrusted - 1].shared = true;
}

static void entrust(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	share(m, o);
	if (o->status != OBJ_PENDING)
		return;
	own_note_release(m, o, i);
	own_event(m, s, o, EVENT_TRANSFER, i);
	sim_trail(m, s, TRAIL_TRANSFER, i, false, 0);
}

/* It is read from memory that `base` leads to; *offset: how far behind it, when it lies there itself. */
static bool lies_behind(const struct symtab *t, struct sval v, struct sval base, int64_t *offset)
{
	const struct symbol *q = v.kind == SV_SYM && base.kind == SV_SYM ? &t->items.data[v.id] : NULL;
	*offset = q && q->kind == SYM_MEM && q->x.id == base.id ? q->x.off - base.off : -1;
	while (q && q->kind == SYM_MEM && q->x.kind == SV_SYM) {
		if (q->x.id == base.id)
			return true;
		q = &t->items.data[q->x.id];
	}
	return false;
}

static uint32_t record(struct sim *m, const struct obj *o, const struct entrusted *e)
{
	struct solution *sol = m->sol;
	for (uint32_t k = 0; k < sol->nentrusted; k++) {
		struct entrusted *old = &sol->entrusted[k];
		if (old->entry != e->entry || old->func != e->func || old->site != e->site)
			continue;
		old->shared |= e->shared;
		return k + 1;
	}
	if (sol->nentrusted == sol->entrusted_cap)
		sol->entrusted = vec_grow(sol->entrusted, &sol->entrusted_cap, sol->nentrusted + 1,
		                          sizeof *sol->entrusted);
	sol->entrusted[sol->nentrusted] = *e;
	sol->entrusted[sol->nentrusted].family = o->family;
	return ++sol->nentrusted;
}

/* The parameter of the entry that gets what it is started with: its data; without data, its first. */
static bool entry_param(struct sim *m, const struct api_role *r, uint32_t entry, uint32_t *param)
{
	uint32_t data = r->data.base ? scan_entry_data(m->sol, entry) : 1;
	*param = data - 1;
	return data && data <= m->u->funcs[entry].nparams;
}

/* A function that only starts something with what it gets as a parameter: the call back, and 1 + the
 * parameter; NULL: it starts none, or several. */
static const struct call_edge *started_by(const struct solution *s, uint32_t func, uint32_t *param)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct call_edge *found = NULL;
	*param = 0;
	for (uint32_t k = p->edges_of[func]; k < p->edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[k];
		const struct ir_instruction *call = &f->instrs[e->site];
		if (e->kind != CALL_CALLBACK)
			continue;
		bool data = e->data_arg && e->data_arg <= ir_nargs(call);
		const struct ir_value *v =
		        data ? &f->vals[ir_strip_casts(f, ir_arg(f, call, e->data_arg - 1))] : NULL;
		if (found || !v || v->kind != IR_VAL_PARAM)
			return NULL;
		found = e;
		*param = v->aux + 1;
	}
	return f->flags & IR_FUNC_STATIC && !(f->flags & IR_FUNC_ADDRESS_TAKEN) ? found : NULL;
}

/* A helper that is given the operation, or what it lies in, starts a call back with it. */
static uint32_t entrust_by_helper(struct sim *m, struct state *s, struct obj *o, struct sval v,
                                  int64_t offset, ir_instr i)
{
	bool behind = !sv_eq(o->key, v);
	const struct ir_instruction *in = &m->f->instrs[i];
	uint32_t param, callee = ir_is_call(in) ? ir_callee(m->f, in) : 0;
	const struct call_edge *e = callee && m->p->cfgs[callee] ? started_by(m->sol, callee, &param) : NULL;
	uint32_t data = e && m->p->cfgs[e->callee] ? scan_entry_data(m->sol, e->callee) : 0;
	if (!data || data > m->u->funcs[e->callee].nparams || param > ir_nargs(in) || offset < 0 ||
	    o->status != OBJ_PENDING || !sv_eq(sim_eval(m, s, ir_arg(m->f, in, param - 1)), v))
		return 0;
	struct entrusted told = {.entry = e->callee,
	                         .param = data - 1,
	                         .depth = behind,
	                         .offset = behind ? offset : 0,
	                         .func = m->func,
	                         .site = i,
	                         .runs = e->runs};
	return record(m, o, &told);
}

/* The spawn itself told to whom. */
static bool was_spawned_with(const struct obj *o, ir_instr i)
{
	return o->entrusted && o->changed == i;
}

static void give_away(struct sim *m, struct state *s, struct obj *o, struct sval v, int64_t offset,
                      ir_instr i)
{
	if (was_spawned_with(o, i))
		return;
	uint32_t helped = entrust_by_helper(m, s, o, v, offset, i);
	entrust(m, s, o, i);
	o->entrusted = helped ? helped : o->entrusted;
}

/* Who gets memory that the operation lies in gets the operation. */
void complete_hand_over(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct obj *o = complete_of(s, v);
	int64_t offset;
	if (o)
		give_away(m, s, o, v, 0, i);
	for (uint32_t k = 0; k < s->objs.len; k++) {
		o = &s->objs.data[k];
		if (is_operation(o) && lies_behind(&m->t, o->key, v, &offset))
			give_away(m, s, o, v, offset, i);
	}
}

static void record_entry(struct sim *m, struct obj *o, struct entrusted e, uint32_t entry,
                         const struct api_role *r)
{
	e.entry = entry;
	if (!m->p->cfgs[entry] || !entry_param(m, r, entry, &e.param))
		return;
	uint32_t told = record(m, o, &e);
	if (!e.shared)
		o->entrusted = told;
}

/* Of a table the call takes one or the other. */
static void spawn_with(struct sim *m, struct state *s, struct obj *o, struct entrusted e, struct sval entry,
                       const struct api_role *r)
{
	bool first = o->status == OBJ_PENDING;
	e.shared = o->status == OBJ_ENTRUSTED && o->changed != e.site;
	entrust(m, s, o, e.site);
	if (!first && !e.shared)
		return;
	if (entry.kind == SV_FUNC)
		record_entry(m, o, e, entry.id, r);
	for (uint32_t k = m->p->edges_of[m->func]; entry.kind != SV_FUNC && k < m->p->edges_of[m->func + 1];
	     k++)
		if (m->p->edges[k].site == e.site && m->p->edges[k].kind == CALL_CALLBACK)
			record_entry(m, o, e, m->p->edges[k].callee, r);
}

void complete_spawn(struct sim *m, struct state *s, const struct ir_instruction *in, const struct api_role *r,
                    struct sval entry, struct sval data)
{
	struct entrusted e = {.func = m->func, .site = (ir_instr)(in - m->f->instrs), .runs = r->runs};
	struct sval base = r->data.base ? data : sim_eval(m, s, ir_arg(m->f, in, 0));
	struct obj *o = complete_of(s, base);
	if (o)
		spawn_with(m, s, o, e, entry, r);
	e.depth = 1;
	for (uint32_t k = 0; r->data.base && k < s->mem.len; k++) {
		const struct cell *c = &s->mem.data[k];
		o = c->at.kind == base.kind && c->at.id == base.id ? complete_of(s, c->v) : NULL;
		e.offset = c->at.off - base.off;
		if (o)
			spawn_with(m, s, o, e, entry, r);
	}
	for (uint32_t k = 0; r->data.base && k < s->objs.len; k++) {
		o = &s->objs.data[k];
		if (is_operation(o) && o->changed != e.site && lies_behind(&m->t, o->key, base, &e.offset) &&
		    e.offset >= 0)
			spawn_with(m, s, o, e, entry, r);
	}
}

/* ---- what entries owe ---- */

void complete_seed(struct sim *m, struct state *s)
{
	const struct entrusted *e = m->sol->seed;
	if (!e || e->entry != m->func)
		return;
	struct sval key = sim_eval(m, s, m->f->params[e->param].val);
	if (e->depth) {
		key.off += e->offset;
		key = sv_sym(sym_get(&m->t, (struct symbol){.kind = SYM_MEM, .x = key, .pointer = true}));
	}
	struct effect_place p = {.param = (int)e->param, .depth = e->depth, .offset = {e->offset, 0}};
	state_add_obj(s, (struct obj){.site = e->param + 1,
	                              .slot = place_slot(&p),
	                              .is_param = true,
	                              .claim = true,
	                              .status = OBJ_PENDING,
	                              .key = key,
	                              .family = e->family});
}

/* A source that stays is called again. */
static bool comes_again(const struct sim *m, struct state *s, struct sval result)
{
	const struct entrusted *e = m->sol->seed;
	if (!e || e->entry != m->func || e->runs != API_RUNS_LOOP || !strcmp(m->f->ret_ctype, "void"))
		return false;
	return state_test(s, &m->t, result) != TRI_FALSE;
}

/* An exception ends the future with the promise: nobody waits. */
static bool ends_with_future(const struct sim *m, const struct state *s, const struct obj *o)
{
	const struct api_role *r = api_role_of(o->model, API_ROLE_PROMISE);
	return s->left && s->left == s->thrown && o->key.kind == SV_LOCAL && r &&
	       r->handle.base == API_PATH_ARG;
}

void complete_leave(struct sim *m, struct state *s, struct sval result, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj o = s->objs.data[k];
		if (o.status != OBJ_PENDING || sv_eq(o.key, result) || own_never_made(m, s, &o) ||
		    ends_with_future(m, s, &o))
			continue;
		if (!o.is_param || !comes_again(m, s, result))
			own_event(m, s, &s->objs.data[k], EVENT_LEAVE, i);
	}
}

/* ---- completed on one way out, dropped on another ---- */

static const struct obj *completed_at(const struct sim *m, const struct state *s,
                                      const struct effect_place *place)
{
	struct effect_place p;
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (complete_place(m, &s->objs.data[i], &p) && own_same_place(&p, place))
			return &s->objs.data[i];
	return NULL;
}

static bool released_at(const struct sim *m, const struct state *s, const struct effect_place *place)
{
	struct effect_place p;
	for (uint32_t i = 0; i < s->objs.len; i++) {
		const struct obj *o = &s->objs.data[i];
		if (o->is_param && !o->claim && o->status == OBJ_RELEASED &&
		    own_param_path(&m->t, o->key, &p) && own_same_place(&p, place))
			return true;
	}
	return false;
}

static ir_instr only_return(const struct ir_func *f)
{
	ir_instr found = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (f->instrs[i].op == IR_RET && found)
			return 0;
		found = f->instrs[i].op == IR_RET ? i : found;
	}
	return found;
}

/* A callback that completes the operation in its data and frees the data, and on another way out only frees
 * it. */
static void look_for_drop(struct sim *m, const struct obj *completed, const struct effect_place *place)
{
	struct effect_place data = {.param = place->param};
	ir_instr ret = only_return(m->f);
	for (uint32_t i = 0; ret && i < m->exits.len; i++) {
		struct state *s = m->exits.data[i].state;
		if (!released_at(m, s, place) || !released_at(m, s, &data) || completed_at(m, s, place))
			continue;
		struct obj o = *completed;
		o.status = OBJ_PENDING;
		o.changed = 0;
		struct incident *in = incident_of(m, s, INCIDENT_NEVER_COMPLETED, &o, ret);
		if (in)
			in->unseen = true;
		return;
	}
}

void complete_compare(struct sim *m)
{
	struct effect_place p;
	uint32_t data =
	        m->u->funcs[m->func].flags & IR_FUNC_ADDRESS_TAKEN ? scan_entry_data(m->sol, m->func) : 0;
	for (uint32_t i = 0; data && i < m->exits.len; i++) {
		const struct state *s = m->exits.data[i].state;
		for (uint32_t k = 0; k < s->objs.len; k++)
			if (complete_place(m, &s->objs.data[k], &p) && p.param == (int)data - 1 &&
			    p.depth == 1)
				look_for_drop(m, &s->objs.data[k], &p);
	}
}

/* What asks whether every way into an entry hands it an operation that nobody else has. */
struct owing {
	const struct solution *s;
	bool *asked;              /* per function */
	uint32_t ways, entrusted; /* into the entry, all but those of call backs that hand on what they got */
};

static bool always_owes(const struct solution *s, uint32_t entry, bool *asked);

/* A call back that hands on what it got. */
static bool passes_on(const struct solution *s, uint32_t func, ir_val v)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t own = f->flags & IR_FUNC_ADDRESS_TAKEN ? scan_entry_data(s, func) : 0;
	return own && ir_strip_casts(f, v) == f->params[own - 1].val;
}

static bool way_owes(struct owing *q, uint32_t func, ir_instr site, uint32_t arg)
{
	const struct ir_func *f = &q->s->program->unit->funcs[func];
	const struct ir_instruction *call = &f->instrs[site];
	if (arg && arg <= ir_nargs(call) && passes_on(q->s, func, ir_arg(f, call, arg - 1)))
		return always_owes(q->s, func, q->asked);
	q->ways++;
	return true;
}

/* Ways through a helper that starts the entry are those into the helper. */
static bool edge_owes(struct owing *q, const struct call_edge *e)
{
	const struct program *p = q->s->program;
	uint32_t param, first = p->in_edges_of[e->caller], end = p->in_edges_of[e->caller + 1];
	bool owes = e->kind == CALL_CALLBACK;
	if (!owes || started_by(q->s, e->caller, &param) != e)
		return owes && way_owes(q, e->caller, e->site, e->data_arg);
	for (uint32_t k = first; k < end && owes; k++) {
		const struct call_edge *by = &p->edges[p->in_edges[k]];
		owes = by->kind == CALL_DIRECT && way_owes(q, by->caller, by->site, param);
	}
	return owes;
}

/* 1 + the argument of a call that the operation was given as. */
static uint32_t given_as(const struct solution *s, const struct entrusted *e)
{
	const struct program *p = s->program;
	uint32_t param;
	for (uint32_t n = p->edges_of[e->func]; n < p->edges_of[e->func + 1]; n++) {
		if (p->edges[n].site != e->site)
			continue;
		if (p->edges[n].kind == CALL_CALLBACK && p->edges[n].callee == e->entry)
			return p->edges[n].data_arg;
		if (p->edges[n].kind == CALL_DIRECT && started_by(s, p->edges[n].callee, &param))
			return param;
	}
	return 0;
}

static bool always_owes(const struct solution *s, uint32_t entry, bool *asked)
{
	const struct program *p = s->program;
	struct owing q = {.s = s, .asked = asked};
	bool owes = true;
	if (asked[entry])
		return true;
	asked[entry] = true;
	for (uint32_t k = p->in_edges_of[entry]; k < p->in_edges_of[entry + 1] && owes; k++)
		owes = edge_owes(&q, &p->edges[p->in_edges[k]]);
	for (uint32_t k = 0; k < s->nentrusted && owes; k++) {
		const struct entrusted *e = &s->entrusted[k];
		const struct ir_func *f = &p->unit->funcs[e->func];
		if (e->entry != entry)
			continue;
		uint32_t arg = given_as(s, e);
		owes = !e->shared;
		q.entrusted += !(arg && arg <= ir_nargs(&f->instrs[e->site]) &&
		                 passes_on(s, e->func, ir_arg(f, &f->instrs[e->site], arg - 1)));
	}
	return owes && q.entrusted >= q.ways;
}

static void forget_told(struct solution *s, uint32_t func)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->nincidents; i++)
		if (s->incidents[i].func != func)
			s->incidents[kept++] = s->incidents[i];
	s->nincidents = kept;
}

void complete_entries(struct solution *s)
{
	uint32_t n = s->program->unit->nfuncs;
	bool *done = mem_alloc(n), *asked = mem_alloc(n);
	for (uint32_t k = 0; k < s->nentrusted; k++) {
		struct entrusted e = s->entrusted[k]; /* the table may move */
		memset(asked, 0, n);
		if (done[e.entry] || !always_owes(s, e.entry, asked))
			continue;
		done[e.entry] = true;
		forget_told(s, e.entry);
		s->seed = &e;
		sim_simulate(s, e.entry);
		s->seed = NULL;
	}
	mem_release(done);
	mem_release(asked);
}
