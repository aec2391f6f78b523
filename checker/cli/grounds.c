#include "grounds.h"

#include "arena.h"
#include "finding.h"
#include "project.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

void grounds_load(struct grounds *g, struct arena *a, const struct config *config,
                  const struct text_list *more)
{
	struct problem_list ignored = {0};
	uint32_t n = 0;
	const char **paths = ARENA_ARRAY(a, const char *, config->nmodels + more->len + 1);
	for (uint32_t i = 0; i < config->nmodels; i++)
		paths[n++] = config->models[i];
	for (uint32_t i = 0; i < more->len; i++)
		paths[n++] = more->data[i];
	*g = (struct grounds){.arena = a, .shipped = shipped_models()};
	if (!apimodel_load(&g->api, g->shipped, paths, n, &ignored)) {
		apimodel_release(&g->api);
		g->api = (struct apimodel){0};
	}
	problem_list_release(&ignored);
}

void grounds_release(struct grounds *g)
{
	if (g->api.arena)
		apimodel_release(&g->api);
	mem_release(g->shipped);
	*g = (struct grounds){0};
}

/* "model LIBRARY: FUNCTION", see pass_basis(). */
static const char *model_text(struct grounds *g, const char *basis)
{
	const char *name = strncmp(basis, "model ", 6) == 0 ? strstr(basis, ": ") : NULL;
	char *text = NULL;
	size_t len = 0;
	if (!name || !g->api.arena)
		return NULL;
	struct problem_list ignored = {0};
	FILE *to = open_memstream(&text, &len);
	bool ok = to && apimodel_explain(&g->api, name + 2, to, &ignored);
	if (to)
		fclose(to);
	const char *line = ok ? strchr(text, '\n') : NULL; /* the first one repeats the name */
	const char *out = line ? arena_strdup(g->arena, line + 1) : NULL;
	free(text);
	problem_list_release(&ignored);
	return out;
}

/* The text without the directory and the slash behind it. */
static const char *without(struct arena *a, const char *text, const char *directory)
{
	struct str out = {0};
	size_t n = strlen(directory);
	for (const char *at; (at = strstr(text, directory)) != NULL; text = at + n + (at[n] == '/'))
		str_addn(&out, text, (size_t)(at - text));
	str_add(&out, text);
	const char *copy = arena_strdup(a, str_c(&out));
	str_release(&out);
	return copy;
}

const char *const *grounds_of(struct grounds *g, const struct finding *f, bool passed_on)
{
	const char **out = ARENA_ARRAY(g->arena, const char *, f->nsteps + 1);
	for (uint32_t i = 0; i < f->nsteps; i++) {
		bool again = false;
		for (uint32_t k = 0; k < i && !again && !passed_on; k++)
			again = strcmp(f->steps[k].basis, f->steps[i].basis) == 0;
		out[i] = again ? NULL : model_text(g, f->steps[i].basis);
		if (out[i] && passed_on)
			out[i] = without(g->arena, out[i], g->shipped);
	}
	return out;
}
