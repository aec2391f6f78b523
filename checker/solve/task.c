#include "access.h"
#include "scan.h"
#include "task.h"

#include "str.h"

#define TASK_SLOT 100 /* of handles that stand for what a role starts */
#define OP_SLOT 128

/* ---- start ---- */

static bool is_call_with(const struct sim *m, ir_instr i, enum api_role_kind kind, const struct api_role **r)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
	*r = api_role_of(d, kind);
	return *r != NULL;
}

static bool same_value(const struct ir_func *f, ir_val a, ir_val b)
{
	a = ir_strip_casts(f, a);
	b = ir_strip_casts(f, b);
	return a == b || (f->vals[a].kind == IR_VAL_GLOBAL && f->vals[b].kind == IR_VAL_GLOBAL &&
	                  f->vals[a].aux == f->vals[b].aux);
}

/* Some call of this function says that what is started with the attributes is let go. */
static bool says_detached(struct sim *m, struct state *s, ir_val attributes)
{
	const struct api_role *r;
	for (ir_instr i = 1; i < m->f->ninstrs; i++) {
		struct call c = {.i = i, .in = &m->f->instrs[i]};
		if (is_call_with(m, i, API_ROLE_JOIN, &r) && r->unless.given &&
		    call_excused(m, s, &c, r) != TRI_TRUE &&
		    same_value(m->f, ir_arg(m->f, c.in, r->handle.arg), attributes))
			return true;
	}
	return false;
}

/* How what is started ends: it must be joined, it is let go, or attributes that nobody sees decide. */
enum task_end { MUST_JOIN, LET_GO, UNSEEN };

/* `attr = attr ? attr : &own;`: callers that give attributes have said what becomes of it. */
static bool may_be_given(const struct ir_func *f, ir_val attributes)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, attributes));
	for (uint32_t k = 0; in && (in->op == IR_PHI || in->op == IR_SELECT) && k < in->noperands; k++)
		if (f->vals[ir_strip_casts(f, ir_operand(f, in, k))].kind == IR_VAL_PARAM &&
		    f->vals[ir_operand(f, in, k)].type == IR_TYPE_PTR)
			return true;
	return false;
}

static enum task_end by_attributes(struct sim *m, struct state *s, const struct call *c,
                                   const struct api_role *r)
{
	if (r->from.base != API_PATH_ARG)
		return MUST_JOIN;
	struct sval v = call_base(m, s, c, &r->from);
	if (sv_is_const(v, 0))
		return MUST_JOIN;
	if (says_detached(m, s, ir_arg(m->f, c->in, r->from.arg)))
		return LET_GO;
	bool own = v.kind == SV_LOCAL && !state_leaked(s, v.id);
	return own && !may_be_given(m->f, ir_arg(m->f, c->in, r->from.arg)) ? MUST_JOIN : UNSEEN;
}

static struct sval make_handle(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                               const struct api_role *r, uint8_t slot, bool owed)
{
	if (r->handle.deref) {
		call_makes_at(m, s, c, call_address(m, s, c, &r->handle), slot, r->when, r->family, d, 8);
	} else {
		struct sval key = call_base(m, s, c, &r->handle);
		if (!key.kind || key.kind == SV_CONST)
			return (struct sval){0};
		own_create(m, s, c->i, slot, key, c->result, r->when, r->family, d);
	}
	struct obj *o = state_obj(s, c->i, slot, false, false);
	if (!owed && o->status == OBJ_OWNED)
		o->status = OBJ_GONE;
	o->let_go = !owed;
	return o->key;
}

static bool uses_data(struct sim *m, uint32_t entry)
{
	uint32_t data = entry && m->p->cfgs[entry] ? scan_entry_data(m->sol, entry) : 0;
	if (!data)
		return true;
	const struct use_index *x = scan_uses(m->sol, entry);
	ir_val v = m->u->funcs[entry].params[data - 1].val;
	return x->first[v] < x->first[v + 1];
}

static bool still_used(struct sim *m, const struct obj *o)
{
	return (o->started_by && o->started_by->record) || uses_data(m, o->entry);
}

