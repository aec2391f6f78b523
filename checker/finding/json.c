#include "internal.h"

#include "arena.h"
#include "str.h"
#include "utf8.h"

#include <string.h>

/* More than any rule makes; what exceeds them is no finding of ours. */
#define TEXT_MAX ((size_t)1 << 20)
#define STEPS_MAX 100000u
#define NAMES_MAX 64u
#define FIXES_MAX 16u
#define EDITS_MAX 64u

/* ---- writing ---- */

static json_t *text_to_json(const char *text)
{
	json_t *j = json_string(text ? text : "");
	if (j)
		return j;
	struct str s = {0};
	utf8_clean(&s, text);
	j = json_string(str_c(&s));
	str_release(&s);
	return j;
}

static json_t *place_to_json(const struct place *p)
{
	return json_pack("{s:o, s:I, s:I, s:I}", "file", text_to_json(p->file), "line", (json_int_t)p->line,
	                 "column", (json_int_t)p->col, "end_column", (json_int_t)p->end_col);
}

static json_t *names_to_json(const char *const *names, uint32_t n)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(a, text_to_json(names[i]));
	return a;
}

static json_t *steps_to_json(const struct finding *f)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < f->nsteps; i++) {
		const struct step *s = &f->steps[i];
		json_array_append_new(a, json_pack("{s:s, s:o, s:o, s:o, s:I, s:s}", "kind",
		                                   step_kind_name(s->kind), "place", place_to_json(&s->at),
		                                   "text", text_to_json(s->text), "basis",
		                                   text_to_json(s->basis), "depth", (json_int_t)s->depth,
		                                   "text_hash", s->text_hash));
	}
	return a;
}

static json_t *edits_to_json(const struct fix *f)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < f->nedits; i++) {
		const struct edit *e = &f->edits[i];
		json_array_append_new(a, json_pack("{s:o, s:I, s:I, s:I, s:I, s:o}", "file",
		                                   text_to_json(e->at.file), "line", (json_int_t)e->at.line,
		                                   "column", (json_int_t)e->at.col, "end_line",
		                                   (json_int_t)e->end_line, "end_column",
		                                   (json_int_t)e->end_col, "text", text_to_json(e->text)));
	}
	return a;
}

static json_t *fixes_to_json(const struct finding *f)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < f->nfixes; i++)
		json_array_append_new(a, json_pack("{s:o, s:b, s:o}", "text", text_to_json(f->fixes[i].text),
		                                   "safe", f->fixes[i].safe, "edits",
		                                   edits_to_json(&f->fixes[i])));
	return a;
}

static json_t *suppressed_to_json(const struct finding *f)
{
	if (!f->suppressed)
		return json_null();
	return json_pack("{s:o, s:o}", "kind", text_to_json(f->suppression_kind), "reason",
	                 text_to_json(f->suppressed));
}

static json_t *review_to_json(const struct finding *f)
{
	if (!f->review)
		return json_null();
	return json_pack("{s:s, s:o}", "status", f->review, "reason", text_to_json(f->review_reason));
}

json_t *finding_to_json(const struct finding *f)
{
	json_t *j = json_object();
	json_object_set_new(j, "id", text_to_json(f->id));
	json_object_set_new(j, "rule", text_to_json(f->rule));
	json_object_set_new(j, "severity", json_string(severity_name(f->severity)));
	json_object_set_new(j, "confidence", json_string(confidence_name(f->confidence)));
	json_object_set_new(j, "message", text_to_json(f->message));
	json_object_set_new(j, "place", place_to_json(&f->at));
	json_object_set_new(j, "steps", steps_to_json(f));
	json_object_set_new(j, "also", names_to_json(f->also, f->nalso));
	json_object_set_new(j, "fixes", fixes_to_json(f));
	json_object_set_new(j, "function", text_to_json(f->function));
	json_object_set_new(j, "function_line", json_integer(f->function_line));
	json_object_set_new(j, "usr", text_to_json(f->usr));
	json_object_set_new(j, "anchor", text_to_json(f->anchor));
	json_object_set_new(j, "ordinal", json_integer(f->ordinal));
	json_object_set_new(j, "line_hash", text_to_json(f->line_hash));
	json_object_set_new(j, "text_hash", text_to_json(f->text_hash));
	json_object_set_new(j, "suppressed", suppressed_to_json(f));
	json_object_set_new(j, "review", review_to_json(f));
	return j;
}

json_t *finding_trace_to_json(const struct finding *f)
{
	json_t *j = json_object();
	json_object_set_new(j, "end_column", json_integer(f->at.end_col));
	json_object_set_new(j, "also", names_to_json(f->also, f->nalso));
	json_object_set_new(j, "text_hash", text_to_json(f->text_hash));
	json_object_set_new(j, "steps", steps_to_json(f));
	return j;
}

