#include "judge.h"

#include "apimodel.h"
#include "arena.h"
#include "facts.h"
#include "file.h"
#include "finding.h"
#include "ir.h"
#include "mem.h"
#include "pass.h"
#include "problem.h"
#include "program.h"
#include "solve.h"
#include "source.h"
#include "str.h"
#include "worker.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- what the source says: annotations ---- */

static json_t *note(json_t *reply, const char *function, const char *text)
{
	json_t *j = json_pack("{so so}", "function", worker_text(function), "text", worker_text(text));
	json_array_append_new(json_object_get(reply, "notes"), j);
	return j;
}

static void annotate(struct apimodel *api, const struct ir_unit *u, const struct ir_func *f,
                     struct problem_list *problems)
{
	struct ir_place at = f->loc ? u->locs[f->loc] : (struct ir_place){0};
	for (uint32_t i = 0; i < f->nannotations; i++)
		apimodel_annotate(api, f->name, (int)f->nparams, f->annotations[i],
		                  at.file ? u->files[at.file].path : u->path, (int)at.line, (int)at.col,
		                  problems);
}

struct apimodel *judge_overlay(const struct apimodel *api, const struct ir_unit *u, json_t *reply)
{
	struct apimodel *overlay = NULL;
	struct problem_list problems = {0};
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		if (!u->funcs[i].nannotations)
			continue;
		if (!overlay)
			overlay = apimodel_overlay(api);
		annotate(overlay, u, &u->funcs[i], &problems);
	}
	for (size_t i = 0; i < problems.len; i++)
		note(reply, "annotation", problems.data[i].text);
	problem_list_release(&problems);
	return overlay;
}

/* ---- the text of files ---- */

struct texts {
	struct source_cache *cache;
	struct source_text *unsaved;
};

static struct texts texts_open(const json_t *request)
{
	const json_t *list = json_object_get(request, "unsaved");
	uint32_t n = (uint32_t)json_array_size(list);
	struct texts t = {source_cache_new(""), mem_alloc((n + 1) * sizeof *t.unsaved)};
	for (uint32_t i = 0; i < n; i++) {
		const json_t *j = json_array_get(list, i), *text = json_object_get(j, "text");
		const char *file = json_string_value(json_object_get(j, "file"));
		t.unsaved[i] = (struct source_text){file ? file : "", text ? json_string_value(text) : "",
		                                    json_string_length(text)};
	}
	source_cache_lay(t.cache, t.unsaved, n);
	return t;
}

static void texts_close(struct texts *t)
{
	source_cache_free(t->cache);
	mem_release(t->unsaved);
}

/* ---- suppressions ---- */

static void add_suppressions(const struct ir_unit *u, struct source_cache *sources, json_t *reply)
{
	struct arena *arena = arena_new();
	json_t *out = json_array();
	struct source_comment *comments = ARENA_ARRAY(arena, struct source_comment, u->ncomments + 1);
	struct source_function *functions = ARENA_ARRAY(arena, struct source_function, u->nfuncs + 1);
	uint32_t nfunctions = 0, n = 0;
	for (uint32_t i = 0; i < u->ncomments; i++) {
		const struct ir_comment *c = &u->comments[i];
		comments[i] = (struct source_comment){
		        u->files[c->file].path, c->line, c->col, c->end_line, c->text, c->alone};
	}
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		const struct ir_place *at = &u->locs[u->funcs[i].loc];
		if (u->funcs[i].loc && at->file && !u->files[at->file].system)
			functions[nfunctions++] =
			        (struct source_function){u->files[at->file].path, at->line, 0};
	}
	struct suppression *list =
	        suppressions_from_comments(arena, sources, comments, u->ncomments, functions, nfunctions, &n);
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(out, suppression_to_json(&list[i]));
	json_object_set_new(reply, "suppressions", out);
	arena_free(arena);
}

/* ---- rules ---- */

static enum confidence least_confidence(const json_t *request)
{
	enum confidence c = CONFIDENCE_MEDIUM;
	const char *text = json_string_value(json_object_get(request, "confidence"));
	if (text)
		confidence_parse(text, &c);
	return c;
}

static json_t *run_rules(const json_t *request, const struct program *p, const struct solution *s,
                         struct source_cache *sources)
{
	const json_t *ids = json_object_get(request, "rules");
	struct arena *arena = arena_new();
	const struct rule **rules = ARENA_ARRAY(arena, const struct rule *, json_array_size(ids) + 1);
	struct pass_options o = {.rules = rules, .least = least_confidence(request), .sources = sources};
	o.root = json_string_value(json_object_get(request, "root"));
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		const struct rule_entry *e = id ? rule_find(id) : NULL;
		if (e)
			rules[o.nrules++] = e->rule;
	}
	json_t *findings = pass_run(&o, p, s);
	arena_free(arena);
	return findings;
}

static void note_budgets(const struct solution *s, json_t *reply)
{
	const struct ir_unit *u = s->program->unit;
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		if (!s->funcs[i].budget)
			continue;
		json_t *j = note(reply, u->funcs[i].display, s->funcs[i].budget);
		ir_file file = u->locs[u->funcs[i].loc].file;
		if (u->joined && file)
			json_object_set_new(j, "file", worker_text(u->files[file].path));
	}
}

/* ---- other units ---- */

