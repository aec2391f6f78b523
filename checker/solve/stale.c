/*
 * stale.c - callbacks that use the object they got before they know whether it still lives: its end cancels
 * the operation, whose callback then runs later. The callback is walked as it runs for a cancelled operation.
 */
#include "stale.h"
#include "fate.h"
#include "fields.h"
#include "sim.h"

#include "str.h"

#include <string.h>

struct at { /* where the walk is */
	ir_block from, to;
	bool finished; /* the outcome was fetched */
};
struct stale_walk {
	struct fields *x;
	struct fate w; /* for conditions; its call is the one that fetches the outcome */
	const struct ir_func *f;
	ir_val data;   /* the callback's parameter */
	bool held;     /* it outlives the operation */
	bool *is_data; /* per value: the object, not a part of it */
	bool *fetched; /* per value: what the outcome consists of */
	struct stale_use *out;
	bool given; /* the outcome is an argument of the callback */
	bool asked; /* on some way the outcome is asked whether it is cancelled */
	struct intmap seen;
	VEC(struct at) todo;
};

/* ---- values ---- */

static void find_data(struct stale_walk *k)
{
	for (ir_val v = 1; v < k->f->nvals; v++)
		k->is_data[v] =
		        k->f->vals[v].type == IR_TYPE_PTR && fields_root(k->x, k->w.func, v, NULL) == k->data;
}

/* Fetches the outcome: it gets a parameter of the callback and tells of an error. */
static bool fetches(const struct stale_walk *k, const struct ir_instruction *in)
{
	uint32_t err = ir_is_call(in) && ir_callee(k->f, in) ? fate_error_arg(k->x->s, k->f, in) : 0;
	for (uint32_t n = 0; err && n + 1 < err; n++) {
		const struct ir_value *v = &k->f->vals[ir_strip_casts(k->f, ir_arg(k->f, in, n))];
		if (v->kind == IR_VAL_PARAM && !k->is_data[ir_strip_casts(k->f, ir_arg(k->f, in, n))])
			return true;
	}
	return false;
}

static const struct ir_instruction *find_fetch(const struct stale_walk *k)
{
	for (uint32_t n = 0; n < k->w.cfg->nrpo; n++) {
		const struct ir_basic_block *b = &k->f->blocks[k->w.cfg->rpo[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++)
			if (fetches(k, &k->f->instrs[i]))
				return &k->f->instrs[i];
	}
	return NULL;
}

/* ---- uses ---- */

static bool needs(struct fields *x, uint32_t func, ir_val root, unsigned depth);

static bool call_needs(struct fields *x, uint32_t func, const struct ir_instruction *in, ir_val root,
                       unsigned depth)
{
	const struct ir_func *f = &x->u->funcs[func];
	uint32_t callee = ir_callee(f, in);
	for (uint32_t n = 0; n < ir_nargs(in); n++) {
		if (fields_root(x, func, ir_arg(f, in, n), NULL) != root ||
		    f->vals[ir_arg(f, in, n)].type != IR_TYPE_PTR)
			continue;
		bool body = callee && x->p->cfgs[callee] && n < x->u->funcs[callee].nparams;
		if (body && depth < 3 && needs(x, callee, x->u->funcs[callee].params[n].val, depth + 1))
			return true;
		if (!body && callee && !x->p->described[callee])
			return true;
	}
	return false;
}

/* Something behind the value is read or written, here or in what gets it. */
static bool uses(struct fields *x, uint32_t func, const struct ir_instruction *in, ir_val root,
                 unsigned depth)
{
	const struct ir_func *f = &x->u->funcs[func];
	switch (in->op) {
	case IR_LOAD:
		return fields_root(x, func, ir_operand(f, in, 0), NULL) == root;
	case IR_STORE:
		return fields_root(x, func, ir_operand(f, in, 1), NULL) == root;
	case IR_ADDR:
		return in->record && x->u->records[in->record].size > 8 &&
		       fields_root(x, func, ir_operand(f, in, 0), NULL) == root;
	case IR_CALL:
	case IR_INVOKE:
		return call_needs(x, func, in, root, depth);
	default:
		return false;
	}
}

static bool needs(struct fields *x, uint32_t func, ir_val root, unsigned depth)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (uses(x, func, &f->instrs[i], root, depth))
			return true;
	return false;
}

