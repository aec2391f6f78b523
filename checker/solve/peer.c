/*
 * peer.c - what a wait without a limit waits for, who gives that, and ways on which nobody does.
 */
#include "peer.h"
#include "flag.h"
#include "place.h"
#include "scan.h"

#include "mem.h"

#include <string.h>

#define MAX_DEPTH 4
#define BEHIND_FIELD ((int64_t)1 << 40)

void peer_each(const struct solution *s, void (*each)(void *ctx, const struct peer *p), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t k = 0; k < p->nedges; k++) {
		const struct call_edge *e = &p->edges[k];
		bool thread = e->runs == API_RUNS_THREAD || e->runs == API_RUNS_POOL;
		if (e->kind != CALL_CALLBACK || !thread || !p->cfgs[e->callee] || !e->data_arg)
			continue;
		const struct ir_func *f = &p->unit->funcs[e->caller];
		uint32_t param = scan_entry_data(s, e->callee);
		struct peer peer = {
		        .starter = e->caller,
		        .worker = e->callee,
		        .spawn = e->site,
		        .role = api_role_of(scan_model(s, f, &f->instrs[e->site]), API_ROLE_SPAWN),
		        .data = ir_arg(f, &f->instrs[e->site], e->data_arg - 1),
		        .param = param - 1};
		if (param && peer.role && !scan_null(f, peer.data))
			each(ctx, &peer);
	}
}

/* ---- waits ---- */

bool peer_name(const struct ir_func *f, ir_val address, struct access *a)
{
	struct flag at;
	if (!flag_at(f, address, &at) || at.global)
		return false;
	a->record = at.record;
	a->field = at.offset + BEHIND_FIELD;
	return true;
}

struct access peer_access(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                          const struct api_path *path)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access a = access_of_path(s, func, in, path);
	ir_val v = path->base == API_PATH_ARG && !path->deref ? ir_arg(f, in, path->arg) : 0;
	const struct ir_instruction *load = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	if (!a.record && load && load->op == IR_LOAD)
		peer_name(f, ir_operand(f, load, 0), &a);
	return a;
}

static const struct block_site *unbounded_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t k = 0; k < facts->nblocks; k++) {
		const struct block_site *b = &facts->blocks[k];
		if (b->call == i)
			return b->unbounded && !b->has_token && !b->sleeps && b->role ? b : NULL;
	}
	return NULL;
}

static ir_val condition_of(const struct ir_func *f, ir_block b)
{
	const struct ir_instruction *t = ir_terminator(f, b);
	return t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
}

/* Adds what a condition reads, compared with constants or not, and what decides which of its parts are asked;
 * false: it is more than that. */
static bool add_reads(const struct solution *s, uint32_t func, ir_val v, struct access *out, uint32_t *n,
                      unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, v = ir_strip_casts(f, v));
	int64_t c;
	if (!in || depth > 6)
		return false;
	if (in->op == IR_LOAD && *n < MOST_PREDICATES) {
		out[*n] = access_of(s, func, ir_operand(f, in, 0));
		return access_known(&out[(*n)++]);
	}
	for (uint32_t k = 0; in->op == IR_PHI && k < in->noperands; k++) {
		ir_val part = ir_operand(f, in, k);
		if (scan_int(f, part, &c))
			part = condition_of(f, f->phi_blocks[in->first_operand + k]);
		if (!add_reads(s, func, part, out, n, depth + 1))
			return false;
	}
	if (in->op != IR_ICMP && in->op != IR_BINOP)
		return in->op == IR_PHI;
	return scan_int(f, ir_operand(f, in, 1), &c) &&
	       add_reads(s, func, ir_operand(f, in, 0), out, n, depth + 1);
}

uint32_t peer_predicates(const struct solution *s, uint32_t func, ir_instr wait,
                         struct access out[MOST_PREDICATES])
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t loop = cfg->loop_of[f->instrs[wait].block], n = 0;
	for (uint32_t k = 0; loop && k < cfg->loops[loop].nexits; k++)
		if (!add_reads(s, func, condition_of(f, cfg->loops[loop].exits[k].from), out, &n, 0))
			return 0;
	return n;
}

