/*
 * fields_paths.c - paths that ask what is in a field (fields_stale.c asks, too): is a handle still there
 * where a new one is stored?
 */
#include "fields_paths.h"
#include "scan.h"

#include "str.h"

#include <string.h>

/* ---- paths through one function, with what is known of flags that were just set ---- */

/* What a value is when its block was entered from `from`: constants, and phi nodes of constants. */
static bool value_from(const struct ir_func *f, ir_val v, struct edge e, int64_t *out)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	if (f->vals[v].kind == IR_VAL_INT) {
		*out = f->vals[v].bits == 1 ? (f->vals[v].imm & 1) : f->vals[v].imm;
		return true;
	}
	if (!def || def->op != IR_PHI || def->block != e.to)
		return false;
	for (uint32_t k = 0; k < def->noperands; k++)
		if (f->phi_blocks[def->first_operand + k] == e.from) {
			const struct ir_value *q = &f->vals[ir_strip_casts(f, ir_operand(f, def, k))];
			*out = q->bits == 1 ? (q->imm & 1) : q->imm;
			return q->kind == IR_VAL_INT;
		}
	return false;
}

/* A choice or a comparison that is returned as it is can be 0. What it depends on may decide as well whether
 * the question is settled, so that counts only where nothing in the function settles it. */
static bool chosen_zero(const struct paths *p, ir_val v)
{
	const struct ir_instruction *def = ir_def(p->f, ir_strip_casts(p->f, v));
	bool zero = def && def->op == IR_ICMP;
	int64_t c;
	for (uint32_t k = 1; def && def->op == IR_SELECT && k < 3; k++)
		zero |= (scan_int(p->f, ir_operand(p->f, def, k), &c) && c == 0) ||
		        chosen_zero(p, ir_operand(p->f, def, k));
	for (ir_instr i = 1; i < p->f->ninstrs && zero; i++)
		zero = !p->stops[i];
	return zero;
}

static bool returns_zero(const struct paths *p, ir_val v, struct edge e)
{
	int64_t c;
	return value_from(p->f, v, e, &c) ? c == 0 : chosen_zero(p, v);
}

bool fields_read_from(struct fields *x, uint32_t func, ir_val v, struct field_key key)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *def = ir_def(f, fields_root(x, func, v, NULL));
	struct field_key k;
	ir_val object;
	return def && def->op == IR_LOAD && fields_key_at(x, func, ir_operand(f, def, 0), &k, &object) &&
	       fields_key_number(k) == fields_key_number(key);
}

static bool loads_key(const struct paths *p, ir_val v)
{
	return fields_read_from(p->x, p->func, v, p->key);
}

/* The address of a field, compared with NULL: helpers that clear a field ask. */
static bool is_address_test(const struct paths *p, const struct ir_instruction *cmp)
{
	const struct ir_instruction *at = ir_def(p->f, ir_strip_casts(p->f, ir_operand(p->f, cmp, 0)));
	return (cmp->sub == IR_EQ || cmp->sub == IR_NE) && at && at->op == IR_ADDR && at->record &&
	       scan_null(p->f, ir_operand(p->f, cmp, 1));
}

/* Which way a condition goes: 1, 0, or -1 when that is open. */
static int decided(const struct paths *p, ir_val cond, struct edge e)
{
	int64_t a, b;
	cond = ir_strip_casts(p->f, cond);
	const struct ir_instruction *def = ir_def(p->f, cond);
	if (value_from(p->f, cond, e, &a))
		return a != 0;
	if (def && def->op == IR_BINOP && def->sub == IR_XOR) {
		int inner = decided(p, ir_operand(p->f, def, 0), e);
		return inner < 0 ? inner : !inner;
	}
	if (def && def->op == IR_ICMP && is_address_test(p, def))
		return def->sub == IR_NE;
	if (def && def->op == IR_ICMP && value_from(p->f, ir_operand(p->f, def, 0), e, &a) &&
	    value_from(p->f, ir_operand(p->f, def, 1), e, &b))
		return ir_compare(def->sub, a, b);
	return -1;
}

