/*
 * untaken.c - threads that send into a queue which nobody may empty any more, or receive from one until it is
 * closed, which nobody may do.
 */
#include "peer.h"
#include "place.h"
#include "scan.h"

#define MANY 3      /* queue_count.times */
#define LARGE 10000 /* how often a loop runs when that is not known */

struct look {
	const struct solution *s;
	void (*each)(void *ctx, const struct forsaken *w);
	void *ctx;
};

/* ---- how much is sent, and how much there is room for ---- */

/* How often a loop runs that counts up from 0; LARGE: not known. */
static int64_t turns(const struct ir_func *f, const struct cfg_loop *l)
{
	int64_t from, to;
	for (uint32_t k = 0; k < l->nexits; k++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[k].from);
		const struct ir_instruction *cmp = t->op == IR_CONDBR ? ir_def(f, ir_operand(f, t, 0)) : NULL;
		if (!cmp || cmp->op != IR_ICMP || !scan_int(f, ir_operand(f, cmp, 1), &to))
			continue;
		const struct ir_instruction *phi = ir_def(f, ir_strip_casts(f, ir_operand(f, cmp, 0)));
		for (uint32_t n = 0; phi && phi->op == IR_PHI && n < phi->noperands; n++)
			if (scan_int(f, ir_operand(f, phi, n), &from) && to > from)
				return to - from;
	}
	return LARGE;
}

static uint32_t loop_at(const struct solution *s, uint32_t func, ir_instr i)
{
	return s->program->cfgs[func]->loop_of[s->program->unit->funcs[func].instrs[i].block];
}

static int64_t times_sent(const struct solution *s, const struct queue_count *n)
{
	uint32_t loop = loop_at(s, n->func, n->first);
	loop = loop ? loop : loop_at(s, n->func, n->last);
	return loop ? turns(&s->program->unit->funcs[n->func], &s->program->cfgs[n->func]->loops[loop])
	            : n->times;
}

/* The constant that a call makes room for, when what it makes is put `offset` bytes behind an object, or is
 * `self`. */
static bool makes_room(const struct solution *s, uint32_t func, ir_instr i, const struct access *on,
                       int64_t *room)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_CREATE);
	if (!r || r->count.base != API_PATH_ARG || r->handle.base != API_PATH_RETURN ||
	    !scan_int(f, ir_arg(f, in, r->count.arg), room))
		return false;
	if (on->root == ACCESS_VALUE && !on->depth && on->id == in->result)
		return true;
	for (ir_instr k = 1; k < f->ninstrs; k++) {
		const struct ir_instruction *store = &f->instrs[k];
		if (store->op != IR_STORE || ir_strip_casts(f, ir_operand(f, store, 0)) != in->result)
			continue;
		struct access at = access_of(s, func, ir_operand(f, store, 1));
		if (at.depth + 1 == on->depth && at.offset[at.depth] == on->offset[at.depth] &&
		    (on->root == ACCESS_NOWHERE || access_same_root(&at, on)))
			return true;
	}
	return false;
}

static bool same_name(const struct access *a, const struct access *b)
{
	return a->record && a->record == b->record && a->field == b->field;
}

/* All that is ever put into the field of a type which no other unit knows. -1: not seen, or something else.
 */
static int64_t room_of_field(const struct solution *s, const struct access *on)
{
	const struct program *p = s->program;
	int64_t room, found = -1;
	if (!on->record || !p->unit->records[on->record].local)
		return -1;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			struct access at = {0};
			if (in->op != IR_STORE || !peer_name(f, ir_operand(f, in, 1), &at) ||
			    !same_name(&at, on) || scan_null(f, ir_operand(f, in, 0)))
				continue;
			const struct ir_instruction *made =
			        ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
			struct access itself = {.root = ACCESS_VALUE, .id = made ? made->result : 0};
			if (!made || !ir_is_call(made) ||
			    !makes_room(s, func, (ir_instr)(made - f->instrs), &itself, &room))
				return -1;
			found = found < 0 || found == room ? room : LARGE;
		}
	}
	return found;
}

