#include "scan.h"
#include "scope.h"

#include "arena.h"
#include "str.h"

#include <string.h>

static struct sval key_of(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	/* No address of the source has this one: what belongs to the calling thread. */
	return r->handle.base ? call_value(m, s, c, &r->handle) : (struct sval){SV_GLOBAL, 0, 0};
}

static bool names_object(struct sval key)
{
	return key.kind == SV_SYM || key.kind == SV_LOCAL || key.kind == SV_GLOBAL;
}

static bool gives_none(struct sim *m, struct state *s, const struct call *c, const struct api_path *p)
{
	return p->base && sv_is_const(call_base(m, s, c, p), 0);
}

#define SCOPE_WAITED 1 /* obj.how: somebody has waited for it meanwhile */

static bool is_scope(const struct obj *o, struct sval key, const char *family, enum obj_status status)
{
	return o->kind == OBJ_SCOPE && o->status == status && sv_eq(o->key, key) && o->family == family;
}

/* A scope of the callers' that was closed on this path is opened again. */
static bool opens_again(struct state *s, struct sval key, const char *family)
{
	for (uint32_t i = 0; i < s->objs.len; i++) {
		const struct obj *o = &s->objs.data[i];
		if (!o->is_param || !is_scope(o, key, family, OBJ_RELEASED))
			continue;
		memmove(s->objs.data + i, s->objs.data + i + 1, (s->objs.len - i - 1) * sizeof *o);
		s->objs.len--;
		return true;
	}
	return false;
}

static struct obj *open_scope(struct sim *m, struct state *s, ir_instr i, uint8_t slot, struct sval key,
                              const char *family, const struct api_func *d)
{
	return own_begin(m, s, OBJ_SCOPE, i, slot, key, family, d);
}

#define SAVED_BYTES 4

static struct sval keep_saved(struct sim *m, struct state *s, const struct call *c, struct sval at,
                              uint8_t slot)
{
	struct symbol now = {.kind = SYM_OUT, .a = c->i, .b = slot * 2u}, before = now;
	before.b++;
	sym id = sym_get(&m->t, now);
	if (m->cfg->loop_of[c->in->block])
		state_age(s, &m->t, id, sym_get(&m->t, before));
	state_write(s, at, sv_sym(id), SAVED_BYTES, c->i);
	return sv_sym(id);
}

static const struct api_role *also_leaves(const struct api_func *d, const struct api_role *enter)
{
	const struct api_role *r = api_role_of(d, API_ROLE_LEAVE);
	while (r && r->family != enter->family)
		r = api_role_next(d, API_ROLE_LEAVE, r);
	return r;
}

void scope_enter(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                 const struct api_role *r, uint8_t slot)
{
	struct sval key = key_of(m, s, c, r);
	const struct api_role *leave = also_leaves(d, r);
	struct sval saved = r->to.base ? call_address(m, s, c, &r->to) : (struct sval){0};
	/* What sets a new state without asking for the old one ends the scope that it was in. */
	bool only_sets = leave && !saved.kind && call_excused(m, s, c, leave) != TRI_TRUE;
	if (!names_object(key) || call_excused(m, s, c, r) != TRI_FALSE || gives_none(m, s, c, &r->from) ||
	    only_sets || opens_again(s, key, r->family))
		return;
	if (call_splits(r->when) && (call_tested(m, c) || call_returned(m, c)) &&
	    !call_split(m, s, c, r->when, true))
		return; /* it has failed, and opened nothing */
	struct sval was = saved.kind ? keep_saved(m, s, c, saved, slot) : (struct sval){0};
	struct obj *o = open_scope(m, s, c->i, slot, key, r->family, d);
	o->saved = saved;
	o->result = was;
}

static void note_end(struct sim *m, const struct obj *o, bool open, struct sval result,
                     struct ret_range returned)
{
	vec_push(&m->scope_ends, (struct scope_end){o->site, o->slot, open, result, returned});
}

static void hand_over(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	own_note_release(m, o, i);
	own_event(m, s, o, EVENT_TRANSFER, i);
}

