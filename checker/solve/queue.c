#include "queue.h"

#include "arena.h"
#include "scan.h"

#include <string.h>

#define PARAM_SLOT 192

static struct obj *find(struct state *s, struct sval key)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].kind == OBJ_QUEUE && sv_eq(s->objs.data[i].key, key))
			return &s->objs.data[i];
	return NULL;
}

/* A copy to change: states share the old one. */
static struct queue_use *change(struct sim *m, struct obj *o)
{
	struct queue_use *q = ARENA_NEW(m->scratch, struct queue_use);
	if (o->queue)
		*q = *o->queue;
	o->queue = q;
	return q;
}

static void add(struct queue_count *n, unsigned by, uint32_t func, ir_instr first, ir_instr last)
{
	if (!n->times) {
		n->func = func;
		n->first = first;
	}
	n->last = n->func == func ? last : n->last;
	n->times = (uint8_t)(n->times + by > QUEUE_MANY ? QUEUE_MANY : n->times + by);
}

void queue_made(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                const struct api_role *r, struct sval key)
{
	struct sval room = r->count.base ? call_value(m, s, c, &r->count) : (struct sval){0};
	bool is_queue = r->count.base || (r->kind == API_ROLE_MAKE && *r->family);
	if (!is_queue || key.kind != SV_SYM)
		return;
	struct obj *o = own_create(m, s, c->i, PARAM_SLOT, key, (struct sval){0}, API_ALWAYS, r->family, d);
	o->kind = OBJ_QUEUE;
	o->claim = true;
	struct queue_use *q = change(m, o);
	q->bounded = r->count.base != 0;
	q->room = room.kind == SV_CONST && room.off >= 0 && room.off < 1000 ? (int)room.off : -1;
}

/* The queue of a parameter, counted for the summary; NULL: it has no place of its own. */
static struct obj *of_param(struct sim *m, struct state *s, struct sval key)
{
	struct effect_place p;
	if (!own_param_path(&m->t, key, &p))
		return NULL;
	uint8_t slot = (uint8_t)(PARAM_SLOT + (p.depth * 16 + (p.offset[0] + p.plus) / 8) % 60);
	if (state_obj(s, (ir_instr)p.param + 1, slot, false, true))
		return NULL;
	return state_add_obj(s, (struct obj){.kind = OBJ_QUEUE,
	                                     .site = (ir_instr)p.param + 1,
	                                     .slot = slot,
	                                     .is_param = true,
	                                     .claim = true,
	                                     .status = OBJ_PARAM,
	                                     .key = key});
}

static struct obj *queue_of(struct sim *m, struct state *s, struct sval key)
{
	if (key.kind != SV_SYM)
		return NULL;
	struct obj *o = find(s, key);
	return o ? o : of_param(m, s, key);
}

/* It may block for ever: not with a limit, a token, or a flag that says so. */
static bool blocks_for_ever(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_BLOCK);
	return r && !r->bounded && !r->timeout.base && !r->token.base &&
	       call_excused(m, s, c, r) == TRI_FALSE;
}

static void stuck(struct sim *m, struct state *s, const struct obj *o, const struct queue_count *n,
                  ir_instr at, ir_instr left)
{
	struct incident *in = incident_of(m, s, INCIDENT_STUCK, o, left);
	if (!in)
		return;
	in->entry = n->func;
	in->before = at;
	in->room = o->queue->bounded ? o->queue->room : -1;
	in->started = o->queue->started;
	in->sends = n == &o->queue->worker_sends || n == &o->queue->sends;
}

/* Nobody else has the other end, and what is asked for is not there. */
static void check_own(struct sim *m, struct state *s, const struct obj *o, bool sends, ir_instr i)
{
	const struct queue_use *q = o->queue;
	if (o->status != OBJ_OWNED || q->closed || q->selected.kind)
		return;
	if (sends && q->bounded && q->room >= 0 && !q->worker_receives.times && q->sends.times < QUEUE_MANY &&
	    q->sends.times > q->room + q->receives.times)
		stuck(m, s, o, &q->sends, i, i);
	if (!sends && !q->started && !q->worker_sends.times && !q->sends.times)
		stuck(m, s, o, &q->receives, i, i);
}

/* A queue is closed once. */
static void closed(struct sim *m, struct state *s, struct obj *o, struct queue_use *q, const struct call *c,
                   ir_val arg)
{
	q->closed = true;
	if (q->closed_at && q->closed_at != c->i && ended_exact(m, o->key)) {
		struct obj ended = *o;
		ended.changed = q->closed_at;
		ended.status = OBJ_RELEASED;
		m->event_value = arg;
		incident_of(m, s, INCIDENT_ENDED_TWICE, &ended, c->i);
		m->event_value = 0;
	}
	q->closed_at = c->i;
}