/* The memory that decides whether the loop around a wait goes on; false: several, or none. */
static bool predicate(const struct solution *s, uint32_t func, ir_instr wait, struct access *out)
{
	struct access all[MOST_PREDICATES];
	bool one = peer_predicates(s, func, wait, all) == 1;
	if (one)
		*out = all[0];
	return one;
}

/* The argument of a call that makes two ends of one thing in an array: their elements. */
static bool makes_ends(const struct api_func *d, uint32_t *arg, int32_t ends[2])
{
	uint32_t n = 0;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_CREATE, r)) && n < 2;)
		if (r->handle.base == API_PATH_ARG && r->handle.deref && (!n || r->handle.arg == *arg)) {
			*arg = r->handle.arg;
			ends[n++] = r->handle.index;
		}
	return n == 2 && ends[0] != ends[1];
}

/* What is read comes from the other end of a pipe that the function has made at *made. */
static struct access other_end(const struct solution *s, uint32_t func, const struct access *on,
                               ir_instr *made)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access out = *on;
	for (ir_instr i = 1; on->depth && i < f->ninstrs; i++) {
		uint32_t arg = 0;
		int32_t ends[2] = {0};
		if (!makes_ends(scan_model(s, f, &f->instrs[i]), &arg, ends))
			continue;
		struct access base = access_of(s, func, ir_arg(f, &f->instrs[i], arg));
		int64_t at = on->offset[base.depth] - base.offset[base.depth];
		if (!access_same_root(&base, on) || on->depth != base.depth + 1)
			continue;
		for (unsigned k = 0; k < 2; k++)
			if (at == ends[k] * (int64_t)sizeof(int)) {
				int64_t by = (ends[!k] - ends[k]) * (int64_t)sizeof(int);
				out.offset[base.depth] += by;
				out.field += out.record ? by : 0;
				*made = i;
				return out;
			}
	}
	return (struct access){0};
}

ir_instr peer_pipe(const struct solution *s, uint32_t func, const struct access *on)
{
	ir_instr made = 0;
	return other_end(s, func, on, &made).root ? made : 0;
}

/* What is read from, and where it comes from; a value that lies in an array of ends goes by its place there.
 */
static void end_of_pipe(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                        const struct api_path *path, struct wanted *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val v = path->base == API_PATH_ARG && !path->deref ? ir_arg(f, in, path->arg) : 0;
	const struct ir_instruction *load = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	ir_instr made;
	out->on = peer_access(s, func, in, path);
	out->also = other_end(s, func, &out->on, &made);
	if (out->also.root || !load || load->op != IR_LOAD)
		return;
	struct access there = access_of(s, func, ir_operand(f, load, 0));
	if (there.root && there.depth < MAX_ACCESS_DEPTH)
		there.offset[++there.depth] = 0;
	struct access other = other_end(s, func, &there, &made);
	if (other.root) {
		out->on = there;
		out->also = other;
	}
}

bool peer_waits(const struct solution *s, uint32_t func, ir_instr i, struct wanted *out)
{
	const struct ir_instruction *in = &s->program->unit->funcs[func].instrs[i];
	const struct block_site *b = unbounded_at(s, func, i);
	const struct api_role *r;
	*out = (struct wanted){0};
	if (!b || !b->model)
		return false;
	if (b->waits == API_WAITS_EVENT && !b->role->fds.base && api_role_of(b->model, API_ROLE_UNLOCK)) {
		out->kind = WANTS_FLAG;
		return predicate(s, func, i, &out->on);
	}
	if ((r = api_role_of(b->model, API_ROLE_RECEIVE)))
		out->on = peer_access(s, func, in, &r->from);
	else if (api_role_of(b->model, API_ROLE_SEND) || api_role_of(b->model, API_ROLE_WAKE))
		return false;
	else if ((r = api_role_of(b->model, API_ROLE_WAIT)))
		out->on = peer_access(s, func, in, &r->handle);
	else if (b->role->fds_kind == API_FDS_FD)
		end_of_pipe(s, func, in, &b->role->fds, out);
	else if (b->waits == API_WAITS_EVENT && !b->role->fds.base && ir_nargs(in))
		out->on = access_of(s, func, ir_arg(&s->program->unit->funcs[func], in, 0));
	return access_known(&out->on);
}

/* ---- frames ---- */

