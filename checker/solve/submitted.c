/*
 * submitted.c - operations that one call prepares and another one hands over.
 */
#include "task.h"

void task_submitted(struct state *s, const struct call *c, const struct api_func *d, const struct api_role *r)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool prepared = o->kind == OBJ_OP && o->status == OBJ_OWNED && o->when == API_ALWAYS &&
		                o->started_by && o->started_by->kind == API_ROLE_USES;
		if (!prepared || o->model->library != d->library)
			continue;
		o->result = c->result;
		o->when = r->when;
	}
}
