#include "internal.h"

#include <string.h>

static int number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

int place_compare(const struct place *a, const struct place *b)
{
	int c = strcmp(a->file, b->file);
	if (c == 0)
		c = number(a->line, b->line);
	if (c == 0)
		c = number(a->col, b->col);
	return c;
}

static int step_compare(const struct step *a, const struct step *b)
{
	int c = place_compare(&a->at, &b->at);
	if (c == 0)
		c = number(a->at.end_col, b->at.end_col);
	if (c == 0)
		c = number(a->kind, b->kind);
	if (c == 0)
		c = strcmp(a->text, b->text);
	if (c == 0)
		c = strcmp(a->basis, b->basis);
	return c ? c : number(a->depth, b->depth);
}

static int steps_compare(const struct finding *a, const struct finding *b)
{
	int c = number(a->nsteps, b->nsteps);
	for (uint32_t i = 0; c == 0 && i < a->nsteps; i++)
		c = step_compare(&a->steps[i], &b->steps[i]);
	return c;
}

static int also_compare(const struct finding *a, const struct finding *b)
{
	int c = number(a->nalso, b->nalso);
	for (uint32_t i = 0; c == 0 && i < a->nalso; i++)
		c = strcmp(a->also[i], b->also[i]);
	return c;
}

/* Place, rule and message come first: they make duplicates. Of those the surest and shortest account comes
 * first. */
int finding_compare(const void *pa, const void *pb)
{
	const struct finding *a = pa, *b = pb;
	int c = place_compare(&a->at, &b->at);
	if (c == 0)
		c = strcmp(a->rule, b->rule);
	if (c == 0)
		c = strcmp(a->message, b->message);
	if (c == 0)
		c = number(b->confidence, a->confidence);
	if (c == 0)
		c = number(b->severity, a->severity);
	if (c == 0)
		c = steps_compare(a, b);
	if (c == 0)
		c = strcmp(a->usr, b->usr);
	if (c == 0)
		c = strcmp(a->function, b->function);
	if (c == 0)
		c = strcmp(a->anchor, b->anchor);
	if (c == 0)
		c = number(a->at.end_col, b->at.end_col);
	return c ? c : also_compare(a, b);
}

static int rules_compare(const struct suppression *a, const struct suppression *b)
{
	int c = number(a->nrules, b->nrules);
	for (uint32_t i = 0; c == 0 && i < a->nrules; i++)
		c = strcmp(a->rules[i], b->rules[i]);
	return c;
}

int suppression_compare(const void *pa, const void *pb)
{
	const struct suppression *a = pa, *b = pb;
	int c = place_compare(&a->at, &b->at);
	if (c == 0)
		c = rules_compare(a, b);
	if (c == 0)
		c = strcmp(a->reason, b->reason);
	if (c == 0)
		c = number(a->nolint, b->nolint);
	if (c == 0)
		c = strcmp(a->problem, b->problem);
	if (c == 0)
		c = number(a->first_line, b->first_line);
	return c ? c : number(a->last_line, b->last_line);
}
