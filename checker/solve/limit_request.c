/*
 * limit_request.c - handles that are objects of C++: copies of them, and who may change them; and operations
 * that are started, and answered later.
 */
#include "limit_parts.h"
#include "scan.h"

#include <string.h>

bool limit_is_const(const struct solution *s, uint32_t callee, uint32_t arg)
{
	const struct ir_func *g = &s->program->unit->funcs[callee];
	const char *type = callee && arg < g->nparams ? g->params[arg].ctype : "";
	const char *end = strpbrk(type, "*&");
	bool plain = strncmp(type, "const char ", 11) == 0 || strncmp(type, "const void ", 11) == 0;
	return strncmp(type, "const ", 6) == 0 && !plain && end && !end[1];
}

/* "const own::request &" and "own::request *" are of one kind. */
static size_t kind_of(const char **type)
{
	if (strncmp(*type, "const ", 6) == 0)
		*type += 6;
	size_t n = strcspn(*type, "*&");
	while (n && (*type)[n - 1] == ' ')
		n--;
	return n;
}

ir_val limit_made_of(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     uint32_t arg)
{
	const struct ir_func *g = &s->program->unit->funcs[ir_callee(f, in)];
	for (uint32_t k = 0; arg < g->nparams && k < g->nparams && k < ir_nargs(in); k++) {
		const char *own = g->params[arg].ctype, *other = g->params[k].ctype;
		size_t n = kind_of(&own), m = kind_of(&other);
		if (k != arg && n && n == m && own[n] && other[m] && memcmp(own, other, n) == 0)
			return ir_arg(f, in, k);
	}
	return 0;
}

static bool sets_timer(const struct api_func *d)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_DEADLINE, r));)
		if (strcmp(r->covers, "timer") == 0)
			return true;
	return false;
}

/* A call of a member that another class may have a form of its own of. */
static bool is_asked_virtually(const struct solution *s, uint32_t func, ir_val object)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[object]; k < x->first[object + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (ir_is_call(by) && !ir_callee(f, by) && ir_nargs(by) && ir_arg(f, by, 0) == object)
			return true;
	}
	return false;
}

bool limit_may_end(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct program *p = s->program;
	const struct ir_instruction *in = &p->unit->funcs[func].instrs[call];
	const char *library = p->described[ir_callee(&p->unit->funcs[func], in)]->library;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const struct api_func *d = p->described[f];
		bool called = p->in_edges_of[f] < p->in_edges_of[f + 1];
		bool ends = d && strcmp(d->library, library) == 0 && api_role_of(d, API_ROLE_CANCEL);
		if (called && (ends || sets_timer(d)))
			return true;
	}
	return in->result && is_asked_virtually(s, func, in->result);
}