/* Made in the function, or in the one that made the object which it lies in. -1: not seen, or several. */
static int64_t room_of(const struct solution *s, uint32_t func, const struct access *on)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	int64_t room, found = -1;
	struct access inside = *on;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && makes_room(s, func, i, on, &room))
			found = found < 0 || found == room ? room : LARGE;
	const struct ir_instruction *root = on->root == ACCESS_VALUE ? ir_def(f, on->id) : NULL;
	uint32_t maker = root && ir_is_call(root) ? ir_callee(f, root) : 0;
	if (found < 0 && on->root == ACCESS_PARAM)
		return room_of_field(s, on);
	if (found >= 0 || !maker || !s->program->cfgs[maker] || on->depth != 1)
		return found;
	inside.root = ACCESS_NOWHERE;
	const struct ir_func *g = &s->program->unit->funcs[maker];
	for (ir_instr i = 1; i < g->ninstrs; i++)
		if (ir_is_call(&g->instrs[i]) && makes_room(s, maker, i, &inside, &room))
			found = found < 0 || found == room ? room : LARGE;
	return found;
}

/* ---- senders ---- */

/* The starter takes in a loop that the way comes to: how often, nobody knows. */
static bool may_take_on(const struct solution *s, const struct peer_search *q, const struct peer_way *way)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	const struct cfg *cfg = s->program->cfgs[q->func];
	int64_t other;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t loop = cfg->loop_of[f->instrs[i].block];
		if (!loop || !ir_is_call(&f->instrs[i]) || peer_selects(s, q->func, i, &q->wanted, &other) ||
		    peer_gives_at(s, q->func, i, &q->wanted) != GIVES_IT)
			continue;
		for (uint32_t k = 0; k < way->n; k++)
			if (cfg_in_loop(cfg, loop, way->blocks[k]))
				return true;
	}
	return false;
}

static void tell(const struct look *l, const struct peer *p, const struct peer_search *q,
                 const struct peer_way *way, struct forsaken found)
{
	bool doubt = peer_way_impossible(l->s, p->starter, p->spawn, way) ||
	             peer_way_shares(l->s, p, way, 0) || may_take_on(l->s, q, way);
	found.starter = found.leaver = p->starter;
	found.spawn = p->spawn;
	found.leaves = way->last;
	if (!doubt)
		l->each(l->ctx, &found);
}

/* The starter puts what it made into a field that no other unit knows. */
static bool name_by_store(const struct solution *s, uint32_t func, struct access *on)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 0; (i = peer_next_store(s, func, on, i));)
		if (peer_name(f, ir_operand(f, &f->instrs[i], 1), on))
			return s->program->unit->records[on->record].local;
	return false;
}

/* The thread finds it in a field of its data that no other unit knows. */
static bool name_by_worker(const struct solution *s, const struct peer *p, int64_t offset, struct access *on)
{
	const struct ir_func *f = &s->program->unit->funcs[p->worker];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_ADDR && in->record && in->imm == offset &&
		    ir_strip_casts(f, ir_operand(f, in, 0)) == f->params[p->param].val &&
		    peer_name(f, in->result, on))
			return s->program->unit->records[on->record].local;
	}
	return false;
}

/* What the thread does with a place behind its parameter, as its starter sees that. */
static bool in_starter(const struct solution *s, const struct peer *p, const struct effect_place *place,
                       struct access *out)
{
	struct access inside = {.root = ACCESS_PARAM, .id = p->param, .depth = place->depth};
	for (unsigned k = 0; k < place->depth && k < 2; k++)
		inside.offset[k] = place->offset[k];
	*out = access_through(s, p->starter, p->data, &inside);
	return place->param == (int)p->param && place->depth <= 2 &&
	       (out->root == ACCESS_VALUE ||
	        (out->root == ACCESS_PARAM &&
	         (name_by_store(s, p->starter, out) ||
	          (place->depth == 1 && name_by_worker(s, p, place->offset[0], out)))));
}