/* The type check of an object, as macros expand to it. */
static bool checks_type(const struct stale_walk *k, const struct ir_instruction *in)
{
	return (in->op == IR_LOAD || in->op == IR_ADDR) &&
	       k->x->u->records[in->op == IR_ADDR ? in->record : 0].size <= 8;
}

/* A function that is not here works on the object that its first argument is, of the class that the failed
 * call should have given. */
static bool is_method_of_result(const struct stale_walk *k, const struct ir_instruction *in, uint32_t callee)
{
	const struct ir_func *g = &k->x->u->funcs[callee];
	const char *type = g->nparams ? g->params[0].ctype : "";
	if (!k->w.call || k->x->p->described[callee] || solve_has_body(k->x->s, callee) || !ir_nargs(in) ||
	    !k->w.result[ir_strip_casts(k->f, ir_arg(k->f, in, 0))] || done_named_cleanup(k->x->s, callee))
		return false;
	return str_ends(type, "*") &&
	       strcmp(type, k->x->u->funcs[ir_callee(k->f, k->w.call)].ret_ctype) == 0 &&
	       !strstr(type, "char") && !strstr(type, "void");
}

/* What the failed call gave is NULL; something works on it all the same. */
static bool uses_result(const struct stale_walk *k, const struct ir_instruction *in)
{
	if (in->op == IR_LOAD || in->op == IR_ADDR)
		return k->w.result[ir_strip_casts(k->f, ir_operand(k->f, in, 0))] &&
		       k->f->vals[ir_strip_casts(k->f, ir_operand(k->f, in, 0))].type == IR_TYPE_PTR;
	uint32_t callee = ir_is_call(in) && !(in->flags & IR_F_CLEANUP) ? ir_callee(k->f, in) : 0;
	const struct api_func *d = callee ? k->x->p->described[callee] : NULL;
	if (callee && is_method_of_result(k, in, callee))
		return true;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RELEASE, r));)
		if (r->handle.base == API_PATH_ARG && !r->handle.deref && !r->null_ok &&
		    k->w.result[ir_strip_casts(k->f, ir_arg(k->f, in, r->handle.arg))] &&
		    k->f->vals[ir_arg(k->f, in, r->handle.arg)].type == IR_TYPE_PTR)
			return true;
	return false;
}

/* A helper gets the outcome: what it tells is not known. */
static bool hands_outcome_on(const struct stale_walk *k, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(k->f, in) : 0;
	if (!callee || k->x->p->described[callee] || k->x->u->funcs[callee].flags & IR_FUNC_NORETURN)
		return false;
	for (uint32_t n = 0; n < ir_nargs(in); n++) {
		ir_val v = ir_strip_casts(k->f, ir_arg(k->f, in, n));
		if (!k->given && k->f->vals[v].kind == IR_VAL_PARAM && !k->is_data[v] &&
		    k->f->vals[v].type == IR_TYPE_PTR)
			return true;
		if (v && k->given && (k->w.result[v] || v == k->w.code))
			return true;
		if (k->w.call && (v == k->w.error_at || k->w.error[v] || k->w.result[v]))
			return true;
	}
	return false;
}

/* Gives back a reference that the object keeps: whoever owns the object may be held by it. */
static bool gives_back(const struct stale_walk *k, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(k->f, in) : 0;
	const struct api_role *r = callee ? api_role_of(k->x->p->described[callee], API_ROLE_RELEASE) : NULL;
	ir_val v = r && r->handle.base == API_PATH_ARG && !r->handle.deref
	                   ? ir_strip_casts(k->f, ir_arg(k->f, in, r->handle.arg))
	                   : 0;
	for (unsigned depth = 0; v && depth < 8; depth++) {
		const struct ir_instruction *def = ir_def(k->f, v);
		if (!def || (def->op != IR_LOAD && def->op != IR_ADDR))
			return false;
		v = ir_strip_casts(k->f, ir_operand(k->f, def, 0));
		if (k->is_data[v])
			return true;
	}
	return false;
}

/* ---- the walk ---- */

