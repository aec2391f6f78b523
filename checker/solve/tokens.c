/*
 * tokens.c - which tokens a function is given and what it does with them.
 */
#include "scan.h"
#include "token_fields.h"

#include "arena.h"
#include "intern.h"
#include "mem.h"
#include "str.h"

#include <string.h>

#define MAX_DEPTH 12 /* of calls a token is followed through */

const struct use_index *scan_uses(const struct solution *s, uint32_t func)
{
	if (s->funcs[func].uses)
		return s->funcs[func].uses;
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct use_index *x = ARENA_NEW(s->arena, struct use_index);
	x->first = ARENA_ARRAY(s->arena, uint32_t, f->nvals + 2);
	x->uses = ARENA_ARRAY(s->arena, struct use, f->noperands + 1);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; k < f->instrs[i].noperands; k++)
			x->first[ir_operand(f, &f->instrs[i], k) + 2]++;
	for (uint32_t v = 2; v < f->nvals + 2; v++)
		x->first[v] += x->first[v - 1];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; k < f->instrs[i].noperands; k++)
			x->uses[x->first[ir_operand(f, &f->instrs[i], k) + 1]++] = (struct use){i, k};
	return s->funcs[func].uses = x;
}

static bool matters(const struct ir_func *f, const struct use_index *x, ir_val v, unsigned depth)
{
	for (uint32_t k = x->first[v]; v && k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool copy = in->op == IR_CAST || in->op == IR_PHI || in->op == IR_ICMP ||
		            in->op == IR_BINOP || in->op == IR_SELECT;
		if (!copy || depth > 8 || matters(f, x, in->result, depth + 1))
			return true;
	}
	return false;
}

bool scan_matters(const struct ir_func *f, const struct use_index *x, ir_val v)
{
	return matters(f, x, v, 0);
}

ir_val scan_local_around(const struct ir_func *f, ir_val at)
{
	const struct ir_instruction *in = ir_def(f, at = ir_strip_casts(f, at));
	while (in && in->op == IR_ADDR) /* values are not made of themselves: see ir/verify.c */
		in = ir_def(f, at = ir_strip_casts(f, ir_operand(f, in, 0)));
	return in && in->op == IR_ALLOCA ? at : 0;
}

bool scan_in_header(const struct solution *s, const struct ir_instruction *in)
{
	const struct ir_place *p = &s->program->unit->locs[in->loc];
	return p->inlined_at || s->program->unit->files[p->file].system;
}

bool scan_null(const struct ir_func *f, ir_val v)
{
	return f->vals[ir_strip_casts(f, v)].kind == IR_VAL_NULL;
}

bool scan_gets(const struct ir_func *f, const struct ir_instruction *in, ir_val v)
{
	for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++)
		if (ir_strip_casts(f, ir_arg(f, in, k)) == v)
			return true;
	return false;
}

bool scan_is_callback(const struct program *p, uint32_t func)
{
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind == CALL_CALLBACK)
			return true;
	return false;
}

bool scan_int(const struct ir_func *f, ir_val v, int64_t *out)
{
	const struct ir_value *q = &f->vals[ir_strip_casts(f, v)];
	*out = q->kind == IR_VAL_INT ? q->imm : 0;
	return q->kind == IR_VAL_INT || q->kind == IR_VAL_NULL;
}

ir_val scan_path(const struct ir_func *f, const struct ir_instruction *in, const struct api_path *p)
{
	if (p->deref)
		return 0;
	if (p->base == API_PATH_RETURN)
		return ir_returned(f, in);
	return p->base == API_PATH_ARG ? ir_arg(f, in, p->arg) : 0;
}