static bool is_zero(const struct ir_func *f, ir_val v)
{
	int64_t c;
	return scan_int(f, v, &c) && !c;
}

/* Does this way of a condition say that somebody else has ended the source, or the object? */
static bool says_gone(const struct paths *p, ir_val cond, bool way)
{
	ir_val v = ir_strip_casts(p->f, cond);
	const struct ir_instruction *def = ir_def(p->f, v);
	bool compared =
	        def && def->op == IR_ICMP &&
	        (scan_null(p->f, ir_operand(p->f, def, 1)) || is_zero(p->f, ir_operand(p->f, def, 1)));
	if (compared)
		v = ir_strip_casts(p->f, ir_operand(p->f, def, 0));
	bool nonzero = compared ? (def->sub == IR_NE) == way : way;
	const struct ir_instruction *call = ir_def(p->f, fields_root(p->x, p->func, v, NULL));
	const struct api_func *d = call && ir_is_call(call) ? scan_model(p->x->s, p->f, call) : NULL;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (strcmp(r->means, "gone") == 0)
			return nonzero == (r->when == API_NONZERO || r->when == API_NONNULL);
	return false;
}

/* The field holds another id than the one that is asked about. */
static bool says_another(const struct paths *p, const struct ir_instruction *cmp, bool way)
{
	ir_val a = ir_operand(p->f, cmp, 0), b = ir_operand(p->f, cmp, 1);
	int64_t c;
	return (cmp->sub == IR_EQ || cmp->sub == IR_NE) && (loads_key(p, a) || loads_key(p, b)) &&
	       !scan_null(p->f, a) && !scan_null(p->f, b) && !scan_int(p->f, a, &c) &&
	       !scan_int(p->f, b, &c) && (cmp->sub == IR_NE) == way;
}

/* Does this way of a condition say that the field holds nothing? */
static bool says_none(const struct paths *p, ir_val cond, bool way)
{
	cond = ir_strip_casts(p->f, cond);
	const struct ir_instruction *def = ir_def(p->f, cond);
	int64_t c = 0;
	if (!def)
		return false;
	if (def->op == IR_BINOP && def->sub == IR_XOR)
		return says_none(p, ir_operand(p->f, def, 0), !way);
	if (def->op == IR_ICMP && says_another(p, def, way))
		return true;
	if (def->op != IR_ICMP || !loads_key(p, ir_operand(p->f, def, 0)))
		return false;
	ir_val other = ir_operand(p->f, def, 1);
	if (!scan_null(p->f, other) && !scan_int(p->f, other, &c))
		return false;
	/* A field that satisfies the condition only with 0 or -1 holds nothing. */
	bool live = ir_compare(def->sub, 1234567, c);
	return live != way;
}

static void follow_edge(struct paths *p, ir_block from, ir_block to)
{
	for (uint32_t i = 0; i < p->todo.len; i++)
		if (p->todo.data[i].from == from && p->todo.data[i].to == to)
			return;
	vec_push(&p->todo, (struct edge){from, to});
}

static void leave_block(struct paths *p, struct edge e, const struct ir_instruction *term)
{
	for (uint32_t n = 0; n < term->nsuccs; n++) {
		if (term->op == IR_CONDBR) {
			ir_val cond = ir_operand(p->f, term, 0);
			int way = decided(p, cond, e);
			if ((way >= 0 && (way == 1) != (n == 0)) || says_none(p, cond, n == 0) ||
			    says_gone(p, cond, n == 0))
				continue;
		}
		follow_edge(p, e.to, ir_succ(p->f, term, n));
	}
}