static bool tested(const struct state *s, struct sval v)
{
	if (v.kind != SV_SYM)
		return false;
	struct fact f = state_fact(s, v.id);
	return f.nonzero || f.lo != INT64_MIN || f.hi != INT64_MAX;
}

static void close_scope(struct sim *m, struct state *s, struct obj *o, struct sval restored, ir_instr i)
{
	if (restored.kind == SV_CONST && o->saved.kind && !tested(s, o->result))
		incident_of(m, s, INCIDENT_SCOPE_CONSTANT, o, i);
	own_note_release(m, o, i);
	sim_trail(m, s, TRAIL_RELEASE, i, false, 0);
	own_event(m, s, o, EVENT_RELEASE, i);
}

/* Closes every scope of that kind that is open on `key`: how many a count stands for is not known. */
static void close_all(struct sim *m, struct state *s, struct sval key, const char *family,
                      struct sval restored, ir_instr i)
{
	bool any = false;
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (is_scope(&s->objs.data[k], key, family, OBJ_OWNED)) {
			close_scope(m, s, &s->objs.data[k], restored, i);
			any = true;
		}
	if (!any)
		state_add_obj(s, (struct obj){.kind = OBJ_SCOPE,
		                              .site = i,
		                              .is_param = true,
		                              .claim = true,
		                              .status = OBJ_RELEASED,
		                              .key = key,
		                              .family = family,
		                              .changed = i});
}

/* It saves what it replaces, to be restored later. */
static bool saves(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                  const struct api_role *leave)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_ENTER, r));)
		if (r->family == leave->family && call_excused(m, s, c, r) == TRI_FALSE && r->to.base &&
		    call_address(m, s, c, &r->to).kind)
			return true;
	return false;
}

void scope_leave(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                 const struct api_role *r)
{
	struct sval key = key_of(m, s, c, r), restored = {0};
	if (saves(m, s, c, d, r))
		return;
	if (!names_object(key) || call_excused(m, s, c, r) == TRI_TRUE || gives_none(m, s, c, &r->from))
		return;
	if (r->value.base)
		restored = call_value(m, s, c, &r->value);
	close_all(m, s, key, r->family, restored, c->i);
}

/* `wg_add(wg, n)`: how often it has to be counted down is not known, and may be never. */
static bool counts_some(struct sim *m, struct state *s, ir_instr site)
{
	const struct ir_instruction *in = &m->f->instrs[site];
	for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++)
		if (m->f->vals[ir_arg(m->f, in, k)].type != IR_TYPE_PTR &&
		    sim_eval(m, s, ir_arg(m->f, in, k)).kind != SV_CONST)
			return true;
	return false;
}

/* Behind a wait the count is zero, whoever has counted down. */
void scope_waited(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval key = key_of(m, s, c, r);
	for (uint32_t k = 0; names_object(key) && k < s->objs.len; k++) {
		if (!is_scope(&s->objs.data[k], key, r->family, OBJ_OWNED))
			continue;
		if (counts_some(m, s, s->objs.data[k].site))
			hand_over(m, s, &s->objs.data[k], c->i);
		else
			s->objs.data[k].how = SCOPE_WAITED;
	}
}

/* A count goes with what it lies in: where nobody has waited for it, nobody misses what was not counted down.
 */
void scope_freed(struct sim *m, struct state *s, struct sval v, const char *family, ir_instr i)
{
	for (uint32_t k = 0; family && *family && v.kind == SV_SYM && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (is_scope(o, v, family, OBJ_OWNED) && o->how != SCOPE_WAITED)
			hand_over(m, s, o, i);
	}
}

void scope_effect(struct sim *m, struct state *s, const struct call *c, const struct effect *e, struct sval v,
                  uint8_t slot)
{
	struct sval key = e->place.param < 0 ? (struct sval){SV_GLOBAL, 0, 0} : v;
	if (!names_object(key))
		return;
	if (e->kind == EFFECT_CLOSE) {
		close_all(m, s, key, e->family, (struct sval){0}, c->i);
	} else if (!opens_again(s, key, e->family)) {
		struct obj *o = open_scope(m, s, c->i, slot, key, e->family, NULL);
		o->result = c->result;
		o->when = e->when;
	}
}

