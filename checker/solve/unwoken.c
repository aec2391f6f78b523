/*
 * unwoken.c - joins of a thread that was asked to end by a flag, while it may sit in a wait without a limit
 * that nobody ends: who looks at a flag between two waits has to be woken. Who sends into a queue looks at
 * its token in vain, too: room has to be made.
 */
#include "flag.h"
#include "peer.h"
#include "scan.h"

#include "mem.h"

#define MAX_PLACES 16
#define MAX_SET 64 /* flags before a join */
#define MAX_DEPTH 4
#define MAX_CLOSED 4

struct join_site { /* a wait for the end of a thread */
	uint32_t func;
	ir_instr at;
	struct flag handle;
	struct flag set[MAX_SET]; /* flags that get a constant before */
	uint32_t nset;
	struct flag closed[MAX_CLOSED]; /* queues that are closed before */
	uint32_t nclosed;
	bool cancels; /* a canceller that lies beside the thread's handle is used before */
};

/* ---- who may be woken ---- */

/* Who sends into a full queue is not woken by a token. */
static bool takes_by_model(const struct api_func *d)
{
	return api_role_of(d, API_ROLE_RECEIVE) || api_role_of(d, API_ROLE_CLOSE_QUEUE) ||
	       api_role_of(d, API_ROLE_STORE);
}

static bool wakes_by_model(const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_WAKE,        API_ROLE_CANCEL,  API_ROLE_SEND,
	                                           API_ROLE_CLOSE_QUEUE, API_ROLE_RELEASE, API_ROLE_COMPLETE,
	                                           API_ROLE_LEAVE,       API_ROLE_STORE};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	return false;
}

/* The field that the queue of a call lies in; false: it is no such call, or lies elsewhere. */
static bool queue_field(const struct solution *s, uint32_t func, ir_instr i, enum api_role_kind kind,
                        struct flag *at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_role *r = api_role_of(scan_model(s, f, in), kind);
	const struct api_path *path = !r                             ? NULL
	                              : kind == API_ROLE_SEND        ? &r->into
	                              : kind == API_ROLE_CLOSE_QUEUE ? &r->handle
	                                                             : &r->from;
	if (!path || path->base != API_PATH_ARG)
		return false;
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_arg(f, in, path->arg)));
	return load && load->op == IR_LOAD && flag_at(f, ir_operand(f, load, 0), at);
}

/* It closes another queue than that one. */
static bool closes_another(const struct solution *s, uint32_t func, ir_instr i, const struct flag *queue)
{
	struct flag at;
	return queue && queue_field(s, func, i, API_ROLE_CLOSE_QUEUE, &at) && !flag_same(&at, queue);
}

/* `queue`: the waiter sends into that; NULL: it waits for something else. */
static bool may_wake(const struct solution *s, uint32_t func, ir_instr i, const struct flag *queue,
                     unsigned depth)
{
	bool sends = queue != NULL;
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	if (!ir_is_call(in) || (in->flags & IR_F_NORETURN))
		return false;
	uint32_t callee = ir_callee(f, in);
	if (p->described[callee])
		return sends ? takes_by_model(p->described[callee]) && !closes_another(s, func, i, queue)
		             : wakes_by_model(p->described[callee]);
	if (!callee || !p->cfgs[callee] || depth == MAX_DEPTH)
		return callee == 0 || !(p->unit->funcs[callee].flags & IR_FUNC_NORETURN);
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr k = 1; k < g->ninstrs; k++)
		if (may_wake(s, callee, k, queue, depth + 1))
			return true;
	return false;
}

/* Something before `join`, or in a function that calls this one, may wake who is joined. */
static bool woken_before(const struct solution *s, uint32_t func, ir_instr join, const struct flag *queue)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		bool behind = i == join || !(f->instrs[i].block == f->instrs[join].block
		                                     ? i < join
		                                     : cfg_can_reach(p->cfgs[func], f->instrs[i].block,
		                                                     f->instrs[join].block));
		if (!behind && may_wake(s, func, i, queue, 0))
			return true;
	}
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *caller = &p->unit->funcs[e->caller];
		for (ir_instr i = 1; e->kind == CALL_DIRECT && i < caller->ninstrs; i++) {
			const struct api_func *d = scan_model(s, caller, &caller->instrs[i]);
			if (d && (queue ? takes_by_model(d) && !closes_another(s, e->caller, i, queue)
			                : wakes_by_model(d)))
				return true;
		}
	}
	return false;
}

/* ---- who waits ---- */

