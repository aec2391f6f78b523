#include "analyse.h"
#include "apimodel.h"
#include "frontend.h"
#include "ir.h"
#include "judge.h"
#include "mem.h"
#include "source.h"
#include "str.h"
#include "worker.h"

#include <string.h>

void analyse_fail(json_t *reply, const char *reason)
{
	json_object_set_new(reply, "ok", json_false());
	json_object_set_new(reply, "reason", worker_text(reason));
}

/* Header inlines that a model describes stay calls. */
static bool is_described(void *ctx, const struct frontend_name *n)
{
	struct api_decl d = {n->linkage, n->plain, n->nparams, n->is_template, n->cplusplus, n->holds_tokens};
	return apimodel_find_decl(ctx, &d) != NULL;
}

static bool is_token(void *ctx, const char *ctype)
{
	return apimodel_is_token_type(ctx, ctype);
}

/* The reason is the first error, without its place: the diagnostics have all of it. */
static void fail_to_compile(json_t *reply, const char *diagnostics)
{
	const char *error = strstr(diagnostics, "error: ");
	struct str reason = {0};
	if (error)
		str_addn(&reason, error + 7, strcspn(error + 7, "\n"));
	analyse_fail(reply, reason.len ? reason.data : "does not compile");
	str_release(&reason);
}

static const char *text_of(const json_t *request, const char *key)
{
	const char *text = json_string_value(json_object_get(request, key));
	return text ? text : "";
}

static void add_note(json_t *notes, const struct ir_unit *u, const struct ir_func *f)
{
	struct ir_place at = u->locs[f->loc];
	json_t *j = json_pack("{so so}", "function", worker_text(f->display), "text",
	                      worker_text(f->skipped_why));
	if (u->joined && at.file)
		json_object_set_new(j, "file", worker_text(u->files[at.file].path));
	json_array_append_new(notes, j);
}

void analyse_describe(json_t *reply, const struct ir_unit *u)
{
	json_int_t defined = 0;
	json_t *notes = json_array();
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		const struct ir_func *f = &u->funcs[i];
		if (!(f->flags & IR_FUNC_DEFINED))
			continue;
		defined += !(f->flags & (IR_FUNC_SYSTEM | IR_FUNC_GENERATED));
		if (f->flags & IR_FUNC_SKIPPED)
			add_note(notes, u, f);
	}
	json_object_set_new(reply, "functions", json_integer(defined));
	json_object_set_new(reply, "notes", notes);
}

static json_t *paths(const char *const *list, uint32_t n)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(out, worker_text(list[i]));
	return out;
}

json_t *analyse_lines(const char *const *list, uint32_t n)
{
	struct str text = {0};
	bool ok = true;
	for (uint32_t i = 0; i < n && ok; i++) {
		ok = !strchr(list[i], '\n');
		str_addf(&text, "%s%s", i ? "\n" : "", list[i]);
	}
	json_t *out = ok ? worker_text(str_c(&text)) : json_null();
	str_release(&text);
	return out;
}

/* What the sources say, as far as somebody may look there who has the facts. */
static void tell_texts(json_t *reply, const struct frontend_result *r)
{
	struct source_text *texts = mem_alloc((r->ntexts + 1) * sizeof *texts);
	char digest[33];
	for (uint32_t i = 0; i < r->ntexts; i++)
		texts[i] = (struct source_text){r->texts[i].file, r->texts[i].text, r->texts[i].len};
	hash128_hex(judge_texts(r->unit, texts, r->ntexts), digest);
	json_object_set_new(reply, "texts", r->texts ? json_string(digest) : json_null());
	mem_release(texts);
}

static void describe(const json_t *request, json_t *reply, const struct frontend_result *r)
{
	json_object_set_new(reply, "deps", paths(r->unit->deps, r->unit->ndeps));
	if (json_object_get(request, "facts")) {
		tell_texts(reply, r);
		json_object_set_new(reply, "found", analyse_lines(r->unit->found, r->unit->nfound));
		json_object_set_new(reply, "absent", analyse_lines(r->unit->absent, r->unit->nabsent));
	}
	analyse_describe(reply, r->unit);
}

static void lay_unsaved(const json_t *request, struct frontend_job *job)
{
	const json_t *list = json_object_get(request, "unsaved");
	struct frontend_text *texts = mem_alloc((json_array_size(list) + 1) * sizeof *texts);
	for (; job->nunsaved < json_array_size(list); job->nunsaved++) {
		const json_t *j = json_array_get(list, job->nunsaved), *text = json_object_get(j, "text");
		texts[job->nunsaved] = (struct frontend_text){text_of(j, "file"), text_of(j, "text"),
		                                              json_string_length(text)};
	}
	job->unsaved = texts;
}

const char *const *analyse_strings(const json_t *list, uint32_t *n)
{
	const char **out = mem_alloc((json_array_size(list) + 1) * sizeof *out);
	for (*n = 0; *n < json_array_size(list); (*n)++) {
		const char *text = json_string_value(json_array_get(list, *n));
		out[*n] = text ? text : "";
	}
	return out;
}

struct frontend_job analyse_job(struct analysis *a, const json_t *request)
{
	const json_t *args = json_object_get(request, "args");
	struct frontend_job job = {.file = text_of(request, "file"),
	                           .directory = text_of(request, "directory"),
	                           .keep = is_described,
	                           .token = is_token,
	                           .keep_ctx = (void *)a->api,
	                           .texts = json_object_get(request, "facts") != NULL,
	                           .wishes = json_is_true(json_object_get(request, "wishes")),
	                           .shared = analyse_shared(a, request)};
	job.args = analyse_strings(args, &job.nargs);
	job.spelled = analyse_strings(json_object_get(request, "spelled"), &job.nspelled);
	lay_unsaved(request, &job);
	return job;
}

void analyse_job_release(struct frontend_job *job)
{
	mem_release((void *)job->args);
	mem_release((void *)job->spelled);
	mem_release((void *)job->unsaved);
}

static void tell_shared(const json_t *request, const struct frontend_job *job, json_t *reply,
                        const struct frontend_result *r)
{
	if (json_object_get(request, "spelled"))
		json_object_set_new(reply, "spelled", paths(r->spelled, r->nspelled));
	if (job->wishes)
		analyse_wish(reply, &r->wish);
	if (job->shared && !r->unshared)
		json_object_set_new(reply, "shared", json_true());
	if (!job->shared && json_object_get(request, "shared"))
		json_object_set_new(reply, "unshared", json_string("what was precompiled cannot be read"));
	if (r->unshared)
		json_object_set_new(reply, "unshared", worker_text(r->unshared));
}

bool analyse_parse(struct analysis *a, const json_t *request, json_t *reply, struct frontend_result *result)
{
	struct frontend_job job = analyse_job(a, request);
	*result = (struct frontend_result){0};
	bool ok = frontend_run(&job, result) && result->unit;
	const char *diagnostics = result->diagnostics ? result->diagnostics : "";
	json_object_set_new(reply, "diagnostics", worker_text(diagnostics));
	json_object_set_new(
	        reply, "seconds",
	        json_pack("{sf sf}", "parse", result->parse_seconds, "lower", result->lower_seconds));
	tell_shared(request, &job, reply, result);
	if (ok) {
		describe(request, reply, result);
	} else {
		fail_to_compile(reply, diagnostics);
		frontend_result_release(result);
	}
	analyse_job_release(&job);
	return ok;
}
