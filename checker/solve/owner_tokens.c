/*
 * owner_tokens.c - tokens that a function has without being given them: it asks the token in a field of its
 * object, or hands it on.
 */
#include "scan.h"

#include "arena.h"
#include "mem.h"

struct owner_walk {
	const struct solution *s;
	const struct ir_func *f;
	const struct use_index *x;
	VEC(struct token_info) found;
	bool written; /* the function makes or drops the token itself */
};

static bool is_used(const struct owner_walk *w, ir_val v)
{
	unsigned uses = scan_token_uses(w->s, (uint32_t)(w->f - w->s->program->unit->funcs), v);
	return (uses & (TOKEN_CHECKED | TOKEN_FORWARDED)) && !(uses & (TOKEN_ENDED | TOKEN_STORED));
}

static void add(struct owner_walk *w, ir_val v, uint32_t param, const char *name)
{
	if (is_used(w, v))
		vec_push(&w->found, (struct token_info){.val = v, .param = param + 1, .name = name});
}

static void visit_field(struct owner_walk *w, const struct ir_instruction *addr, uint32_t param)
{
	const struct ir_field *field = scan_token_field(w->s, addr->record, addr->imm);
	if (!field)
		return;
	if (field->record) { /* the field is the token, not a pointer to it */
		add(w, addr->result, param, field->name);
		return;
	}
	for (uint32_t n = w->x->first[addr->result]; n < w->x->first[addr->result + 1]; n++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[n].by];
		if (in->op == IR_LOAD)
			add(w, in->result, param, field->name);
		else
			w->written = true;
	}
}

static void walk_object(struct owner_walk *w, ir_val v, uint32_t param, unsigned depth)
{
	for (uint32_t k = w->x->first[v]; depth < 4 && k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_CAST)
			walk_object(w, in->result, param, depth + 1);
		else if (in->op == IR_ADDR && in->record && w->x->uses[k].operand == 0)
			visit_field(w, in, param);
	}
}

const struct token_info *scan_owner_tokens(const struct solution *s, uint32_t func, uint32_t *n)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct owner_walk w = {.s = s, .f = f, .x = scan_uses(s, func)};
	for (uint32_t k = 0; k < f->nparams && !w.written; k++)
		if (!program_is_token(s->program, f->params[k].ctype) &&
		    scan_carries_token(s, f->params[k].pointee))
			walk_object(&w, f->params[k].val, k, 0);
	*n = w.written ? 0 : w.found.len;
	struct token_info *kept = ARENA_ARRAY(s->arena, struct token_info, *n + 1);
	for (uint32_t k = 0; k < *n; k++)
		kept[k] = w.found.data[k];
	vec_release(&w.found);
	return kept;
}