/* See paths_to(); the path goes on along the edges in `todo`. */
static bool path_on(struct paths *p, ir_instr target, enum api_cond when, ir_instr *at)
{
	bool found = false;
	for (uint32_t next = 0; next < p->todo.len && !found; next++) {
		struct edge e = p->todo.data[next];
		const struct ir_basic_block *b = &p->f->blocks[e.to];
		ir_instr i = b->first, end = b->first + b->count;
		while (i < end && i != target && !p->stops[i])
			i++;
		if (i < end && i == target)
			found = true;
		if (i < end)
			continue;
		const struct ir_instruction *term = &p->f->instrs[end - 1];
		if (term->op == IR_RET && !target) {
			*at = end - 1;
			ir_val given = term->noperands ? ir_operand(p->f, term, 0) : 0;
			found = when == API_ALWAYS ||
			        (when == API_ZERO && given && returns_zero(p, given, e) &&
			         !says_none(p, given, false));
		}
		leave_block(p, e, term);
	}
	return found;
}

/* Is there a path from the entry that reaches `target` before anything that settles the question? Without a
 * target: a return of something that satisfies `when`; *at is set to it. */
bool paths_to(struct paths *p, ir_instr target, enum api_cond when, ir_instr *at)
{
	vec_push(&p->todo, (struct edge){0, 1});
	return path_on(p, target, when, at);
}

/* ... a path from behind the instruction? */
static bool path_from(struct paths *p, ir_instr from, ir_instr target)
{
	const struct ir_basic_block *b = &p->f->blocks[p->f->instrs[from].block];
	ir_instr end = b->first + b->count, unused;
	for (ir_instr i = from + 1; i < end; i++)
		if (i == target || p->stops[i])
			return i == target;
	leave_block(p, (struct edge){0, p->f->instrs[from].block}, &p->f->instrs[end - 1]);
	return path_on(p, target, API_NEVER, &unused);
}

/* ---- what settles a question ---- */

static bool settles(const struct field_event *e)
{
	return e->act == FIELD_NONE || e->act == FIELD_RELEASE || e->act == FIELD_ESCAPE ||
	       e->act == FIELD_PUT || e->act == FIELD_OWN;
}

/* The functions that settle the question, or run one that does. */
static void find_settling(struct paths *p)
{
	uint32_t n;
	const struct field_event *all = fields_events(p->x, p->key, &n);
	p->settling = mem_alloc(p->x->u->nfuncs);
	for (uint32_t i = 0; i < n; i++)
		if (settles(&all[i]))
			ends_reach_back(p->x->p, all[i].func, p->settling);
}

/* A call that gets the object, or whose callee is not known: may it do something to the field? */
static bool call_settles(const struct paths *p, ir_instr i)
{
	const struct ir_instruction *in = &p->f->instrs[i];
	struct fields *x = p->x;
	uint32_t callee = ir_callee(p->f, in);
	if (!ir_is_call(in) || x->p->described[callee])
		return false;
	if (callee && x->p->cfgs[callee])
		return p->settling[callee];
	if (callee && str_starts(x->u->funcs[callee].name, "llvm."))
		return false;
	for (uint32_t n = 0; n < ir_nargs(in); n++) {
		uint32_t pointee =
		        n < x->u->funcs[callee].nparams ? x->u->funcs[callee].params[n].pointee : 0;
		bool opaque = callee && ends_is_class(x, p->key.record) && pointee != p->key.record;
		if (!opaque && ends_value_is(x, p->func, ir_arg(p->f, in, n), p->key.record))
			return true;
	}
	return false;
}

static bool gives_up(const struct paths *p, ir_instr i)
{
	return ir_is_call(&p->f->instrs[i]) && solve_no_return(p->x->s, p->func, i);
}