/* What the entry does with its data, whatever happens; NULL: nothing that ends or keeps it, or unknown. */
static const struct effect *effect_on_data(struct sim *m, uint32_t entry, enum effect_kind kind)
{
	if (!entry || !m->p->cfgs[entry])
		return NULL;
	int data = (int)scan_entry_data(m->sol, entry) - 1;
	sim_function(m->sol, entry);
	const struct summary *sum = &m->sol->funcs[entry].summary;
	for (uint32_t i = 0; sum->known && i < sum->neffects; i++)
		if (sum->effects[i].kind == kind && sum->effects[i].place.param == data &&
		    sum->effects[i].place.depth == 0)
			return &sum->effects[i];
	return NULL;
}

bool task_frees_data(struct sim *m, uint32_t entry)
{
	const struct effect *e = effect_on_data(m, entry, EFFECT_RELEASE);
	return e && e->when == API_ALWAYS && effect_frees(m->p, e);
}

struct incident *task_tell(struct sim *m, struct state *s, enum incident_kind kind, const struct obj *o,
                           ir_instr at)
{
	bool unwinds = s->thrown == THROWN_BY_CALL; /* any call may throw, and few are meant to */
	struct incident *in = unwinds ? NULL : incident_of(m, s, kind, o, at);
	if (!in)
		return NULL;
	in->entry = o->entry;
	in->let_go = o->let_go;
	in->role = o->started_by;
	in->raced = o->refs == OP_RACED;
	in->at_once = o->refs == 0;
	in->worked = o->how & OP_WORKED;
	in->stopped = o->how & OP_STOPPED;
	in->before = 0;
	return in;
}

/* ---- references ---- */

void task_referenced(struct sim *m, struct sval v)
{
	for (uint32_t k = 0; k < m->referenced.len; k++)
		if (sv_eq(m->referenced.data[k], v))
			return;
	if (v.kind == SV_SYM)
		vec_push(&m->referenced, v);
}

static bool is_referenced(const struct sim *m, struct sval v)
{
	for (uint32_t k = 0; k < m->referenced.len; k++)
		if (sv_eq(m->referenced.data[k], v))
			return true;
	return false;
}

/* The callback of one that a loop runs can withdraw the other by what it was started on. */
static bool withdrawable(const struct obj *o)
{
	const struct api_role *r = o->started_by;
	return r && r->runs == API_RUNS_LOOP && (r->handle.base || !r->token.base);
}

static bool may_wait(enum api_waits w)
{
	return w == API_WAITS_EVENT || w == API_WAITS_QUEUE || w == API_WAITS_THREAD || w == API_WAITS_LOOP ||
	       w == API_WAITS_PROCESS || w == API_WAITS_LOCK;
}

static bool body_may_wait(const struct func_facts *facts)
{
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (may_wait(facts->blocks[i].waits) ||
		    (facts->blocks[i].role && facts->blocks[i].role->fds.base))
			return true;
	return false;
}

static bool on_a_thread(const struct obj *o)
{
	const struct api_role *r = o->started_by;
	return r && (r->runs == API_RUNS_THREAD || r->runs == API_RUNS_POOL);
}

/* It may wait for the other one first. */
static bool waits_before(struct sim *m, uint32_t entry)
{
	return body_may_wait(&m->sol->funcs[entry]);
}

/* Which of the two frees what the other one uses; NULL: none. */
static const struct obj *frees_others(struct sim *m, const struct obj *a, const struct obj *b)
{
	bool first = task_frees_data(m, a->entry), second = task_frees_data(m, b->entry);
	if (first && second)
		return a;
	const struct obj *frees = first ? a : second ? b : NULL, *user = first ? b : a;
	bool sure = frees && on_a_thread(a) && on_a_thread(b) && user->entry && m->p->cfgs[user->entry] &&
	            uses_data(m, user->entry) && !waits_before(m, frees->entry);
	return sure ? frees : NULL;
}

/* Another one that was started uses the same data as this one, and one of them frees it. */
static void check_shared(struct sim *m, struct state *s, const struct obj *o)
{
	if ((o->saved.kind != SV_SYM && o->saved.kind != SV_LOCAL) || is_referenced(m, o->saved) ||
	    withdrawable(o))
		return;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *other = &s->objs.data[k];
		if (other == o || !task_running(m, s, other) || !sv_eq(other->saved, o->saved) ||
		    withdrawable(other))
			continue;
		const struct obj *frees = frees_others(m, o, other);
		struct incident *in =
		        frees ? task_tell(m, s, INCIDENT_FREED_TWICE, frees, frees->site) : NULL;
		if (in)
			in->before = frees == o ? other->site : o->site;
		if (frees)
			return;
	}
}