static void look_at_sends(const struct look *l, const struct peer *p, const struct effect *e)
{
	const struct solution *s = l->s;
	struct peer_search q = {.func = p->starter,
	                        .from = p->spawn,
	                        .or_join = true,
	                        .started = p,
	                        .wanted = {.kind = WANTS_TAKER}};
	struct peer_way way;
	if (!in_starter(s, p, &e->place, &q.wanted.on) || loop_at(s, p->starter, p->spawn))
		return;
	q.wanted.also = peer_alias(s, p->starter, &q.wanted.on);
	int64_t room = room_of(s, p->starter, &q.wanted.on), sent = times_sent(s, &e->count);
	if (room < 0 || room >= sent || (sent == LARGE && room > 1))
		return;
	q.allowed = sent - room - 1 > 2 || sent == LARGE ? 0 : (unsigned)(sent - room - 1);
	if (peer_others_have(s, p, &q.wanted) || peer_given_elsewhere(s, p, &q.wanted) ||
	    !peer_way(s, &q, &way))
		return;
	tell(l, p, &q, &way,
	     (struct forsaken){.kind = FORSAKEN_TAKER,
	                       .func = e->count.func,
	                       .wait = room == 0 && !q.allowed ? e->count.first : e->count.last,
	                       .room = (int)room});
	peer_way_release(&way);
}

/* ---- receivers ---- */

/* The loop around a receive ends by what that returns, and by nothing else. */
static bool until_closed(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t loop = loop_at(s, func, i);
	const struct cfg_loop *l = &s->program->cfgs[func]->loops[loop];
	for (uint32_t k = 0; loop && k < l->nexits; k++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[k].from), *in;
		ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
		while ((in = ir_def(f, v = ir_strip_casts(f, v))) && in->op == IR_ICMP)
			v = ir_operand(f, in, 0);
		if (in != &f->instrs[i])
			return false;
	}
	return loop && l->nexits;
}

static bool says_when_closed(const struct api_func *d)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (r->means[0] == 'e' && r->when == API_ZERO)
			return true;
	return false;
}

/* Some call of the unit closes a queue that may be this one, or hands it to code that nobody knows. */
static bool may_be_closed(const struct solution *s, const struct access *on)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = scan_model(s, f, in);
			const struct api_role *r = api_role_of(d, API_ROLE_CLOSE_QUEUE);
			struct access a = r ? peer_access(s, func, in, &r->handle) : (struct access){0};
			if (r && (a.root == ACCESS_PARAM && !a.depth
			                  ? true
			                  : access_match(&a, on, false) != ACCESS_OTHER))
				return true;
			uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
			bool unknown = ir_is_call(in) && !d && !p->cfgs[callee];
			for (uint32_t k = 0; unknown && k < ir_nargs(in); k++) {
				a = peer_access(s, func, in,
				                &(struct api_path){.base = API_PATH_ARG, .arg = (uint8_t)k});
				if (access_match(&a, on, false) != ACCESS_OTHER)
					return true;
			}
		}
	}
	return false;
}

/* Where the unit waits for the end of the thread; 0: nowhere. */
static ir_instr joined_at(const struct solution *s, const struct peer *p, uint32_t *func)
{
	const struct program *prog = s->program;
	for (*func = 1; *func < prog->unit->nfuncs; ++*func)
		for (ir_instr i = 1; prog->cfgs[*func] && i < prog->unit->funcs[*func].ninstrs; i++)
			if (ir_is_call(&prog->unit->funcs[*func].instrs[i]) && peer_joins(s, p, *func, i))
				return i;
	return 0;
}

