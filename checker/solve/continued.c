/*
 * continued.c - work that goes on in callbacks: a function starts it with its token and waits for its end, as
 * the data lies in its frame; a callback goes on with that data, and without the token.
 */
#include "propagate.h"
#include "scan.h"
#include "who.h"

#include <string.h>

#define MAX_CHAIN 4

struct chain {
	const struct solution *s;
	struct continued found;
	void (*each)(void *ctx, const struct continued *c);
	void *ctx;
	uint32_t seen[MAX_CHAIN + 1], n;
};

/* The call starts an operation with a token of the function's and with data in its frame. */
static bool begins(const struct solution *s, const struct registration *r, struct continued *out)
{
	const struct ir_func *f = &s->program->unit->funcs[r->func];
	const struct ir_instruction *in = &f->instrs[r->at], *data;
	if (r->role->kind != API_ROLE_SPAWN || !r->role->token.base || !r->data_arg ||
	    r->role->runs != API_RUNS_LOOP)
		return false;
	ir_val token = ir_strip_casts(f, scan_path(f, in, &r->role->token));
	data = ir_def(f, ir_strip_casts(f, ir_arg(f, in, r->data_arg - 1)));
	if (!token || scan_null(f, token) || !data || data->op != IR_ALLOCA ||
	    f->vals[token].kind != IR_VAL_PARAM)
		return false;
	*out = (struct continued){
	        .starter = r->func, .start = r->at, .token = f->params[f->vals[token].aux].name};
	return *out->token;
}

static void go_on(struct chain *c, uint32_t func);

static uint32_t entry_of(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                         const struct api_role *r)
{
	const struct ir_value *entry = &f->vals[ir_strip_casts(f, scan_path(f, in, &r->entry))];
	return entry->kind == IR_VAL_FUNC && s->program->cfgs[entry->aux] ? entry->aux : 0;
}

/* A call of a callback that starts the next step with the same data. */
static void next_step(struct chain *c, uint32_t func, ir_instr i, uint32_t data)
{
	const struct program *p = c->s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_role *r = api_role_of(scan_model(c->s, f, in), API_ROLE_SPAWN);
	ir_val given = r ? scan_path(f, in, &r->data) : 0, token = r ? scan_path(f, in, &r->token) : 0;
	if (!given || !token || ir_strip_casts(f, given) != f->params[data].val)
		return;
	if (scan_null(f, token) && !propagate_cleans_up(c->s, func, i, ir_callee(f, in))) {
		c->found.func = func;
		c->found.call = i;
		c->each(c->ctx, &c->found);
	}
	uint32_t next = entry_of(c->s, f, in, r);
	if (next)
		go_on(c, next);
}

static void go_on(struct chain *c, uint32_t func)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	uint32_t tokens = 0, data = scan_entry_data(c->s, func);
	for (uint32_t k = 0; k < c->n; k++)
		if (c->seen[k] == func)
			return;
	if (c->n == MAX_CHAIN || !data)
		return;
	c->seen[c->n++] = func;
	scan_scope_tokens(c->s, func, &tokens);
	for (ir_instr i = 1; !tokens && i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && cfg_reachable(c->s->program->cfgs[func], f->instrs[i].block))
			next_step(c, func, i, data - 1);
}

void solve_continued(const struct solution *s, void (*each)(void *ctx, const struct continued *c), void *ctx)
{
	struct registrations all = who_registered(s);
	for (uint32_t k = 0; k < all.n; k++) {
		struct chain c = {.s = s, .each = each, .ctx = ctx};
		if (begins(s, &all.all[k], &c.found) && s->program->cfgs[all.all[k].entry])
			go_on(&c, all.all[k].entry);
	}
}
