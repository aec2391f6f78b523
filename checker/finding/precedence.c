#include "internal.h"

#include "arena.h"

#include <string.h>

#define PRECEDENCE(kept, dropped) {kept, dropped},
#define ORIGIN(kept, dropped)
#define STEP(kept, dropped)
static const struct {
	const char *kept, *dropped;
} precedence[] = {
#include "precedence.def"
};
#undef PRECEDENCE
#undef ORIGIN
#undef STEP

#define PRECEDENCE(kept, dropped)
#define ORIGIN(kept, dropped) {kept, dropped, false},
#define STEP(kept, dropped) {kept, dropped, true},
static const struct {
	const char *kept, *dropped;
	bool any; /* step, not only the first one */
} origins[] = {
#include "precedence.def"
};
#undef PRECEDENCE
#undef ORIGIN
#undef STEP

#define NROWS (sizeof precedence / sizeof *precedence)

static void add_also(struct arena *a, struct finding *f, const char *rule)
{
	if (strcmp(f->rule, rule) == 0)
		return;
	for (uint32_t i = 0; i < f->nalso; i++)
		if (strcmp(f->also[i], rule) == 0)
			return;
	const char **also = ARENA_ARRAY(a, const char *, f->nalso + 1);
	uint32_t n = 0;
	while (n < f->nalso && strcmp(f->also[n], rule) < 0)
		also[n] = f->also[n], n++;
	also[n] = rule;
	for (; n < f->nalso; n++)
		also[n + 1] = f->also[n];
	f->also = also;
	f->nalso++;
}

static void merge(struct arena *a, struct finding *kept, const struct finding *dropped)
{
	add_also(a, kept, dropped->rule);
	for (uint32_t i = 0; i < dropped->nalso; i++)
		add_also(a, kept, dropped->also[i]);
}

static bool same_defect(const struct finding *a, const struct finding *b)
{
	return strcmp(a->rule, b->rule) == 0 && strcmp(a->message, b->message) == 0;
}

/* The first finding of the group by that rule; they are sorted by rule. NULL: none. */
static struct finding *by_rule(struct finding *g, uint32_t n, const char *rule)
{
	uint32_t low = 0, high = n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (strcmp(g[middle].rule, rule) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && strcmp(g[low].rule, rule) == 0 ? &g[low] : NULL;
}

/* The finding of the group that stands for one by `rule`, over several rows of the table if need be. NULL:
 * none. */
static struct finding *winner(struct finding *g, uint32_t n, const char *rule)
{
	struct finding *best = NULL;
	for (size_t hops = 0; hops < NROWS; hops++) {
		struct finding *next = NULL;
		for (size_t i = 0; i < NROWS && !next; i++)
			if (strcmp(precedence[i].dropped, rule) == 0)
				next = by_rule(g, n, precedence[i].kept);
		if (!next)
			break;
		best = next;
		rule = next->rule;
	}
	return best;
}

/* Settles the findings of one place. A dropped one is marked by severity 0. */
static void settle_group(struct arena *a, struct finding *g, uint32_t n)
{
	for (uint32_t i = 0; n > 1 && i < n; i++) {
		struct finding *w = winner(g, n, g[i].rule);
		if (!w)
			continue;
		merge(a, w, &g[i]);
		g[i].severity = 0;
	}
}

/* Where the two of a pair begin alike, but stand at different places. */
static void settle_origin(struct finding_set *s, struct finding *w, const char *dropped,
                          const struct place *at)
{
	for (uint32_t k = 0; k < s->len; k++) {
		struct finding *f = &s->items[k];
		if (strcmp(f->rule, dropped) != 0 || f->confidence > w->confidence ||
		    place_compare(&f->at, at) != 0)
			continue;
		merge(s->arena, w, f);
		f->severity = 0;
	}
}

static void settle_origins(struct finding_set *s, const char *kept, const char *dropped, bool any)
{
	for (uint32_t i = 0; i < s->len; i++) {
		struct finding *w = &s->items[i];
		for (uint32_t k = 0; strcmp(w->rule, kept) == 0 && k < (any ? w->nsteps : 1) && k < w->nsteps;
		     k++)
			if (place_compare(&w->steps[k].at, &w->at) != 0)
				settle_origin(s, w, dropped, &w->steps[k].at);
	}
}

static void drop_duplicates(struct finding_set *s)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->len; i++) {
		struct finding *last = kept ? &s->items[kept - 1] : NULL;
		if (last && place_compare(&last->at, &s->items[i].at) == 0 && same_defect(last, &s->items[i]))
			merge(s->arena, last, &s->items[i]);
		else
			s->items[kept++] = s->items[i];
	}
	s->len = kept;
}

void findings_settle(struct finding_set *s)
{
	drop_duplicates(s);
	for (uint32_t i = 0, n; i < s->len; i += n) {
		for (n = 1; i + n < s->len && place_compare(&s->items[i].at, &s->items[i + n].at) == 0; n++)
			;
		settle_group(s->arena, s->items + i, n);
	}
	for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
		settle_origins(s, origins[i].kept, origins[i].dropped, origins[i].any);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->len; i++)
		if (s->items[i].severity)
			s->items[kept++] = s->items[i];
	s->len = kept;
}