/* A local object that a call made a root of. */
static bool holds_root(const struct solution *s, const struct ir_func *f, ir_val object)
{
	const struct use_index *x = scan_uses(s, (uint32_t)(f - s->program->unit->funcs));
	for (uint32_t k = x->first[object]; k < x->first[object + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_role *r =
		        ir_is_call(in)
		                ? api_role_of(s->program->described[ir_callee(f, in)], API_ROLE_BACKGROUND)
		                : NULL;
		if (r && scan_path(f, in, &r->to) == object)
			return true;
	}
	return false;
}

bool scan_is_root(const struct solution *s, const struct ir_func *f, ir_val v)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	if (def && def->op == IR_ALLOCA)
		return holds_root(s, f, v);
	uint32_t callee = def && ir_is_call(def) ? ir_callee(f, def) : 0;
	return callee && api_role_of(s->program->described[callee], API_ROLE_BACKGROUND);
}

/* ---- following one value ---- */

struct walk {
	const struct solution *s;
	const struct ir_func *f;
	uint32_t func;
	const struct use_index *x;
	bool *seen;
	VEC(ir_val) todo;
	unsigned uses;
	bool out;     /* it is for more than work on files of a local disk, */
	bool through; /* or for going through their content */
	VEC(ir_instr) checks;
	unsigned depth;
	uint32_t record; /* what the token points to, 0: unknown */
};

static bool honours(const struct solution *s, uint32_t func, uint32_t param, unsigned depth);

static void follow(struct walk *w, ir_val v)
{
	if (v && !w->seen[v]) {
		w->seen[v] = true;
		vec_push(&w->todo, v);
	}
}

static bool names_arg(const struct api_path *p, uint32_t arg)
{
	return p->base == API_PATH_ARG && p->arg == arg && !p->deref;
}

static void check(struct walk *w, ir_instr i, ir_val answer)
{
	if (scan_matters(w->f, w->x, answer)) {
		w->uses |= TOKEN_CHECKED;
		vec_push(&w->checks, i);
	} else {
		w->uses |= TOKEN_DROPPED;
	}
}

/* The same token in another place: in a variable, or in an object that captures it. */
static void copied(struct walk *w, const struct ir_instruction *in, const struct api_path *to)
{
	ir_val v = to->base == API_PATH_ARG ? ir_strip_casts(w->f, ir_arg(w->f, in, to->arg)) : in->result;
	const struct ir_instruction *def = to->base == API_PATH_ARG ? ir_def(w->f, v) : NULL;
	if (to->base != API_PATH_ARG || (def && def->op == IR_ALLOCA))
		follow(w, v);
	else
		w->uses |= TOKEN_STORED;
}

static void role_use(struct walk *w, ir_instr i, const struct ir_instruction *in, const struct api_role *r,
                     uint32_t arg)
{
	switch (r->kind) {
	case API_ROLE_POLL:
		if (names_arg(&r->token, arg))
			check(w, i, in->result);
		break;
	case API_ROLE_DONE_FD:
		if (names_arg(&r->token, arg))
			w->uses |= TOKEN_WAITED;
		break;
	case API_ROLE_TOKEN:
	case API_ROLE_BLOCK:
	case API_ROLE_SPAWN:
		if (names_arg(&r->token, arg) && !r->values_only) {
			w->uses |= TOKEN_FORWARDED;
			w->out |= r->kind != API_ROLE_BLOCK || r->waits != API_WAITS_DISK;
			w->through |= r->lasting;
		}
		if (names_arg(&r->data, arg))
			w->uses |= TOKEN_STORED;
		if (scan_to_entry(scan_model(w->s, w->f, in), r, arg)) {
			w->uses |= TOKEN_FORWARDED;
			w->out = true;
		}
		break;
	case API_ROLE_CONNECT:
		if (names_arg(&r->from, arg) || names_arg(&r->data, arg))
			w->uses |= TOKEN_WAITED;
		break;
	case API_ROLE_DERIVE:
	case API_ROLE_DETACH:
		if (names_arg(&r->from, arg))
			w->uses |= TOKEN_DERIVED;
		break;
	case API_ROLE_VALUE:
		if (names_arg(&r->from, arg))
			follow(w, in->result);
		break;
	case API_ROLE_REF:
		if (names_arg(&r->handle, arg))
			follow(w, in->result);
		break;
	case API_ROLE_ALIAS:
		if (names_arg(&r->from, arg))
			copied(w, in, &r->to);
		break;
	case API_ROLE_RELEASE:
		if (names_arg(&r->handle, arg))
			w->uses |= TOKEN_ENDED;
		break;
	case API_ROLE_CANCEL:
	case API_ROLE_TAKE:
		if (names_arg(&r->token, arg) || names_arg(&r->handle, arg))
			w->uses |= TOKEN_STORED;
		break;
	case API_ROLE_STORE:
	case API_ROLE_SEND:
		if (names_arg(&r->value, arg))
			w->uses |= TOKEN_STORED;
		break;
	default:
		break;
	}
}

