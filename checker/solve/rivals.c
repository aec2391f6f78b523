/*
 * rivals.c - one thing that two functions end: an operation that is given to two callbacks, each of which
 * completes it whatever happens; a handle in the data of a thread that the thread ends, and who waits for the
 * thread, too.
 */
#include "claims.h"
#include "rivals.h"
#include "scan.h"

#include "sim.h"

/* ---- ends ---- */

/* What a function does with a place on every way out; NULL: not so. */
static const struct effect *always_ends(const struct solution *s, uint32_t func, int param,
                                        const struct effect *like)
{
	const struct summary *sum = solve_summary((struct solution *)s, func);
	for (uint32_t i = 0; sum && sum->known && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		struct effect_place p = e->place;
		if (e->kind != EFFECT_RELEASE || e->when != API_ALWAYS || p.param != param)
			continue;
		p.param = like->place.param;
		if (own_same_place(&p, &like->place) &&
		    (e->how & END_COMPLETES) == (like->how & END_COMPLETES))
			return e;
	}
	return NULL;
}

static bool writes_place(const struct summary *sum, const struct effect_place *p)
{
	if (p->param < 64 && (sum->scatters >> p->param & 1))
		return true;
	for (uint32_t i = 0; i < sum->neffects; i++)
		if (sum->effects[i].kind == EFFECT_WRITE && own_same_place(&sum->effects[i].place, p))
			return true;
	return false;
}

static const struct api_func *model_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return ir_is_call(&f->instrs[i]) ? s->program->described[ir_callee(f, &f->instrs[i])] : NULL;
}

static bool callee_ends(const struct solution *s, uint32_t callee, bool completes)
{
	const struct summary *sum = s->program->cfgs[callee] ? &s->funcs[callee].summary : NULL;
	for (uint32_t i = 0; sum && sum->known && i < sum->neffects; i++)
		if (sum->effects[i].kind == EFFECT_RELEASE &&
		    !(sum->effects[i].how & END_COMPLETES) == !completes)
			return true;
	return false;
}

/* The first call of a function that completes something, or ends something. */
static ir_instr ending_call(const struct solution *s, uint32_t func, bool completes)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_func *d = model_at(s, func, i);
		if (!ir_is_call(&f->instrs[i]))
			continue;
		if (d ? api_role_of(d, completes ? API_ROLE_COMPLETE : API_ROLE_RELEASE) != NULL
		      : callee_ends(s, ir_callee(f, &f->instrs[i]), completes))
			return i;
	}
	return 0;
}

ir_instr rivals_ending_call(const struct solution *s, uint32_t func)
{
	return ending_call(s, func, true);
}

/* ---- two callbacks ---- */

/* What a callback gets, without the reference that is taken for it. */
static ir_val data_behind(const struct solution *s, const struct ir_func *f, ir_val v)
{
	for (unsigned n = 0; n < 4; n++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		const struct api_func *d =
		        in && ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_REF);
		if (!r || r->to.base != API_PATH_RETURN)
			return v;
		v = scan_path(f, in, &r->handle);
	}
	return v;
}

struct registered {
	ir_instr call;
	uint32_t entry;
	int param; /* of the entry: its data */
	ir_val data;
	bool by_token; /* runs when a token is done */
	bool timer;
};

bool rivals_by_token(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     const struct api_role *r)
{
	const struct ir_func *callee = &s->program->unit->funcs[ir_callee(f, in)];
	ir_val from = scan_path(f, in, &r->from);
	if (!from)
		return false;
	if (r->from.arg < callee->nparams &&
	    program_is_token(s->program, callee->params[r->from.arg].ctype))
		return true;
	uint32_t n, func = (uint32_t)(f - s->program->unit->funcs);
	const struct token_info *tokens = solve_tokens(s, func, &n);
	for (uint32_t i = 0; i < n; i++)
		if (tokens[i].val && ir_strip_casts(f, tokens[i].val) == ir_strip_casts(f, from))
			return true;
	return false;
}

static bool is_timer(const struct solution *s, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CREATE);
	const struct api_family *f = r && *r->family ? apimodel_family(s->program->api, r->family) : NULL;
	return f && f->timer;
}