static void look_at_receive(const struct look *l, const struct peer *p, ir_instr i)
{
	const struct solution *s = l->s;
	const struct ir_func *f = &s->program->unit->funcs[p->worker];
	const struct api_role *r = api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_RECEIVE);
	struct wanted w;
	if (!r || !says_when_closed(scan_model(s, f, &f->instrs[i])) || !peer_waits(s, p->worker, i, &w) ||
	    w.on.root != ACCESS_PARAM || w.on.id != p->param || !until_closed(s, p->worker, i))
		return;
	struct forsaken found = {.kind = FORSAKEN_CLOSE,
	                         .func = p->worker,
	                         .wait = i,
	                         .starter = p->starter,
	                         .spawn = p->spawn};
	struct access there = access_through(s, p->starter, p->data, &w.on);
	bool field =
	        w.on.record && s->program->unit->records[w.on.record].local && there.root == ACCESS_PARAM;
	if (field && !may_be_closed(s, &w.on) && (found.leaves = joined_at(s, p, &found.leaver)))
		l->each(l->ctx, &found);
	struct peer_search q = {
	        .func = p->starter,
	        .from = p->spawn,
	        .or_join = true,
	        .started = p,
	        .wanted = {.kind = WANTS_CLOSE, .on = there, .also = peer_alias(s, p->starter, &there)}};
	struct peer_way way;
	if (there.root != ACCESS_VALUE || loop_at(s, p->starter, p->spawn) ||
	    peer_others_have(s, p, &q.wanted) || peer_given_elsewhere(s, p, &q.wanted) ||
	    !peer_way(s, &q, &way))
		return;
	tell(l, p, &q, &way, found);
	peer_way_release(&way);
}

/* ---- objects that nobody has any more ---- */

/* Memory is freed on the way: then the thread waits in what is gone, which is told elsewhere. */
static bool frees_on(const struct solution *s, uint32_t func, ir_val object, const struct peer_way *way)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t k = 0; k < way->n; k++) {
		const struct ir_basic_block *b = &f->blocks[way->blocks[k]];
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			const struct api_role *r =
			        api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_DESTROY);
			if (r && r->handle.base == API_PATH_ARG &&
			    ir_strip_casts(f, ir_arg(f, &f->instrs[i], r->handle.arg)) == object)
				return true;
		}
	}
	return false;
}

/* A way from the start on to a way out that loses the object, on which nothing gives what is wanted of it. */
static bool loses_it(const struct look *l, const struct peer *p, struct wanted w, struct peer_way *way)
{
	const struct solution *s = l->s;
	const struct ir_func *f = &s->program->unit->funcs[p->starter];
	if (w.on.root != ACCESS_PARAM || w.on.id != p->param)
		return false;
	struct peer_search q = {
	        .func = p->starter,
	        .from = p->spawn,
	        .or_join = true,
	        .or_back = true,
	        .started = p,
	        .wanted = {.kind = w.kind, .on = access_through(s, p->starter, p->data, &w.on)}};
	const struct ir_instruction *made =
	        q.wanted.on.root == ACCESS_VALUE ? ir_def(f, q.wanted.on.id) : NULL;
	if (!made || q.wanted.on.depth || !api_role_of(scan_model(s, f, made), API_ROLE_MAKE) ||
	    loop_at(s, p->starter, p->spawn) || peer_others_have(s, p, &q.wanted) || !peer_way(s, &q, way))
		return false;
	bool lost = !frees_on(s, p->starter, made->result, way) &&
	            !peer_way_impossible(s, p->starter, p->spawn, way);
	if (!lost)
		peer_way_release(way);
	return lost;
}

/* The thread waits for what lies in an object that its starter made, and loses on the way out: a constructor
 * that gives up. Of several flags none may be set there. */