static void call_use(struct walk *w, ir_instr i, const struct ir_instruction *in, uint32_t operand)
{
	const struct program *p = w->s->program;
	uint32_t callee = ir_callee(w->f, in);
	if (operand == 0)
		return;
	if (!callee) {
		w->uses |= TOKEN_FORWARDED;
		w->out = true;
		return;
	}
	if (p->described[callee]) {
		for (uint32_t k = 0; k < p->described[callee]->nroles; k++)
			role_use(w, i, in, &p->described[callee]->roles[k], operand - 1);
		return;
	}
	const struct ir_func *g = &p->unit->funcs[callee];
	if (!solve_has_body(w->s, callee) || operand - 1 >= g->nparams) {
		if (!str_starts(g->name, "llvm.")) {
			w->uses |= TOKEN_FORWARDED;
			w->out = true;
		}
	} else if (honours(w->s, callee, operand - 1, w->depth + 1)) {
		if (operand - 1 < 64 && (w->s->funcs[callee].summary.polls >> (operand - 1) & 1))
			check(w, i, in->result);
		else
			w->uses |= TOKEN_FORWARDED;
		w->out |= operand - 1 >= 64 || (w->s->funcs[callee].summary.waits_out >> (operand - 1) & 1);
	}
}

/* Stored to a local that is only loaded and stored: the loads are the token again. Else it is kept somewhere.
 */
static void store_use(struct walk *w, const struct ir_instruction *in)
{
	ir_val at = ir_strip_casts(w->f, ir_operand(w->f, in, 1));
	const struct ir_instruction *def = ir_def(w->f, at);
	if (!def || def->op != IR_ALLOCA) {
		w->uses |= TOKEN_STORED;
		return;
	}
	for (uint32_t k = w->x->first[at]; k < w->x->first[at + 1]; k++) {
		const struct ir_instruction *user = &w->f->instrs[w->x->uses[k].by];
		if (user->op == IR_LOAD)
			follow(w, user->result);
		else if (user->op != IR_STORE || w->x->uses[k].operand == 0)
			w->uses |= TOKEN_STORED;
	}
}

static void visit_use(struct walk *w, const struct use *u)
{
	const struct ir_instruction *in = &w->f->instrs[u->by];
	switch (in->op) {
	case IR_CALL:
	case IR_INVOKE:
		call_use(w, u->by, in, u->operand);
		break;
	case IR_CAST:
	case IR_PHI:
	case IR_SELECT:
		follow(w, in->result);
		break;
	case IR_STORE:
		if (u->operand == 0)
			store_use(w, in);
		break;
	case IR_LOAD: /* its own field is read */
		check(w, u->by, in->result);
		break;
	case IR_ADDR: /* a look at the header that all objects share is no look at the token */
		if (u->operand == 0 && in->result && (!w->record || !in->record || in->record == w->record))
			follow(w, in->result);
		break;
	case IR_ICMP:
		break; /* is there a token at all? That is no look at it. */
	default:
		w->uses |= TOKEN_STORED;
		break;
	}
}

static void walk_from(struct walk *w, ir_val v)
{
	w->f = &w->s->program->unit->funcs[w->func];
	w->x = scan_uses(w->s, w->func);
	w->seen = mem_alloc(w->f->nvals * sizeof *w->seen);
	follow(w, v);
	while (w->todo.len) {
		ir_val q = w->todo.data[--w->todo.len];
		for (uint32_t k = w->x->first[q]; k < w->x->first[q + 1]; k++)
			visit_use(w, &w->x->uses[k]);
	}
	mem_release(w->seen);
	vec_release(&w->todo);
}