void queue_replaced(struct sim *m, struct state *s)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_QUEUE && o->queue && o->queue->closed_at && o->key.kind == SV_SYM &&
		    m->t.items.data[o->key.id].kind == SYM_MEM)
			change(m, o)->closed_at = 0;
	}
}

void queue_role(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                const struct api_role *r)
{
	const struct api_path *path = r->kind == API_ROLE_SEND      ? &r->into
	                              : r->kind == API_ROLE_RECEIVE ? &r->from
	                                                            : &r->handle;
	struct obj *o = queue_of(m, s, call_value(m, s, c, path));
	if (!o)
		return;
	struct queue_use *q = change(m, o);
	bool certain = blocks_for_ever(m, s, c, d);
	if (r->kind == API_ROLE_CLOSE_QUEUE)
		closed(m, s, o, q, c, ir_arg(m->f, c->in, path->arg));
	else if (r->kind == API_ROLE_SEND && (certain || !o->is_param))
		add(&q->sends, 1, m->func, c->i, c->i);
	else if (r->kind == API_ROLE_SEND)
		q->tries = true;
	else if (certain || !o->is_param)
		add(&q->receives, 1, m->func, c->i, c->i);
	if (certain)
		check_own(m, s, o, r->kind == API_ROLE_SEND, c->i);
}

/* ---- one of several ---- */

static uint32_t size_of_case(const struct sim *m, const struct call *c, uint32_t arg)
{
	const struct ir_func *f = &m->u->funcs[c->callee];
	uint32_t record = arg < f->nparams ? f->params[arg].pointee : 0;
	return record ? m->u->records[record].size : 0;
}

static void one_of(struct sim *m, struct state *s, const struct call *c, struct sval cases, uint32_t size)
{
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell cell = s->mem.data[k];
		struct obj *o = cell.v.kind == SV_SYM ? find(s, cell.v) : NULL;
		if (!o || cell.at.kind != cases.kind || cell.at.id != cases.id)
			continue;
		struct queue_use *q = change(m, o);
		if (q->selected.kind)
			add(&q->receives, QUEUE_MANY, m->func, c->i, c->i);
		q->selected = c->result;
		q->selected_case = (cell.at.off - cases.off) / size;
	}
}

void queue_called(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_BLOCK, r));) {
		if (r->fds_kind != API_FDS_CASES || r->fds.base != API_PATH_ARG)
			continue;
		struct sval cases = call_base(m, s, c, &r->fds);
		uint32_t size = size_of_case(m, c, r->fds.arg);
		if (size && (cases.kind == SV_LOCAL || cases.kind == SV_SYM))
			one_of(m, s, c, cases, size);
	}
}

/* ---- threads ---- */

static bool at_place(const struct effect *e, int data, bool behind, int64_t offset)
{
	return e->place.param == data && e->place.depth == (behind ? 1 : 0) &&
	       (!behind || e->place.offset[0] == offset);
}

/* What the entry does with the queue that is its data, or lies `offset` bytes behind it. */
static void hand_to(struct sim *m, struct obj *o, const struct call *c, const struct summary *sum, int data,
                    bool behind, int64_t offset)
{
	struct queue_use *q = change(m, o);
	q->started = c->i;
	for (uint32_t i = 0; i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind == EFFECT_KEEP && !e->sent && e->place.param == data)
			o->status = OBJ_GONE;
		if (!at_place(e, data, behind, offset))
			continue;
		if (e->kind == EFFECT_SENDS)
			add(&q->worker_sends, e->count.times, e->count.func, e->count.first, e->count.last);
		else if (e->kind == EFFECT_RECEIVES)
			add(&q->worker_receives, e->count.times, e->count.func, e->count.first,
			    e->count.last);
		else if (e->kind == EFFECT_CLOSES)
			q->closed = true;
	}
}

bool queue_started(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval entry = call_value(m, s, c, &r->entry), v = call_value(m, s, c, &r->data);
	if (entry.kind != SV_FUNC || !m->p->cfgs[entry.id] || r->destroy.base)
		return false;
	sim_function(m->sol, entry.id);
	const struct summary *sum = &m->sol->funcs[entry.id].summary;
	int data = (int)scan_entry_data(m->sol, entry.id) - 1;
	if (!sum->known || data < 0)
		return false;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind != OBJ_QUEUE || o->status != OBJ_OWNED)
			continue;
		bool itself = sv_eq(o->key, v), behind = false;
		int64_t offset = 0;
		for (uint32_t n = 0; !itself && !behind && n < s->mem.len; n++) {
			const struct cell *cell = &s->mem.data[n];
			behind = cell->at.kind == v.kind && cell->at.id == v.id && sv_eq(cell->v, o->key);
			offset = cell->at.off - v.off;
		}
		if (!itself && !behind)
			continue;
		hand_to(m, o, c, sum, data, behind, offset);
		change(m, o)->with = behind ? v : (struct sval){0};
		o->result = c->result;
		o->when = r->when;
	}
	return true;
}