/* `a`, from the object at `base` on; false: another object. */
static bool from_base(const struct access *base, const struct access *a, uint32_t param, struct access *out)
{
	if (!access_same_root(base, a) || a->depth < base->depth)
		return false;
	for (unsigned k = 0; k < base->depth; k++)
		if (a->offset[k] != base->offset[k])
			return false;
	*out = (struct access){.root = ACCESS_PARAM,
	                       .depth = (uint8_t)(a->depth - base->depth),
	                       .id = param,
	                       .record = a->record,
	                       .field = a->field};
	for (unsigned k = 0; k <= out->depth; k++)
		out->offset[k] = a->offset[base->depth + k];
	out->offset[0] -= base->offset[base->depth];
	return true;
}

static bool is_value(const struct solution *s, uint32_t func, ir_val v, const struct access *a)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!a->depth)
		return ir_strip_casts(f, v) == a->id;
	struct access b = access_of(s, func, v);
	return access_match(&b, a, true) == ACCESS_SAME;
}

/* The value is kept somewhere in the object. */
static bool kept_in(const struct solution *s, uint32_t func, const struct access *base, uint32_t param,
                    const struct access *a, struct access *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (a->root != ACCESS_VALUE || (!a->depth && a->offset[0]))
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || !is_value(s, func, ir_operand(f, in, 0), a))
			continue;
		struct access at = access_of(s, func, ir_operand(f, in, 1));
		if (at.depth < MAX_ACCESS_DEPTH && from_base(base, &at, param, out)) {
			out->offset[++out->depth] = 0;
			out->record = 0;
			out->field = 0;
			return true;
		}
	}
	return false;
}

bool peer_inside(const struct solution *s, uint32_t func, ir_val arg, uint32_t param, const struct access *a,
                 struct access *out)
{
	struct access base = access_of(s, func, arg);
	return a->root && base.root &&
	       (from_base(&base, a, param, out) || kept_in(s, func, &base, param, a, out));
}

/* ---- giving ---- */

static bool same(const struct access *a, const struct access *b)
{
	return access_match(a, b, true) != ACCESS_OTHER;
}

static bool same_wanted(const struct access *a, const struct wanted *w)
{
	return same(a, &w->on) || (w->also.root && same(a, &w->also));
}

ir_instr peer_next_store(const struct solution *s, uint32_t func, const struct access *on, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (i++; on->depth && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i], *made;
		if (in->op != IR_STORE)
			continue;
		struct access at = access_of(s, func, ir_operand(f, in, 1));
		made = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		if (at.depth + 1 == on->depth && access_same_root(&at, on) && made && ir_is_call(made) &&
		    at.offset[at.depth] == on->offset[at.depth])
			return i;
	}
	return 0;
}

struct access peer_alias(const struct solution *s, uint32_t func, const struct access *on)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_instr store = peer_next_store(s, func, on, 0);
	return store ? access_of(s, func, ir_strip_casts(f, ir_operand(f, &f->instrs[store], 0)))
	             : (struct access){0};
}

/* What is wanted, as a callee sees it that gets the value. */
static bool wanted_inside(const struct solution *s, uint32_t func, ir_val arg, uint32_t param,
                          const struct wanted *w, struct access *out)
{
	return peer_inside(s, func, arg, param, &w->on, out) ||
	       (w->also.root && peer_inside(s, func, arg, param, &w->also, out));
}

static bool gives_by_model(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                           const struct api_func *d, const struct wanted *w)
{
	static const enum api_role_kind kinds[4][7] = {
	        [WANTS_ITEM] = {API_ROLE_SEND, API_ROLE_WAKE, API_ROLE_LEAVE, API_ROLE_CLOSE_QUEUE,
	                        API_ROLE_RELEASE, API_ROLE_CANCEL},
	        [WANTS_TAKER] = {API_ROLE_RECEIVE, API_ROLE_CLOSE_QUEUE},
	        [WANTS_CLOSE] = {API_ROLE_CLOSE_QUEUE},
	};
	for (size_t k = 0; kinds[w->kind][k]; k++)
		for (const struct api_role *r = NULL; (r = api_role_next(d, kinds[w->kind][k], r));) {
			const struct api_path *path = r->kind == API_ROLE_SEND      ? &r->into
			                              : r->kind == API_ROLE_RECEIVE ? &r->from
			                                                            : &r->handle;
			struct access a = peer_access(s, func, in, path);
			if (same_wanted(&a, w))
				return true;
		}
	return false;
}