enum step { STEP_ON, STEP_STOP };

static enum step found(struct stale_walk *k, const struct ir_instruction *in, enum stale_kind kind)
{
	ir_instr at = (ir_instr)(in - k->f->instrs);
	if (!k->out->use || kind < k->out->kind) {
		k->out->use = at;
		k->out->kind = kind;
	}
	return STEP_STOP;
}

static enum step step(struct stale_walk *k, const struct ir_instruction *in, bool *finished)
{
	if (in == k->w.call) {
		*finished = true;
		return STEP_ON;
	}
	if (*finished && fate_asks_cancelled(&k->w, in))
		k->asked = true;
	if (!*finished && k->w.call && fetches(k, in))
		return STEP_STOP; /* another one: not followed */
	if (ir_is_call(in) && solve_no_return(k->x->s, k->w.func, (ir_instr)(in - k->f->instrs)))
		return STEP_STOP;
	if (*finished && uses_result(k, in))
		return found(k, in, STALE_RESULT);
	if (hands_outcome_on(k, in) && in->result)
		return STEP_STOP;
	if (!k->held && !checks_type(k, in) && !(in->flags & IR_F_CLEANUP) &&
	    uses(k->x, k->w.func, in, k->data, 0))
		return found(k, in, *finished ? STALE_AFTER : STALE_BEFORE);
	return in->op == IR_RET ? STEP_STOP : STEP_ON;
}

static void go(struct stale_walk *k, struct at a)
{
	uint64_t key = ((uint64_t)a.from << 32 | a.to) << 1 | a.finished;
	if (intmap_get(&k->seen, key, NULL))
		return;
	intmap_set(&k->seen, key, 1);
	vec_push(&k->todo, a);
}

/* A switch over what the outcome decides is taken there; one over the reason of the failure is not followed.
 */
static bool walk_switch(struct stale_walk *k, const struct ir_instruction *t, struct at a, struct fate_edge e)
{
	ir_val v = ir_operand(k->f, t, 0);
	int64_t known, c;
	if (k->w.code && ir_strip_casts(k->f, v) == k->w.code) { /* some failure, and not 0 */
		for (uint32_t n = 0; n < t->nsuccs; n++)
			if (!n || !scan_int(k->f, ir_operand(k->f, t, n), &c) || c)
				go(k, (struct at){a.to, ir_succ(k->f, t, n), a.finished});
		return true;
	}
	if (!fate_condition(&k->w, v, e, &known))
		return fate_tests_error(&k->w, v, 0);
	for (uint32_t n = 1; n < t->nsuccs; n++)
		if (scan_int(k->f, ir_operand(k->f, t, n), &c) && c == known) {
			go(k, (struct at){a.to, ir_succ(k->f, t, n), a.finished});
			return true;
		}
	if (!known) /* of another value it is not known which of the cases it is */
		go(k, (struct at){a.to, ir_succ(k->f, t, 0), a.finished});
	return true;
}

static void walk_block(struct stale_walk *k, struct at a)
{
	const struct ir_basic_block *b = &k->f->blocks[a.to];
	struct fate_edge e = {.from = a.from, .to = a.to};
	int64_t v;
	for (ir_instr i = b->first; i < b->first + b->count; i++)
		if (step(k, &k->f->instrs[i], &a.finished) == STEP_STOP)
			return;
	const struct ir_instruction *t = ir_terminator(k->f, a.to);
	if (t->op == IR_CONDBR && a.finished && fate_condition(&k->w, ir_operand(k->f, t, 0), e, &v)) {
		go(k, (struct at){a.to, ir_succ(k->f, t, v ? 0 : 1), a.finished});
		return;
	}
	if (t->op == IR_SWITCH && a.finished && walk_switch(k, t, a, e))
		return;
	if (t->op == IR_CONDBR && a.finished && fate_tests_error(&k->w, ir_operand(k->f, t, 0), 0))
		return; /* what it asks for is not followed */
	for (uint32_t n = 0; n < t->nsuccs; n++)
		go(k, (struct at){a.to, ir_succ(k->f, t, n), a.finished});
}