void queue_effect(struct sim *m, struct state *s, const struct call *c, const struct effect *e, struct sval v)
{
	struct obj *o = queue_of(m, s, v);
	if (!o)
		return;
	struct queue_use *q = change(m, o);
	if (e->kind == EFFECT_CLOSES && e->when == API_ALWAYS)
		closed(m, s, o, q, c, 0);
	else if (e->kind == EFFECT_CLOSES)
		q->closed = true;
	else if (e->kind == EFFECT_SENDS)
		add(&q->sends, e->count.times, e->count.func, e->count.first, e->count.last);
	else
		add(&q->receives, o->is_param ? e->count.times : QUEUE_MANY, e->count.func, e->count.first,
		    e->count.last);
}

void queue_published(struct sim *m, struct state *s, struct sval v)
{
	for (uint32_t k = 0; v.kind == SV_SYM && !m->starting && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool behind = o->queue && sv_eq(o->queue->with, v);
		if (o->kind == OBJ_QUEUE && !o->is_param && (behind || sv_eq(o->key, v)))
			o->status = OBJ_GONE;
	}
}

/* ---- ways out ---- */

static unsigned received(struct sim *m, struct state *s, const struct queue_use *q)
{
	bool other = q->selected.kind &&
	             state_compare(s, &m->t, IR_EQ, q->selected, sv_const(q->selected_case)) == TRI_FALSE;
	return q->receives.times + (q->selected.kind && !other ? QUEUE_MANY : 0);
}

static bool can_be_closed(const struct sim *m, const struct api_func *d)
{
	const struct apimodel *api = m->p->api;
	for (uint32_t i = 0; d && i < api->nfuncs; i++)
		if (api->funcs[i].library == d->library && api_role_of(&api->funcs[i], API_ROLE_CLOSE_QUEUE))
			return true;
	return false;
}

/* The loop that takes things ends by what it took, or for another reason of its own. */
static bool ends_by_itself(struct sim *m, const struct queue_count *n)
{
	const struct ir_func *f = &m->u->funcs[n->func];
	const struct cfg *cfg = m->p->cfgs[n->func];
	uint32_t loop = cfg ? cfg->loop_of[f->instrs[n->last].block] : 0;
	for (uint32_t k = 0; loop && k < cfg->loops[loop].nexits; k++) {
		const struct ir_instruction *t = ir_terminator(f, cfg->loops[loop].exits[k].from), *in;
		ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
		while ((in = ir_def(f, v = ir_strip_casts(f, v))) && in->op == IR_ICMP)
			v = ir_operand(f, in, 0);
		if (in != &f->instrs[n->last])
			return true;
	}
	return !loop;
}

static bool receivers_wait(struct sim *m, const struct obj *o)
{
	const struct queue_use *q = o->queue;
	unsigned wanted = q->worker_receives.times, sent = q->sends.times + q->worker_sends.times;
	if (!wanted || q->tries)
		return false;
	if (wanted == QUEUE_MANY)
		return !sent || (can_be_closed(m, o->model) && !ends_by_itself(m, &q->worker_receives));
	return sent < wanted;
}

static void check_left(struct sim *m, struct state *s, const struct obj *o, ir_instr i)
{
	const struct queue_use *q = o->queue;
	unsigned taken = received(m, s, q), sent = q->worker_sends.times;
	if (q->closed || o->status != OBJ_OWNED || own_never_made(m, s, o))
		return;
	bool full = q->bounded && q->room >= 0 && !q->worker_receives.times && taken < QUEUE_MANY &&
	            sent > (unsigned)q->room + taken;
	/* How often a loop sends is not known: against room for several it may be few enough. */
	if (full && (sent < QUEUE_MANY || q->room == 0))
		stuck(m, s, o, &q->worker_sends,
		      q->room + (int)taken == 0 ? q->worker_sends.first : q->worker_sends.last, i);
	if (receivers_wait(m, o))
		stuck(m, s, o, &q->worker_receives, q->worker_receives.last, i);
}

void queue_exit(struct sim *m, struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj o = s->objs.data[k];
		if (o.kind == OBJ_QUEUE && !o.is_param && o.queue->started)
			check_left(m, s, &o, i);
	}
}

uint32_t queue_effects_at_exit(struct sim *m, const struct obj *o, struct effect *out)
{
	struct effect e = {.value = {.param = -2}, .when = API_ALWAYS};
	uint32_t n = 0;
	if (!o->is_param || !o->queue || !own_param_path(&m->t, o->key, &e.place))
		return 0;
	e.kind = EFFECT_SENDS;
	e.count = o->queue->sends;
	if (e.count.times)
		out[n++] = e;
	e.kind = EFFECT_RECEIVES;
	e.count = o->queue->receives;
	if (e.count.times)
		out[n++] = e;
	e.kind = EFFECT_CLOSES;
	e.count = (struct queue_count){0};
	if (o->queue->closed)
		out[n++] = e;
	return n;
}