/* All that is done with the token is to ask it, and to tell the caller: void functions have nobody to tell.
 */
static bool answers(const struct walk *w, uint32_t func)
{
	const struct cfg *cfg = w->s->program->cfgs[func];
	const struct ir_func *f = &w->s->program->unit->funcs[func];
	bool only =
	        (w->uses & TOKEN_CHECKED) &&
	        !(w->uses & (TOKEN_FORWARDED | TOKEN_STORED | TOKEN_WAITED | TOKEN_DERIVED | TOKEN_ENDED));
	bool tells = false;
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_instruction *term = ir_terminator(f, cfg->rpo[n]);
		tells |= term->op == IR_RET && term->noperands;
	}
	return only && tells && !w->s->funcs[func].nblocks;
}

static bool honours(const struct solution *s, uint32_t func, uint32_t param, unsigned depth)
{
	struct func_facts *facts = &s->funcs[func];
	if (param >= 64 || depth > MAX_DEPTH || !solve_has_body(s, func))
		return true;
	uint64_t bit = 1ull << param;
	if (!(facts->honours_known & bit)) {
		facts->honours_known |= bit; /* a recursive call asks nothing */
		struct walk w = {.s = s, .func = func, .depth = depth};
		w.record = s->program->unit->funcs[func].params[param].pointee;
		walk_from(&w, s->program->unit->funcs[func].params[param].val);
		if (w.uses & (TOKEN_CHECKED | TOKEN_FORWARDED | TOKEN_STORED | TOKEN_WAITED | TOKEN_DERIVED |
		              TOKEN_ENDED))
			facts->summary.honours |= bit;
		if (answers(&w, func))
			facts->summary.polls |= bit;
		/* It ends waits of its own with it. */
		bool stops = (w.uses & TOKEN_CHECKED) && !(w.uses & TOKEN_FORWARDED) && facts->nblocks;
		if (w.out || stops || w.uses & (TOKEN_STORED | TOKEN_WAITED | TOKEN_DERIVED))
			facts->summary.waits_out |= bit;
		if (w.through)
			facts->summary.goes_through |= bit;
		vec_release(&w.checks);
	}
	return facts->summary.honours & bit;
}

bool scan_honours(const struct solution *s, uint32_t func, uint32_t param)
{
	return honours(s, func, param, 0);
}

/* ---- the tokens of a function ---- */

static bool reaches_block(const struct solution *s, uint32_t func, ir_instr check)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t i = 0; i < facts->nblocks; i++) {
		ir_instr b = facts->blocks[i].call;
		if (f->instrs[b].block == f->instrs[check].block ? b > check : false)
			return true;
		if (cfg_can_reach(s->program->cfgs[func], f->instrs[check].block, f->instrs[b].block))
			return true;
	}
	return false;
}

static void judge(const struct solution *s, uint32_t func, struct token_info *t, unsigned carried)
{
	struct walk w = {.s = s, .func = func};
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (f->vals[t->val].kind == IR_VAL_PARAM)
		w.record = f->params[f->vals[t->val].aux].pointee;
	walk_from(&w, t->val);
	t->uses = w.uses | carried;
	bool early = false;
	for (uint32_t i = 0; i < w.checks.len; i++)
		early |= reaches_block(s, func, w.checks.data[i]);
	if (w.checks.len && !early && s->funcs[func].nblocks)
		t->last_check_only_after = w.checks.data[0];
	vec_release(&w.checks);
}

uint32_t scan_entry_data(const struct solution *s, uint32_t entry)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	if (!s->program->cfgs[entry]) /* only declared: what it does with its parameters is not known */
		return 0;
	if (f->nparams && (f->flags & IR_FUNC_CPLUSPLUS) && strcmp(f->params[0].name, "this") == 0)
		return 1; /* what a lambda captured, or the object whose member runs */
	for (uint32_t i = f->nparams; i-- > 0;)
		if (f->vals[f->params[i].val].type == IR_TYPE_PTR &&
		    !program_is_token(s->program, f->params[i].ctype))
			return i + 1;
	return 0;
}