struct imports {
	struct arena *arena;
	const struct import **of; /* per function; NULL: nothing is told */
	bool *told;
	VEC(const char *) notes; /* with a NULL behind them */
};

static void take_import(struct imports *in, const struct ir_unit *u, const struct apimodel *api,
                        const json_t *j)
{
	const char *name = json_string_value(json_object_get(j, "name")),
	           *text = json_string_value(json_object_get(j, "summary"));
	uint32_t f = name ? ir_func_by_name(u, name) : 0;
	if (name && facts_note(name)) {
		vec_push(&in->notes, facts_note(name));
		return;
	}
	struct import *import = ARENA_NEW(in->arena, struct import);
	if (f && !(u->funcs[f].flags & IR_FUNC_DEFINED) && text &&
	    facts_import(u, api, in->arena, text, import)) {
		in->of[f] = import;
		in->told[f] = true;
	}
}

static void imports_make(struct imports *in, const struct ir_unit *u, const struct apimodel *api,
                         const json_t *request)
{
	const json_t *list = json_object_get(request, "imports");
	size_t i;
	json_t *j;
	*in = (struct imports){.arena = arena_new()};
	if (!json_array_size(list))
		return;
	in->of = ARENA_ARRAY(in->arena, const struct import *, u->nfuncs);
	in->told = ARENA_ARRAY(in->arena, bool, u->nfuncs);
	json_array_foreach(list, i, j) take_import(in, u, api, j);
	vec_push(&in->notes, NULL);
}

static void add_export(void *ctx, const char *name, const char *text)
{
	json_array_append_new(ctx, json_pack("{so ss}", "name", worker_text(name), "summary", text));
}

static void add_exports(const json_t *request, struct solution *s, json_t *reply)
{
	const json_t *asked = json_object_get(request, "exports");
	json_t *out = json_array();
	const char **only = mem_alloc((json_array_size(asked) + 1) * sizeof *only);
	for (size_t i = 0; i < json_array_size(asked); i++)
		only[i] = json_string_value(json_array_get(asked, i));
	if (json_is_true(asked) || json_array_size(asked))
		facts_export(s, json_is_true(asked) ? NULL : only, add_export, out);
	json_object_set_new(reply, "exports", out);
	mem_release(only);
}

/* Where no rule runs: the functions whose summaries are asked for. NULL: everything is. */
static bool *asked_only(const json_t *request, const struct ir_unit *u)
{
	const json_t *exports = json_object_get(request, "exports");
	if (json_array_size(json_object_get(request, "rules")) || !json_is_array(exports))
		return NULL;
	bool *only = mem_alloc(u->nfuncs);
	for (size_t i = 0; i < json_array_size(exports); i++)
		only[ir_func_by_name(u, json_string_value(json_array_get(exports, i)))] = true;
	only[0] = false;
	return only;
}

/* ---- one unit ---- */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Written beside its place first: what has the name is whole. */
static bool write_facts(const char *path, const struct program *p, json_t *reply)
{
	char code[33];
	struct str bytes = {0}, temporary = {0};
	facts_write(p, &bytes);
	hash128_hex(hash128(bytes.data, bytes.len), code);
	json_object_set_new(reply, "code", json_string(code));
	str_addf(&temporary, "%s.%ld", path, (long)getpid());
	FILE *f = file_replace(temporary.data);
	bool ok = f && fwrite(bytes.data, 1, bytes.len, f) == bytes.len;
	ok = f && fclose(f) == 0 && ok && rename(temporary.data, path) == 0;
	if (f && !ok)
		unlink(temporary.data);
	str_release(&bytes);
	str_release(&temporary);
	return ok;
}

static void say_all(const json_t *request, json_t *reply, const struct program *p,
                    const struct word_of_others *others)
{
	bool *only = asked_only(request, p->unit);
	struct solution *s = solve(p, others, only);
	struct texts texts = texts_open(request);
	json_object_set_new(reply, "findings", run_rules(request, p, s, texts.cache));
	add_suppressions(p->unit, texts.cache, reply);
	texts_close(&texts);
	add_exports(request, s, reply); /* which simulates more than the rules may have asked for */
	note_budgets(s, reply);
	solution_free(s);
	mem_release(only);
}

void judge_unit(const struct apimodel *shared, const json_t *request, json_t *reply, const struct ir_unit *u)
{
	const char *facts = json_string_value(json_object_get(request, "facts"));
	const char *mode = json_string_value(json_object_get(request, "mode"));
	bool only_kept = strcmp(mode, "keep") == 0, write = facts && strcmp(mode, "solve") != 0;
	double began = now();
	struct apimodel *overlay = judge_overlay(shared, u, reply);
	const struct apimodel *api = overlay ? overlay : shared;
	struct imports in;
	imports_make(&in, u, api, request);
	struct program *p = program_build(u, api, in.told);
	if (write)
		json_object_set_new(reply, "facts", json_boolean(write_facts(facts, p, reply)));
	if (!only_kept)
		say_all(request, reply, p, &(struct word_of_others){in.of, in.notes.data});
	json_object_set_new(json_object_get(reply, "seconds"), "analyse", json_real(now() - began));
	json_object_set_new(reply, "ok", json_true());
	program_free(p);
	vec_release(&in.notes);
	arena_free(in.arena);
	apimodel_overlay_free(overlay);
}