static bool concurrent(const struct api_role *r)
{
	return r->runs == API_RUNS_THREAD || r->runs == API_RUNS_POOL || r->runs == API_RUNS_LOOP;
}

/* What ends it when it ends: its handle, or, of what no token can withdraw, the object that the call works
 * on. */
static struct sval started_on(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                              const struct api_role *r)
{
	struct sval made = r->handle.deref ? own_makes_there(m, c, d, &r->handle) : (struct sval){0};
	if (made.kind)
		return made;
	if (r->handle.base) {
		struct sval v = call_value(m, s, c, &r->handle);
		struct sval at = r->handle.deref ? call_address(m, s, c, &r->handle) : (struct sval){0};
		if (at.kind && v.kind)
			state_write(s, at, v, 8, c->i);
		return v;
	}
	bool first = !r->token.base && r->entry.arg != 0 && r->data.arg != 0 && ir_nargs(c->in);
	return first ? sim_eval(m, s, ir_arg(m->f, c->in, 0)) : (struct sval){0};
}

bool task_is_own_data(const struct api_role *r)
{
	return r && r->entry.base == API_PATH_ARG && r->data.base == API_PATH_ARG &&
	       r->entry.arg == r->data.arg;
}

#define ARGUMENT_SLOT 193
#define MAX_ARGUMENTS 8

/* What a callable object is called with is copied: a pointer is used where it points to. */
static void start_arguments(struct sim *m, struct state *s, const struct call *c, const struct obj *of)
{
	const struct obj start = *of;
	for (uint32_t k = start.started_by->entry.arg + 1u, n = 0; k < ir_nargs(c->in) && n < MAX_ARGUMENTS;
	     k++, n++) {
		struct sval at = sim_eval(m, s, ir_arg(m->f, c->in, k));
		struct sval v = at.kind == SV_LOCAL ? sim_load(m, s, at, 8, true, c->i) : (struct sval){0};
		bool inside = v.kind == SV_LOCAL && v.id == at.id; /* a short string has its text in itself */
		if ((v.kind != SV_LOCAL && v.kind != SV_SYM) || inside)
			continue;
		struct obj *o = own_begin(m, s, OBJ_OP, c->i, (uint8_t)(ARGUMENT_SLOT + n), start.key, NULL,
		                          start.model);
		o->result = start.result;
		o->when = start.when;
		o->saved = v;
		o->entry = start.entry;
		o->started_by = start.started_by;
		o->let_go = start.let_go;
	}
}

static bool is_param(const struct sim *m, struct sval v)
{
	return v.kind == SV_SYM && !v.off && m->t.items.data[v.id].kind == SYM_PARAM &&
	       m->f->vals[m->f->params[m->t.items.data[v.id].a].val].type == IR_TYPE_PTR;
}

/* The memory that it is given only carries what is used. */
static void open_box(struct sim *m, struct obj *o)
{
	if (!m->boxed.data.kind)
		return;
	o->saved = m->boxed.data;
	o->entry = m->boxed.entry;
	o->entry_param = m->boxed.param;
	m->boxed.data = (struct sval){0};
}

void task_start(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                const struct api_role *r)
{
	uint8_t index = (uint8_t)(r - d->roles) % 32;
	if (!concurrent(r) || call_excused(m, s, c, r) != TRI_FALSE)
		return;
	struct sval entry = r->entry.base ? call_value(m, s, c, &r->entry) : (struct sval){0};
	bool uses = r->data.base && !r->shared;
	struct sval key = {0}, data = uses ? call_value(m, s, c, &r->data) : (struct sval){0};
	const struct api_family *f = r->family ? apimodel_family(m->p->api, r->family) : NULL;
	bool let_go = false;
	if (f && f->task) {
		enum task_end how = by_attributes(m, s, c, r);
		if (entry.kind == SV_FUNC && task_lets_itself_go(m->p, entry.id))
			how = LET_GO;
		let_go = how == LET_GO;
		key = make_handle(m, s, c, d, r, TASK_SLOT + index, how == MUST_JOIN);
	} else {
		key = started_on(m, s, c, d, r);
	}
	given_to_task(s, data, c->result, r->when);
	struct obj *o = own_begin(m, s, OBJ_OP, c->i, OP_SLOT + index, key, r->family, d);
	o->result = c->result;
	o->when = r->when;
	o->saved = data;
	o->token = r->token.base ? call_value(m, s, c, &r->token) : (struct sval){0};
	o->entry = entry.kind == SV_FUNC ? entry.id : 0;
	o->entry_param = is_param(m, entry) ? m->t.items.data[entry.id].a + 1 : 0;
	o->started_by = r;
	o->let_go = let_go;
	open_box(m, o);
	check_shared(m, s, o);
	task_reused(m, s, o);
	if (task_is_own_data(r))
		start_arguments(m, s, c, o);
}

