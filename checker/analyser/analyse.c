#include "analyse.h"
#include "frontend.h"
#include "program.h"

void analyse_unit(struct analysis *a, const json_t *request, json_t *reply)
{
	struct frontend_result result;
	if (!analyse_parse(a, request, reply, &result))
		return;
	double began = analyse_clock();
	struct program *p = program_build(result.unit, a->api);
	json_object_set_new(reply, "findings", json_array());
	json_object_set_new(reply, "suppressions", json_array());
	json_object_set_new(json_object_get(reply, "seconds"), "analyse", json_real(analyse_clock() - began));
	json_object_set_new(reply, "ok", json_true());
	program_free(p);
	frontend_result_release(&result);
}