void paths_mark(struct paths *p, ir_instr except)
{
	uint32_t n;
	const struct field_event *all = fields_events(p->x, p->key, &n);
	p->stops = mem_alloc(p->f->ninstrs);
	find_settling(p);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].func == p->func && all[i].at != except && settles(&all[i]))
			p->stops[all[i].at] = true;
	for (ir_instr i = 1; i < p->f->ninstrs; i++)
		if (!p->stops[i] && i != except && (call_settles(p, i) || gives_up(p, i)))
			p->stops[i] = true;
}

void paths_release(struct paths *p)
{
	mem_release(p->stops);
	mem_release(p->settling);
	vec_release(&p->todo);
}

/* ---- overwritten handles ---- */

static const char *const begin_words[] = {"init",        "new",         "create", "construct",
                                          "constructed", "constructor", "alloc",  "setup",
                                          "ctor",        "make",        "build",  "configure"};
static const char *const start_words[] = {"start",   "open",     "begin",    "connect", "realize",
                                          "startup", "activate", "register", "enable",  "load",
                                          "run",     "launch",   "attach",   "listen"};

static bool any_word(const char *name, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends_word_in(name, words[i]))
			return true;
	return false;
}

/* 1 + the parameter from which an object is reached; 0: none. */
static uint32_t of_parameter(struct fields *x, uint32_t func, ir_val object)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (unsigned step = 0; step < 8; step++) {
		object = fields_root(x, func, object, NULL);
		const struct ir_instruction *def = ir_def(f, object);
		if (f->vals[object].kind == IR_VAL_PARAM)
			return f->vals[object].aux + 1;
		if (def && ir_is_call(def)) {
			uint32_t callee = ir_callee(f, def);
			uint32_t part = callee && x->p->cfgs[callee] && !x->p->described[callee]
			                        ? fields_acts(x, callee)->returns_part
			                        : 0;
			if (!part || part > ir_nargs(def))
				return 0;
			object = ir_arg(f, def, part - 1);
			continue;
		}
		if (!def || (def->op != IR_ADDR && def->op != IR_LOAD))
			return 0;
		object = ir_operand(f, def, 0);
	}
	return 0;
}

enum again { AGAIN_NO, AGAIN_PERHAPS, AGAIN_YES };

/* A call that is repeated for one object: a loop in which the object is the same each turn. */
static bool repeated(struct fields *x, const struct call_edge *e, ir_val arg)
{
	const struct ir_func *f = &x->u->funcs[e->caller];
	const struct cfg *cfg = x->p->cfgs[e->caller];
	uint32_t loop = cfg ? cfg->loop_of[f->instrs[e->site].block] : 0;
	if (!loop || !arg)
		return false;
	for (unsigned step = 0; step < 8; step++) {
		arg = fields_root(x, e->caller, arg, NULL);
		const struct ir_instruction *def = ir_def(f, arg);
		if (!def || !cfg_in_loop(cfg, loop, def->block))
			return true;
		if (def->op != IR_ADDR || (def->flags & IR_F_VARIABLE))
			return false;
		arg = ir_operand(f, def, 0);
	}
	return false;
}

static enum again runs_again(struct fields *x, uint32_t func, uint32_t param, unsigned depth,
                             unsigned *budget);

/* Part of memory that the function has just made, or of a local variable: an element of an array. */
static bool part_of_new(struct fields *x, uint32_t func, const struct ir_instruction *in)
{
	const struct ir_func *f = &x->u->funcs[func];
	if (!in || in->op != IR_ADDR)
		return false;
	for (unsigned step = 0; in && in->op == IR_ADDR && step < 8; step++)
		in = ir_def(f, fields_root(x, func, ir_operand(f, in, 0), NULL));
	return in && (in->op == IR_ALLOCA || api_role_of(scan_model(x->s, f, in), API_ROLE_MAKE));
}