/* The parameter that carries the data a thread, or any callback, was started with; 0: none, else 1 + index.
 */
static uint32_t data_param(const struct solution *s, uint32_t func, bool threads)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		bool thread = e->runs == API_RUNS_THREAD || e->runs == API_RUNS_POOL;
		if (e->kind == CALL_CALLBACK && thread == threads)
			return scan_entry_data(s, func);
	}
	return 0;
}

/* A token that an object carries is asked or handed on without being named: `task_cancelled(task)`,
 * `read(in, task_token(task))`. That counts for the tokens of the function, which are the same. */
static bool from_carrier(const struct solution *s, const struct ir_func *f, ir_val v)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	if (f->vals[v].kind == IR_VAL_PARAM)
		return !program_is_token(s->program, f->params[f->vals[v].aux].ctype);
	if (!def || !ir_is_call(def) ||
	    api_role_of(s->program->described[ir_callee(f, def)], API_ROLE_CREATE))
		return false;
	for (uint32_t k = 0; k < ir_nargs(def); k++)
		if (f->vals[ir_strip_casts(f, ir_arg(f, def, k))].kind == IR_VAL_PARAM &&
		    !scan_is_root(s, f, v))
			return true;
	return false;
}

static bool reads_token(const struct solution *s, uint32_t func, uint32_t param, unsigned depth);

/* The call hands on an object whose token the callee reads, or may read where it is not here. */
static bool hands_on_carrier(const struct solution *s, const struct ir_func *f,
                             const struct ir_instruction *in, unsigned depth)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct ir_func *to = &s->program->unit->funcs[callee];
	if (!callee || s->program->described[callee])
		return false;
	for (uint32_t n = 0; n < ir_nargs(in) && n < to->nparams; n++)
		if (scan_carries_token(s, to->params[n].pointee) && reads_token(s, callee, n, depth + 1))
			return true;
	return false;
}

static bool reads_token(const struct solution *s, uint32_t func, uint32_t param, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!s->program->cfgs[func])
		return true;
	struct field_use fields = {0};
	token_fields_walk(s, func, f->params[param].val, &fields, 0);
	bool reads = fields.found.len;
	vec_release(&fields.found);
	for (ir_instr i = 1; !reads && depth < MAX_DEPTH / 3 && i < f->ninstrs; i++)
		reads = hands_on_carrier(s, f, &f->instrs[i], depth);
	return reads;
}

static unsigned through_carriers(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	unsigned uses = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? p->described[ir_callee(f, in)] : NULL;
		if (hands_on_carrier(s, f, in, 0))
			uses |= TOKEN_FORWARDED;
		for (uint32_t k = 0; d && k < d->nroles; k++) {
			const struct api_role *r = &d->roles[k];
			ir_val v = scan_path(f, in, &r->token);
			if (!v || r->values_only || !from_carrier(s, f, v))
				continue;
			if (r->kind == API_ROLE_POLL && scan_matters(f, scan_uses(s, func), in->result))
				uses |= TOKEN_FORWARDED;
			if (r->kind == API_ROLE_BLOCK || r->kind == API_ROLE_TOKEN ||
			    r->kind == API_ROLE_DONE_FD)
				uses |= TOKEN_FORWARDED;
		}
	}
	return uses;
}

/* Does this parameter get a token? */
static bool gets_token(const struct solution *s, uint32_t func, uint32_t param)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return program_is_token(s->program, f->params[param].ctype) &&
	       !scan_never_given_token(s, func);
}