/* ---- out of sight ---- */

/* Is `key` the value, or reached from it? */
static bool reached(const struct symtab *t, struct sval key, struct sval v)
{
	if (v.kind == SV_SYM)
		return sv_mentions(t, key, v.id);
	while (key.kind == SV_SYM && t->items.data[key.id].kind == SYM_MEM)
		key = t->items.data[key.id].x;
	return v.kind == SV_LOCAL && key.kind == SV_LOCAL && key.id == v.id;
}

void scope_published(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	for (uint32_t k = 0; v.kind && v.kind != SV_CONST && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_SCOPE && o->status == OBJ_OWNED &&
		    (reached(&m->t, o->key, v) || (o->saved.kind && sv_eq(o->result, v))))
			hand_over(m, s, o, i);
	}
}

static bool open_behind(const struct sim *m, const struct state *s, struct sval v)
{
	bool found = false;
	for (uint32_t k = 0; v.kind && v.kind != SV_CONST && k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		found |= o->kind == OBJ_SCOPE && o->status == OBJ_OWNED && !o->saved.kind &&
		         reached(&m->t, o->key, v);
	}
	return found;
}

bool scope_behind(const struct sim *m, struct state *s, struct sval v)
{
	bool found = open_behind(m, s, v);
	struct span span = state_cells(s, v);
	for (uint32_t k = span.from; k < span.to && !found; k++)
		found = open_behind(m, s, s->mem.data[k].v);
	return found;
}

void scope_called(struct sim *m, struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_SCOPE && o->status == OBJ_OWNED && sv_root_global(&m->t, o->key, NULL))
			hand_over(m, s, o, i);
	}
}

/* ---- ways out ---- */

static struct ret_range range_of(const struct state *s, struct sval v)
{
	if (v.kind == SV_CONST)
		return (struct ret_range){v.off, v.off};
	if (v.kind != SV_SYM || v.off)
		return v.kind == SV_NONE || v.kind == SV_SYM ? (struct ret_range){INT64_MIN, INT64_MAX}
		                                             : (struct ret_range){1, INT64_MAX};
	struct fact f = state_fact(s, v.id);
	return (struct ret_range){f.nonzero && f.lo == INT64_MIN ? 1 : f.lo, f.hi};
}

/* The function says, by what it makes of it, how things were: `return old == ENABLED`. */
static bool is_told(const struct sim *m, ir_val local)
{
	const struct use_index *x = scan_uses(m->sol, m->func);
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *load = &m->f->instrs[x->uses[k].by];
		ir_val v = load->op == IR_LOAD ? load->result : 0;
		for (uint32_t n = v ? x->first[v] : 0; v && n < x->first[v + 1]; n++)
			if (!ir_is_call(&m->f->instrs[x->uses[n].by]))
				return true;
	}
	return false;
}

static bool dies_here(const struct sim *m, const struct state *s, const struct obj *o)
{
	return o->saved.kind == SV_LOCAL && !state_leaked(s, o->saved.id) &&
	       !is_told(m, m->f->instrs[o->saved.id].result);
}

static void left_open(struct sim *m, struct state *s, struct obj *o, bool jumps, ir_instr i)
{
	uint32_t before = m->sol->nincidents;
	own_event(m, s, o, EVENT_LEAVE_SCOPE, i);
	if (m->sol->nincidents == before)
		return;
	m->sol->incidents[before].lost = dies_here(m, s, o);
	m->sol->incidents[before].jumps = jumps;
}

void scope_exit(struct sim *m, struct state *s, struct sval result, ir_instr i)
{
	struct ret_range returned = range_of(s, result);
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind != OBJ_SCOPE || o->is_param)
			continue;
		bool open = o->status == OBJ_OWNED && !own_never_made(m, s, o);
		if (open && o->saved.kind && (sv_eq(result, o->result) || tested(s, o->result)))
			open = false; /* returned to the one who restores it, or there was nothing to restore
			               */
		note_end(m, o, open, result, returned);
		if (open)
			left_open(m, s, o, false, i);
	}
}

