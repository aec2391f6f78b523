/* Which entry describes a declaration: C++ names stand for several. */
#include "model.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 512

static size_t without_count(const char *name, size_t n, int *nparams)
{
	size_t digits = 0;
	while (digits < n && isdigit((unsigned char)name[n - 1 - digits]))
		digits++;
	if (!digits || digits >= n || name[n - 1 - digits] != '/')
		return n;
	*nparams = atoi(name + n - digits);
	return n - 1 - digits;
}

size_t apimodel_plain_name(const char *name, int *nparams, bool *is_template)
{
	int count = -1;
	size_t n = without_count(name, strlen(name), &count);
	bool angles = n > 2 && memcmp(name + n - 2, "<>", 2) == 0;
	if (nparams)
		*nparams = count;
	if (is_template)
		*is_template = angles;
	return angles ? n - 2 : n;
}

/* A C++ function without namespace or class shares its spelling with C functions, but not its meaning. */
static bool fits(const struct api_func *f, const struct api_decl *d)
{
	return f && (!d->cplusplus || f->cplusplus || strchr(d->name, ':'));
}

/* A function of another library with this name takes something else. No parameters: declared without a
 * prototype. */
static bool same_arity(const struct api_func *f, const struct api_decl *d)
{
	if (f->nparams < 0 || !d->nparams)
		return true;
	return f->variadic ? d->nparams >= (uint32_t)f->nparams : d->nparams == (uint32_t)f->nparams;
}

static const struct api_func *find_form(const struct apimodel *m, const struct api_decl *d, bool angles,
                                        bool counted)
{
	char name[MAX_NAME], count[16] = "";
	if (counted)
		snprintf(count, sizeof count, "/%u", d->nparams);
	int n = snprintf(name, sizeof name, "%s%s%s", d->name, angles ? "<>" : "", count);
	return n > 0 && (size_t)n < sizeof name ? apimodel_find(m, name) : NULL;
}

static const struct api_func *most_exact(const struct apimodel *m, const struct api_decl *d)
{
	const struct api_func *f = d->is_template ? find_form(m, d, true, true) : NULL;
	if (!f)
		f = find_form(m, d, false, true);
	if (!f && d->is_template)
		f = find_form(m, d, true, false);
	return f;
}

static bool has_overloads(const struct apimodel *m, const char *name)
{
	for (; m; m = m->state->base)
		if (strmap_get(&m->state->plain_names, name, NULL))
			return true;
	return false;
}

const struct api_func *apimodel_find_decl(const struct apimodel *m, const struct api_decl *d)
{
	const struct api_func *f = *d->linkage ? apimodel_find(m, d->linkage) : NULL;
	if (f || !*d->name)
		return f && same_arity(f, d) ? f : NULL;
	f = has_overloads(m, d->name) ? most_exact(m, d) : NULL;
	if (!f)
		f = apimodel_find(m, d->name);
	return fits(f, d) && same_arity(f, d) && (!f->for_tokens || d->holds_tokens) ? f : NULL;
}
