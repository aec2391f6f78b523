/*
 * caught_thrown.c - exceptions that are thrown where a call was cancelled, whatever their class is called:
 * the status of the call is made one, and who catches the class catches the cancellation.
 */
#include "caught.h"
#include "fate.h"

#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 4

/* `ns::failure` as its type information is called: "_ZTIN2ns7failureE". Of templates it is not known. */
static bool type_info(const char *class, char *out, size_t size)
{
	bool std = strncmp(class, "std::", 5) == 0, nested;
	const char *at = std ? class + 5 : class;
	nested = strstr(at, "::") != NULL;
	int n = snprintf(out, size, "_ZTI%s%s", nested ? "N" : "", std ? "St" : "");
	while (*at && strpbrk(class, "<( ") == NULL && n > 0 && (size_t)n < size) {
		const char *end = strstr(at, "::");
		int len = (int)(end ? end - at : (long)strlen(at));
		n += snprintf(out + n, size - (size_t)n, "%d%.*s", len, len, at);
		at += len + (end ? 2 : 0);
	}
	if (*at || n <= 0 || (size_t)n + 2 > size)
		return false;
	strcpy(out + n, nested ? "E" : "");
	return true;
}

static bool is_class(const char *class, size_t len, const char *info)
{
	char name[256], mangled[300];
	if (!len || len >= sizeof name)
		return false;
	memcpy(name, class, len);
	name[len] = 0;
	return type_info(name, mangled, sizeof mangled) && strcmp(mangled, info) == 0;
}

bool caught_takes(const struct solution *s, const struct ir_handler *h, const char *info)
{
	if (!*h->type || apimodel_is_exception_base(s->program->api, h->type) ||
	    is_class(h->type, strlen(h->type), info))
		return true;
	for (const char *at = h->below; *at;) {
		const char *end = strchr(at, '\n');
		size_t n = end ? (size_t)(end - at) : strlen(at);
		if (is_class(at, n, info))
			return true;
		at += n + (end != NULL);
	}
	return false;
}

/* The way into the block is the one that the code takes when the call was cancelled. */
static bool taken_then(const struct fate *w, ir_block b)
{
	while (b && w->cfg->npreds[b] == 1) {
		ir_block from = w->cfg->preds[b][0];
		const struct ir_instruction *t = ir_terminator(w->f, from);
		int64_t v;
		if (t->op == IR_CONDBR && ir_succ(w->f, t, 0) != ir_succ(w->f, t, 1))
			return cfg_dominates(w->cfg, w->call->block, from) &&
			       fate_condition(w, ir_operand(w->f, t, 0), (struct fate_edge){.to = from},
			                      &v) &&
			       ir_succ(w->f, t, v ? 0 : 1) == b;
		b = from;
	}
	return false;
}

/* One of the calls of the function that are given a token leads to the throw when it was cancelled. */
static bool thrown_then(const struct solution *s, uint32_t func, ir_block b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool found = false;
	for (ir_instr i = 1; i < f->ninstrs && !found; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (!ir_is_call(in) || !in->result || !fate_gives_token(s, func, in))
			continue;
		struct fate w;
		fate_init(&w, s, func);
		w.call = in;
		fate_fetch(&w);
		found = taken_then(&w, b);
		fate_release(&w);
	}
	return found;
}

static bool is_thrown(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                      const struct ir_handler *h, const struct ir_handler *const *before, uint32_t nbefore)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	const struct ir_value *type = &f->vals[ir_strip_casts(f, ir_arg(f, in, 1))];
	const char *info = type->kind == IR_VAL_GLOBAL ? u->globals[type->aux].name : "";
	if (!caught_takes(s, h, info))
		return false;
	for (uint32_t k = 0; k < nbefore; k++)
		if (caught_takes(s, before[k], info))
			return false;
	return thrown_then(s, func, in->block);
}

bool caught_status(const struct solution *s, uint32_t callee, const struct ir_handler *h,
                   const struct ir_handler *const *before, uint32_t nbefore, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr i = 1; callee && p->cfgs[callee] && depth < MAX_DEPTH && i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		uint32_t to = ir_is_call(in) ? ir_callee(g, in) : 0;
		if (!to)
			continue;
		bool throws = strcmp(p->unit->funcs[to].name, "__cxa_throw") == 0;
		if (throws ? is_thrown(s, callee, in, h, before, nbefore)
		           : in->op == IR_CALL && caught_status(s, to, h, before, nbefore, depth + 1))
			return true;
	}
	return false;
}
