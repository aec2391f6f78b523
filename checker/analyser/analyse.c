#include "analyse.h"

#include "apimodel.h"
#include "arena.h"
#include "finding.h"
#include "frontend.h"
#include "ir.h"
#include "pass.h"
#include "problem.h"
#include "program.h"
#include "solve.h"
#include "worker.h"

#include <string.h>

/* ---- what the source says: annotations ---- */

static void note(json_t *reply, const char *function, const char *text)
{
	json_array_append_new(
	        json_object_get(reply, "notes"),
	        json_pack("{so so}", "function", worker_text(function), "text", worker_text(text)));
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

/* The unit's own view of the model, or NULL when its source adds nothing. */
struct apimodel *analyse_overlay(struct analysis *a, const struct ir_unit *u, json_t *reply)
{
	struct apimodel *overlay = NULL;
	struct problem_list problems = {0};
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		if (!u->funcs[i].nannotations)
			continue;
		if (!overlay)
			overlay = apimodel_overlay(a->api);
		annotate(overlay, u, &u->funcs[i], &problems);
	}
	for (size_t i = 0; i < problems.len; i++)
		note(reply, "annotation", problems.data[i].text);
	problem_list_release(&problems);
	return overlay;
}

/* ---- suppressions ---- */

static void add_suppressions(const struct ir_unit *u, json_t *reply)
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
	        suppressions_from_comments(arena, comments, u->ncomments, functions, nfunctions, &n);
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(out, suppression_to_json(&list[i]));
	json_object_set_new(reply, "suppressions", out);
	arena_free(arena);
}

/* ---- one unit ---- */

static enum confidence least_confidence(const json_t *request)
{
	enum confidence c = CONFIDENCE_MEDIUM;
	const char *text = json_string_value(json_object_get(request, "confidence"));
	if (text)
		confidence_parse(text, &c);
	return c;
}

static json_t *run_rules(const json_t *request, const struct program *p, const struct solution *s)
{
	const json_t *ids = json_object_get(request, "rules");
	struct arena *arena = arena_new();
	const struct rule **rules = ARENA_ARRAY(arena, const struct rule *, json_array_size(ids) + 1);
	struct pass_options o = {.rules = rules, .least = least_confidence(request)};
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
	for (uint32_t i = 1; i < u->nfuncs; i++)
		if (s->funcs[i].budget)
			note(reply, u->funcs[i].display, s->funcs[i].budget);
}

void analyse_unit(struct analysis *a, const json_t *request, json_t *reply)
{
	struct frontend_result result;
	if (!analyse_parse(a, request, reply, &result))
		return;
	double began = analyse_clock();
	struct apimodel *overlay = analyse_overlay(a, result.unit, reply);
	struct program *p = program_build(result.unit, overlay ? overlay : a->api);
	struct solution *s = solve(p);
	json_object_set_new(reply, "findings", run_rules(request, p, s));
	add_suppressions(result.unit, reply);
	note_budgets(s, reply);
	json_object_set_new(json_object_get(reply, "seconds"), "analyse", json_real(analyse_clock() - began));
	json_object_set_new(reply, "ok", json_true());
	solution_free(s);
	program_free(p);
	apimodel_overlay_free(overlay);
	frontend_result_release(&result);
}