/* ---- waiting ---- */

static void over(struct obj *o, ir_instr i)
{
	o->status = OBJ_RELEASED;
	o->changed = i;
}

static void all_over(struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].kind == OBJ_OP && s->objs.data[k].status == OBJ_OWNED)
			over(&s->objs.data[k], i);
}

/* What `v` stands for is over. False: nothing in sight. */
static bool one_over(struct state *s, struct sval v, ir_instr i)
{
	bool any = false;
	for (uint32_t k = 0; v.kind && v.kind != SV_CONST && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind != OBJ_OP || !o->key.kind || !sv_eq(o->key, v))
			continue;
		over(o, i);
		any = true;
	}
	return any;
}

void task_handle_ends(struct state *s, struct sval handle, ir_instr i)
{
	one_over(s, handle, i);
}

enum tri task_over(const struct state *s, struct sval v)
{
	for (uint32_t k = 0; v.kind && v.kind != SV_CONST && k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_OP && sv_eq(o->key, v))
			return o->status == OBJ_OWNED && !o->let_go ? TRI_FALSE : TRI_TRUE;
	}
	return TRI_UNKNOWN;
}

void task_joined(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                 const struct api_role *r)
{
	struct sval v = call_value(m, s, c, &r->handle);
	bool waits = api_role_of(d, API_ROLE_BLOCK) != NULL, last = !waits && r->idempotent;
	if (waits && !one_over(s, v, c->i))
		all_over(s, c->i);
	if (last) { /* the end of an object waits for what that stands for, if it still does */
		one_over(s, v, c->i);
		return;
	}
	if (waits)
		given_back(s);
	for (uint32_t k = 0; !waits && v.kind && k < s->objs.len; k++)
		if ((s->objs.data[k].kind == OBJ_OP || s->objs.data[k].kind == OBJ_TASK) &&
		    sv_eq(s->objs.data[k].key, v)) {
			s->objs.data[k].let_go = true;
			if (s->objs.data[k].how & OP_STOPPED)
				over(&s->objs.data[k], c->i);
		}
}

/* Any wait may be for the work that was asked to stop: a loop around a sleep. */
static void stopped_meanwhile(struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].kind == OBJ_OP && s->objs.data[k].how & OP_STOPPED)
			over(&s->objs.data[k], i);
}

/* The token may have been ended on purpose, after this. */
static void worked(struct state *s, bool waited)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].kind == OBJ_OP && s->objs.data[k].refs < (waited ? 2 : 1))
			s->objs.data[k].refs = waited ? 2 : 1;
}

void task_waits(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_WAIT);
	if (r && !one_over(s, call_value(m, s, c, &r->handle), c->i))
		all_over(s, c->i);
	if (r)
		given_back(s);
}

void task_called(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_BLOCK, r));) {
		if (call_excused(m, s, c, r) == TRI_TRUE)
			continue;
		worked(s, true);
		stopped_meanwhile(s, c->i);
		if (r->waits == API_WAITS_LOOP)
			timer_loop_runs(m, s);
		if (r->waits == API_WAITS_LOOP)
			task_loop_left(m, s, c->i);
		else if (!api_role_of(d, API_ROLE_JOIN) && (may_wait(r->waits) || r->fds.base))
			all_over(s, c->i);
	}
}

void task_called_code(struct sim *m, struct state *s, const struct call *c, const struct func_facts *facts)
{
	task_given(m, s, c);
	if (!facts || facts->nblocks)
		worked(s, facts != NULL);
	if (facts && !body_may_wait(facts) && !facts->summary.switches)
		return;
	if (facts || !ir_nargs(c->in)) {
		all_over(s, c->i);
		return;
	}
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		for (uint32_t n = 0; o->kind == OBJ_OP && o->status == OBJ_OWNED && n < ir_nargs(c->in); n++)
			if (task_related(m, o, sim_eval(m, s, ir_arg(m->f, c->in, n))))
				over(o, c->i);
	}
}