static void look_at_lost(const struct look *l, const struct peer *p, ir_instr i)
{
	struct wanted w;
	struct access flags[MOST_PREDICATES];
	struct peer_way way;
	ir_instr leaves = 0;
	uint32_t n = peer_waits(l->s, p->worker, i, &w);
	flags[0] = w.on;
	if (!n && w.kind == WANTS_FLAG)
		n = peer_predicates(l->s, p->worker, i, flags);
	if (w.kind > WANTS_FLAG || !n)
		return;
	for (uint32_t k = 0; k < n; k++) {
		if (!loses_it(l, p, (struct wanted){.kind = w.kind, .on = flags[k]}, &way))
			return;
		leaves = way.last;
		peer_way_release(&way);
	}
	l->each(l->ctx, &(struct forsaken){.kind = w.kind == WANTS_FLAG ? FORSAKEN_FLAG : FORSAKEN_ITEM,
	                                   .func = p->worker,
	                                   .wait = i,
	                                   .starter = p->starter,
	                                   .spawn = p->spawn,
	                                   .leaver = p->starter,
	                                   .leaves = leaves});
}

/* ---- the last thing that is sent ---- */

/* What a call says that waits for something else, or asks a token. */
static bool says_otherwise(const struct solution *s, const struct ir_func *f, ir_val cond, ir_instr receive)
{
	const struct ir_instruction *in;
	while ((in = ir_def(f, cond = ir_strip_casts(f, cond))) &&
	       (in->op == IR_ICMP || (in->op == IR_BINOP && in->sub == IR_XOR)))
		cond = ir_operand(f, in, 0);
	const struct api_func *d = in && in != &f->instrs[receive] ? scan_model(s, f, in) : NULL;
	return d && !api_role_of(d, API_ROLE_RECEIVE) &&
	       (api_role_of(d, API_ROLE_BLOCK) || api_role_of(d, API_ROLE_POLL));
}

/* The loop around a receive is left for an error: what another call returned, or a number that is too small.
 */
static ir_instr leaves_on_error(const struct solution *s, uint32_t func, ir_instr receive)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg_loop *l = &s->program->cfgs[func]->loops[loop_at(s, func, receive)];
	for (uint32_t k = 0; l->head && k < l->nexits; k++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[k].from);
		const struct ir_instruction *cmp = t->op == IR_CONDBR ? ir_def(f, ir_operand(f, t, 0)) : NULL;
		if (cmp && says_otherwise(s, f, cmp->result, receive))
			return (ir_instr)(t - f->instrs);
		if (!cmp || cmp->op != IR_ICMP || (cmp->sub != IR_SLT && cmp->sub != IR_SLE))
			continue;
		const struct ir_instruction *of = ir_def(f, ir_strip_casts(f, ir_operand(f, cmp, 0)));
		if (of && of != &f->instrs[receive] && ir_succ(f, t, 0) == l->exits[k].to)
			return (ir_instr)(t - f->instrs);
	}
	return 0;
}

/* Nobody else takes from the queue or closes it. */
static bool only_receiver(const struct solution *s, uint32_t func, ir_instr receive, const struct access *on)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct api_func *d = scan_model(s, f, &f->instrs[i]);
			const struct api_role *r = api_role_of(d, API_ROLE_RECEIVE),
			                      *c = api_role_of(d, API_ROLE_CLOSE_QUEUE);
			if ((!r && !c) || (g == func && i == receive))
				continue;
			struct access a = peer_access(s, g, &f->instrs[i], r ? &r->from : &c->handle);
			if (g == func || (on->record && access_match(&a, on, false) != ACCESS_OTHER))
				return false;
		}
	}
	return true;
}

/* Reached only where a field of such an object was asked. */
static bool asks_first(const struct solution *s, uint32_t func, ir_instr i, uint32_t record)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_block b = cfg_idom(cfg, f->instrs[i].block); b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b), *in = NULL;
		ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
		struct access a;
		while (v && (in = ir_def(f, v = ir_strip_casts(f, v))) && in->op == IR_ICMP)
			v = ir_operand(f, in, 0);
		if (in && in->op == IR_LOAD && peer_name(f, ir_operand(f, in, 0), &a) && a.record == record)
			return true;
	}
	return false;
}