const struct token_info *solve_tokens(const struct solution *s, uint32_t func, uint32_t *n)
{
	struct func_facts *facts = &s->funcs[func];
	if (facts->tokens) {
		*n = facts->ntokens;
		return facts->tokens;
	}
	const struct ir_func *f = &s->program->unit->funcs[func];
	VEC(struct token_info) all = {0};
	for (uint32_t i = 0; i < f->nparams; i++)
		if (gets_token(s, func, i))
			vec_push(&all, (struct token_info){.val = f->params[i].val,
			                                   .param = i + 1,
			                                   .name = f->params[i].name});
	uint32_t data = data_param(s, func, true);
	if (data) {
		struct field_use fields = {0};
		token_fields_walk(s, func, f->params[data - 1].val, &fields, 0);
		const char *unread = fields.record && !fields.carried && !fields.found.len
		                             ? token_fields_name(s, fields.record)
		                             : NULL;
		for (uint32_t i = 0; i < fields.found.len; i++) {
			fields.found.data[i].param = data;
			vec_push(&all, fields.found.data[i]);
		}
		if (unread)
			vec_push(&all, (struct token_info){.param = data, .name = unread});
		vec_release(&fields.found);
	}
	facts->tokens = ARENA_ARRAY(s->arena, struct token_info, all.len + 1);
	facts->ntokens = all.len;
	unsigned carried = all.len ? through_carriers(s, func) : 0;
	for (uint32_t i = 0; i < all.len; i++) {
		facts->tokens[i] = all.data[i];
		if (all.data[i].val)
			judge(s, func, &facts->tokens[i], carried);
		else if (!s->program->cfgs[func] && all.data[i].param &&
		         honours(s, func, all.data[i].param - 1, 0))
			facts->tokens[i].uses =
			        TOKEN_FORWARDED; /* as its own unit says, or, when none does, as we hope */
	}
	vec_release(&all);
	*n = facts->ntokens;
	return facts->tokens;
}

/* ---- tokens at hand ---- */

unsigned scan_token_uses(const struct solution *s, uint32_t func, ir_val v)
{
	struct walk w = {.s = s, .func = func};
	walk_from(&w, v);
	vec_release(&w.checks);
	return w.uses;
}

bool scan_makes_token(const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CREATE);
	return r && r->token.base == API_PATH_RETURN && !api_role_of(d, API_ROLE_DERIVE);
}

bool scan_carries_token(const struct solution *s, uint32_t record)
{
	return record && token_fields_name(s, record);
}

bool scan_reads_token(const struct solution *s, uint32_t func, uint32_t param)
{
	return scan_carries_token(s, s->program->unit->funcs[func].params[param].pointee) &&
	       reads_token(s, func, param, 0);
}

struct token_list {
	VEC(struct token_info) all;
};

static void add_token(struct token_list *l, struct token_info t)
{
	for (uint32_t i = 0; i < l->all.len; i++)
		if (strcmp(l->all.data[i].name, t.name) == 0)
			return;
	if (*t.name)
		vec_push(&l->all, t);
}

bool scan_is_lambda(const struct ir_func *f)
{
	return (f->flags & IR_FUNC_CPLUSPLUS) && f->nparams && str_ends(f->display, "(lambda)");
}

static void add_data_tokens(const struct solution *s, uint32_t func, uint32_t data, bool unread_too,
                            struct token_list *l)
{
	struct field_use fields = {0};
	token_fields_walk(s, func, s->program->unit->funcs[func].params[data - 1].val, &fields, 0);
	for (uint32_t i = 0; i < fields.found.len; i++)
		add_token(l, fields.found.data[i]);
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t record = !fields.record && scan_is_lambda(f) ? f->params[0].pointee : fields.record;
	const char *unread = record && !fields.carried && unread_too ? token_fields_name(s, record) : NULL;
	if (unread)
		add_token(l, (struct token_info){.param = data, .name = unread});
	vec_release(&fields.found);
}

/* What the function asks its data for: the token of the task that it gets. */
static void add_asked_for(const struct solution *s, uint32_t func, uint32_t data, struct token_list *l)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_GET);
		ir_val from =
		        r && r->to.base == API_PATH_RETURN && in->result ? scan_path(f, in, &r->from) : 0;
		const struct ir_value *q = from ? &f->vals[ir_strip_casts(f, from)] : NULL;
		if (q && q->kind == IR_VAL_PARAM && q->aux == data - 1 &&
		    program_is_token(s->program,
		                           s->program->unit->funcs[ir_callee(f, in)].ret_ctype))
			add_token(l, (struct token_info){.val = in->result,
			                                 .name = *f->vals[in->result].name
			                                                 ? f->vals[in->result].name
			                                                 : "its token"});
	}
}