json_t *suppression_to_json(const struct suppression *s)
{
	return json_pack("{s:o, s:I, s:I, s:o, s:o, s:o, s:b}", "place", place_to_json(&s->at), "first_line",
	                 (json_int_t)s->first_line, "last_line", (json_int_t)s->last_line, "rules",
	                 names_to_json(s->rules, s->nrules), "reason", text_to_json(s->reason), "problem",
	                 text_to_json(s->problem), "nolint", s->nolint);
}

/* ---- reading: every value must have the type and the range that writing gives it ---- */

static bool get_text(struct arena *a, const json_t *j, const char *key, const char **out)
{
	const json_t *v = json_object_get(j, key);
	size_t n = json_string_length(v);
	if (!json_is_string(v) || n > TEXT_MAX || strlen(json_string_value(v)) != n)
		return false;
	*out = n ? arena_strdup(a, json_string_value(v)) : "";
	return true;
}

static bool get_number(const json_t *j, const char *key, uint32_t *out)
{
	const json_t *v = json_object_get(j, key);
	json_int_t i = json_integer_value(v);
	if (!json_is_integer(v) || i < 0 || i > UINT32_MAX)
		return false;
	*out = (uint32_t)i;
	return true;
}

static bool get_flag(const json_t *j, const char *key, bool *out)
{
	const json_t *v = json_object_get(j, key);
	*out = json_is_true(v);
	return json_is_boolean(v);
}

static bool get_place(struct arena *a, const json_t *j, struct place *out)
{
	const json_t *v = json_object_get(j, "place");
	return json_is_object(v) && get_text(a, v, "file", &out->file) && get_number(v, "line", &out->line) &&
	       get_number(v, "column", &out->col) && get_number(v, "end_column", &out->end_col);
}

static bool get_names(struct arena *a, const json_t *j, const char *key, const char ***out, uint32_t *n)
{
	const json_t *v = json_object_get(j, key);
	if (!json_is_array(v) || json_array_size(v) > NAMES_MAX)
		return false;
	*n = (uint32_t)json_array_size(v);
	*out = ARENA_ARRAY(a, const char *, *n ? *n : 1);
	for (uint32_t i = 0; i < *n; i++) {
		const json_t *name = json_array_get(v, i);
		size_t len = json_string_length(name);
		if (!json_is_string(name) || len == 0 || len > TEXT_MAX ||
		    strlen(json_string_value(name)) != len)
			return false;
		(*out)[i] = arena_strdup(a, json_string_value(name));
	}
	return true;
}

static const char *severity_text(int i)
{
	return severity_name((enum severity)i);
}

static const char *confidence_text(int i)
{
	return confidence_name((enum confidence)i);
}

static const char *step_kind_text(int i)
{
	return step_kind_name((enum step_kind)i);
}

/* The number between first and last whose name the member holds. */
static bool get_enum(const json_t *j, const char *key, const char *(*name)(int), int first, int last,
                     int *out)
{
	const char *text = json_string_value(json_object_get(j, key));
	for (*out = first; text && *out <= last; ++*out)
		if (strcmp(text, name(*out)) == 0)
			return true;
	return false;
}

/* "" or a text of these characters that fits. */
static bool get_digits(const json_t *j, const char *key, const char *alphabet, char *out, size_t size)
{
	const json_t *v = json_object_get(j, key);
	size_t n = json_string_length(v);
	if (!json_is_string(v) || n >= size || strspn(json_string_value(v), alphabet) != n)
		return false;
	memcpy(out, json_string_value(v), n + 1);
	return true;
}

/* Reports of older versions have none. */
static bool get_text_hash(const json_t *j, char out[17])
{
	return !json_object_get(j, "text_hash") ||
	       get_digits(j, "text_hash", "0123456789abcdef", out, sizeof(char[17]));
}

static bool get_step(struct arena *a, const json_t *j, struct step *out)
{
	int kind;
	if (!json_is_object(j) || !get_enum(j, "kind", step_kind_text, STEP_EVENT, STEP_NOTE, &kind))
		return false;
	out->kind = (enum step_kind)kind;
	return get_place(a, j, &out->at) && get_text(a, j, "text", &out->text) &&
	       get_text(a, j, "basis", &out->basis) && get_number(j, "depth", &out->depth) &&
	       get_text_hash(j, out->text_hash);
}

static bool get_steps(struct arena *a, const json_t *j, struct finding *out)
{
	const json_t *v = json_object_get(j, "steps");
	if (!json_is_array(v) || json_array_size(v) > STEPS_MAX)
		return false;
	out->nsteps = (uint32_t)json_array_size(v);
	out->steps = ARENA_ARRAY(a, struct step, out->nsteps ? out->nsteps : 1);
	for (uint32_t i = 0; i < out->nsteps; i++)
		if (!get_step(a, json_array_get(v, i), &out->steps[i]))
			return false;
	return true;
}