/* ---- ends ---- */

/* Objects of the library have counts of references: who holds one may give it back at any time. */
static bool counts_references(const struct sim *m, const struct api_func *d)
{
	const struct apimodel *api = m->p->api;
	for (uint32_t i = 0; d && i < api->nfuncs; i++)
		if (api->funcs[i].library == d->library && api_role_of(&api->funcs[i], API_ROLE_REF))
			return true;
	return false;
}

/* The data itself, or what is stored in it; or with `whole` what it is a part of. */
static bool uses(struct state *s, const struct obj *o, struct sval v, bool whole)
{
	if (!o->saved.kind || o->saved.kind == SV_CONST)
		return false;
	if (sv_eq(o->saved, v) ||
	    (whole && o->saved.kind == v.kind && o->saved.id == v.id && v.off <= o->saved.off))
		return true;
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell *c = &s->mem.data[k];
		if (c->at.kind == o->saved.kind && c->at.id == o->saved.id && sv_eq(c->v, v))
			return true;
	}
	return false;
}

static bool entry_reads(struct sim *m, uint32_t entry, int64_t offset)
{
	const struct ir_func *f = &m->u->funcs[entry];
	uint32_t data = entry && m->p->cfgs[entry] ? scan_entry_data(m->sol, entry) : 0;
	for (ir_instr i = 1; data && i < f->ninstrs; i++) {
		if (f->instrs[i].op != IR_LOAD)
			continue;
		struct access a = access_of(m->sol, entry, ir_operand(f, &f->instrs[i], 0));
		if (a.root == ACCESS_PARAM && a.id == data - 1 && !a.depth && a.offset[0] == offset)
			return true;
	}
	return false;
}

/* Read from the data since: it is that field's, whatever has been stored there, and the entry reads it, too.
 */
static bool read_from_data(struct sim *m, const struct obj *o, struct sval v)
{
	const struct symbol *q = v.kind == SV_SYM && !v.off ? &m->t.items.data[v.id] : NULL;
	return q && q->kind == SYM_MEM && q->x.kind == o->saved.kind && q->x.id == o->saved.id &&
	       entry_reads(m, o->entry, q->x.off - o->saved.off);
}

/* Given back here, without any having been taken: so a call here has made it, or given it away. */
static bool made_by_a_call(const struct sim *m, struct sval v)
{
	return v.kind == SV_SYM && m->t.items.data[v.id].kind == SYM_RESULT && !m->t.items.data[v.id].b;
}

static bool owner_keeps_one(struct state *s, struct sval v)
{
	const struct obj *o = state_obj_by_key(s, v);
	return o && o->status == OBJ_OWNED && o->refs;
}

void task_ends(struct sim *m, struct state *s, struct sval v, const struct api_func *d,
               const struct api_role *r, ir_instr i)
{
	if (v.kind != SV_SYM && v.kind != SV_LOCAL)
		return;
	if (!(r && r->kind == API_ROLE_DESTROY) && one_over(s, v, i))
		return;
	if (r)
		task_withdrawn(m, s, v, d, r->kind, i);
	task_ends_token(m, s, v, i);
	bool frees = r && r->kind == API_ROLE_DESTROY;
	bool shared = !frees && !state_obj_by_key(s, v) && (!d || counts_references(m, d));
	if ((!frees && (owner_keeps_one(s, v) || is_referenced(m, v))) || (shared && !made_by_a_call(m, v)))
		return;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (!task_running(m, s, o) || (shared && !on_a_thread(o)) ||
		    !(uses(s, o, v, frees) || read_from_data(m, o, v)))
			continue;
		if (r && r->later)
			over(o, i); /* its own call back tells when it is over */
		else if (still_used(m, o) && !(frees && scan_frees_last(m->sol, m->func, i)))
			task_tell(m, s, INCIDENT_ENDED_IN_USE, o, i);
	}
}