/* The queue is freed, come what may: whoever waits on it then has another problem. */
static bool frees(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                  const struct api_func *d, const struct wanted *w, unsigned depth)
{
	const struct api_role *r = w->kind >= WANTS_TAKER ? api_role_of(d, API_ROLE_RELEASE) : NULL;
	struct access a = r ? peer_access(s, func, in, &r->handle) : (struct access){0};
	return r && same_wanted(&a, w) && (!depth || cfg_postdominates(s->program->cfgs[func], in->block, 1));
}

/* A described function keeps an argument, or has other code work with it. */
static bool hands_on(const struct api_func *d, uint32_t arg)
{
	static const enum api_role_kind kinds[] = {API_ROLE_SPAWN,    API_ROLE_CONNECT, API_ROLE_USES,
	                                           API_ROLE_COMPLETE, API_ROLE_EACH,    API_ROLE_WATCH};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	const struct api_role *r = api_role_of(d, API_ROLE_SEND);
	r = r ? r : api_role_of(d, API_ROLE_STORE);
	return r && r->value.base == API_PATH_ARG && r->value.arg == arg;
}

static enum peer_gives gives(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w,
                             unsigned depth);

/* The most that a callee does about it. */
static enum peer_gives callee_gives(const struct solution *s, uint32_t callee, const struct wanted *w,
                                    unsigned depth)
{
	const struct ir_func *g = &s->program->unit->funcs[callee];
	enum peer_gives most = GIVES_NOT;
	if (depth == MAX_DEPTH)
		return GIVES_PERHAPS;
	for (ir_instr k = 1; k < g->ninstrs && most != GIVES_IT; k++) {
		enum peer_gives one = gives(s, callee, k, w, depth + 1);
		most = one > most ? one : most;
	}
	return most;
}

/* The address is of a plain member, or in an array of numbers: *from and *end, in bytes behind it, are where
 * that lies. */
static bool is_plain_member(const struct solution *s, const struct ir_func *f, ir_val arg, int64_t *from,
                            int64_t *end)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, arg));
	while (in && in->op == IR_ADDR && !in->record && !in->imm && !(in->flags & IR_F_VARIABLE))
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	const struct ir_field *field = in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE)
	                                       ? ir_field_at(s->program->unit, in->record, (uint32_t)in->imm)
	                                       : NULL;
	if (!field || field->record)
		return false;
	*from = field->offset - in->imm;
	*end = *from + field->size;
	return field->elem_size ? !strpbrk(field->ctype, "*&(") : *from == 0;
}

/* The argument is a local variable of the function that leads to it: a guard, a structure for the callee. */
static bool leads_to(const struct solution *s, uint32_t func, ir_val arg, const struct wanted *w)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access local = access_of(s, func, arg), there;
	const struct ir_instruction *root = local.root == ACCESS_VALUE ? ir_def(f, local.id) : NULL;
	int64_t from, end;
	bool plain = is_plain_member(s, f, arg, &from, &end);
	for (ir_instr i = 1; w->on.root && root && root->op == IR_ALLOCA && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || f->vals[ir_operand(f, in, 0)].type != IR_TYPE_PTR)
			continue;
		struct access at = access_of(s, func, ir_operand(f, in, 1));
		int64_t behind = at.offset[0] - local.offset[0];
		if (access_same_root(&at, &local) && !at.depth &&
		    !(plain && !local.depth && (behind < from || behind >= end)) &&
		    wanted_inside(s, func, ir_operand(f, in, 0), 0, w, &there))
			return true;
	}
	return false;
}

/* Code that nobody knows gets a plain member: what lies beside that it cannot reach. */
static bool beside(const struct solution *s, uint32_t func, ir_val arg, const struct access *there)
{
	int64_t from, end;
	return is_plain_member(s, &s->program->unit->funcs[func], arg, &from, &end) &&
	       (there->offset[0] < from || there->offset[0] >= end);
}