static enum again runs_again_by(struct fields *x, const struct call_edge *e, uint32_t param, unsigned depth,
                                unsigned *budget)
{
	const struct ir_func *caller = &x->u->funcs[e->caller];
	const struct ir_instruction *call = &caller->instrs[e->site];
	ir_val arg = param && param <= ir_nargs(call) ? ir_arg(caller, call, param - 1) : 0;
	const struct ir_instruction *made = ir_def(caller, fields_root(x, e->caller, arg, NULL));
	bool loops = repeated(x, e, arg);
	if (arg && made && !loops &&
	    (ir_is_call(made) || made->op == IR_ALLOCA || part_of_new(x, e->caller, made)))
		return AGAIN_NO; /* an object that is set up */
	if (loops)
		return AGAIN_YES;
	if (depth >= 4)
		return AGAIN_PERHAPS;
	return runs_again(x, e->caller, arg ? of_parameter(x, e->caller, arg) : 0, depth + 1, budget);
}

/* May a function run again on an object? Any code can call one with external linkage. How often a callback or
 * a method of a table runs is not known: many a signal comes once. */
static enum again runs_again(struct fields *x, uint32_t func, uint32_t param, unsigned depth,
                             unsigned *budget)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct program *p = x->p;
	enum again most = AGAIN_NO;
	bool sets_up = false;
	bool starts = any_word(f->display, start_words, sizeof start_words / sizeof *start_words);
	if (!*budget)
		return AGAIN_PERHAPS;
	--*budget;
	if (any_word(f->display, begin_words, sizeof begin_words / sizeof *begin_words) ||
	    scan_is_constructor(f))
		return AGAIN_NO;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1] && most < AGAIN_YES; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		enum again a = AGAIN_PERHAPS;
		if (e->kind == CALL_DIRECT)
			a = e->caller == func ? AGAIN_NO : runs_again_by(x, e, param, depth, budget);
		sets_up |= e->kind == CALL_DIRECT && a == AGAIN_NO && e->caller != func;
		most = a > most ? a : most;
	}
	enum again least = AGAIN_NO;
	if (!(f->flags & IR_FUNC_STATIC)) /* those who are seen set up new objects with it */
		least = starts || (sets_up && most == AGAIN_NO) ? AGAIN_PERHAPS : AGAIN_YES;
	else if (f->flags & IR_FUNC_ADDRESS_TAKEN)
		least = AGAIN_PERHAPS;
	return most > least ? most : least;
}

/* On its way to the store the function asks whether the field holds something, or cancels what is there: it
 * expects to find a handle. */
static bool expects_handle(const struct paths *p, ir_instr store)
{
	uint32_t n;
	const struct field_event *all = fields_events(p->x, p->key, &n);
	const struct cfg *cfg = p->x->p->cfgs[p->func];
	for (uint32_t i = 0; i < n; i++) {
		if (all[i].func != p->func || (all[i].act != FIELD_TEST && all[i].act != FIELD_CANCEL))
			continue;
		ir_block at = p->f->instrs[all[i].at].block, to = p->f->instrs[store].block;
		if (at == to ? all[i].at < store : cfg_can_reach(cfg, at, to))
			return true;
	}
	return false;
}

/* Does a condition hang on a field of the object, or on what a call with the object said? */
static bool asks_object(const struct paths *p, ir_val v, unsigned depth)
{
	v = fields_root(p->x, p->func, v, NULL);
	const struct ir_instruction *def = ir_def(p->f, v);
	struct field_key k;
	ir_val object;
	if (!def || depth > 5)
		return false;
	if (def->op == IR_LOAD)
		return fields_key_at(p->x, p->func, ir_operand(p->f, def, 0), &k, &object) &&
		       k.record == p->key.record;
	for (uint32_t n = 0; n < def->noperands; n++) {
		ir_val operand = ir_operand(p->f, def, n);
		if (ir_is_call(def) ? ends_value_is(p->x, p->func, operand, p->key.record)
		                    : asks_object(p, operand, depth + 1))
			return true;
	}
	return false;
}