static bool sends_for_ever(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t k = 0; k < facts->nblocks; k++)
		if (facts->blocks[k].call == i)
			return facts->blocks[k].unbounded &&
			       api_role_of(facts->blocks[k].model, API_ROLE_SEND);
	return false;
}

/* A thing that stands for the end: nothing, a number, something static, or the object that the queue is in.
 */
static bool is_stop_item(const struct solution *s, uint32_t func, ir_val item, const struct access *queue)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	int64_t n;
	if (!item || scan_null(f, item) || scan_int(f, item, &n) ||
	    f->vals[ir_strip_casts(f, item)].kind == IR_VAL_GLOBAL)
		return item;
	struct access a = access_of(s, func, item);
	return queue->depth && !a.depth && !a.offset[0] && access_same_root(&a, queue);
}

/* A function that waits for the end of the thread sends before, to tell it to end. */
static void look_at_stops(const struct look *l, const struct peer *p, uint32_t func, const struct access *on,
                          const struct access *there, ir_instr leaves)
{
	const struct solution *s = l->s;
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (!ir_is_call(in) || !sends_for_ever(s, func, i))
			continue;
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_SEND);
		struct access a = peer_access(s, func, in, &r->into);
		ir_val item = scan_path(f, in, &r->value);
		bool fixed = is_stop_item(s, func, item, &a);
		bool here = func == p->starter && there->root == ACCESS_VALUE &&
		            access_match(&a, there, true) == ACCESS_SAME;
		bool field = on->record && access_match(&a, on, false) != ACCESS_OTHER &&
		             s->program->unit->records[on->record].local &&
		             !asks_first(s, func, i, on->record);
		bool joins = false;
		for (ir_instr k = 1; k < f->ninstrs && (here || field) && fixed; k++)
			joins |= ir_is_call(&f->instrs[k]) && peer_joins(s, p, func, k) &&
			         (f->instrs[k].block == in->block
			                  ? k > i
			                  : cfg_can_reach(cfg, in->block, f->instrs[k].block));
		if (joins)
			l->each(l->ctx, &(struct forsaken){.kind = FORSAKEN_TAKER,
			                                   .func = func,
			                                   .wait = i,
			                                   .starter = p->starter,
			                                   .spawn = p->spawn,
			                                   .leaver = p->worker,
			                                   .leaves = leaves,
			                                   .room = -1});
	}
}

static void look_at_consumer(const struct look *l, const struct peer *p, ir_instr i)
{
	const struct solution *s = l->s;
	const struct ir_func *f = &s->program->unit->funcs[p->worker];
	const struct api_role *r = api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_RECEIVE);
	struct wanted w;
	if (!r || !peer_waits(s, p->worker, i, &w) || w.on.root != ACCESS_PARAM || w.on.id != p->param)
		return;
	ir_instr leaves = leaves_on_error(s, p->worker, i);
	if (!leaves || !only_receiver(s, p->worker, i, &w.on))
		return;
	struct access there = access_through(s, p->starter, p->data, &w.on);
	for (uint32_t func = 1; func < s->program->unit->nfuncs; func++)
		if (s->program->cfgs[func] && func != p->worker)
			look_at_stops(l, p, func, &w.on, &there, leaves);
}

static void look_at(void *ctx, const struct peer *p)
{
	const struct look *l = ctx;
	const struct summary *sum = &l->s->funcs[p->worker].summary;
	const struct ir_func *f = &l->s->program->unit->funcs[p->worker];
	for (uint32_t k = 0; sum->known && k < sum->neffects; k++)
		if (sum->effects[k].kind == EFFECT_SENDS && sum->effects[k].count.func)
			look_at_sends(l, p, &sum->effects[k]);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i])) {
			look_at_receive(l, p, i);
			look_at_consumer(l, p, i);
			look_at_lost(l, p, i);
		}
}

void solve_untaken(const struct solution *s, void (*each)(void *ctx, const struct forsaken *w), void *ctx)
{
	struct look l = {.s = s, .each = each, .ctx = ctx};
	peer_each(s, look_at, &l);
}
