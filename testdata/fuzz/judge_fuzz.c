/*
 * Facts files on their way through the engine and all rules, as a worker that solves a unit again does it:
 * the bytes of the file get a frame that fits. Findings are such that the other side takes them.
 */
#include "fuzz.h"

#include "frames.h"

#include "apimodel.h"
#include "facts.h"
#include "finding.h"
#include "ir.h"
#include "judge.h"
#include "rule.h"

static const struct apimodel *shipped(void)
{
	static struct apimodel model;
	static bool loaded;
	struct problem_list problems = {0};
	if (!loaded)
		BUG_IF(!apimodel_load_texts(&model, apimodel_shipped, apimodel_shipped_len, NULL, 0,
		                            &problems));
	loaded = true;
	problem_list_release(&problems);
	return &model;
}

static json_t *make_request(void)
{
	json_t *ids = json_array();
	for (uint32_t i = 0; i < rule_table_len; i++)
		json_array_append_new(ids, json_string(rule_table[i].rule->id));
	return json_pack("{s:s, s:s, s:o, s:s, s:b, s:{}}", "mode", "solve", "confidence", "low", "rules",
	                 ids, "root", "/nowhere", "exports", 1, "options");
}

static void check(const json_t *reply)
{
	struct arena *a = arena_new();
	size_t i;
	json_t *v;
	BUG_IF(!json_is_true(json_object_get(reply, "ok")));
	json_array_foreach(json_object_get(reply, "findings"), i, v)
	{
		struct finding f;
		BUG_IF(!finding_from_json(a, v, &f));
	}
	json_array_foreach(json_object_get(reply, "suppressions"), i, v)
	{
		struct suppression s;
		BUG_IF(!suppression_from_json(a, v, &s));
	}
	arena_free(a);
}

bool fuzz_one(const char *data, size_t n)
{
	char *copy = mem_alloc(n);
	memcpy(copy, data, n);
	struct ir_unit *u = frame_mend_facts(copy, n) ? facts_read(copy, n) : NULL;
	mem_release(copy);
	if (!u)
		return false;
	json_t *request = make_request(), *reply = json_pack("{s:[], s:{}}", "notes", "seconds");
	judge_unit(shipped(), request, reply, u);
	check(reply);
	json_decref(reply);
	json_decref(request);
	ir_unit_free(u);
	return true;
}