/* One way of the branch releases what is in the field: the other one is taken when there is nothing. */
static bool releases_on_one_way(const struct paths *p, const struct ir_instruction *term)
{
	uint32_t n;
	const struct field_event *all = fields_events(p->x, p->key, &n);
	const struct cfg *cfg = p->x->p->cfgs[p->func];
	for (uint32_t i = 0; term->op == IR_CONDBR && i < n; i++) {
		if (all[i].func != p->func || all[i].act != FIELD_RELEASE)
			continue;
		ir_block at = p->f->instrs[all[i].at].block;
		if (cfg_dominates(cfg, ir_succ(p->f, term, 0), at) !=
		    cfg_dominates(cfg, ir_succ(p->f, term, 1), at))
			return true;
	}
	return false;
}

/* The object was asked on the way: a flag of it may say that the field is empty. */
bool paths_guarded(struct paths *p, ir_instr store)
{
	const struct cfg *cfg = p->x->p->cfgs[p->func];
	ir_block at = p->f->instrs[store].block;
	for (ir_block b = 1; b < p->f->nblocks; b++) {
		const struct ir_instruction *term = ir_terminator(p->f, b);
		if (!term || (term->op != IR_CONDBR && term->op != IR_SWITCH) || b == at ||
		    !cfg_reachable(cfg, b) || !cfg_dominates(cfg, b, at) ||
		    (cfg_postdominates(cfg, at, b) && !releases_on_one_way(p, term)))
			continue;
		if (asks_object(p, ir_operand(p->f, term, 0), 0))
			return true;
	}
	return false;
}

bool fields_guarded(struct fields *x, const struct field_event *own)
{
	struct paths p = {.x = x, .func = own->func, .f = &x->u->funcs[own->func], .key = own->key};
	return paths_guarded(&p, own->at);
}

static const struct field_event *release_of(const struct fields *x, struct field_key key)
{
	uint32_t n;
	const struct field_event *all = fields_events(x, key, &n);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].act == FIELD_RELEASE)
			return &all[i];
	return NULL;
}

/* What the function stored runs, and empties the field, while the function waits in its loop of events. */
static bool waits_for_end(const struct fields *x, const struct field_event *own)
{
	const struct func_facts *facts = &x->s->funcs[own->func];
	const struct ir_func *f = &x->u->funcs[own->func];
	uint32_t n, entry = own->role && own->role->entry.base ? fields_entry(x, own) : 0;
	const struct field_event *all = fields_events(x, own->key, &n);
	bool waits = false, empties = false;
	for (uint32_t i = 0; i < n; i++)
		empties |= all[i].func == entry && (all[i].act == FIELD_NONE || all[i].act == FIELD_RELEASE);
	for (uint32_t i = 0; entry && empties && i < facts->nblocks; i++) {
		ir_instr wait = facts->blocks[i].call;
		ir_block from = f->instrs[own->at].block, to = f->instrs[wait].block;
		waits |= facts->blocks[i].waits == API_WAITS_LOOP &&
		         ((from == to && own->at < wait) || cfg_can_reach(x->p->cfgs[own->func], from, to));
	}
	return waits;
}

/* The function that puts the handle there ends it, too: it is meant for one run alone. */
static bool ends_again(const struct paths *p, ir_instr store)
{
	uint32_t n;
	const struct field_event *all = fields_events(p->x, p->key, &n);
	for (uint32_t i = 0; i < n; i++) {
		ir_block at = all[i].func == p->func ? p->f->instrs[all[i].at].block : 0,
		         from = p->f->instrs[store].block;
		if (at && (all[i].act == FIELD_RELEASE || all[i].act == FIELD_NONE) &&
		    (at == from ? all[i].at > store : cfg_postdominates(p->x->p->cfgs[p->func], at, from)))
			return true;
	}
	return false;
}