static bool without_end(const struct block_site *b)
{
	return b->unbounded && !b->sleeps && !b->has_token &&
	       (b->waits == API_WAITS_EVENT || b->waits == API_WAITS_QUEUE || b->waits == API_WAITS_NETWORK);
}

/* The flags that are looked at in the loop around a wait. */
static uint32_t asked_flags(const struct solution *s, uint32_t func, uint32_t loop,
                            struct flag out[MAX_PLACES])
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t n = 0;
	for (ir_instr i = 1; i < f->ninstrs && n < MAX_PLACES; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_LOAD && in->imm <= 4 && cfg_in_loop(cfg, loop, in->block))
			n += flag_at(f, ir_operand(f, in, 0), &out[n]);
	}
	return n;
}

/* The loop around a wait asks a token that lies in an object of that record; 0: it does not. */
static uint32_t asks_token_of(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct flag at;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i], *load;
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_POLL);
		if (!r || r->token.base != API_PATH_ARG ||
		    !cfg_in_loop(s->program->cfgs[func], loop, in->block))
			continue;
		load = ir_def(f, ir_strip_casts(f, ir_arg(f, in, r->token.arg)));
		if (load && load->op == IR_LOAD && flag_at(f, ir_operand(f, load, 0), &at) && !at.global)
			return at.record;
	}
	return 0;
}

/* ---- who joins ---- */

static bool comes_before(const struct solution *s, const struct join_site *j, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	ir_block at = f->instrs[i].block, join = f->instrs[j->at].block;
	return at == join ? i < j->at : cfg_can_reach(s->program->cfgs[j->func], at, join);
}

static bool cancels_before(const struct solution *s, const struct join_site *j)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	struct flag at;
	for (ir_instr i = 1; !j->handle.global && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i], *load;
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_CANCEL);
		const struct api_path *path = r && r->handle.base ? &r->handle : r ? &r->token : NULL;
		if (!r || path->base != API_PATH_ARG || !comes_before(s, j, i))
			continue;
		load = ir_def(f, ir_strip_casts(f, ir_arg(f, in, path->arg)));
		if (load && load->op == IR_LOAD && flag_at(f, ir_operand(f, load, 0), &at) &&
		    at.record == j->handle.record)
			return true;
	}
	return false;
}

static void find_flags_set(const struct solution *s, struct join_site *j)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	int64_t value;
	for (ir_instr i = 1; i < f->ninstrs && j->nset < MAX_SET; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || in->imm > 4 || !scan_int(f, ir_operand(f, in, 0), &value))
			continue;
		bool before = comes_before(s, j, i);
		j->nset += before && flag_at(f, ir_operand(f, in, 1), &j->set[j->nset]);
	}
}

/* The queues of the object that are closed before, to tell who takes from them to end. */
static void find_closed(const struct solution *s, struct join_site *j)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	for (ir_instr i = 1; i < f->ninstrs && j->nclosed < MAX_CLOSED; i++) {
		struct flag *at = &j->closed[j->nclosed];
		j->nclosed += queue_field(s, j->func, i, API_ROLE_CLOSE_QUEUE, at) && comes_before(s, j, i);
	}
}

/* The loop around a wait takes from one of the queues that are closed before the join. */
static bool takes_from_closed(const struct solution *s, const struct join_site *j, uint32_t func,
                              uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct flag at;
	for (ir_instr i = 1; j->nclosed && i < f->ninstrs; i++) {
		if (!cfg_in_loop(s->program->cfgs[func], loop, f->instrs[i].block) ||
		    !queue_field(s, func, i, API_ROLE_RECEIVE, &at))
			continue;
		for (uint32_t k = 0; k < j->nclosed; k++)
			if (flag_same(&at, &j->closed[k]))
				return true;
	}
	return false;
}

static bool is_join(const struct solution *s, struct join_site *j)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	const struct ir_instruction *in = &f->instrs[j->at];
	const struct api_func *d = scan_model(s, f, in);
	const struct api_role *r = api_role_of(d, API_ROLE_JOIN), *block = api_role_of(d, API_ROLE_BLOCK);
	r = r ? r : api_role_of(d, API_ROLE_WAIT);
	if (!r || !block || block->timeout.base || r->handle.base != API_PATH_ARG)
		return false;
	ir_val at = ir_strip_casts(f, ir_arg(f, in, r->handle.arg));
	const struct ir_instruction *load = ir_def(f, at);
	return flag_at(f, load && load->op == IR_LOAD ? ir_operand(f, load, 0) : at, &j->handle);
}

typedef VEC(struct join_site) join_list;