/* The value stands for an operation that was made with a token, here or by who started this callback with it.
 */
static bool made_with_token(const struct solution *s, uint32_t func, ir_val v, unsigned depth);

static bool started_with_token(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	bool any = false;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *f = &p->unit->funcs[e->caller];
		const struct ir_instruction *in = &f->instrs[e->site];
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_SPAWN);
		if (e->kind != CALL_CALLBACK || !r || depth > 3 ||
		    !made_with_token(s, e->caller, scan_path(f, in, &r->data), depth + 1))
			return false;
		any = true;
	}
	return any;
}

/* All that a local variable ever holds, but for NULL. */
static bool holds_made_with_token(const struct solution *s, uint32_t func, ir_val local, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	bool any = false;
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op != IR_STORE || x->uses[k].operand != 1 || scan_null(f, ir_operand(f, in, 0)))
			continue;
		if (!made_with_token(s, func, ir_operand(f, in, 0), depth + 1))
			return false;
		any = true;
	}
	return any;
}

static bool made_with_token(const struct solution *s, uint32_t func, ir_val v, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	const struct api_func *d = def && ir_is_call(def) ? scan_model(s, f, def) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_PROMISE) ? api_role_of(d, API_ROLE_TOKEN) : NULL;
	if (r) {
		ir_val token = scan_path(f, def, &r->token);
		return token && !scan_null(f, token) && !scan_is_root(s, f, token);
	}
	if (depth > 6)
		return false;
	r = api_role_of(d, API_ROLE_REF);
	if (r && r->handle.base == API_PATH_ARG)
		return made_with_token(s, func, scan_path(f, def, &r->handle), depth + 1);
	if (def && def->op == IR_LOAD) {
		ir_val local = ir_strip_casts(f, ir_operand(f, def, 0));
		const struct ir_instruction *at = ir_def(f, local);
		return at && at->op == IR_ALLOCA && holds_made_with_token(s, func, local, depth);
	}
	return v && f->vals[v].kind == IR_VAL_PARAM && f->vals[v].aux + 1 == scan_entry_data(s, func) &&
	       started_with_token(s, func, depth);
}

const struct token_info *scan_scope_tokens(const struct solution *s, uint32_t func, uint32_t *n)
{
	struct func_facts *facts = &s->funcs[func];
	const struct ir_func *f = &s->program->unit->funcs[func];
	*n = facts->nscope_tokens;
	if (facts->scope_tokens)
		return facts->scope_tokens;
	struct token_list l = {0};
	for (uint32_t i = 0; i < f->nparams; i++)
		if (gets_token(s, func, i))
			add_token(&l, (struct token_info){.val = f->params[i].val,
			                                  .param = i + 1,
			                                  .name = f->params[i].name});
	uint32_t thread = data_param(s, func, true), other = data_param(s, func, false);
	bool lambda = scan_is_lambda(f); /* it has what it captures, whether it reads it or not */
	if (s->program->cfgs[func] && (thread || other || lambda))
		add_data_tokens(s, func, thread ? thread : other ? other : 1, true, &l);
	if (s->program->cfgs[func] && (thread || other))
		add_asked_for(s, func, thread ? thread : other, &l);
	if (s->program->cfgs[func] && other && !l.all.len && started_with_token(s, func, 0))
		add_token(&l, (struct token_info){.param = other, .name = "its token"});
	struct token_info *kept = ARENA_ARRAY(s->arena, struct token_info, l.all.len + 1);
	for (uint32_t i = 0; i < l.all.len; i++)
		kept[i] = l.all.data[i];
	facts->scope_tokens = kept;
	*n = facts->nscope_tokens = l.all.len;
	vec_release(&l.all);
	return kept;
}