static bool get_edit(struct arena *a, const json_t *j, struct edit *out)
{
	*out = (struct edit){0};
	return json_is_object(j) && get_text(a, j, "file", &out->at.file) &&
	       get_number(j, "line", &out->at.line) && get_number(j, "column", &out->at.col) &&
	       get_number(j, "end_line", &out->end_line) && get_number(j, "end_column", &out->end_col) &&
	       get_text(a, j, "text", &out->text);
}

static bool get_fix(struct arena *a, const json_t *j, struct fix *out)
{
	const json_t *v = json_object_get(j, "edits");
	if (!get_text(a, j, "text", &out->text) || !get_flag(j, "safe", &out->safe) || !json_is_array(v) ||
	    json_array_size(v) > EDITS_MAX)
		return false;
	out->nedits = (uint32_t)json_array_size(v);
	out->edits = ARENA_ARRAY(a, struct edit, out->nedits ? out->nedits : 1);
	for (uint32_t i = 0; i < out->nedits; i++)
		if (!get_edit(a, json_array_get(v, i), &out->edits[i]))
			return false;
	return true;
}

/* Reports of older versions have none. */
static bool get_fixes(struct arena *a, const json_t *j, struct finding *out)
{
	const json_t *v = json_object_get(j, "fixes");
	if (!v)
		return true;
	if (!json_is_array(v) || json_array_size(v) > FIXES_MAX)
		return false;
	out->nfixes = (uint32_t)json_array_size(v);
	out->fixes = ARENA_ARRAY(a, struct fix, out->nfixes ? out->nfixes : 1);
	for (uint32_t i = 0; i < out->nfixes; i++)
		if (!get_fix(a, json_array_get(v, i), &out->fixes[i]))
			return false;
	return true;
}

static bool get_suppressed(struct arena *a, const json_t *j, struct finding *out)
{
	const json_t *v = json_object_get(j, "suppressed");
	if (json_is_null(v))
		return true;
	return json_is_object(v) && get_text(a, v, "reason", &out->suppressed) &&
	       get_text(a, v, "kind", &out->suppression_kind);
}

/* Reports of older versions have none. */
static bool get_review(struct arena *a, const json_t *j, struct finding *out)
{
	const json_t *v = json_object_get(j, "review");
	if (!v || json_is_null(v))
		return true;
	return json_is_object(v) && get_text(a, v, "status", &out->review) &&
	       get_text(a, v, "reason", &out->review_reason);
}

bool finding_is_rule_id(const char *s)
{
	size_t n = strlen(s);
	return n > 0 && n < 64 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

bool finding_from_json(struct arena *a, const json_t *j, struct finding *out)
{
	int severity, confidence;
	*out = (struct finding){0};
	if (!json_is_object(j) || !get_text(a, j, "rule", &out->rule) || !finding_is_rule_id(out->rule) ||
	    !get_enum(j, "severity", severity_text, SEVERITY_NOTE, SEVERITY_ERROR, &severity) ||
	    !get_enum(j, "confidence", confidence_text, CONFIDENCE_LOW, CONFIDENCE_HIGH, &confidence))
		return false;
	out->severity = (enum severity)severity;
	out->confidence = (enum confidence)confidence;
	bool dated = !json_object_get(j, "function_line"); /* an older report */
	return (dated || get_number(j, "function_line", &out->function_line)) &&
	       get_text(a, j, "message", &out->message) && get_place(a, j, &out->at) &&
	       get_steps(a, j, out) && get_names(a, j, "also", &out->also, &out->nalso) &&
	       get_fixes(a, j, out) && get_text(a, j, "function", &out->function) &&
	       get_text(a, j, "usr", &out->usr) && get_text(a, j, "anchor", &out->anchor) &&
	       get_number(j, "ordinal", &out->ordinal) &&
	       get_digits(j, "id", "0123456789abcdef", out->id, sizeof out->id) &&
	       get_digits(j, "line_hash", "0123456789abcdef:", out->line_hash, sizeof out->line_hash) &&
	       get_text_hash(j, out->text_hash) && get_suppressed(a, j, out) && get_review(a, j, out);
}

bool finding_trace_from_json(struct arena *a, const json_t *j, struct finding *out)
{
	return json_is_object(j) && get_number(j, "end_column", &out->at.end_col) &&
	       get_names(a, j, "also", &out->also, &out->nalso) && get_text_hash(j, out->text_hash) &&
	       get_steps(a, j, out);
}

bool suppression_from_json(struct arena *a, const json_t *j, struct suppression *out)
{
	*out = (struct suppression){0};
	return json_is_object(j) && get_place(a, j, &out->at) &&
	       get_number(j, "first_line", &out->first_line) && get_number(j, "last_line", &out->last_line) &&
	       out->first_line <= out->last_line && get_names(a, j, "rules", &out->rules, &out->nrules) &&
	       get_text(a, j, "reason", &out->reason) && get_text(a, j, "problem", &out->problem) &&
	       get_flag(j, "nolint", &out->nolint);
}
