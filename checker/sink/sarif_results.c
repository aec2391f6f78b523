#include "internal.h"

#include "mem.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

/* What GitHub's code scanning takes; it rejects or cuts what exceeds them. */
#define RESULTS_MAX 25000u
#define STEPS_MAX 1000u
#define RELATED_MAX 20u

/* ---- steps ---- */

static json_t *step_message(const struct step *st)
{
	struct str s = {0};
	str_add(&s, st->text);
	if (st->basis[0])
		str_addf(&s, " (%s)", st->basis);
	json_t *j = sarif_message(str_c(&s));
	str_release(&s);
	return j;
}

static json_t *step_location(struct sarif *s, const struct step *st)
{
	json_t *j = json_object();
	json_object_set_new(j, "physicalLocation", sarif_physical_location(s, &st->at));
	json_object_set_new(j, "message", step_message(st));
	return j;
}

/* The words that SARIF has for what happens at a step. */
static json_t *step_kinds(enum step_kind k)
{
	switch (k) {
	case STEP_EVENT:
		return json_pack("[s]", "resource");
	case STEP_BRANCH:
		return json_pack("[s]", "branch");
	case STEP_CALL:
		return json_pack("[ss]", "call", "function");
	case STEP_ENTER:
		return json_pack("[ss]", "enter", "function");
	case STEP_EXIT:
		return json_pack("[ss]", "exit", "function");
	case STEP_NOTE:
		break;
	}
	return NULL;
}

/* What `cancelint explain --from` needs and SARIF has no word for. */
static json_t *step_properties(const struct step *st)
{
	json_t *j = json_object();
	if (st->basis[0])
		json_object_set_new(j, "basis", sink_string(st->basis));
	if (st->text_hash[0])
		json_object_set_new(j, "textHash", json_string(st->text_hash));
	return j;
}

static json_t *thread_flow_location(struct sarif *s, const struct step *st, uint32_t order)
{
	json_t *j = json_object(), *kinds = step_kinds(st->kind);
	json_object_set_new(j, "location", step_location(s, st));
	if (kinds)
		json_object_set_new(j, "kinds", kinds);
	json_object_set_new(j, "nestingLevel", json_integer(st->depth));
	json_object_set_new(j, "executionOrder", json_integer(order));
	json_object_set_new(j, "importance",
	                    json_string(st->kind == STEP_NOTE ? "unimportant" : "essential"));
	json_object_set_new(j, "properties", step_properties(st));
	return j;
}

/* The beginning and the end of a path say more than its middle. */
static json_t *code_flows(struct sarif *s, const struct finding *f)
{
	json_t *locations = json_array();
	uint32_t cut = f->nsteps > STEPS_MAX ? f->nsteps - STEPS_MAX : 0;
	for (uint32_t i = 0; i < f->nsteps; i++) {
		if (cut && i == STEPS_MAX / 2)
			i += cut;
		json_array_append_new(locations, thread_flow_location(s, &f->steps[i], i + 1));
	}
	return json_pack("[{s:[{s:o}]}]", "threadFlows", "locations", locations);
}

static json_t *related_locations(struct sarif *s, const struct finding *f)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < f->nsteps && json_array_size(a) < RELATED_MAX; i++) {
		if (f->steps[i].kind == STEP_BRANCH)
			continue;
		json_t *l = step_location(s, &f->steps[i]);
		json_object_set_new(l, "id", json_integer((json_int_t)json_array_size(a) + 1));
		json_array_append_new(a, l);
	}
	return a;
}

/* ---- results ---- */

static json_t *locations(struct sarif *s, const struct finding *f)
{
	json_t *l = json_object(), *a = json_array();
	json_object_set_new(l, "physicalLocation", sarif_physical_location(s, &f->at));
	if (f->function[0])
		json_object_set_new(l, "logicalLocations",
		                    json_pack("[{s:o, s:s}]", "fullyQualifiedName", sink_string(f->function),
		                              "kind", "function"));
	json_array_append_new(a, l);
	return a;
}

/* SARIF wants the property in every result or in none: an empty array says "not suppressed". */
static json_t *suppressions(const struct finding *f)
{
	if (!f->suppressed)
		return json_array();
	bool review = f->suppression_kind && strcmp(f->suppression_kind, "review") == 0;
	bool external = review || (f->suppression_kind && strcmp(f->suppression_kind, "config") == 0);
	json_t *j = json_object(), *a = json_array();
	json_object_set_new(j, "kind", json_string(external ? "external" : "inSource"));
	if (review)
		json_object_set_new(j, "status", json_string("accepted"));
	if (f->suppressed[0])
		json_object_set_new(j, "justification", sink_string(f->suppressed));
	json_array_append_new(a, j);
	return a;
}