/* The parameter of the callback that a path in its start's role names; 0: none. */
static ir_val given(const struct ir_func *f, const struct api_path *p)
{
	return p->base == API_PATH_ARG && p->arg < f->nparams ? f->params[p->arg].val : 0;
}

/* The callback gets the outcome of a failure. */
static bool begin_given(struct stale_walk *k, const struct api_role *start)
{
	ir_val result = start ? given(k->f, &start->gives) : 0;
	if (!result || k->f->vals[result].type != IR_TYPE_PTR)
		return false;
	k->w.code = given(k->f, &start->tells);
	k->w.positive = start->positive;
	for (uint32_t n = 0; !k->w.code && !k->w.told_by && n < k->f->nparams; n++) {
		ir_val v = k->f->params[n].val;
		if (v != result && v != k->data && k->f->vals[v].type == IR_TYPE_PTR)
			k->w.told_by = v;
	}
	k->given = true;
	k->w.outcome = 0;
	fate_result(&k->w, result);
	return true;
}

bool stale_walk(struct fields *x, uint32_t entry, ir_val data, bool held, const struct api_role *start,
                struct stale_use *out)
{
	struct stale_walk k = {.x = x, .f = &x->u->funcs[entry], .data = data, .held = held, .out = out};
	fate_init(&k.w, x->s, entry);
	k.w.knows = true;
	k.is_data = mem_alloc(k.f->nvals);
	if (data)
		find_data(&k);
	const struct ir_instruction *fetch = find_fetch(&k);
	k.w.call = fetch;
	out->use = 0;
	if (fetch) {
		out->fetch = (ir_instr)(fetch - k.f->instrs);
		fate_fetch(&k.w);
	}
	bool told = !fetch && begin_given(&k, start);
	if (fetch || told || !held)
		go(&k, (struct at){0, k.w.cfg->rpo[0], told});
	for (uint32_t n = 0; n < k.todo.len; n++)
		walk_block(&k, k.todo.data[n]);
	for (ir_instr i = 1; i < k.f->ninstrs; i++)
		out->gives_back |= gives_back(&k, &k.f->instrs[i]);
	out->asked = k.asked;
	fate_release(&k.w);
	mem_release(k.is_data);
	intmap_release(&k.seen);
	vec_release(&k.todo);
	return out->use != 0;
}

/* ---- results that a cancelled task loses ---- */

#define MAX_MAKERS 3 /* functions that return what another one made */
#define MAX_WAYS 16  /* of values that come together in one */

static const struct ir_instruction *made_by(const struct fields *x, const struct ir_func *f, ir_val v,
                                            unsigned depth);

/* Each value that comes together there is fresh, or none. */
static bool fresh_or_none(const struct fields *x, const struct ir_func *f, ir_val v, unsigned depth,
                          unsigned *ways, bool *any)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (scan_null(f, v))
		return true;
	if (in && (in->op == IR_PHI || in->op == IR_SELECT)) {
		bool all = ++*ways <= MAX_WAYS;
		for (uint32_t k = in->op == IR_SELECT; all && k < in->noperands; k++)
			all = fresh_or_none(x, f, ir_operand(f, in, k), depth, ways, any);
		return all;
	}
	bool fresh = made_by(x, f, v, depth + 1) != NULL;
	*any |= fresh;
	return fresh;
}

static bool returns_fresh(const struct fields *x, uint32_t func, unsigned depth)
{
	const struct ir_func *f = &x->u->funcs[func];
	unsigned ways = 0;
	bool any = false, all = depth < MAX_MAKERS;
	for (ir_block b = 1; all && b < f->nblocks; b++) {
		const struct ir_instruction *t = ir_terminator(f, b);
		if (t->op == IR_RET)
			all = fresh_or_none(x, f, ir_operand(f, t, 0), depth, &ways, &any);
	}
	return all && any;
}

