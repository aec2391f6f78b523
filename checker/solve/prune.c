/* prune.c - what keeps states apart and tells nothing any more: values that nobody reads, handles that are
 * over, facts about what nothing names. Each state is looked through a fixed number of times, however many
 * handles and facts it has. */
#include "task.h"

#include <stdlib.h>

/* ---- which values env and mem hold ---- */

struct names { /* sorted */
	VEC(struct sval) values;
};

static int value_compare(const void *pa, const void *pb)
{
	const struct sval *a = pa, *b = pb;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->off < b->off ? -1 : a->off > b->off;
}

static void names_collect(struct names *n, const struct state *s)
{
	vec_reserve(&n->values, s->env.len + s->mem.len);
	for (uint32_t i = 0; i < s->env.len; i++)
		if (s->env.data[i].v.kind == SV_SYM || s->env.data[i].v.kind == SV_LOCAL)
			vec_push(&n->values, s->env.data[i].v);
	for (uint32_t i = 0; i < s->mem.len; i++)
		if (s->mem.data[i].v.kind == SV_SYM || s->mem.data[i].v.kind == SV_LOCAL)
			vec_push(&n->values, s->mem.data[i].v);
	if (n->values.len > 1)
		qsort(n->values.data, n->values.len, sizeof *n->values.data, value_compare);
}

static bool names_hold(const struct names *n, struct sval v)
{
	return n->values.len && bsearch(&v, n->values.data, n->values.len, sizeof v, value_compare);
}

/* ---- handles ---- */

/* A handle that was never made, or that is over and that nothing names any more, only keeps states apart. */
static bool is_over(const struct obj *o)
{
	return !o->is_param && o->kind != OBJ_SCOPE &&
	       (o->status == OBJ_RELEASED || o->status == OBJ_GONE || o->status == OBJ_COMPLETED ||
	        o->status == OBJ_ENTRUSTED);
}

static bool any_over(const struct state *s)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (is_over(&s->objs.data[i]))
			return true;
	return false;
}

/* Is there still a way to what lies in memory, or in a handle's own place? The values of env and mem are
 * visited. */
static bool can_be_named(const struct symtab *t, struct sval key)
{
	while (key.kind == SV_SYM &&
	       (t->items.data[key.id].kind == SYM_MEM || t->items.data[key.id].kind == SYM_ELEM))
		key = t->items.data[key.id].x;
	return key.kind != SV_SYM || t->items.data[key.id].kind == SYM_PARAM || sym_visited(t, key.id);
}

static bool is_data(const struct state *s, struct sval memory)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].data.kind == SV_SYM && s->objs.data[i].data.id == memory.id)
			return true;
	return false;
}

/* Its end has left the place where it lay empty: whoever ends what is there ends it again. */
static bool left_empty(const struct state *s, const struct obj *o)
{
	for (uint32_t i = 0; o->status == OBJ_RELEASED && o->kind == OBJ_TASK && i < s->mem.len; i++)
		if (sv_is_const(s->mem.data[i].v, 0) && s->mem.data[i].store == o->changed)
			return true;
	return false;
}

static void prune_handles(struct sim *m, struct state *s)
{
	struct names names = {0};
	uint32_t kept = 0;
	if (any_over(s))
		names_collect(&names, s);
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj o = s->objs.data[i];
		bool over = is_over(&o) && !names_hold(&names, o.key) && !left_empty(s, &o) &&
		            !(o.result.kind == SV_SYM && names_hold(&names, o.result)) &&
		            !((ended_watched(&o) || complete_watched(&o) || o.kind == OBJ_GIVEN) &&
		              can_be_named(&m->t, o.key));
		bool reads_zero = o.zeroed && names_hold(&names, o.key);
		over |= o.status == OBJ_GONE && own_is_memory(&o) && !is_data(s, o.key) && !reads_zero;
		over |= o.status == OBJ_LOST && !timer_waits_for_data(s, &o);
		bool put_away = o.status == OBJ_GONE && o.kind == OBJ_HANDLE && o.family && !o.is_param;
		bool never = (o.status == OBJ_OWNED || put_away) && own_never_made(m, s, &o);
		if (never)
			task_without_token(s, &o);
		if (!over && !never)
			s->objs.data[kept++] = o;
	}
	s->objs.len = kept;
	vec_release(&names.values);
}