static bool registered_at(const struct solution *s, uint32_t func, ir_instr i, struct registered *r)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = model_at(s, func, i);
	if (!api_role_of(d, API_ROLE_CONNECT) && !api_role_of(d, API_ROLE_SPAWN))
		return false;
	struct callback_facts c = solve_callback(s, func, i);
	if (!c.role || !c.entry || !c.data || scan_null(f, c.data))
		return false;
	*r = (struct registered){.call = i,
	                         .entry = c.entry,
	                         .param = (int)scan_entry_data(s, c.entry) - 1,
	                         .data = data_behind(s, f, c.data),
	                         .timer = is_timer(s, d)};
	r->by_token = c.role->kind == API_ROLE_CONNECT && rivals_by_token(s, f, &f->instrs[i], c.role);
	return r->param >= 0 && (r->by_token || c.role->kind == API_ROLE_SPAWN) &&
	       c.role->runs != API_RUNS_INLINE;
}

/* The call takes the other callback's registration back. */
static bool call_takes_back(const struct solution *s, uint32_t func, ir_instr i, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = model_at(s, func, i);
	const struct api_role *r = api_role_of(d, API_ROLE_RELEASE);
	bool counted = r && apimodel_counted(s->program->api, d, r);
	if (api_role_of(d, API_ROLE_DISCONNECT) || api_role_of(d, API_ROLE_CANCEL) ||
	    (r && !counted && !api_role_of(d, API_ROLE_COMPLETE)))
		return true;
	return !d && depth && ir_is_call(&f->instrs[i]) &&
	       rivals_take_back(s, ir_callee(f, &f->instrs[i]), depth - 1);
}

bool rivals_take_back(const struct solution *s, uint32_t entry, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	for (ir_instr i = 1; s->program->cfgs[entry] && i < f->ninstrs; i++)
		if (call_takes_back(s, entry, i, depth))
			return true;
	return false;
}

/* What is kept in the object, and goes with its last reference, takes registrations back: a task's data. */
static bool takes_back_at_its_end(const struct solution *s, uint32_t func, ir_val object)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r =
		        ir_is_call(in) ? api_role_of(model_at(s, func, i), API_ROLE_STORE) : NULL;
		if (!r || data_behind(s, f, scan_path(f, in, &r->into)) != object)
			continue;
		for (uint32_t k = 0; k < ir_nargs(in); k++) {
			const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
			if (v->kind == IR_VAL_FUNC && rivals_take_back(s, v->aux, 2))
				return true;
		}
	}
	return false;
}

static bool both_complete(const struct solution *s, const struct registered *a, const struct registered *b)
{
	const struct summary *sum = solve_summary((struct solution *)s, a->entry);
	for (uint32_t i = 0; sum && sum->known && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind == EFFECT_RELEASE && (e->how & END_COMPLETES) && e->when == API_ALWAYS &&
		    e->place.param == a->param && always_ends(s, b->entry, b->param, e))
			return true;
	}
	return false;
}

static bool reaches(const struct cfg *cfg, ir_instr from, ir_instr to)
{
	ir_block a = cfg->func->instrs[from].block, b = cfg->func->instrs[to].block;
	return a == b ? from < to : cfg_can_reach(cfg, a, b);
}

/* Before it completes: what it takes back afterwards may have run already. */
static bool takes_back_first(const struct solution *s, uint32_t entry)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	ir_instr end = ending_call(s, entry, true);
	for (ir_instr i = 1; s->program->cfgs[entry] && i < f->ninstrs; i++)
		if ((i == end || reaches(s->program->cfgs[entry], i, end)) && call_takes_back(s, entry, i, 2))
			return true;
	return false;
}

