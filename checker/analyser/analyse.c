#include "analyse.h"

#include "facts.h"
#include "frontend.h"
#include "ir.h"
#include "judge.h"
#include "mem.h"
#include "str.h"
#include "worker.h"
#include <stdlib.h>

void analyse_unit(struct analysis *a, const json_t *request, json_t *reply)
{
	struct frontend_result result;
	if (!analyse_parse(a, request, reply, &result))
		return;
	judge_unit(a->api, request, reply, result.unit);
	frontend_result_release(&result);
}

#define FACTS_MAX_BYTES ((size_t)1 << 30)

static struct ir_unit *read_unit(const json_t *path)
{
	size_t n = 0;
	char *bytes =
	        json_is_string(path) ? str_read_file(json_string_value(path), FACTS_MAX_BYTES, &n) : NULL;
	struct ir_unit *u = bytes ? facts_read(bytes, n) : NULL;
	mem_release(bytes);
	return u;
}

static struct ir_unit *read_joined(const json_t *paths)
{
	uint32_t n = (uint32_t)json_array_size(paths), got = 0;
	struct ir_unit **units = mem_alloc((n + 1) * sizeof *units), *joined = NULL;
	while (got < n && (units[got] = read_unit(json_array_get(paths, got))))
		got++;
	if (n && got == n)
		joined = ir_join(units, n);
	for (uint32_t i = 0; i < got; i++)
		ir_unit_free(units[i]);
	mem_release(units);
	return joined;
}

void analyse_solve(struct analysis *a, const json_t *request, json_t *reply)
{
	const json_t *facts = json_object_get(request, "facts");
	struct ir_unit *u = json_is_array(facts) ? read_joined(facts) : read_unit(facts);
	if (!u) {
		analyse_fail(reply, "what was kept of the unit cannot be read");
		json_object_set_new(reply, "unreadable", json_true());
		return;
	}
	json_object_set_new(reply, "seconds", json_object());
	analyse_describe(reply, u);
	judge_unit(a->api, request, reply, u);
	ir_unit_free(u);
}

void analyse_preprocess(struct analysis *a, const json_t *request, json_t *reply)
{
	struct frontend_job job = analyse_job(a, request);
	char *text = frontend_preprocess(&job);
	json_object_set_new(reply, "text", worker_text(text));
	json_object_set_new(reply, "ok", json_true());
	mem_release(text);
	analyse_job_release(&job);
}