void scope_thrown(struct sim *m, struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool open = o->kind == OBJ_SCOPE && !o->is_param && o->status == OBJ_OWNED;
		if (open && !own_never_made(m, s, o))
			left_open(m, s, o, false, i);
	}
}

/* The call of this very function that set the place which a jump leads to; 0: none. */
static ir_instr landing_of(struct sim *m, struct state *s, struct sval place)
{
	for (ir_instr i = 1; place.kind && i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
		if (api_role_of(d, API_ROLE_LANDING) && sv_eq(sim_eval(m, s, ir_arg(m->f, in, 0)), place))
			return i;
	}
	return 0;
}

static bool closes_in(const struct sim *m, ir_block b, const char *family)
{
	const struct ir_basic_block *bb = &m->f->blocks[b];
	for (ir_instr i = bb->first; i < bb->first + bb->count; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(m->f, in) : 0;
		const struct api_role *r = api_role_of(m->p->described[callee], API_ROLE_LEAVE);
		if ((r && r->family == family) || (callee && m->p->cfgs[callee] && !m->p->described[callee]))
			return true;
	}
	return false;
}

/* Some way behind the landing that does not come by the opening again closes such a scope, or may. */
static bool closed_behind(const struct sim *m, const struct obj *o, ir_block landing)
{
	bool *seen = ARENA_ARRAY(m->scratch, bool, m->f->nblocks + 1);
	ir_block *work = ARENA_ARRAY(m->scratch, ir_block, m->f->nblocks + 1);
	uint32_t n = 0;
	seen[landing] = seen[m->f->instrs[o->site].block] = true;
	work[n++] = landing;
	while (n) {
		const struct ir_instruction *t = ir_terminator(m->f, work[--n]);
		for (uint32_t k = 0; k < t->nsuccs; k++) {
			ir_block to = ir_succ(m->f, t, k);
			if (seen[to])
				continue;
			if (closes_in(m, to, o->family))
				return true;
			seen[to] = true;
			work[n++] = to;
		}
	}
	return false;
}

/* A jump inside the function goes on where the scope may still be closed; not so, where the end of the scope
 * is a place in the source, which lies behind the landing with all of the scope. */
static bool jumps_out(const struct sim *m, const struct obj *o, ir_instr landing)
{
	const struct api_family *f = apimodel_family(m->p->api, o->family);
	const struct ir_instruction *land = &m->f->instrs[landing], *open = &m->f->instrs[o->site];
	bool behind =
	        landing && (land->block == open->block ? landing < o->site
	                                               : cfg_dominates(m->cfg, land->block, open->block));
	return !landing || (behind && ((f && f->lexical) || !closed_behind(m, o, land->block)));
}

void scope_jump(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval place = call_base(m, s, c, &r->handle);
	ir_instr landing = landing_of(m, s, place);
	if (!landing && place.kind == SV_LOCAL)
		return;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind != OBJ_SCOPE || o->is_param || o->status != OBJ_OWNED ||
		    !jumps_out(m, o, landing))
			continue;
		note_end(m, o, true, (struct sval){0}, (struct ret_range){INT64_MIN, INT64_MAX});
		left_open(m, s, o, true, c->i);
	}
}

bool scope_effect_at_exit(struct sim *m, struct state *s, const struct obj *o, struct effect *e)
{
	const struct api_family *f = apimodel_family(m->p->api, o->family);
	if ((f && f->lexical) || (o->status != OBJ_OWNED && !o->is_param) || own_never_made(m, s, o))
		return false;
	e->kind = o->is_param ? EFFECT_CLOSE : EFFECT_OPEN;
	e->place = (struct effect_place){.param = -2};
	if (o->key.kind == SV_GLOBAL && !o->key.id)
		return true;
	if (own_param_path(&m->t, o->key, &e->place))
		return true;
	if (o->is_param)
		own_keep_param(m, s, o->key);
	return false;
}