static bool can_lose_its_name(const struct obj *o)
{
	return (o->status == OBJ_OWNED && !o->claim) || o->status == OBJ_PENDING;
}

bool prune_join(struct symtab *t, struct state *a, const struct state *b, ir_block at)
{
	struct names now = {0}, was = {0};
	uint32_t i = 0;
	while (i < a->objs.len && !can_lose_its_name(&a->objs.data[i]))
		i++;
	if (i == a->objs.len)
		return state_join(a, b, t, at);
	names_collect(&was, a);
	bool changed = state_join(a, b, t, at);
	names_collect(&now, a);
	names_collect(&was, b);
	for (; i < a->objs.len; i++) {
		struct obj *o = &a->objs.data[i];
		if (!can_lose_its_name(o) || names_hold(&now, o->key) || !names_hold(&was, o->key))
			continue;
		o->status = o->status == OBJ_OWNED ? OBJ_GONE : OBJ_ENTRUSTED;
		changed = true;
	}
	vec_release(&now.values);
	vec_release(&was.values);
	return changed;
}

/* ---- facts ---- */

static void visit_values(const struct symtab *t, const struct state *s)
{
	sym_begin_visits(t);
	for (uint32_t i = 0; i < s->env.len; i++)
		sym_visit_all(t, s->env.data[i].v);
	for (uint32_t i = 0; i < s->mem.len; i++)
		sym_visit_all(t, s->mem.data[i].v);
}

static void visit_places(const struct symtab *t, const struct state *s)
{
	for (uint32_t i = 0; i < s->mem.len; i++)
		sym_visit_all(t, s->mem.data[i].at);
	for (uint32_t i = 0; i < s->objs.len; i++) {
		sym_visit_all(t, s->objs.data[i].key);
		sym_visit_all(t, s->objs.data[i].result);
		sym_visit_all(t, s->objs.data[i].given);
		if (s->objs.data[i].queue)
			sym_visit_all(t, s->objs.data[i].queue->selected);
	}
}

/* What a call has put into a local variable is read there again. */
static bool in_local(const struct symtab *t, struct sval v)
{
	while (v.kind == SV_SYM && t->items.data[v.id].kind == SYM_MEM)
		v = t->items.data[v.id].x;
	return v.kind == SV_LOCAL;
}

static bool in_sight(const struct symtab *t, struct sval v)
{
	return v.kind == SV_CONST || in_local(t, v) ||
	       (v.kind == SV_SYM &&
	        (sym_visited(t, v.id) || sv_root_param(t, v, NULL) || sv_root_global(t, v, NULL)));
}

/* Behind visit_values(). What compares two values may be asked again; what compares one with a number is a
 * fact about it. */
static bool tells(const struct sim *m, const struct fact *f)
{
	const struct symtab *t = &m->t;
	const struct symbol *q = &t->items.data[f->s];
	return (q->kind == SYM_CMP && (m->times || q->y.kind != SV_CONST) && in_sight(t, q->x) &&
	        in_sight(t, q->y)) ||
	       in_sight(t, sv_sym(f->s));
}

/* Places are only visited when there is a fact that no value is about. */
static void prune_facts(const struct sim *m, struct state *s)
{
	uint32_t kept = 0;
	while (kept < s->facts.len && tells(m, &s->facts.data[kept]))
		kept++;
	if (kept == s->facts.len)
		return;
	visit_places(&m->t, s);
	for (uint32_t i = kept; i < s->facts.len; i++)
		if (tells(m, &s->facts.data[i]))
			s->facts.data[kept++] = s->facts.data[i];
	s->facts.len = kept;
}

void prune_state(struct sim *m, struct state *s, ir_block to, const struct binding *phis, uint32_t nphis)
{
	uint32_t kept = 0;
	for (uint32_t i = 0, k = 0; i < s->env.len; i++)
		if (live_next(m, to, s->env.data[i].val, &k))
			s->env.data[kept++] = s->env.data[i];
	s->env.len = kept;
	if (any_over(s) || s->facts.len)
		visit_values(&m->t, s);
	for (uint32_t i = 0; s->facts.len && i < nphis; i++)
		sym_visit_all(&m->t, phis[i].v);
	prune_handles(m, s);
	prune_facts(m, s);
}