static enum peer_gives call_gives(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                  const struct wanted *w, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = p->described[callee];
	if (scan_is_marker(s, f, in))
		return GIVES_NOT;
	if (d && w->kind != WANTS_FLAG && gives_by_model(s, func, in, d, w))
		return GIVES_IT;
	if (d && frees(s, func, in, d, w, depth))
		return GIVES_PERHAPS;
	enum peer_gives most = GIVES_NOT;
	for (uint32_t k = 0; k < ir_nargs(in) && most != GIVES_IT; k++) {
		struct wanted there = {.kind = w->kind};
		if (!wanted_inside(s, func, ir_arg(f, in, k), k, w, &there.on)) {
			if (!d && leads_to(s, func, ir_arg(f, in, k), w))
				most = most > GIVES_PERHAPS ? most : GIVES_PERHAPS;
			continue;
		}
		if (!d && !(callee && p->cfgs[callee]) && beside(s, func, ir_arg(f, in, k), &there.on))
			continue;
		enum peer_gives one = d                           ? hands_on(d, k) ? GIVES_PERHAPS : GIVES_NOT
		                      : callee && p->cfgs[callee] ? callee_gives(s, callee, &there, depth)
		                                                  : GIVES_PERHAPS;
		most = one > most ? one : most;
	}
	return most;
}

/* It is put where others find it: not in a local variable, nor in an object of its own. */
static bool shows(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                  const struct wanted *w)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access there;
	if (f->vals[ir_operand(f, in, 0)].type != IR_TYPE_PTR ||
	    !wanted_inside(s, func, ir_operand(f, in, 0), 0, w, &there))
		return false;
	struct access at = access_of(s, func, ir_operand(f, in, 1));
	return at.root != ACCESS_VALUE && !access_same_root(&at, &w->on);
}

static enum peer_gives gives(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w,
                             unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	bool atomic = in->op == IR_ATOMIC || in->op == IR_CMPXCHG;
	if (ir_is_call(in))
		return call_gives(s, func, in, w, depth);
	if (in->op == IR_STORE && shows(s, func, in, w))
		return GIVES_PERHAPS;
	if (w->kind != WANTS_FLAG || (in->op != IR_STORE && !atomic))
		return GIVES_NOT;
	struct access at = access_of(s, func, ir_operand(f, in, atomic ? 0 : 1));
	int64_t c;
	bool clears = !atomic && scan_int(f, ir_operand(f, in, 0), &c) && c == 0;
	return same(&at, &w->on) && !clears ? GIVES_IT : GIVES_NOT;
}

enum peer_gives peer_gives_at(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w)
{
	return gives(s, func, i, w, 0);
}

/* ---- waits for one of several ---- */

bool peer_selects(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w, int64_t *other)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_BLOCK);
	if (!r || r->fds_kind != API_FDS_CASES || r->fds.base != API_PATH_ARG)
		return false;
	const struct ir_func *callee = &s->program->unit->funcs[ir_callee(f, in)];
	uint32_t record = r->fds.arg < callee->nparams ? callee->params[r->fds.arg].pointee : 0;
	struct access cases = access_of(s, func, ir_arg(f, in, r->fds.arg));
	int64_t size = record ? s->program->unit->records[record].size : 0;
	for (ir_instr k = 1; size && k < f->ninstrs; k++) {
		const struct ir_instruction *store = &f->instrs[k];
		if (store->op != IR_STORE)
			continue;
		struct access at = access_of(s, func, ir_operand(f, store, 1));
		struct access v = access_of(s, func, ir_operand(f, store, 0));
		if (!access_same_root(&at, &cases) || at.depth != cases.depth || !same_wanted(&v, w))
			continue;
		*other = (at.offset[at.depth] - cases.offset[cases.depth]) / size == 0 ? 1 : 0;
		return true;
	}
	return false;
}

/* Waits until a count is down that the worker counts down. */
static bool waits_for_count(const struct solution *s, const struct peer *p, uint32_t func,
                            const struct ir_instruction *in, const struct api_role *wait)
{
	const struct ir_func *g = &s->program->unit->funcs[p->worker];
	struct access on = peer_access(s, func, in, &wait->handle);
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		const struct api_role *leave = api_role_of(scan_model(s, g, &g->instrs[i]), API_ROLE_LEAVE);
		if (!leave || leave->handle.base != API_PATH_ARG)
			continue;
		struct access a = peer_access(s, p->worker, &g->instrs[i], &leave->handle);
		if (a.record && on.record && access_match(&a, &on, false) != ACCESS_OTHER)
			return true;
		struct access there = access_through(s, p->starter, p->data, &a);
		if (func == p->starter && a.root == ACCESS_PARAM && a.id == p->param &&
		    access_match(&there, &on, true) == ACCESS_SAME)
			return true;
	}
	return false;
}

