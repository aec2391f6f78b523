/* A SARIF result of ours as a finding again. */
#include "internal.h"

#include "arena.h"
#include "str.h"
#include "utf8.h"

#include <ctype.h>
#include <string.h>

#define STEPS_MAX 100000u

static const char *text_of(const json_t *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j, key));
	return text ? text : "";
}

static uint32_t number_of(const json_t *j, const char *key)
{
	json_int_t i = json_integer_value(json_object_get(j, key));
	return i > 0 && i <= UINT32_MAX ? (uint32_t)i : 0;
}

/* The reverse of escape_sarif_text(), as far as SARIF itself gave the characters a meaning. */
static const char *message_of(struct arena *a, const json_t *j)
{
	const char *text = text_of(json_object_get(j, "message"), "text");
	char *out = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;
	for (; *text; text++) {
		bool escaped = (*text == '\\' && text[1] && strchr("[]\\", text[1])) ||
		               ((*text == '{' || *text == '}') && text[1] == *text);
		text += escaped;
		out[n++] = *text;
	}
	out[n] = 0;
	return out;
}

static int digit(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
	                                    : -1;
}

static const char *path_of(struct arena *a, const char *uri)
{
	uri += strncmp(uri, "file://", 7) == 0 ? 7 : 0;
	char *out = arena_alloc(a, strlen(uri) + 1);
	size_t n = 0;
	for (; *uri; uri++) {
		bool coded = uri[0] == '%' && digit(uri[1]) >= 0 && digit(uri[2]) >= 0;
		char c = coded ? (char)(digit(uri[1]) * 16 + digit(uri[2])) : *uri;
		uri += coded ? 2 : 0;
		if (c)
			out[n++] = c;
	}
	out[n] = 0;
	return out;
}

static uint32_t byte_column(const char *line, size_t len, uint32_t utf16)
{
	uint32_t units = 1;
	size_t at = 0;
	while (at < len && units < utf16) {
		int32_t cp;
		at += utf8_decode(line + at, len - at, &cp);
		units += cp > 0xffff ? 2 : 1;
	}
	return (uint32_t)at + 1 + (utf16 > units ? utf16 - units : 0);
}

static struct place place_of(struct arena *a, struct source_cache *sources, const json_t *location)
{
	const json_t *physical = json_object_get(location, "physicalLocation");
	const json_t *region = json_object_get(physical, "region");
	struct place p = {.file = path_of(a, text_of(json_object_get(physical, "artifactLocation"), "uri")),
	                  .line = number_of(region, "startLine"),
	                  .col = number_of(region, "startColumn"),
	                  .end_col = number_of(region, "endColumn")};
	const char *line;
	size_t len;
	if (p.file[0] && source_line(source_get(sources, p.file), p.line, &line, &len)) {
		p.col = p.col ? byte_column(line, len, p.col) : 0;
		p.end_col = p.end_col ? byte_column(line, len, p.end_col) : 0;
	}
	return p;
}

static void copy_hash(char out[17], const json_t *properties)
{
	const char *text = text_of(properties, "textHash");
	size_t n = strlen(text);
	if (n < 17 && strspn(text, "0123456789abcdef") == n)
		memcpy(out, text, n + 1);
}

static enum step_kind kind_of(const json_t *flow)
{
	static const struct {
		const char *word;
		enum step_kind kind;
	} table[] = {{"resource", STEP_EVENT},
	             {"branch", STEP_BRANCH},
	             {"call", STEP_CALL},
	             {"enter", STEP_ENTER},
	             {"exit", STEP_EXIT}};
	const char *word = json_string_value(json_array_get(json_object_get(flow, "kinds"), 0));
	for (size_t i = 0; word && i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].word, word) == 0)
			return table[i].kind;
	return STEP_NOTE;
}

/* Messages carry the basis in brackets behind the text. */
static const char *without_basis(struct arena *a, const char *text, const char *basis)
{
	size_t n = strlen(text), k = strlen(basis);
	if (k && n > k + 3 && text[n - 1] == ')' && strncmp(text + n - 1 - k, basis, k) == 0)
		return arena_strndup(a, text, n - k - 3);
	return text;
}