static json_t *result_properties(const struct finding *f)
{
	json_t *j = json_object();
	json_object_set_new(j, "confidence", json_string(confidence_name(f->confidence)));
	if (f->text_hash[0])
		json_object_set_new(j, "textHash", json_string(f->text_hash));
	if (f->review)
		json_object_set_new(j, "review",
		                    json_pack("{s:o, s:o}", "status", sink_string(f->review), "reason",
		                              sink_string(f->review_reason)));
	if (f->nalso) {
		json_t *also = json_array();
		for (uint32_t i = 0; i < f->nalso; i++)
			json_array_append_new(also, sink_string(f->also[i]));
		json_object_set_new(j, "also", also);
	}
	return j;
}

static json_t *result(struct sarif *s, const struct finding *f)
{
	json_t *j = json_object();
	json_object_set_new(j, "ruleId", sink_string(f->rule));
	json_object_set_new(j, "ruleIndex", json_integer(sarif_rule_index(s, f->rule)));
	json_object_set_new(j, "level", json_string(sarif_level(f->severity)));
	json_object_set_new(j, "message", sarif_message(f->message));
	json_object_set_new(j, "locations", locations(s, f));
	json_object_set_new(j, "fingerprints", json_pack("{s:s}", "cancelint/v1", f->id));
	if (f->line_hash[0])
		json_object_set_new(j, "partialFingerprints",
		                    json_pack("{s:s}", "primaryLocationLineHash", f->line_hash));
	if (f->nsteps) {
		json_object_set_new(j, "codeFlows", code_flows(s, f));
		json_object_set_new(j, "relatedLocations", related_locations(s, f));
	}
	json_t *fixes = sarif_fixes(s, f);
	if (fixes)
		json_object_set_new(j, "fixes", fixes);
	if (s->report->gated)
		json_object_set_new(j, "baselineState", json_string(f->known ? "unchanged" : "new"));
	json_object_set_new(j, "suppressions", suppressions(f));
	json_object_set_new(j, "properties", result_properties(f));
	return j;
}

/* ---- which of them ---- */

/* Most important first; equal ones in the order of the report, which is that of their addresses. */
static int importance_compare(const void *pa, const void *pb)
{
	const struct finding *a = *(const struct finding *const *)pa, *b = *(const struct finding *const *)pb;
	if (!a->suppressed != !b->suppressed)
		return a->suppressed ? 1 : -1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	return (a > b) - (a < b);
}

/* Marks what is shown; returns how many. */
static uint32_t choose(const struct finding_set *set, bool *shown)
{
	if (set->len <= RESULTS_MAX) {
		memset(shown, 1, set->len);
		return set->len;
	}
	const struct finding **order = mem_alloc(set->len * sizeof *order);
	for (uint32_t i = 0; i < set->len; i++)
		order[i] = &set->items[i];
	qsort(order, set->len, sizeof *order, importance_compare);
	for (uint32_t i = 0; i < RESULTS_MAX; i++)
		shown[order[i] - set->items] = true;
	mem_release(order);
	return RESULTS_MAX;
}

static void notify_cut(struct sarif *s, uint32_t dropped)
{
	if (dropped == 0)
		return;
	struct str text = {0};
	str_addf(&text, "%u findings of least severity and confidence were left out: GitHub takes %u results",
	         dropped, RESULTS_MAX);
	sarif_notify(s, "results-left-out", "warning", NULL, str_c(&text));
	str_release(&text);
}

static void notify_short_flow(struct sarif *s, const struct finding *f)
{
	if (f->nsteps <= STEPS_MAX)
		return;
	struct str text = {0};
	str_addf(&text, "the middle of a path of %u steps was left out: GitHub takes %u", f->nsteps,
	         STEPS_MAX);
	sarif_notify(s, "steps-left-out", "note", f->at.file, str_c(&text));
	str_release(&text);
}

void sarif_add_results(struct sarif *s)
{
	const struct finding_set *set = s->report->findings;
	bool *shown = mem_alloc(set->len + 1);
	notify_cut(s, set->len - choose(set, shown));
	for (uint32_t i = 0; i < set->len; i++) {
		if (!shown[i])
			continue;
		json_array_append_new(s->results, result(s, &set->items[i]));
		notify_short_flow(s, &set->items[i]);
	}
	mem_release(shown);
}
