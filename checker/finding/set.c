#include "internal.h"

#include "arena.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

void finding_set_init(struct finding_set *s, const char *root)
{
	*s = (struct finding_set){.arena = arena_new()};
	s->root = root && *root ? place_path_normalise(s->arena, root) : "";
}

void finding_set_release(struct finding_set *s)
{
	mem_release(s->items);
	mem_release(s->suppressions);
	arena_free(s->arena);
	*s = (struct finding_set){0};
}

static const char *copy(struct arena *a, const char *text)
{
	return text && *text ? arena_strdup(a, text) : "";
}

static struct place copy_place(struct arena *a, struct place p)
{
	p.file = copy(a, p.file);
	return p;
}

static const char **copy_names(struct arena *a, const char *const *names, uint32_t n)
{
	const char **out = ARENA_ARRAY(a, const char *, n ? n : 1);
	for (uint32_t i = 0; i < n; i++)
		out[i] = copy(a, names[i]);
	return out;
}

static struct step *copy_steps(struct arena *a, const struct step *steps, uint32_t n)
{
	struct step *out = ARENA_ARRAY(a, struct step, n ? n : 1);
	for (uint32_t i = 0; i < n; i++) {
		out[i] = steps[i];
		out[i].at = copy_place(a, steps[i].at);
		out[i].text = copy(a, steps[i].text);
		out[i].basis = copy(a, steps[i].basis);
	}
	return out;
}

static struct fix *copy_fixes(struct arena *a, const struct fix *fixes, uint32_t n)
{
	struct fix *out = ARENA_ARRAY(a, struct fix, n ? n : 1);
	for (uint32_t i = 0; i < n; i++) {
		out[i] = fixes[i];
		out[i].text = copy(a, fixes[i].text);
		out[i].edits = ARENA_ARRAY(a, struct edit, fixes[i].nedits ? fixes[i].nedits : 1);
		for (uint32_t k = 0; k < fixes[i].nedits; k++) {
			out[i].edits[k] = fixes[i].edits[k];
			out[i].edits[k].at = copy_place(a, fixes[i].edits[k].at);
			out[i].edits[k].text = copy(a, fixes[i].edits[k].text);
		}
	}
	return out;
}

void finding_set_add(struct finding_set *s, const struct finding *f)
{
	struct arena *a = s->arena;
	struct finding c = *f;
	c.rule = copy(a, f->rule);
	c.message = copy(a, f->message);
	c.at = copy_place(a, f->at);
	c.steps = copy_steps(a, f->steps, f->nsteps);
	c.also = copy_names(a, f->also, f->nalso);
	c.fixes = copy_fixes(a, f->fixes, f->nfixes);
	c.function = copy(a, f->function);
	c.usr = copy(a, f->usr);
	c.anchor = copy(a, f->anchor);
	c.suppressed = f->suppressed ? copy(a, f->suppressed) : NULL;
	c.suppression_kind = f->suppressed ? copy(a, f->suppression_kind) : NULL;
	c.review = f->review ? copy(a, f->review) : NULL;
	c.review_reason = f->review ? copy(a, f->review_reason) : NULL;
	if (s->len == s->cap)
		s->items = vec_grow(s->items, &s->cap, s->len + 1, sizeof *s->items);
	s->items[s->len++] = c;
}

void finding_set_suppress(struct finding_set *s, const struct suppression *sup)
{
	struct suppression c = *sup;
	c.at = copy_place(s->arena, sup->at);
	c.rules = copy_names(s->arena, sup->rules, sup->nrules);
	c.reason = copy(s->arena, sup->reason);
	c.problem = copy(s->arena, sup->problem);
	c.used = false;
	if (s->nsuppressions == s->suppressions_cap)
		s->suppressions = vec_grow(s->suppressions, &s->suppressions_cap, s->nsuppressions + 1,
		                           sizeof *s->suppressions);
	s->suppressions[s->nsuppressions++] = c;
}

void finding_review(struct finding_set *s, struct finding *f, const char *status, const char *reason)
{
	f->review = copy(s->arena, status);
	f->review_reason = copy(s->arena, reason);
	if (f->suppressed || strcmp(status, "confirmed") == 0)
		return;
	f->suppressed = f->review_reason;
	f->suppression_kind = "review";
}

static void shorten_paths(struct finding_set *s)
{
	for (uint32_t i = 0; i < s->len; i++) {
		struct finding *f = &s->items[i];
		f->at.file = place_path(s->arena, s->root, f->at.file);
		for (uint32_t k = 0; k < f->nsteps; k++)
			f->steps[k].at.file = place_path(s->arena, s->root, f->steps[k].at.file);
		for (uint32_t k = 0; k < f->nfixes; k++)
			for (uint32_t e = 0; e < f->fixes[k].nedits; e++)
				f->fixes[k].edits[e].at.file =
				        place_path(s->arena, s->root, f->fixes[k].edits[e].at.file);
	}
	for (uint32_t i = 0; i < s->nsuppressions; i++)
		s->suppressions[i].at.file = place_path(s->arena, s->root, s->suppressions[i].at.file);
}

static void sort(struct finding_set *s)
{
	if (s->len)
		qsort(s->items, s->len, sizeof *s->items, finding_compare);
}

void finding_set_finish(struct finding_set *s, bool all_rules_ran)
{
	shorten_paths(s);
	sort(s);
	findings_settle(s);
	suppressions_merge(s);
	suppressions_apply(s);
	suppressions_judge(s, all_rules_ran);
	sort(s);
	findings_identify(s);
}