static struct step step_of(struct arena *a, struct source_cache *sources, const json_t *flow)
{
	const json_t *location = json_object_get(flow, "location"),
	             *properties = json_object_get(flow, "properties");
	struct step s = {.kind = kind_of(flow),
	                 .at = place_of(a, sources, location),
	                 .basis = arena_strdup(a, text_of(properties, "basis")),
	                 .depth = number_of(flow, "nestingLevel")};
	s.text = without_basis(a, message_of(a, location), s.basis);
	copy_hash(s.text_hash, properties);
	return s;
}

static void read_steps(struct arena *a, struct source_cache *sources, const json_t *result,
                       struct finding *out)
{
	const json_t *flow = json_array_get(json_object_get(result, "codeFlows"), 0);
	const json_t *thread = json_array_get(json_object_get(flow, "threadFlows"), 0);
	const json_t *locations = json_object_get(thread, "locations");
	size_t n = json_array_size(locations);
	out->nsteps = n < STEPS_MAX ? (uint32_t)n : STEPS_MAX;
	out->steps = ARENA_ARRAY(a, struct step, out->nsteps + 1);
	for (uint32_t i = 0; i < out->nsteps; i++)
		out->steps[i] = step_of(a, sources, json_array_get(locations, i));
}

static enum severity severity_of(const char *level)
{
	return strcmp(level, "error") == 0  ? SEVERITY_ERROR
	       : strcmp(level, "note") == 0 ? SEVERITY_NOTE
	                                    : SEVERITY_WARNING;
}

static void read_review(struct arena *a, const json_t *review, struct finding *out)
{
	if (!text_of(review, "status")[0])
		return;
	out->review = arena_strdup(a, text_of(review, "status"));
	out->review_reason = arena_strdup(a, text_of(review, "reason"));
	if (out->suppressed && strcmp(out->suppression_kind, "config") == 0)
		out->suppression_kind = "review";
}

static void read_line_hash(const json_t *result, struct finding *out)
{
	const char *hash = text_of(json_object_get(result, "partialFingerprints"), "primaryLocationLineHash");
	size_t n = strlen(hash);
	if (n < sizeof out->line_hash && strspn(hash, "0123456789abcdef:") == n)
		memcpy(out->line_hash, hash, n + 1);
}

bool sarif_read_result(struct arena *a, struct source_cache *sources, const json_t *result,
                       struct finding *out)
{
	const char *id = text_of(json_object_get(result, "fingerprints"), "cancelint/v1");
	const json_t *location = json_array_get(json_object_get(result, "locations"), 0);
	const json_t *logical = json_array_get(json_object_get(location, "logicalLocations"), 0);
	const json_t *properties = json_object_get(result, "properties");
	const json_t *suppression = json_array_get(json_object_get(result, "suppressions"), 0);
	size_t n = strlen(id);
	if (!n || n >= sizeof out->id || strspn(id, "0123456789abcdef") != n ||
	    !finding_is_rule_id(text_of(result, "ruleId")))
		return false;
	*out = (struct finding){.rule = arena_strdup(a, text_of(result, "ruleId")),
	                        .severity = severity_of(text_of(result, "level")),
	                        .confidence = CONFIDENCE_MEDIUM,
	                        .message = message_of(a, result),
	                        .at = place_of(a, sources, location),
	                        .function = arena_strdup(a, text_of(logical, "fullyQualifiedName")),
	                        .usr = "",
	                        .anchor = ""};
	memcpy(out->id, id, n + 1);
	confidence_parse(text_of(properties, "confidence"), &out->confidence);
	copy_hash(out->text_hash, properties);
	read_line_hash(result, out);
	if (suppression) {
		out->suppressed = arena_strdup(a, text_of(suppression, "justification"));
		out->suppression_kind = text_of(suppression, "kind")[0] == 'e' ? "config" : "a comment";
	}
	read_review(a, json_object_get(properties, "review"), out);
	read_steps(a, sources, result, out);
	return true;
}

const char *sarif_read_root(struct arena *a, const json_t *run)
{
	const json_t *bases = json_object_get(run, "originalUriBaseIds");
	return path_of(a, text_of(json_object_get(bases, "SRCROOT"), "uri"));
}