void task_cancelled(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval v = call_value(m, s, c, r->handle.base ? &r->handle : &r->token);
	struct obj *o = r->handle.base ? state_obj_by_key(s, v) : NULL;
	task_withdrawn(m, s, v, NULL, r->kind, c->i);
	if (!o || o->kind != OBJ_TASK || o->status != OBJ_OWNED)
		return;
	o->ended = true;
	o->changed = c->i;
}

/* ---- ways out ---- */

/* The local variable that it uses: its data, or what is stored in it. */
static struct sval local_in_use(struct state *s, const struct obj *o)
{
	bool copied = task_is_own_data(o->started_by) && o->slot < ARGUMENT_SLOT;
	if (o->saved.kind == SV_LOCAL && !copied)
		return o->saved;
	if (o->saved.kind != SV_SYM && !copied)
		return (struct sval){0};
	struct span within = state_cells(s, o->saved);
	for (uint32_t k = within.from; k < within.to; k++)
		if (s->mem.data[k].v.kind == SV_LOCAL && !(copied && s->mem.data[k].v.id == o->saved.id))
			return s->mem.data[k].v;
	return (struct sval){0};
}

static const struct obj *handle_of(struct state *s, const struct obj *op)
{
	return state_obj(s, op->site, (uint8_t)(op->slot - OP_SLOT + TASK_SLOT), op->old, false);
}

/* A function that runs a loop itself is written to be left when the loop is done with what it started. */
static bool runs_a_loop(const struct sim *m)
{
	const struct func_facts *facts = &m->sol->funcs[m->func];
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (facts->blocks[i].waits == API_WAITS_LOOP)
			return true;
	return false;
}

static bool ends_something(const struct sim *m, uint32_t record, unsigned depth)
{
	const struct ir_record *r = &m->u->records[record];
	for (uint32_t k = 0; record && depth && k < r->nfields; k++)
		if (r->fields[k].record && (m->u->records[r->fields[k].record].own_destructor ||
		                            ends_something(m, r->fields[k].record, depth - 1)))
			return true;
	return false;
}

/* Beside a pointer a closure may have what keeps the object: `[this, self = shared_from_this()]`. */
static bool may_keep(const struct sim *m, const struct obj *o)
{
	const struct ir_func *g = &m->u->funcs[ir_callee(m->f, &m->f->instrs[o->site])];
	uint32_t arg = o->started_by->entry.arg;
	return arg < g->nparams && ends_something(m, g->params[arg].pointee, 4);
}

/* The caller's object that it uses, and that nobody holds for it; SV_NONE. */
static struct sval self_in_use(struct sim *m, struct state *s, const struct obj *o)
{
	bool known = o->entry && m->p->cfgs[o->entry];
	if (task_is_own_data(o->started_by) && may_keep(m, o))
		return (struct sval){0};
	if (task_is_own_data(o->started_by)) {
		struct span within = o->slot < ARGUMENT_SLOT ? state_cells(s, o->saved) : (struct span){0};
		for (uint32_t k = within.from; k < within.to; k++)
			if (is_param(m, s->mem.data[k].v))
				return s->mem.data[k].v;
		return is_param(m, o->saved) ? o->saved : (struct sval){0};
	}
	bool held = is_referenced(m, o->saved) || effect_on_data(m, o->entry, EFFECT_RELEASE) ||
	            effect_on_data(m, o->entry, EFFECT_KEEP);
	return known && is_param(m, o->saved) && !held ? o->saved : (struct sval){0};
}

static void leave_op(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	if (o->how & OP_STOPPED)
		return; /* only what is freed here is known to end */
	const struct obj *handle = handle_of(s, o);
	bool lost = handle && handle->kind == OBJ_TASK && handle->status == OBJ_OWNED;
	struct sval local = local_in_use(s, o);
	if (lost || !still_used(m, o))
		return; /* that it is lost is the defect */
	if (local.kind && o->refs != OP_RACED &&
	    (runs_a_loop(m) || task_joined_in_container(m, o, local.id, i)))
		return;
	if (local.kind) {
		struct incident *in = task_tell(m, s, INCIDENT_FRAME_IN_USE, o, i);
		if (in)
			in->name = m->f->vals[m->f->instrs[local.id].result].name;
		return;
	}
	struct sval self = o->let_go ? self_in_use(m, s, o) : (struct sval){0};
	struct incident *in = self.kind ? task_tell(m, s, INCIDENT_SELF_IN_USE, o, i) : NULL;
	if (in) {
		in->name = m->f->params[m->t.items.data[self.id].a].name;
		in->record = m->f->params[m->t.items.data[self.id].a].pointee;
	}
}

