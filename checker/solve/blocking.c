/*
 * blocking.c - the calls of a function that may block: under which limit, with which token, on which wait
 * set.
 */
#include "scan.h"

#include "arena.h"
#include "mem.h"
#include "str.h"

/* ---- what is in the wait sets ---- */

struct wait_sets { /* of one function */
	const struct solution *s;
	const struct ir_func *f;
	const struct use_index *x;
	bool *done;      /* per value: it is, or contains, a done handle or token */
	bool *holds;     /* per instruction: an alloca a done handle was put into */
	bool epoll_done; /* one was added to an epoll instance or the like */
};

static bool base_alloca(const struct ir_func *f, ir_val v, ir_instr *at)
{
	ir_val local = scan_local_around(f, v);
	*at = local ? f->vals[local].aux : 0;
	return local;
}

static void spread(struct wait_sets *w, ir_val v)
{
	if (!v || w->done[v])
		return;
	w->done[v] = true;
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		ir_instr at;
		if (in->op == IR_CAST || in->op == IR_PHI || in->op == IR_BINOP || in->op == IR_SELECT) {
			spread(w, in->result);
		} else if (in->op == IR_STORE && w->x->uses[k].operand == 0) {
			if (base_alloca(w->f, ir_operand(w->f, in, 1), &at))
				w->holds[at] = true;
		} else if (in->op == IR_ADDR && in->flags & IR_F_VARIABLE && w->x->uses[k].operand == 1) {
			if (base_alloca(w->f, in->result, &at)) /* a bit set indexed by the descriptor */
				w->holds[at] = true;
		}
	}
}

static void mark_roles(struct wait_sets *w, const struct ir_instruction *in, const struct api_func *d)
{
	ir_instr at;
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_DONE_FD, r));) {
		if (r->to.deref && r->to.base == API_PATH_ARG) {
			if (base_alloca(w->f, ir_arg(w->f, in, r->to.arg), &at))
				w->holds[at] = true;
		} else {
			spread(w, scan_path(w->f, in, &r->to));
		}
	}
}

static void mark_tokens(struct wait_sets *w)
{
	const struct program *p = w->s->program;
	for (uint32_t v = 1; v < w->f->nvals; v++)
		if (program_is_token(p, w->f->vals[v].ctype) && !scan_is_root(w->s, w->f, v))
			spread(w, v);
	for (uint32_t i = 0; i < w->f->nparams; i++)
		if (program_is_token(p, w->f->params[i].ctype))
			spread(w, w->f->params[i].val);
}

static void mark_watches(struct wait_sets *w)
{
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		const struct api_func *d =
		        ir_is_call(in) ? w->s->program->described[ir_callee(w->f, in)] : NULL;
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_WATCH, r));) {
			ir_instr at;
			ir_val fds = r->fds.base == API_PATH_ARG ? ir_arg(w->f, in, r->fds.arg) : 0;
			if (w->done[fds] || (fds && base_alloca(w->f, fds, &at) && w->holds[at]))
				w->epoll_done = true;
		}
	}
}

static void find_wait_sets(struct wait_sets *w)
{
	if (w->done)
		return;
	w->x = scan_uses(w->s, (uint32_t)(w->f - w->s->program->unit->funcs));
	w->done = mem_alloc(w->f->nvals);
	w->holds = mem_alloc(w->f->ninstrs);
	mark_tokens(w);
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		const struct api_func *d =
		        ir_is_call(in) ? w->s->program->described[ir_callee(w->f, in)] : NULL;
		if (d)
			mark_roles(w, in, d);
	}
	for (int turn = 0; turn < 2; turn++)
		for (ir_instr i = 1; i < w->f->ninstrs; i++) {
			const struct ir_instruction *in = &w->f->instrs[i];
			ir_instr from, to;
			if (in->op == IR_COPY && base_alloca(w->f, ir_operand(w->f, in, 1), &from) &&
			    w->holds[from] && base_alloca(w->f, ir_operand(w->f, in, 0), &to))
				w->holds[to] = true;
		}
	mark_watches(w);
}

/* How far behind the start of its variable an address is; -1: not constant. */
static int64_t offset_in_variable(const struct ir_func *f, ir_val v)
{
	int64_t offset = 0;
	const struct ir_instruction *def;
	while ((def = ir_def(f, v = ir_strip_casts(f, v))) && def->op == IR_ADDR) {
		int64_t k = 0;
		if (def->flags & IR_F_VARIABLE && !scan_int(f, ir_operand(f, def, 1), &k))
			return -1;
		offset += def->flags & IR_F_VARIABLE ? k * (int64_t)def->scale : def->imm;
		v = ir_operand(f, def, 0);
	}
	return offset;
}