/* ---- after the last path ---- */

static bool is_truth(const struct sim *m)
{
	const char *type = m->f->ret_ctype;
	size_t n = strlen(type);
	return (n && type[n - 1] == '*') || strcmp(type, "bool") == 0 || strcmp(type, "_Bool") == 0 ||
	       apimodel_is_boolean_type(m->p->api, type);
}

/* All ways out leave the scope open, or those that tell of success, and those of failure close it. */
static bool closed_by_partner(const struct sim *m, const struct incident *in)
{
	struct ret_range open = {INT64_MAX, INT64_MIN}, closed = open;
	for (uint32_t i = 0; i < m->scope_ends.len; i++) {
		const struct scope_end *e = &m->scope_ends.data[i];
		struct ret_range *r = e->open ? &open : &closed;
		if (e->site != in->site || e->slot != in->slot)
			continue;
		r->lo = e->returned.lo < r->lo ? e->returned.lo : r->lo;
		r->hi = e->returned.hi > r->hi ? e->returned.hi : r->hi;
	}
	if (closed.lo > closed.hi)
		return true;
	if (is_truth(m))
		return open.lo > 0 && closed.lo == 0 && closed.hi == 0;
	return (open.lo >= 0 && closed.hi < 0) ||
	       (open.lo == 0 && open.hi == 0 && (closed.lo > 0 || closed.hi < 0));
}

/* The call that opened what `leave` closes: the nearest one above it on the same handle. */
static ir_instr opening_of(const struct sim *m, const struct ir_instruction *leave, const char *family,
                           uint32_t arg)
{
	ir_instr found = 0;
	for (ir_instr i = 1; i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_ENTER);
		if (r && r->family == family && ir_arg(m->f, in, r->handle.arg) == ir_arg(m->f, leave, arg) &&
		    cfg_dominates(m->cfg, in->block, leave->block))
			found = i;
	}
	return found;
}

static bool same_line(const struct sim *m, ir_loc a, ir_loc b)
{
	const struct ir_place x = ir_place_outer(m->u, a), y = ir_place_outer(m->u, b);
	return x.file == y.file && x.line == y.line && x.col == y.col;
}

/* The source's own way to the end of such a scope is one edge, written by the macro that ends it. Others are
 * a `break` or `continue` that believes itself in the loop around. */
static void jumps_to(struct sim *m, ir_instr leave, const char *family, uint32_t arg)
{
	const struct ir_instruction *in = &m->f->instrs[leave];
	ir_instr opened = opening_of(m, in, family, arg);
	for (uint32_t k = 0; opened && k < m->cfg->npreds[in->block]; k++) {
		ir_block from = m->cfg->preds[in->block][k];
		ir_instr at = m->f->blocks[from].first + m->f->blocks[from].count - 1;
		if (m->f->instrs[at].op != IR_BR || !cfg_reachable(m->cfg, from) ||
		    same_line(m, m->f->instrs[at].loc, in->loc))
			continue;
		struct incident *x = incident_new(m, INCIDENT_SCOPE_JUMPED, opened, 0);
		if (!x)
			return;
		x->at = at;
		x->family = apimodel_family(m->p->api, family);
		x->model = m->p->described[ir_callee(m->f, &m->f->instrs[opened])];
		x->callee = m->u->funcs[ir_callee(m->f, &m->f->instrs[opened])].display;
	}
}

static void find_jumps(struct sim *m)
{
	for (ir_instr i = 1; i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_LEAVE);
		const struct api_family *f = r ? apimodel_family(m->p->api, r->family) : NULL;
		if (f && f->lexical)
			jumps_to(m, i, r->family, r->handle.arg);
	}
}

void scope_settle(struct sim *m)
{
	for (uint32_t i = m->first_incident; i < m->sol->nincidents; i++) {
		struct incident *in = &m->sol->incidents[i];
		if (in->func == m->func && in->kind == INCIDENT_SCOPE_OPEN)
			in->by_partner = closed_by_partner(m, in);
	}
	find_jumps(m);
}
