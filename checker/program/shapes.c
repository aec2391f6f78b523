/*
 * shapes.c - functions that no model has, and whose body is nowhere: where the types of their parameters are
 * those by which a library's operations are started, they start one.
 */
#include "graph.h"

#include "arena.h"

#include <string.h>

static bool is_pointer(const char *ctype)
{
	size_t n = strlen(ctype);
	return strcmp(ctype, "gpointer") == 0 || strcmp(ctype, "void *") == 0 || (n && ctype[n - 1] == '*');
}

static struct api_path argument(uint32_t arg)
{
	return (struct api_path){.base = API_PATH_ARG, .arg = (uint8_t)arg, .text = "argN"};
}

/* A callback with its data behind it, as the last parameters, and a token before them. */
const struct api_func *shape_of(struct arena *keep, const struct apimodel *api, const struct ir_func *f)
{
	const char *library = NULL;
	uint32_t n = f->nparams, token = 0;
	if ((f->flags & (IR_FUNC_DEFINED | IR_FUNC_VARIADIC)) || n < 3 || n > UINT8_MAX || !*f->name ||
	    (*f->ret_ctype && strcmp(f->ret_ctype, "void") != 0) || !is_pointer(f->params[n - 1].ctype))
		return NULL;
	library = apimodel_callback_of(api, f->params[n - 2].ctype);
	for (uint32_t k = 0; library && k < n - 2; k++)
		if (apimodel_is_token_type(api, f->params[k].ctype))
			token = k + 1;
	if (!token)
		return NULL;
	struct api_role *r = ARENA_NEW(keep, struct api_role);
	*r = (struct api_role){.kind = API_ROLE_SPAWN, .runs = API_RUNS_LOOP};
	r->family = r->unit = r->covers = r->name = r->means = r->hazard = "";
	r->handle = r->from = r->to = r->into = r->value = r->destroy = r->id = r->timeout = r->fds =
	        r->count = r->deadline = r->tells = r->gives = (struct api_path){.text = ""};
	r->entry = argument(n - 2);
	r->data = argument(n - 1);
	r->token = argument(token - 1);
	struct api_func *d = ARENA_NEW(keep, struct api_func);
	*d = (struct api_func){.name = f->name,
	                       .library = library,
	                       .file = "",
	                       .nparams = (int)n,
	                       .by_type = true,
	                       .since = "",
	                       .roles = r,
	                       .nroles = 1};
	api_kinds_add(&d->kinds, API_ROLE_SPAWN);
	return d;
}
