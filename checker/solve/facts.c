#include "state.h"
#include "state_vec.h"

#include <string.h>

static uint32_t fact_at(const struct state *s, sym id)
{
	uint32_t lo = 0, hi = s->facts.len;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (s->facts.data[mid].s < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool state_knows(const struct state *s, sym id)
{
	uint32_t i = fact_at(s, id);
	return i < s->facts.len && s->facts.data[i].s == id;
}

struct fact state_fact(const struct state *s, sym id)
{
	uint32_t i = fact_at(s, id);
	if (i < s->facts.len && s->facts.data[i].s == id)
		return s->facts.data[i];
	return (struct fact){.s = id, .lo = INT64_MIN, .hi = INT64_MAX};
}

void state_put_fact(struct state *s, struct fact f)
{
	uint32_t i = fact_at(s, f.s);
	if (i == s->facts.len || s->facts.data[i].s != f.s)
		STATE_INSERT(s, facts, i);
	s->facts.data[i] = f;
}

bool fact_excludes(const struct fact *f, int64_t c)
{
	if (c < f->lo || c > f->hi || (c == 0 && f->nonzero))
		return true;
	for (uint8_t i = 0; i < f->nexcept; i++)
		if (f->except[i] == c)
			return true;
	return false;
}

/* Drops exceptions that are none any more, and moves bounds off those that are; where nothing is left, `lo`
 * is behind `hi`. */
static void fact_tidy(struct fact *f)
{
	for (uint8_t i = 0; i < f->nexcept;) {
		int64_t c = f->except[i];
		bool lowest = c == f->lo, highest = c == f->hi;
		if (lowest && highest) {
			f->lo = 1;
			f->hi = 0;
			return;
		}
		if (!lowest && !highest && c > f->lo && c < f->hi) {
			i++;
			continue;
		}
		f->lo += lowest;
		f->hi -= highest;
		f->except[i] = f->except[--f->nexcept];
		i = lowest || highest ? 0 : i; /* the new bound may be one, too */
	}
}

bool state_assume_range(struct state *s, sym id, int64_t lo, int64_t hi, bool nonzero)
{
	struct fact f = state_fact(s, id);
	if (lo > f.lo)
		f.lo = lo;
	if (hi < f.hi)
		f.hi = hi;
	f.nonzero |= nonzero;
	if (f.nonzero && f.lo == 0)
		f.lo = 1;
	if (f.nonzero && f.hi == 0)
		f.hi = -1;
	fact_tidy(&f);
	if (f.lo > f.hi)
		return false;
	state_put_fact(s, f);
	return true;
}

/* One value less. Of more than fit the first ones are remembered. */
static bool assume_not(struct state *s, sym id, int64_t c)
{
	struct fact f = state_fact(s, id);
	if (fact_excludes(&f, c))
		return true;
	if (f.lo == f.hi)
		return false;
	if (f.lo != c && f.hi != c && f.nexcept < FACT_EXCEPTIONS) {
		f.except[f.nexcept++] = c;
		state_put_fact(s, f);
	}
	return state_assume_range(s, id, f.lo == c ? c + 1 : f.lo, f.hi == c ? c - 1 : f.hi, false);
}

/* The values a + off may take, saturating. */
static struct fact shifted(struct fact f, int64_t off)
{
	if (f.lo != INT64_MIN && __builtin_add_overflow(f.lo, off, &f.lo))
		f.lo = INT64_MIN;
	if (f.hi != INT64_MAX && __builtin_add_overflow(f.hi, off, &f.hi))
		f.hi = INT64_MAX;
	if (!off)
		return f;
	bool nonzero = f.nonzero;
	uint8_t kept = 0;
	for (uint8_t i = 0; i < f.nexcept; i++)
		if (!__builtin_add_overflow(f.except[i], off, &f.except[kept]))
			kept++;
	if (nonzero && kept < FACT_EXCEPTIONS)
		f.except[kept++] = off;
	f.nexcept = kept;
	f.nonzero = false; /* that was of the number before */
	f.nonzero = fact_excludes(&f, 0);
	return f;
}

struct fact fact_of_value(const struct state *s, struct sval v)
{
	if (v.kind == SV_CONST)
		return (struct fact){.lo = v.off, .hi = v.off, .nonzero = v.off != 0};
	if (v.kind == SV_SYM)
		return shifted(state_fact(s, v.id), v.off);
	return (struct fact){.lo = INT64_MIN, .hi = INT64_MAX, .nonzero = v.kind != SV_NONE};
}

static enum ir_pred inverse(enum ir_pred p)
{
	static const uint8_t table[] = {
	        [IR_EQ] = IR_NE,   [IR_NE] = IR_EQ,   [IR_SLT] = IR_SGE, [IR_SLE] = IR_SGT,
	        [IR_SGT] = IR_SLE, [IR_SGE] = IR_SLT, [IR_ULT] = IR_UGE, [IR_ULE] = IR_UGT,
	        [IR_UGT] = IR_ULE, [IR_UGE] = IR_ULT};
	return table[p];
}

static enum ir_pred swapped(enum ir_pred p)
{
	static const uint8_t table[] = {
	        [IR_EQ] = IR_EQ,   [IR_NE] = IR_NE,   [IR_SLT] = IR_SGT, [IR_SLE] = IR_SGE,
	        [IR_SGT] = IR_SLT, [IR_SGE] = IR_SLE, [IR_ULT] = IR_UGT, [IR_ULE] = IR_UGE,
	        [IR_UGT] = IR_ULT, [IR_UGE] = IR_ULE};
	return table[p];
}

/* A comparison of -x is one of x. */
static bool of_negated(const struct symtab *t, enum ir_pred p, struct sval a, int64_t c, struct sval *x)
{
	return p <= IR_SGE && c != INT64_MIN && sv_negated(t, a, x);
}

static enum tri tri(bool b)
{
	return b ? TRI_TRUE : TRI_FALSE;
}

static enum tri tri_not(enum tri t)
{
	return t == TRI_UNKNOWN ? t : tri(t == TRI_FALSE);
}

/* Unsigned comparisons are decided only where both sides are known not to be negative. */
static enum tri compare_range(enum ir_pred p, struct fact a, int64_t c)
{
	bool excludes = fact_excludes(&a, c);
	bool exact = a.lo == a.hi && a.lo == c;
	switch (p) {
	case IR_EQ:
		return exact ? TRI_TRUE : excludes ? TRI_FALSE : TRI_UNKNOWN;
	case IR_NE:
		return exact ? TRI_FALSE : excludes ? TRI_TRUE : TRI_UNKNOWN;
	case IR_ULT:
	case IR_ULE:
	case IR_UGT:
	case IR_UGE:
		if (p == IR_UGT && c == 0)
			return exact ? TRI_FALSE : excludes ? TRI_TRUE : TRI_UNKNOWN;
		if (a.lo < 0 || c < 0)
			return TRI_UNKNOWN;
		p = p == IR_ULT ? IR_SLT : p == IR_ULE ? IR_SLE : p == IR_UGT ? IR_SGT : IR_SGE;
		return compare_range(p, a, c);
	case IR_SLT:
		return a.hi < c ? TRI_TRUE : a.lo >= c ? TRI_FALSE : TRI_UNKNOWN;
	case IR_SLE:
		return a.hi <= c ? TRI_TRUE : a.lo > c ? TRI_FALSE : TRI_UNKNOWN;
	case IR_SGT:
		return a.lo > c ? TRI_TRUE : a.hi <= c ? TRI_FALSE : TRI_UNKNOWN;
	case IR_SGE:
		return a.lo >= c ? TRI_TRUE : a.hi < c ? TRI_FALSE : TRI_UNKNOWN;
	}
	return TRI_UNKNOWN;
}

static bool is_address(struct sval v)
{
	return v.kind == SV_LOCAL || v.kind == SV_GLOBAL || v.kind == SV_FUNC || v.kind == SV_STR;
}

enum tri state_compare(const struct state *s, const struct symtab *t, enum ir_pred p, struct sval a,
                       struct sval b)
{
	if (a.kind == SV_CONST && b.kind != SV_CONST) {
		struct sval x = a;
		a = b, b = x, p = swapped(p);
	}
	if (a.kind == b.kind && a.id == b.id && a.kind != SV_NONE && a.kind != SV_STR)
		return compare_range(p, (struct fact){.lo = a.off, .hi = a.off}, b.off);
	if (is_address(a) && sv_is_const(b, 0) && (p == IR_EQ || p == IR_NE))
		return tri(p == IR_NE);
	if ((a.kind == SV_LOCAL && is_address(b)) || (b.kind == SV_LOCAL && is_address(a)))
		return p == IR_EQ ? TRI_FALSE : p == IR_NE ? TRI_TRUE : TRI_UNKNOWN;
	if (a.kind != SV_SYM || b.kind != SV_CONST)
		return TRI_UNKNOWN;
	struct sval x;
	if (of_negated(t, p, a, b.off, &x)) {
		enum tri known = state_compare(s, t, swapped(p), x, sv_const(-b.off));
		if (known != TRI_UNKNOWN)
			return known;
	}
	if (a.off == 0 && (p == IR_EQ || p == IR_NE) && (b.off == 0 || b.off == 1) &&
	    t->items.data[a.id].kind == SYM_CMP) {
		enum tri r = state_test(s, t, a);
		return (p == IR_EQ) == (b.off == 1) ? r : tri_not(r);
	}
	return compare_range(p, shifted(state_fact(s, a.id), a.off), b.off);
}

enum tri state_test(const struct state *s, const struct symtab *t, struct sval v)
{
	if (v.kind == SV_CONST)
		return tri(v.off != 0);
	if (is_address(v))
		return TRI_TRUE;
	if (v.kind != SV_SYM)
		return TRI_UNKNOWN;
	const struct symbol *q = &t->items.data[v.id];
	if (v.off == 0 && q->kind == SYM_CMP) {
		enum tri r = state_compare(s, t, q->a, q->x, q->y);
		if (r != TRI_UNKNOWN)
			return r;
	}
	struct sval of;
	if (sv_negated(t, v, &of))
		return state_test(s, t, of);
	if (v.off == 0 && q->kind == SYM_BIN && q->a == IR_XOR && sv_is_const(q->y, 1))
		return tri_not(state_test(s, t, q->x));
	return compare_range(IR_NE, shifted(state_fact(s, v.id), v.off), 0);
}

static bool assume_range_compare(struct state *s, enum ir_pred p, struct sval a, int64_t with)
{
	int64_t c, least; /* `with` and 0, as the symbol itself is compared with them */
	if (__builtin_sub_overflow(with, a.off, &c) || __builtin_sub_overflow((int64_t)0, a.off, &least))
		return true;
	struct fact f = state_fact(s, a.id);
	if (p == IR_UGT && with == 0)
		p = IR_NE;
	switch (p) {
	case IR_EQ:
		return state_assume_range(s, a.id, c, c, c != 0);
	case IR_NE:
		if (c == 0)
			return state_assume_range(s, a.id, f.lo, f.hi, true);
		return assume_not(s, a.id, c);
	case IR_SLT:
		return c == INT64_MIN ? false : state_assume_range(s, a.id, f.lo, c - 1, false);
	case IR_SLE:
		return state_assume_range(s, a.id, f.lo, c, false);
	case IR_SGT:
		return c == INT64_MAX ? false : state_assume_range(s, a.id, c + 1, f.hi, false);
	case IR_SGE:
		return state_assume_range(s, a.id, c, f.hi, false);
	case IR_ULT:
		return with > 0 ? state_assume_range(s, a.id, least, c - 1, false) : true;
	case IR_ULE:
		return with >= 0 ? state_assume_range(s, a.id, least, c, false) : true;
	case IR_UGT:
		if (c == INT64_MAX)
			return true;
		return with > 0 && f.lo >= least ? state_assume_range(s, a.id, c + 1, f.hi, false) : true;
	case IR_UGE:
		return with > 0 && f.lo >= least ? state_assume_range(s, a.id, c, f.hi, false) : true;
	}
	return true;
}

bool state_assume_compare(struct state *s, const struct symtab *t, enum ir_pred p, struct sval a,
                          struct sval b)
{
	enum tri known = state_compare(s, t, p, a, b);
	if (known != TRI_UNKNOWN)
		return known == TRI_TRUE;
	if (a.kind == SV_CONST) {
		struct sval x = a;
		a = b, b = x, p = swapped(p);
	}
	if (a.kind != SV_SYM || b.kind != SV_CONST)
		return true;
	struct sval of;
	if (of_negated(t, p, a, b.off, &of) && !state_assume_compare(s, t, swapped(p), of, sv_const(-b.off)))
		return false;
	if (a.off == 0 && (b.off == 0 || b.off == 1) && (p == IR_EQ || p == IR_NE)) {
		uint8_t kind = t->items.data[a.id].kind;
		if (kind == SYM_CMP || (kind == SYM_BIN && b.off == 0))
			return state_assume(s, t, a, (p == IR_EQ) == (b.off == 1));
	}
	return assume_range_compare(s, p, a, b.off);
}

static bool assume_bin(struct state *s, const struct symtab *t, const struct symbol *q, bool truth)
{
	bool flags = (q->x.kind == SV_SYM && t->items.data[q->x.id].kind == SYM_CMP) ||
	             (q->y.kind == SV_SYM && t->items.data[q->y.id].kind == SYM_CMP);
	if (q->a == IR_XOR && sv_is_const(q->y, 1))
		return state_assume(s, t, q->x, !truth);
	if (q->a == IR_SUB && sv_is_const(q->x, 0))
		return state_assume(s, t, q->y, truth);
	if ((flags && q->a == IR_AND && truth) || (q->a == IR_OR && !truth))
		return state_assume(s, t, q->x, truth) && state_assume(s, t, q->y, truth);
	return true;
}

bool state_assume(struct state *s, const struct symtab *t, struct sval v, bool truth)
{
	enum tri known = state_test(s, t, v);
	if (known != TRI_UNKNOWN)
		return (known == TRI_TRUE) == truth;
	if (v.kind != SV_SYM)
		return true;
	const struct symbol q = t->items.data[v.id];
	if (v.off == 0 && q.kind == SYM_CMP &&
	    !state_assume_compare(s, t, truth ? q.a : inverse(q.a), q.x, q.y))
		return false;
	if (v.off == 0 && q.kind == SYM_BIN && !assume_bin(s, t, &q, truth))
		return false;
	return assume_range_compare(s, truth ? IR_NE : IR_EQ, v, 0);
}

static bool cond_compare(enum api_cond c, enum ir_pred *p, int64_t *value)
{
	static const struct {
		uint8_t pred;
		int8_t value;
	} table[] = {
	        [API_NULL_] = {IR_EQ, 0},     [API_NONNULL] = {IR_NE, 0},    [API_ZERO] = {IR_EQ, 0},
	        [API_NONZERO] = {IR_NE, 0},   [API_NEGATIVE] = {IR_SLT, 0},  [API_NONNEGATIVE] = {IR_SGE, 0},
	        [API_POSITIVE] = {IR_SGT, 0}, [API_MINUS_ONE] = {IR_EQ, -1},
	};
	if (c == API_ALWAYS || c == API_NEVER)
		return false;
	*p = table[c].pred;
	*value = table[c].value;
	return true;
}

enum tri state_cond(const struct state *s, const struct symtab *t, struct sval v, enum api_cond c)
{
	enum ir_pred p;
	int64_t value;
	if (!cond_compare(c, &p, &value))
		return c == API_ALWAYS ? TRI_TRUE : TRI_FALSE;
	return state_compare(s, t, p, v, sv_const(value));
}

bool state_assume_cond(struct state *s, const struct symtab *t, struct sval v, enum api_cond c)
{
	enum ir_pred p;
	int64_t value;
	if (!cond_compare(c, &p, &value))
		return c == API_ALWAYS;
	return state_assume_compare(s, t, p, v, sv_const(value));
}
