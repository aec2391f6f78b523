#include "server.h"

#include "apimodel.h"
#include "arena.h"
#include "str.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- what is wrong, in one text ---- */

static char *text_of(const struct problem_list *l)
{
	struct str s = {0};
	for (size_t i = 0; i < l->len; i++) {
		const struct problem *p = &l->data[i];
		if (p->level != PROBLEM_ERROR)
			continue;
		if (s.len)
			str_add(&s, "; ");
		if (p->file)
			str_addf(&s, "%s:%d: ", p->file, p->line);
		str_add(&s, p->text);
		if (p->hint)
			str_addf(&s, " (%s)", p->hint);
	}
	str_add(&s, "");
	return s.data;
}

/* ---- what it was read from ---- */

static void add_stamp(struct str *s, const char *path)
{
	struct stat st;
	if (stat(path, &st) == 0)
		str_addf(s, "%s %lld %lld.%09ld\n", path, (long long)st.st_size, (long long)st.st_mtim.tv_sec,
		         st.st_mtim.tv_nsec);
	else
		str_addf(s, "%s -\n", path);
}

/* The project's by what they say: there may be directories of them, in which files change in their places. */
static void add_models(struct str *s, const struct workspace *w)
{
	const char **own = w->worker_args + 1;
	size_t n = 0;
	char hash[33];
	add_stamp(s, w->worker_args[0]);
	while (own[n])
		n++;
	bool whole = apimodel_fingerprint_files(NULL, own, n, hash);
	str_addf(s, "%s %d\n", hash, whole);
}

/* Of files that are there, and of those that would be read if they were. */
static char *stamps_of(const struct workspace *w)
{
	struct str s = {0};
	if (w->project.database)
		add_stamp(&s, w->project.database);
	if (w->options->build_dir)
		add_stamp(&s, w->options->build_dir);
	if (w->config.arena && w->config.file)
		add_stamp(&s, w->config.file);
	add_stamp(&s, ".cancelint.yaml"); /* one that is new is read, too */
	if (w->worker_args)
		add_models(&s, w);
	str_add(&s, "");
	return s.data;
}

bool workspace_changed(const struct workspace *w)
{
	char *now = stamps_of(w);
	bool changed = !w->usable || !w->has_units || strcmp(now, w->stamps) != 0;
	mem_release(now);
	return changed;
}

/* ---- reading it ---- */

static bool check_models(struct workspace *w, struct problem_list *l)
{
	struct apimodel m = {0};
	const char **all = w->worker_args;
	uint32_t n = 0;
	while (all[n + 1])
		n++;
	bool ok = apimodel_load(&m, all[0], all + 1, n, l);
	apimodel_release(&m);
	return ok;
}

static void join_models(struct workspace *w)
{
	const struct lsp_options *o = w->options;
	uint32_t n = 1;
	w->worker_args = ARENA_ARRAY(w->arena, const char *, w->config.nmodels + o->nmodels + 2);
	w->worker_args[0] = o->shipped;
	for (uint32_t i = 0; i < w->config.nmodels; i++)
		w->worker_args[n++] = w->config.models[i];
	for (uint32_t i = 0; i < o->nmodels; i++)
		w->worker_args[n++] = o->models[i];
}

static bool load_settings(struct workspace *w, struct problem_list *l)
{
	const struct lsp_options *o = w->options;
	if (!config_load(&w->config, o->config, w->project.root, l))
		return false;
	w->timeout_s = o->timeout_s ? o->timeout_s : w->config.timeout_s;
	w->memory_mb = o->memory_mb ? o->memory_mb : w->config.memory_mb;
	join_models(w);
	bool ok = check_models(w, l);
	ok &= rule_choice_make(l, &w->rules, &w->config, o->rules);
	enum confidence least;
	if (o->confidence && confidence_parse(o->confidence, &least))
		rule_choice_at_least(&w->rules, least);
	return ok;
}

void workspace_load(struct workspace *w, const struct lsp_options *o)
{
	struct problem_list problems = {0}, units = {0};
	*w = (struct workspace){.options = o, .arena = arena_new()};
	w->has_units = project_load(&w->project, o->build_dir, NULL, 0, &units);
	w->usable = load_settings(w, &problems);
	w->why = text_of(w->usable ? &units : &problems);
	w->stamps = stamps_of(w);
	problem_list_release(&problems);
	problem_list_release(&units);
}

void workspace_release(struct workspace *w)
{
	if (!w->arena)
		return;
	rule_choice_release(&w->rules);
	if (w->config.arena)
		config_release(&w->config);
	project_release(&w->project);
	mem_release(w->why);
	mem_release(w->stamps);
	arena_free(w->arena);
	*w = (struct workspace){0};
}

/* ---- units ---- */

uint32_t workspace_unit(const struct workspace *w, const char *path)
{
	if (!w->usable || !w->has_units)
		return UINT32_MAX;
	for (uint32_t i = 0; i < w->project.nunits; i++)
		if (strcmp(w->project.units[i].file, path) == 0)
			return i;
	for (uint32_t i = 0; i < w->project.nunits; i++)
		if (file_same(w->project.units[i].file, path))
			return i;
	return UINT32_MAX;
}