/* The call that has put something fresh into a local variable, and nothing else writes there. */
static const struct ir_instruction *put_there(const struct fields *x, const struct ir_func *f, ir_val local)
{
	const struct ir_instruction *made = NULL, *at = ir_def(f, local);
	for (ir_instr i = 1; at && at->op == IR_ALLOCA && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_STORE && ir_strip_casts(f, ir_operand(f, in, 1)) == local &&
		    !scan_null(f, ir_operand(f, in, 0)))
			return NULL;
		const struct api_func *d =
		        ir_is_call(in) && ir_callee(f, in) ? x->p->described[ir_callee(f, in)] : NULL;
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_MAKE, r));)
			if (r->handle.deref && r->handle.base == API_PATH_ARG &&
			    ir_strip_casts(f, ir_arg(f, in, r->handle.arg)) == local)
				made = in;
	}
	return made;
}

static const struct ir_instruction *made_by(const struct fields *x, const struct ir_func *f, ir_val v,
                                            unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	uint32_t callee = in && ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_func *d = callee ? x->p->described[callee] : NULL;
	const struct api_role *alias = api_role_of(d, API_ROLE_ALIAS);
	if (alias && alias->from.base == API_PATH_ARG)
		return made_by(x, f, ir_arg(f, in, alias->from.arg), depth);
	if (in && in->op == IR_LOAD)
		return put_there(x, f, ir_strip_casts(f, ir_operand(f, in, 0)));
	static const enum api_role_kind kinds[] = {API_ROLE_CREATE, API_ROLE_MAKE};
	for (int k = 0; k < 2; k++) {
		const struct api_role *r = api_role_of(d, kinds[k]);
		if (r && r->handle.base == API_PATH_RETURN && !r->handle.deref)
			return in;
	}
	const struct summary *sum = callee && !d && x->p->cfgs[callee] ? &x->s->funcs[callee].summary : NULL;
	for (uint32_t k = 0; sum && k < sum->neffects; k++)
		if (sum->effects[k].kind == EFFECT_FRESH && sum->effects[k].place.param == -1)
			return in;
	return callee && !d && x->p->cfgs[callee] && returns_fresh(x, callee, depth) ? in : NULL;
}

/* A task that was given no token is never cancelled. */
static bool without_token(const struct fields *x, const struct ir_func *f, ir_val task)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, task));
	uint32_t callee = in && ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_role *r = callee ? api_role_of(x->p->described[callee], API_ROLE_TOKEN) : NULL;
	return r && r->token.base == API_PATH_ARG && scan_null(f, ir_arg(f, in, r->token.arg));
}

/* The function says of some task that its result counts, whatever happens meanwhile. */
static bool says_it_counts(const struct fields *x, uint32_t func, const char *library)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; x->p->cfgs[func] && i < f->ninstrs; i++) {
		const struct api_func *d = scan_model(x->s, f, &f->instrs[i]);
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
			if (r->only.given && r->when == API_ALWAYS && strcmp(r->means, "ok") == 0 &&
			    strcmp(d->library, library) == 0)
				return true;
	}
	return false;
}

/* The function, or one that starts or calls it, says so; where none does that is seen, any of the unit. */
static bool keeps_results(const struct fields *x, uint32_t func, const char *library)
{
	const struct program *p = x->p;
	uint32_t from = p->in_edges_of[func], to = p->in_edges_of[func + 1];
	for (uint32_t g = 1; from == to && g < x->u->nfuncs; g++)
		if (says_it_counts(x, g, library))
			return true;
	for (uint32_t k = from; k < to; k++)
		if (says_it_counts(x, p->edges[p->in_edges[k]].caller, library))
			return true;
	return says_it_counts(x, func, library);
}

bool stale_loses_result(struct fields *x, uint32_t func, ir_instr i, struct stale_use *out)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_role *r = callee ? api_role_of(x->p->described[callee], API_ROLE_COMPLETE) : NULL;
	if (!r || !r->value.base || !r->destroy.base || !scan_null(f, scan_path(f, in, &r->destroy)))
		return false;
	const struct ir_instruction *made = made_by(x, f, scan_path(f, in, &r->value), 0);
	if (!made || without_token(x, f, scan_path(f, in, &r->handle)) ||
	    keeps_results(x, func, x->p->described[callee]->library))
		return false;
	*out = (struct stale_use){
	        .kind = STALE_LOST, .entry = func, .use = i, .fetch = (ir_instr)(made - f->instrs)};
	out->callee = x->u->funcs[callee].display;
	out->model = x->p->described[callee];
	return true;
}