bool peer_joins(const struct solution *s, const struct peer *p, uint32_t func, ir_instr i)
{
	const struct program *prog = s->program;
	const struct ir_instruction *in = &prog->unit->funcs[func].instrs[i];
	const struct api_func *d = scan_model(s, &prog->unit->funcs[func], in);
	const struct api_role *r = api_role_of(d, API_ROLE_JOIN);
	const struct api_role *wait = api_role_of(d, API_ROLE_WAIT);
	if (wait && wait->handle.base == API_PATH_ARG && api_role_of(d, API_ROLE_BLOCK))
		return waits_for_count(s, p, func, in, wait);
	if (!r || !api_role_of(d, API_ROLE_BLOCK))
		return false;
	struct handle_place of = place_of_path(s, func, in, &r->handle);
	const struct ir_instruction *spawn = &prog->unit->funcs[p->starter].instrs[p->spawn];
	return same_place(place_of_path(s, p->starter, spawn, &p->role->handle), of);
}

/* ---- ways ---- */

/* What a call is taken to return on the way; false: anything. */
static bool assumed(const struct solution *s, const struct peer_search *q, ir_instr call, int64_t *value)
{
	const struct peer *p = q->started;
	if (p && call == p->spawn) {
		*value = p->role->when == API_NONNULL;
		return p->role->when == API_ZERO || p->role->when == API_NONNEGATIVE ||
		       p->role->when == API_NONNULL;
	}
	return q->wanted.kind == WANTS_TAKER && peer_selects(s, q->func, call, &q->wanted, value);
}

/* The only side that a branch goes to under that: 1 + its successor; 0: either. */
static uint32_t side_taken(const struct solution *s, const struct peer_search *q,
                           const struct ir_instruction *t)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
	bool truth = true; /* `v` is not 0, or it is */
	for (unsigned depth = 0; v && depth < 6; depth++) {
		int64_t c, value;
		const struct ir_instruction *in = ir_def(f, v = ir_strip_casts(f, v)), *of = NULL;
		if (!in)
			return 0;
		if (ir_is_call(in))
			return !assumed(s, q, (ir_instr)(in - f->instrs), &value) ? 0
			       : (value != 0) == truth                            ? 1
			                                                          : 2;
		if (in->op == IR_BINOP && in->sub == IR_XOR) {
			truth = !truth;
		} else if (in->op == IR_ICMP && scan_int(f, ir_operand(f, in, 1), &c)) {
			of = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
			if (of && ir_is_call(of) && assumed(s, q, (ir_instr)(of - f->instrs), &value))
				return ir_compare((enum ir_pred)in->sub, value, c) == truth ? 1 : 2;
			if (c != 0 || (in->sub != IR_EQ && in->sub != IR_NE))
				return 0;
			truth = in->sub == IR_NE ? truth : !truth;
		} else {
			return 0;
		}
		v = ir_operand(f, in, 0);
	}
	return 0;
}

enum { WAY_ON, WAY_STOPS, WAY_ARRIVES };

/* From an instruction to the end of its block. */
static int pass_block(const struct solution *s, const struct peer_search *q, ir_instr from, unsigned *times)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	const struct ir_basic_block *bb = &f->blocks[f->instrs[from].block];
	for (ir_instr i = from; i < bb->first + bb->count; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (i == q->to || (!q->to && in->op == IR_RET))
			return WAY_ARRIVES;
		if (q->or_join && peer_joins(s, q->started, q->func, i))
			return WAY_ARRIVES;
		if (ir_is_call(in) && solve_no_return(s, q->func, i))
			return WAY_STOPS;
		enum peer_gives g = peer_gives_at(s, q->func, i, &q->wanted);
		if (g == GIVES_PERHAPS || (g == GIVES_IT && *times == q->allowed))
			return WAY_STOPS;
		*times += g == GIVES_IT;
	}
	return WAY_ON;
}

