/*
 * maybe_token.c - objects that hold a token or none: a token, and beside it a flag that says whether there is
 * one.
 */
#include "scan.h"

#include "spelling.h"

#include "arena.h"

#include <string.h>

struct parts {
	const struct ir_unit *u;
	const struct solution *s;
	uint32_t token_end; /* 0: no token yet */
	uint32_t flags;     /* how many */
	uint32_t flag;      /* where the last one is */
	bool others;
};

static void take_apart(struct parts *p, uint32_t record, uint32_t at, unsigned depth)
{
	const struct ir_record *r = &p->u->records[record];
	for (uint32_t k = 0; k < r->nfields && depth < 8; k++) {
		const struct ir_field *f = &r->fields[k];
		bool token = program_is_token(p->s->program, f->ctype);
		if (token && at + f->offset == 0 && f->record)
			p->token_end = f->size;
		else if (f->record && !token && p->u->records[f->record].nfields)
			take_apart(p, f->record, at + f->offset, depth + 1);
		else if (f->size == 1 && !f->record && at + f->offset >= p->token_end && p->token_end) {
			p->flags++;
			p->flag = at + f->offset;
		} else if (at + f->offset >= p->token_end && p->token_end)
			p->others = true;
	}
}

static uint32_t flag_in(const struct solution *s, const char *ctype)
{
	const struct ir_unit *u = s->program->unit;
	size_t n = strlen(ctype);
	bool object = n && ctype[n - 1] != '*' && !program_is_token(s->program, ctype);
	struct parts p = {.u = u, .s = s};
	uint32_t record = object ? ctype_record(u, ctype) : 0;
	if (record)
		take_apart(&p, record, 0, 0);
	return p.flags == 1 && !p.others ? p.flag : 0;
}

uint32_t scan_token_flag(const struct solution *s, uint32_t func, uint32_t param)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct func_facts *facts = &s->funcs[func];
	if (!facts->token_flags) {
		facts->token_flags = ARENA_ARRAY(s->arena, uint32_t, f->nparams + 1);
		for (uint32_t k = 0; k < f->nparams; k++)
			facts->token_flags[k] =
			        f->flags & IR_FUNC_CPLUSPLUS ? flag_in(s, f->params[k].ctype) : 0;
	}
	return facts->token_flags[param];
}
