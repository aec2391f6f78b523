/*
 * call_failed.c - calls that only come back when they have failed: whoever starts another program in this
 * process.
 */
#include "call.h"

#include <string.h>

bool call_comes_back(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *failed = NULL;
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_RESULT, r));) {
		if (strcmp(r->means, "failed") != 0 || r->only.given || r->to.base)
			return true;
		failed = r;
	}
	return !failed || c->result.kind == SV_NONE || state_assume_cond(s, &m->t, c->result, failed->when);
}