/* The function returns what is wanted, or what that lies in, when it is left by this edge. */
static bool hands_back(const struct solution *s, const struct peer_search *q, ir_block from, ir_block to)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	const struct ir_instruction *ret = ir_terminator(f, to);
	ir_val v = ret->op == IR_RET ? ir_operand(f, ret, 0) : 0;
	const struct ir_instruction *phi = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	struct access there;
	for (uint32_t k = 0; phi && phi->op == IR_PHI && phi->block == to && k < phi->noperands; k++)
		if (f->phi_blocks[phi->first_operand + k] == from)
			v = ir_operand(f, phi, k);
	return v && f->vals[v].type == IR_TYPE_PTR && wanted_inside(s, q->func, v, 0, &q->wanted, &there);
}

struct flood { /* the blocks a way may come to, once for each number of times */
	const struct solution *s;
	const struct peer_search *q;
	const struct ir_func *f;
	uint32_t *before, *queue, n, first; /* nodes: block * (allowed + 1) + times */
};

static void trace_back(const struct flood *w, uint32_t node, struct peer_way *way)
{
	uint32_t per = w->q->allowed + 1;
	ir_block end = node / per;
	for (uint32_t left = w->f->nblocks * per; node && left; left--) {
		way->blocks[way->n++] = node / per;
		if (node == w->first && way->n > 1)
			break;
		node = w->before[node];
	}
	for (uint32_t k = 0; k < way->n / 2; k++) {
		ir_block t = way->blocks[k];
		way->blocks[k] = way->blocks[way->n - 1 - k];
		way->blocks[way->n - 1 - k] = t;
	}
	way->last = (ir_instr)(ir_terminator(w->f, end) - w->f->instrs);
	if (way->n > 1 &&
	    w->f->blocks[end].count <= 3) /* several returns lead to it: the jump there is the statement */
		way->last = (ir_instr)(ir_terminator(w->f, way->blocks[way->n - 2]) - w->f->instrs);
}

/* The edges out of a block that was passed. */
static void spread(struct flood *w, uint32_t node, unsigned times)
{
	const struct ir_instruction *t = ir_terminator(w->f, node / (w->q->allowed + 1));
	uint32_t side = side_taken(w->s, w->q, t);
	for (uint32_t k = 0; k < t->nsuccs; k++) {
		ir_block to = ir_succ(w->f, t, k);
		uint32_t next = to * (w->q->allowed + 1) + times;
		bool unwinds = t->op == IR_INVOKE && k == 1;
		if (w->before[next] || unwinds || (next == w->first && !w->q->from) ||
		    (side && side != k + 1))
			continue;
		bool back = w->q->or_back || w->q->wanted.kind >= WANTS_TAKER;
		if (!w->q->to && back && hands_back(w->s, w->q, t->block, to))
			continue;
		w->before[next] = node;
		w->queue[w->n++] = next;
	}
}

bool peer_way(const struct solution *s, const struct peer_search *q, struct peer_way *way)
{
	const struct ir_func *f = &s->program->unit->funcs[q->func];
	uint32_t per = q->allowed + 1, size = f->nblocks * per;
	struct flood w = {
	        s, q, f, mem_alloc(size * sizeof(uint32_t)), mem_alloc((size + 1) * sizeof(uint32_t)), 0, 0};
	bool found = false;
	*way = (struct peer_way){.blocks = mem_alloc((size + 1) * sizeof *way->blocks)};
	w.first = (q->from ? f->instrs[q->from].block : 1) * per;
	w.queue[w.n++] = w.first;
	for (uint32_t done = 0; done < w.n && !found; done++) {
		uint32_t node = w.queue[done];
		unsigned times = node % per;
		ir_instr from = done == 0 && q->from ? q->from + 1 : f->blocks[node / per].first;
		int how = pass_block(s, q, from, &times);
		found = how == WAY_ARRIVES;
		if (found)
			trace_back(&w, node, way);
		else if (how == WAY_ON)
			spread(&w, node, times);
	}
	mem_release(w.before);
	mem_release(w.queue);
	if (!found)
		peer_way_release(way);
	return found;
}

void peer_way_release(struct peer_way *way)
{
	mem_release(way->blocks);
	*way = (struct peer_way){0};
}