static void tell_lost(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	uint32_t before = m->sol->nincidents;
	own_event(m, s, o, EVENT_LEAVE_TASK, i);
	const struct obj *op = state_obj(s, o->site, (uint8_t)(o->slot - TASK_SLOT + OP_SLOT), o->old, false);
	if (m->sol->nincidents > before) {
		m->sol->incidents[before].before = o->ended ? o->changed : 0;
		m->sol->incidents[before].entry = op ? op->entry : 0;
	}
}

bool task_abandoned(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_ABANDON);
	struct obj *o = r ? state_obj_by_key(s, call_value(m, s, c, &r->handle)) : NULL;
	if (!o || o->kind != OBJ_TASK || o->status != OBJ_OWNED || own_never_made(m, s, o))
		return false;
	if (s->thrown != THROWN_BY_CALL)
		tell_lost(m, s, o, c->i);
	return true;
}

void task_exit(struct sim *m, struct state *s, struct sval result, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_TASK && o->status == OBJ_OWNED && !sv_eq(o->key, result) &&
		    !own_never_made(m, s, o))
			tell_lost(m, s, o, i);
		if (!task_running(m, s, o))
			continue;
		leave_op(m, s, o, i);
		if (o->token.kind)
			task_leaves_token(m, s, o, i);
	}
}

/* ---- summaries ---- */

/* What the callee has started works on, and with what; data SV_NONE: nothing that matters. */
static struct boxed started_with(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                                 struct sval v)
{
	struct boxed b = {.data = v};
	if (e->kind != EFFECT_START_DATA || e->value.param < 0 || (uint32_t)e->value.param >= ir_nargs(c->in))
		return b;
	struct sval code = sim_eval(m, s, ir_arg(m->f, c->in, (uint32_t)e->value.param));
	b.entry = code.kind == SV_FUNC ? code.id : 0;
	b.param = is_param(m, code) ? m->t.items.data[code.id].a + 1 : 0;
	if (b.entry && task_frees_data(m, b.entry))
		return m->boxed;
	return b.param || (b.entry && uses_data(m, b.entry)) ? b : (struct boxed){0};
}

void task_effect(struct sim *m, struct state *s, const struct call *c, const struct effect *e, struct sval v,
                 uint8_t slot)
{
	struct boxed b = started_with(m, s, c, e, v);
	if (b.data.kind != SV_SYM && b.data.kind != SV_LOCAL)
		return;
	/* What the callee returned may stand for it. */
	struct obj *o =
	        own_begin(m, s, OBJ_OP, c->i, (uint8_t)(OP_SLOT + 32 + slot % 32), c->result, NULL, NULL);
	o->result = c->result;
	o->when = e->when;
	o->how = e->how;
	o->entry = b.entry;
	o->entry_param = b.param;
	if (e->kind == EFFECT_START_TOKEN)
		o->token = b.data;
	else
		o->saved = b.data;
}

uint32_t task_effects_at_exit(struct sim *m, struct state *s, const struct obj *o, struct effect *out)
{
	const struct obj *handle = o->how & OP_STOPPED ? NULL : handle_of(s, o);
	struct sval data = o->saved;
	struct effect e = *out;
	bool held = handle && task_held_in_data(s, o, handle);
	uint32_t n = 0;
	if (!task_running(m, s, o) || (handle && !held && !o->let_go))
		return 0; /* who has the handle can wait */
	e.how = (uint8_t)(o->how | (o->refs ? OP_WORKED : 0) | (held ? OP_HELD : 0));
	if (o->how & OP_STOPPED)
		data.off = 0; /* a part of the callers' memory */
	e.kind = EFFECT_START_TOKEN;
	if (o->token.kind && !o->ended && own_param_path(&m->t, o->token, &e.place))
		out[n++] = e;
	e.kind = EFFECT_START_DATA;
	if (o->entry_param)
		e.value = (struct effect_place){.param = (int)o->entry_param - 1};
	if (data.kind && own_param_path(&m->t, data, &e.place) && e.place.depth == 0 &&
	    (o->entry_param || (still_used(m, o) && !task_frees_data(m, o->entry))))
		out[n++] = e;
	return n;
}