/* The call looks at the first few elements of the array, and the done handles lie behind them. */
static bool not_counted(struct wait_sets *w, const struct ir_instruction *in, const struct api_role *r,
                        ir_instr array)
{
	const struct ir_unit *u = w->s->program->unit;
	const struct ir_func *callee = &u->funcs[ir_callee(w->f, in)];
	uint32_t record = r->fds.arg < callee->nparams ? callee->params[r->fds.arg].pointee : 0;
	int64_t count, start = offset_in_variable(w->f, ir_arg(w->f, in, r->fds.arg));
	bool any = false;
	if (r->count.base != API_PATH_ARG || !record || start < 0 ||
	    !scan_int(w->f, ir_arg(w->f, in, r->count.arg), &count))
		return false;
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *by = &w->f->instrs[i];
		ir_instr at;
		if (by->op == IR_COPY && base_alloca(w->f, ir_operand(w->f, by, 0), &at) && at == array &&
		    w->f->vals[ir_strip_casts(w->f, ir_operand(w->f, by, 1))].kind != IR_VAL_GLOBAL)
			return false;
		if (by->op != IR_STORE || !w->done[ir_operand(w->f, by, 0)] ||
		    !base_alloca(w->f, ir_operand(w->f, by, 1), &at) || at != array)
			continue;
		any = true;
		if (offset_in_variable(w->f, ir_operand(w->f, by, 1)) <
		    start + count * (int64_t)u->records[record].size)
			return false;
	}
	return any;
}

/* A set that is not built here may hold anything: then we say it does. */
static bool set_has_done(struct wait_sets *w, const struct ir_instruction *in, const struct api_role *r)
{
	if (r->fds_kind == API_FDS_UNSET || r->fds.base != API_PATH_ARG)
		return false;
	ir_val v = ir_arg(w->f, in, r->fds.arg);
	ir_instr at;
	find_wait_sets(w);
	if (r->fds_kind == API_FDS_FD)
		return v && w->done[v];
	if (r->fds_kind == API_FDS_EPOLL)
		return w->epoll_done;
	if (scan_null(w->f, v))
		return false;
	if (!v || !base_alloca(w->f, v, &at))
		return true;
	return w->holds[at] && !not_counted(w, in, r, at);
}

/* ---- one call ---- */

static bool excused(const struct ir_func *f, const struct ir_instruction *in, const struct api_role *r)
{
	int64_t value;
	if (!r->unless.given)
		return false;
	ir_val v = ir_arg(f, in, r->unless.arg);
	if (!v || !scan_int(f, v, &value))
		return true; /* it may be; we do not know */
	return r->unless.equals ? value == r->unless.bits
	                        : (value & r->unless.bits) == r->unless.bits && r->unless.bits;
}

/* A number that is signed is 32 bits wide in all that take the largest one for "for ever", others are not. */
bool scan_is_most(const struct ir_func *f, ir_val v)
{
	int64_t value;
	return scan_int(f, v, &value) && value == (f->vals[ir_strip_casts(f, v)].bits == 32 ? INT32_MAX : -1);
}

enum limit { LIMIT_NONE, LIMIT_FINITE, LIMIT_ZERO, LIMIT_UNKNOWN };

static enum limit limit_of(const struct ir_func *f, const struct ir_instruction *in, const struct api_role *r)
{
	int64_t value;
	if (!r->timeout.base)
		return r->bounded ? LIMIT_FINITE : LIMIT_NONE;
	ir_val v = ir_arg(f, in, r->timeout.arg);
	if (!v)
		return LIMIT_UNKNOWN;
	if (r->infinite == API_INF_NULL)
		return scan_null(f, v) ? LIMIT_NONE : LIMIT_UNKNOWN;
	if (!scan_int(f, v, &value))
		return LIMIT_UNKNOWN;
	switch (r->infinite) {
	case API_INF_NEGATIVE:
	case API_INF_MINUS_ONE:
		return value < 0 ? LIMIT_NONE : value == 0 ? LIMIT_ZERO : LIMIT_FINITE;
	case API_INF_MAX:
		return scan_is_most(f, v) ? LIMIT_NONE : value == 0 ? LIMIT_ZERO : LIMIT_FINITE;
	case API_INF_ZERO:
		return value == 0 ? LIMIT_NONE : LIMIT_FINITE;
	case API_INF_NOT_POSITIVE:
		return value <= 0 ? LIMIT_NONE : LIMIT_FINITE;
	default:
		return value == 0 ? LIMIT_ZERO : LIMIT_FINITE;
	}
}

static bool given_token(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                        const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_BLOCK, API_ROLE_TOKEN};
	for (int k = 0; k < 2; k++)
		for (const struct api_role *r = NULL; (r = api_role_next(d, kinds[k], r));) {
			ir_val v = scan_path(f, in, &r->token);
			if (v && !r->values_only && !scan_null(f, v) && !scan_is_root(s, f, v))
				return true;
		}
	return false;
}