/* What the field held is read before the store and ended behind it: the new handle is there first. */
static bool ends_old(const struct paths *p, ir_instr store)
{
	uint32_t n;
	const struct field_event *all = fields_events(p->x, p->key, &n);
	const struct cfg *cfg = p->x->p->cfgs[p->func];
	ir_block to = p->f->instrs[store].block;
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_instruction *call = &p->f->instrs[all[i].at];
		if (all[i].func != p->func || all[i].act != FIELD_RELEASE || !ir_is_call(call) ||
		    !(call->block == to ? all[i].at > store : cfg_dominates(cfg, to, call->block)))
			continue;
		for (uint32_t k = 0; k < ir_nargs(call); k++) {
			ir_val v = fields_root(p->x, p->func, ir_arg(p->f, call, k), NULL);
			const struct ir_instruction *load = ir_def(p->f, v);
			if (load && loads_key(p, v) &&
			    (load->block == to ? (ir_instr)(load - p->f->instrs) < store
			                       : cfg_dominates(cfg, load->block, to)))
				return true;
		}
	}
	return false;
}

/* A thread that is started again while it runs would be a strange one: that needs more than that it may be.
 */
static bool is_thread(const struct fields *x, const struct field_event *own)
{
	const struct api_family *family =
	        own->role && *own->role->family ? apimodel_family(x->p->api, own->role->family) : NULL;
	return family && family->task;
}

/* Some way leads to the call, from the entry or from another call of the function, on which nothing says that
 * the field holds nothing. */
static bool open_way(struct fields *x, const struct field_event *own, const struct call_edge *e)
{
	ir_instr unused;
	bool open = false;
	for (uint32_t k = x->p->in_edges_of[own->func]; k <= x->p->in_edges_of[own->func + 1] && !open; k++) {
		bool entry = k == x->p->in_edges_of[own->func + 1];
		const struct call_edge *from = entry ? NULL : &x->p->edges[x->p->in_edges[k]];
		struct paths p = {.x = x, .func = e->caller, .f = &x->u->funcs[e->caller], .key = own->key};
		if (from && from->caller != e->caller)
			continue;
		paths_mark(&p, e->site);
		open = entry ? paths_to(&p, e->site, API_NEVER, &unused) : path_from(&p, from->site, e->site);
		paths_release(&p);
	}
	return open;
}

/* A size or a type goes in, a pointer to nothing in particular comes out: nobody has seen that memory before.
 */
static bool makes_object(struct fields *x, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = in && ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_func *d = callee ? x->p->described[callee] : NULL;
	if (!callee || d || x->p->cfgs[callee])
		return api_role_of(d, API_ROLE_MAKE) || api_role_of(d, API_ROLE_CREATE);
	const char *type = x->u->funcs[callee].ret_ctype;
	bool untyped = strcmp(type, "void *") == 0 || !strchr(type, '*');
	return untyped && f->vals[in->result].type == IR_TYPE_PTR && ir_nargs(in) &&
	       f->vals[ir_arg(f, in, 0)].type == IR_TYPE_INT;
}

static bool fills(struct fields *x, const struct field_event *own, uint32_t func)
{
	uint32_t n;
	const struct field_event *all = fields_events(x, own->key, &n);
	for (uint32_t k = 0; k < n; k++)
		if (all[k].func == func && (all[k].act == FIELD_OWN || all[k].act == FIELD_PUT))
			return true;
	return false;
}

/* What a value is the address of, or of a part of. */
static const struct ir_instruction *made_from(struct fields *x, uint32_t func, ir_val v)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *in = ir_def(f, fields_root(x, func, v, NULL));
	for (unsigned n = 0; n < 8 && in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE); n++)
		in = ir_def(f, fields_root(x, func, ir_operand(f, in, 0), NULL));
	return in;
}

