/*
 * limit_class.c - which values are the same handle: union-find over values, and the places that they lie in.
 */
#include "limit_parts.h"
#include "scan.h"

/* ---- classes ---- */

uint32_t limit_find(struct func_limits *g, uint32_t n)
{
	while (g->up[n] != n)
		n = g->up[n] = g->up[g->up[n]];
	return n;
}

static bool same_knowledge(const struct handle *a, const struct handle *b)
{
	return a->made == b->made && a->unknown == b->unknown && a->returned == b->returned &&
	       a->in_place == b->in_place && a->told == b->told && a->escapes == b->escapes &&
	       a->covers == b->covers && a->before == b->before && a->renewed == b->renewed &&
	       a->params == b->params && a->by == b->by;
}

bool limit_absorb(struct handle *to, const struct handle *h)
{
	const struct handle before = *to;
	to->made |= h->made;
	to->unknown |= h->unknown;
	to->returned |= h->returned;
	to->in_place |= h->in_place;
	to->told |= h->told;
	if (!to->escapes || (h->escapes && h->escapes < to->escapes))
		to->escapes = h->escapes;
	to->covers |= h->covers;
	to->before |= h->before;
	to->renewed = h->renewed > to->renewed ? h->renewed : to->renewed;
	to->params |= h->params;
	to->by = to->by ? to->by : h->by;
	return !same_knowledge(&before, to);
}

void limit_join(struct func_limits *g, uint32_t a, uint32_t b)
{
	if (!a || !b || (a = limit_find(g, a)) == (b = limit_find(g, b)))
		return;
	g->up[b] = a;
	limit_absorb(&g->known[a], &g->known[b]);
}

struct handle *limit_of(struct walk *w, uint32_t node)
{
	return &w->g->known[limit_find(w->g, node)];
}

/* ---- places ---- */

static uint32_t add_node(struct func_limits *g)
{
	if (g->nnodes == g->cap) {
		g->cap = g->cap + g->cap / 2 + 16;
		g->up = mem_resize(g->up, g->cap * sizeof *g->up);
		g->known = mem_resize(g->known, g->cap * sizeof *g->known);
	}
	g->up[g->nnodes] = g->nnodes;
	g->known[g->nnodes] = (struct handle){0};
	return g->nnodes++;
}

uint32_t limit_place_node(struct walk *w, uint64_t key)
{
	uint64_t place, node;
	if (!intmap_get(&w->l->keys, key, &place)) {
		place = w->l->places.len;
		intmap_set(&w->l->keys, key, place);
		vec_push(&w->l->places, (struct handle){0});
	}
	if (intmap_get(&w->l->local, place, &node))
		return (uint32_t)node;
	node = add_node(w->g);
	intmap_set(&w->l->local, place, node);
	w->g->known[node].in_place = true;
	vec_push(&w->g->places, (struct place_use){(uint32_t)place, (uint32_t)node});
	return (uint32_t)node;
}

uint64_t limit_place_key(unsigned kind, uint32_t of, int64_t offset)
{
	return (uint64_t)kind << 62 | (uint64_t)of << 30 | ((uint64_t)offset & 0x3fffffff);
}

uint32_t limit_content(struct walk *w, ir_val address)
{
	const struct ir_func *f = w->f;
	ir_val at = scan_around_wrapper(w->l->s->program->unit, f, ir_strip_casts(f, address));
	const struct ir_value *v = &f->vals[at];
	const struct ir_instruction *in = ir_def(f, at);
	if (v->kind == IR_VAL_GLOBAL)
		return w->l->s->program->unit->globals[v->aux].is_static
		               ? limit_place_node(w, limit_place_key(PLACE_GLOBAL, v->aux, v->imm))
		               : 0;
	if (in && in->op == IR_ALLOCA)
		return f->nvals + at;
	if (in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE))
		return limit_place_node(w, limit_place_key(PLACE_FIELD, in->record, in->imm));
	return 0;
}

uint32_t limit_node(struct walk *w, ir_val val)
{
	ir_val v = ir_strip_casts(w->f, val);
	switch (w->f->vals[v].kind) {
	case IR_VAL_PARAM:
	case IR_VAL_INSTR:
		return v;
	case IR_VAL_GLOBAL:
		return limit_place_node(
		        w, limit_place_key(PLACE_IN_GLOBAL, w->f->vals[v].aux, w->f->vals[v].imm));
	default:
		return 0;
	}
}