static join_list find_joins(const struct solution *s)
{
	const struct program *p = s->program;
	join_list all = {0};
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		if (!p->cfgs[func] ||
		    !(program_calls(p, func, API_ROLE_JOIN) || program_calls(p, func, API_ROLE_WAIT)))
			continue;
		for (PROGRAM_EACH_CALL(p, func, c)) {
			struct join_site j = {.func = func, .at = c->at};
			if (!is_join(s, &j))
				continue;
			find_flags_set(s, &j);
			j.cancels = cancels_before(s, &j);
			find_closed(s, &j);
			vec_push(&all, j);
		}
	}
	return all;
}

/* The thread's handle lies where the flag does, in the same record or in static storage, and the flag is set
 * before. */
static bool asks_by(const struct join_site *j, const struct flag *flag)
{
	if (flag->global ? !j->handle.global : j->handle.global || j->handle.record != flag->record)
		return false;
	for (uint32_t k = 0; k < j->nset; k++)
		if (flag_same(flag, &j->set[k]))
			return true;
	return false;
}

static bool asks_by_one(const struct join_site *j, const struct flag *flags, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (asks_by(j, &flags[k]))
			return true;
	return false;
}

/* ---- who sends ---- */

static bool runs_on_thread(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind == CALL_CALLBACK ? e->runs == API_RUNS_THREAD || e->runs == API_RUNS_POOL
		                             : depth < MAX_DEPTH && runs_on_thread(s, e->caller, depth + 1))
			return true;
	}
	return false;
}

static bool is_entry(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind == CALL_CALLBACK)
			return true;
	return false;
}

/* The queue lies in an object, and no other thread of the unit takes from it: its record; 0: not so. */
static uint32_t record_of_queue(const struct solution *s, uint32_t func, const struct block_site *site)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct api_role *r = api_role_of(site->model, API_ROLE_SEND);
	struct access on = peer_access(s, func, &f->instrs[site->call], &r->into);
	for (uint32_t g = 1; on.record && g < p->unit->nfuncs; g++) {
		const struct ir_func *other = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < other->ninstrs; i++) {
			r = api_role_of(scan_model(s, other, &other->instrs[i]), API_ROLE_RECEIVE);
			struct access a =
			        r ? peer_access(s, g, &other->instrs[i], &r->from) : (struct access){0};
			if (r &&
			    ((!a.record && !is_entry(s, g)) ||
			     access_match(&a, &on, false) != ACCESS_OTHER) &&
			    runs_on_thread(s, g, 0))
				return 0;
		}
	}
	return on.record;
}

/* The join that waits for who sits in the wait; NULL: none, or it is woken before. */
static const struct join_site *join_of(const struct solution *s, const join_list *joins, uint32_t func,
                                       const struct block_site *site)
{
	struct flag flags[MAX_PLACES];
	uint32_t loop =
	        s->program->cfgs[func]->loop_of[s->program->unit->funcs[func].instrs[site->call].block];
	bool sends = api_role_of(site->model, API_ROLE_SEND) != NULL;
	uint32_t n = loop && without_end(site) ? asked_flags(s, func, loop, flags) : 0;
	uint32_t queue = loop && sends && without_end(site) ? record_of_queue(s, func, site) : 0;
	uint32_t record = queue ? asks_token_of(s, func, loop) : 0;
	struct flag into = {0};
	bool named = sends && queue_field(s, func, site->call, API_ROLE_SEND, &into);
	for (uint32_t k = 0; (sends ? queue != 0 : n != 0) && k < joins->len; k++) {
		const struct join_site *j = &joins->data[k];
		bool by_token = record && j->cancels && j->handle.record == record;
		by_token |= sends && queue && takes_from_closed(s, j, func, loop);
		if (j->func != func && (!sends || named) && (!sends || j->handle.record == queue) &&
		    (by_token || asks_by_one(j, flags, n)) &&
		    !woken_before(s, j->func, j->at, sends ? &into : NULL))
			return j;
	}
	return NULL;
}

void solve_unwoken(const struct solution *s, void (*each)(void *ctx, const struct unwoken *u), void *ctx)
{
	const struct program *p = s->program;
	join_list joins = find_joins(s);
	for (uint32_t func = 1; joins.len && func < p->unit->nfuncs; func++) {
		const struct func_facts *facts = &s->funcs[func];
		for (uint32_t b = 0; p->cfgs[func] && b < facts->nblocks; b++) {
			const struct block_site *site = &facts->blocks[b];
			const struct join_site *j = join_of(s, &joins, func, site);
			struct unwoken u = {.waiter = func, .wait = site->call, .callee = site->callee};
			if (!j)
				continue;
			u.func = j->func;
			u.join = j->at;
			each(ctx, &u);
		}
	}
	vec_release(&joins);
}