static bool modelled_block(struct wait_sets *w, ir_instr i, const struct api_func *d, struct block_site *out)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	uint32_t func = (uint32_t)(w->f - w->s->program->unit->funcs);
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_BLOCK, r));) {
		enum limit limit = limit_of(w->f, in, r);
		if (scan_test(w->f, in, &r->only) != TRI_TRUE || excused(w->f, in, r) ||
		    limit == LIMIT_ZERO || scan_in_memory(w->s, func, i) == TRI_TRUE)
			continue;
		*out = (struct block_site){.call = i,
		                           .model = d,
		                           .role = r,
		                           .unbounded = limit == LIMIT_NONE,
		                           .sleeps = r->waits == API_WAITS_TIME};
		out->has_token = given_token(w->s, w->f, in, d);
		out->waits_on_done = set_has_done(w, in, r);
		return true;
	}
	return false;
}

/* A function of the unit that blocks; given a token that it honours it does not count. */
static bool inferred_block(struct wait_sets *w, ir_instr i, uint32_t callee, struct block_site *out)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	const struct summary *sum = &w->s->funcs[callee].summary;
	const struct ir_func *g = &w->s->program->unit->funcs[callee];
	if (!sum->blocks)
		return false;
	*out = (struct block_site){
	        .call = i, .unbounded = sum->blocks_unbounded, .sleeps = sum->blocks_sleeps, .via = callee};
	out->waits = sum->blocks_waits;
	for (uint32_t k = 0; k < g->nparams && k < ir_nargs(in); k++)
		if (program_is_token(w->s->program, g->params[k].ctype) &&
		    !scan_null(w->f, ir_arg(w->f, in, k)) && !scan_is_root(w->s, w->f, ir_arg(w->f, in, k)) &&
		    scan_honours(w->s, callee, k))
			out->has_token = true;
	return true;
}

static bool block_of(struct wait_sets *w, ir_instr i, uint32_t callee, struct block_site *out)
{
	const struct program *p = w->s->program;
	if (p->described[callee]) {
		if (!modelled_block(w, i, p->described[callee], out))
			return false;
		out->waits = out->role->waits;
	} else if (!solve_has_body(w->s, callee) || !inferred_block(w, i, callee, out)) {
		return false;
	}
	out->callee = p->unit->funcs[callee].display;
	return true;
}

static bool table_block(struct wait_sets *w, uint32_t func, ir_instr i, struct block_site *out)
{
	const struct program *p = w->s->program;
	bool any = false;
	for (uint32_t k = p->edges_of[func]; k < p->edges_of[func + 1]; k++) {
		if (p->edges[k].site != i || p->edges[k].kind != CALL_TABLE)
			continue;
		if (!block_of(w, i, p->edges[k].callee, out))
			return false; /* one target does not block: nothing certain */
		any = true;
	}
	return any;
}

static bool stands_before(const struct ir_unit *u, const struct ir_func *f, ir_instr a, ir_instr b)
{
	struct ir_place p = ir_place_outer(u, f->instrs[a].loc), q = ir_place_outer(u, f->instrs[b].loc);
	if (p.file != q.file || p.line != q.line)
		return p.file == q.file && p.line < q.line;
	return p.col < q.col;
}

/* In the order of the source: "the first blocking call" is what a reader takes for it. */
static void sort_sites(const struct ir_unit *u, const struct ir_func *f, struct block_site *sites, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct block_site s = sites[i];
		uint32_t k = i;
		for (; k > 0 && stands_before(u, f, s.call, sites[k - 1].call); k--)
			sites[k] = sites[k - 1];
		sites[k] = s;
	}
}

/* The static pointer that a value is; 0: none. An atomic load gives it as a number. */
static uint32_t static_pointer(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
	const struct ir_value *at =
	        load && load->op == IR_LOAD ? &f->vals[ir_strip_casts(f, ir_operand(f, load, 0))] : NULL;
	bool pointer =
	        at && at->kind == IR_VAL_GLOBAL && str_ends(s->program->unit->globals[at->aux].ctype, "*");
	return pointer ? at->aux : 0;
}

static bool writes_static(const struct ir_func *f, uint32_t global)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		for (uint32_t k = 0; k < in->noperands && in->op != IR_LOAD; k++) {
			const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_operand(f, in, k))];
			if (v->kind == IR_VAL_GLOBAL && v->aux == global)
				return true;
		}
	}
	return false;
}