/* `a` was registered first; the one that tells of the work's end is the second to complete. */
static bool pair(const struct solution *s, uint32_t func, const struct registered *a,
                 const struct registered *b, struct rivals *r)
{
	bool special = a->by_token || a->timer || b->by_token || b->timer;
	bool a_last = b->by_token || (b->timer && !a->by_token);
	const struct registered *last = a_last ? a : b, *first = a_last ? b : a;
	if (a->entry == b->entry || a->data != b->data || !special || !both_complete(s, a, b) ||
	    rivals_take_back(s, first->entry, 2) || takes_back_first(s, last->entry) ||
	    takes_back_at_its_end(s, func, a->data) || !reaches(s->program->cfgs[func], a->call, b->call))
		return false;
	*r = (struct rivals){.func = last->entry,
	                     .at = ending_call(s, last->entry, true),
	                     .other = first->entry,
	                     .other_at = ending_call(s, first->entry, true),
	                     .starter = func,
	                     .started = b->call,
	                     .completes = true};
	return r->at && r->other_at;
}

#define MAX_REGISTERED 16

static void each_pair(const struct solution *s, uint32_t func, void (*each)(void *, const struct rivals *),
                      void *ctx)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct registered all[MAX_REGISTERED];
	uint32_t n = 0;
	struct rivals r;
	for (ir_instr i = 1; i < f->ninstrs && n < MAX_REGISTERED; i++)
		n += ir_is_call(&f->instrs[i]) && registered_at(s, func, i, &all[n]);
	for (uint32_t b = 1; b < n; b++)
		for (uint32_t a = 0; a < b; a++)
			if (pair(s, func, &all[a], &all[b], &r))
				each(ctx, &r);
}

/* ---- a thread, and who ends it ---- */

/* The record in which a function finds what lies `offset` bytes behind its parameter. */
static uint32_t record_behind(const struct ir_func *f, int param, int64_t offset)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_ADDR && in->record && in->imm == offset &&
		    ir_strip_casts(f, ir_operand(f, in, 0)) == f->params[param].val)
			return in->record;
	}
	return 0;
}

static bool forbids_a_second(const struct effect *e)
{
	return e->kind == EFFECT_RELEASE && e->when == API_ALWAYS && e->place.depth == 1 &&
	       e->place.param >= 0 &&
	       !(e->how & (END_PLAIN | END_COUNTED | END_IDEMPOTENT | END_LATER | END_COMPLETES | END_CLAIM));
}

static void each_worker(const struct solution *s, uint32_t entry, void (*each)(void *, const struct rivals *),
                        void *ctx)
{
	uint32_t joiner = 0;
	const struct program *p = s->program;
	int data = (int)scan_entry_data(s, entry) - 1;
	ir_instr join = data < 0 ? 0 : solve_joined(s, entry, &joiner);
	const struct summary *sum = join ? solve_summary((struct solution *)s, entry) : NULL;
	const struct summary *ends = sum ? solve_summary((struct solution *)s, joiner) : NULL;
	for (uint32_t i = 0; ends && sum->known && ends->known && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (!forbids_a_second(e) || e->place.param != data || writes_place(sum, &e->place))
			continue;
		uint32_t record = record_behind(&p->unit->funcs[entry], data, e->place.offset[0]);
		for (uint32_t k = 0; record && k < p->unit->funcs[joiner].nparams; k++) {
			const struct effect *too = always_ends(s, joiner, (int)k, e);
			if (!too || p->unit->funcs[joiner].params[k].pointee != record ||
			    !forbids_a_second(too) || writes_place(ends, &too->place))
				continue;
			each(ctx, &(struct rivals){.func = joiner,
			                           .at = ending_call(s, joiner, false),
			                           .other = entry,
			                           .other_at = ending_call(s, entry, false),
			                           .starter = joiner,
			                           .started = join,
			                           .field = ir_field_name(p->unit, record,
			                                                  (uint32_t)e->place.offset[0])});
			return;
		}
	}
}

void solve_rivals(const struct solution *s, void (*each)(void *ctx, const struct rivals *r), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f] && p->relevant[f]) {
			each_pair(s, f, each, ctx);
			claims_each(s, f, each, ctx);
		}
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f] && (p->unit->funcs[f].flags & IR_FUNC_ADDRESS_TAKEN))
			each_worker(s, f, each, ctx);
	rivals_member(s, each, ctx);
}