/* The object was made by the caller itself, which has left the field alone. */
static bool fresh_there(struct fields *x, const struct field_event *own, const struct call_edge *e)
{
	const struct ir_func *f = &x->u->funcs[e->caller];
	const struct ir_instruction *call = &f->instrs[e->site];
	uint32_t param = of_parameter(x, own->func, own->object);
	if (!param || param > ir_nargs(call) || fills(x, own, e->caller))
		return false;
	const struct ir_instruction *made = made_from(x, e->caller, ir_arg(f, call, param - 1));
	const uint32_t *loop_of = x->p->cfgs[e->caller]->loop_of;
	if (made && made->op == IR_ALLOCA) /* where it is used, paths say what becomes of it */
		return true;
	return makes_object(x, f, made) && loop_of[made->block] == loop_of[call->block];
}

/* Whoever calls the function has made sure on every way that the field holds nothing. */
static bool callers_settle(struct fields *x, const struct field_event *own)
{
	const struct program *g = x->p;
	uint32_t first = g->in_edges_of[own->func], end = g->in_edges_of[own->func + 1];
	if (first == end || x->u->funcs[own->func].flags & IR_FUNC_ADDRESS_TAKEN)
		return false;
	for (uint32_t k = first; k < end; k++) {
		const struct call_edge *e = &g->edges[g->in_edges[k]];
		if (e->kind != CALL_DIRECT || e->caller == own->func ||
		    (!fresh_there(x, own, e) && open_way(x, own, e)))
			return false;
	}
	return true;
}

/* The store lies in code that a handle of the field stands for: `self->watch = add(fd, on_input, self)`, in
 * on_input(). The one that runs it ends by what it returns. */
static bool in_own_code(const struct fields *x, const struct field_event *own)
{
	uint32_t n;
	const struct field_event *all = fields_events(x, own->key, &n);
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_func *f = &x->u->funcs[all[i].func];
		const struct ir_instruction *in = &f->instrs[all[i].made];
		for (uint32_t k = 0;
		     all[i].act == FIELD_OWN && all[i].made && ir_is_call(in) && k < ir_nargs(in); k++) {
			const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
			if (v->kind == IR_VAL_FUNC && v->aux == own->func)
				return true;
		}
	}
	return false;
}

bool fields_overwrites(struct fields *x, const struct field_event *own, struct field_overwrite *out)
{
	ir_instr unused;
	uint32_t param = of_parameter(x, own->func, own->object);
	if (own->doubtful || !param)
		return false;
	unsigned budget = 200;
	enum again again = runs_again(x, own->func, param, 0, &budget);
	if (again == AGAIN_NO || waits_for_end(x, own))
		return false;
	struct paths p = {.x = x, .func = own->func, .f = &x->u->funcs[own->func], .key = own->key};
	paths_mark(&p, own->at);
	bool reached = paths_to(&p, own->at, API_NEVER, &unused);
	bool guard = reached && paths_guarded(&p, own->at);
	bool again_sure =
	        (again == AGAIN_YES && !is_thread(x, own)) || (reached && expects_handle(&p, own->at));
	reached = reached && !ends_again(&p, own->at) && !ends_old(&p, own->at) && !callers_settle(x, own);
	paths_release(&p);
	if (!reached)
		return false;
	const struct field_event *release = release_of(x, own->key);
	bool lives_on = release && release->func != own->func;
	bool handler = own->role && own->role->kind == API_ROLE_CONNECT && own->role->from.base;
	*out = (struct field_overwrite){.record = own->key.record,
	                                .field = ir_field_name(x->u, own->key.record, own->key.offset),
	                                .store = {own->func, own->at},
	                                .callee = x->u->funcs[own->callee].display,
	                                .model = x->p->described[own->callee],
	                                .certainty = again_sure && !guard && !handler && lives_on &&
	                                                             !in_own_code(x, own)
	                                                     ? FIELD_LIKELY
	                                                     : FIELD_WEAK};
	if (own->role && *own->role->family)
		out->family = apimodel_family(x->p->api, own->role->family);
	if (release)
		out->release = (struct field_site){release->func, release->at};
	return true;
}