/* What is stored into a local variable, which nothing else may be; 0: not known. */
static ir_val stored_value(const struct solution *s, const struct ir_func *f,
                           const struct ir_instruction *load)
{
	ir_val local = ir_strip_casts(f, ir_operand(f, load, 0)), value = 0;
	const struct ir_instruction *def = ir_def(f, local);
	const struct use_index *x = scan_uses(s, (uint32_t)(f - s->program->unit->funcs));
	for (uint32_t k = x->first[local]; def && def->op == IR_ALLOCA && k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op == IR_STORE && x->uses[k].operand == 1)
			value = ir_operand(f, in, 0);
	}
	return value;
}

/* The static pointer that a condition asks for, in whatever way it is spelled. *set: the condition holds when
 * it is not NULL. */
static uint32_t asked_static(const struct solution *s, const struct ir_func *f, ir_val v, unsigned depth,
                             bool *set)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	uint32_t global = static_pointer(s, f, v);
	*set = true;
	if (global || !def || depth > 8)
		return global;
	if (def->op == IR_LOAD)
		return asked_static(s, f, stored_value(s, f, def), depth + 1, set);
	bool compares = def->op == IR_ICMP && (def->sub == IR_EQ || def->sub == IR_NE);
	bool flips = compares ? def->sub == IR_EQ : def->op == IR_BINOP && def->sub == IR_XOR;
	int64_t zero;
	if (compares && !(scan_int(f, ir_operand(f, def, 1), &zero) && zero == 0))
		return 0;
	if (!compares && !flips && !ir_is_call(def))
		return 0;
	global = asked_static(s, f, ir_operand(f, def, ir_is_call(def)), depth + 1, set);
	*set ^= flips;
	return global;
}

/* Behind a test that a static pointer is still NULL, which the function itself sets: what is made the first
 * time. */
static bool happens_once(const struct solution *s, uint32_t func, ir_block b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_block d = cfg_idom(cfg, b); d; d = cfg_idom(cfg, d)) {
		const struct ir_instruction *term = ir_terminator(f, d);
		bool set = false;
		uint32_t global =
		        term->op == IR_CONDBR ? asked_static(s, f, ir_operand(f, term, 0), 0, &set) : 0;
		if (global && cfg_dominates(cfg, ir_succ(f, term, set), b) && writes_static(f, global))
			return true;
	}
	return false;
}

/* Does it call anything that may block? */
static bool may_block(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	for (PROGRAM_EACH_CALL(p, func, c))
		if (!c->callee ||
		    (p->described[c->callee] ? api_role_of(p->described[c->callee], API_ROLE_BLOCK) != NULL
		                             : s->funcs[c->callee].summary.blocks != 0))
			return true;
	return false;
}

void scan_blocks(struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	struct func_facts *facts = &s->funcs[func];
	struct wait_sets w = {.s = s, .f = &p->unit->funcs[func]};
	const struct cfg *cfg = p->cfgs[func];
	VEC(struct block_site) found = {0};
	if (!may_block(s, func))
		return;
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_basic_block *b = &w.f->blocks[cfg->rpo[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			struct block_site site;
			if (!ir_is_call(&w.f->instrs[i]))
				continue;
			uint32_t callee = ir_callee(w.f, &w.f->instrs[i]);
			if ((callee ? block_of(&w, i, callee, &site) : table_block(&w, func, i, &site)) &&
			    !happens_once(s, func, cfg->rpo[n]))
				vec_push(&found, site);
		}
	}
	sort_sites(p->unit, w.f, found.data, found.len);
	facts->blocks = ARENA_ARRAY(s->arena, struct block_site, found.len + 1);
	facts->nblocks = found.len;
	for (uint32_t i = 0; i < found.len; i++)
		facts->blocks[i] = found.data[i];
	vec_release(&found);
	mem_release(w.done);
	mem_release(w.holds);
}

/* Nothing is left to return from once calls that do not come back are cut. */
bool scan_no_return(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg *cfg = p->cfgs[func];
	bool *reached = mem_alloc(f->nblocks), *cut = mem_alloc(f->nblocks);
	bool returns = false;
	for (PROGRAM_EACH_CALL(p, func, c))
		cut[f->instrs[c->at].block] |= solve_no_return(s, func, c->at);
	reached[cfg->rpo[0]] = true;
	for (bool changed = true; changed && !returns;) {
		changed = false;
		for (uint32_t n = 0; n < cfg->nrpo && !returns; n++) {
			ir_block b = cfg->rpo[n];
			const struct ir_instruction *term = ir_terminator(f, b);
			if (!reached[b] || cut[b])
				continue;
			returns |= term->op == IR_RET || term->op == IR_RESUME || term->op == IR_INDIRECTBR;
			for (uint32_t k = 0; k < term->nsuccs; k++) {
				changed |= !reached[ir_succ(f, term, k)];
				reached[ir_succ(f, term, k)] = true;
			}
		}
	}
	mem_release(reached);
	mem_release(cut);
	return !returns;
}
