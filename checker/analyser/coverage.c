#include "analyse.h"

#include "apimodel.h"
#include "frontend.h"
#include "ir.h"
#include "judge.h"
#include "mem.h"
#include "worker.h"

#include <string.h>

/* 1 + the first parameter that is a token; 0: none. */
static uint32_t token_of(const struct apimodel *api, const struct ir_func *f)
{
	for (uint32_t k = 0; k < f->nparams; k++)
		if (strchr(f->params[k].ctype, '*') && apimodel_is_token_type(api, f->params[k].ctype))
			return k + 1;
	return 0;
}

static bool is_callback(const char *ctype)
{
	size_t n = strlen(ctype);
	return strstr(ctype, "(*)") != NULL || (n > 8 && strcmp(ctype + n - 8, "Callback") == 0);
}

/* The line of a model that says so much as the declaration does. */
static json_t *suggestion(const struct ir_func *f, uint32_t token)
{
	for (uint32_t k = 0; k + 1 < f->nparams; k++)
		if (is_callback(f->params[k].ctype))
			return json_sprintf("%s: {params: %u, spawn: {entry: arg%u, data: arg%u, runs: loop, "
			                    "token: arg%u}}",
			                    f->name, f->nparams, k, k + 1, token - 1);
	return json_sprintf("%s: {params: %u%s, block: {token: arg%u}}", f->name, f->nparams,
	                    f->flags & IR_FUNC_VARIADIC ? "+" : "", token - 1);
}

struct call_site {
	uint32_t calls;
	ir_loc first;
};

static void count_calls(const struct ir_unit *u, struct call_site *sites)
{
	for (uint32_t func = 1; func < u->nfuncs; func++) {
		const struct ir_func *f = &u->funcs[func];
		for (ir_instr i = 1; i < f->ninstrs; i++) {
			uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
			if (callee && !sites[callee].calls++)
				sites[callee].first = f->instrs[i].loc;
		}
	}
}

static void add_function(json_t *reply, const struct ir_unit *u, const struct ir_func *f, uint32_t token,
                         const struct call_site *site)
{
	struct ir_place at = ir_place_outer(u, site->first);
	if (f->flags & IR_FUNC_DEFINED) {
		json_array_append_new(json_object_get(reply, "defines"), worker_text(f->name));
		return;
	}
	if (!site->calls)
		return;
	json_t *j = json_pack("{s:o, s:o, s:I, s:o, s:I, s:o}", "name", worker_text(f->name), "display",
	                      worker_text(f->display), "calls", (json_int_t)site->calls, "file",
	                      worker_text(at.file ? u->files[at.file].path : u->path), "line",
	                      (json_int_t)at.line, "model", suggestion(f, token));
	json_array_append_new(json_object_get(reply, "unmodelled"), j);
}

static void look(const struct apimodel *api, const struct ir_unit *u, json_t *reply)
{
	struct call_site *sites = mem_alloc(u->nfuncs * sizeof *sites);
	count_calls(u, sites);
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		const struct ir_func *f = &u->funcs[i];
		struct api_decl d = {f->name, f->plain, f->nsource ? f->nsource : f->nparams,
		                     f->flags & IR_FUNC_TEMPLATE, f->flags & IR_FUNC_CPLUSPLUS,
		                     f->flags & IR_FUNC_HOLDS_TOKENS};
		uint32_t token = token_of(api, f);
		if (!token || f->flags & IR_FUNC_PROTOTYPE)
			continue;
		if (apimodel_find_decl(api, &d))
			json_array_append_new(json_object_get(reply, "modelled"), worker_text(f->name));
		else
			add_function(reply, u, f, token, &sites[i]);
	}
	mem_release(sites);
}

void analyse_coverage(struct analysis *a, const json_t *request, json_t *reply)
{
	struct frontend_result result;
	if (!analyse_parse(a, request, reply, &result))
		return;
	struct apimodel *overlay = judge_overlay(a->api, result.unit, reply);
	json_object_set_new(reply, "defines", json_array());
	json_object_set_new(reply, "modelled", json_array());
	json_object_set_new(reply, "unmodelled", json_array());
	look(overlay ? overlay : a->api, result.unit, reply);
	json_object_set_new(reply, "ok", json_true());
	apimodel_overlay_free(overlay);
	frontend_result_release(&result);
}
