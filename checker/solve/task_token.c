/*
 * task_token.c - tokens that operations were given: who cancels them, and which ways out leave them alone.
 */
#include "task.h"

/* The token that the handle `v` cancels; SV_NONE. Of a handle that is the token itself, a reference is given
 * up. */
static struct sval token_of(struct state *s, struct sval v)
{
	const struct obj *o = state_obj_by_key(s, v);
	const struct api_role *made = o ? api_role_of(o->model, API_ROLE_CREATE) : NULL;
	bool cancels = made && made->token.base == API_PATH_RETURN && !sv_eq(o->result, v);
	return cancels ? o->result : (struct sval){0};
}

/* What makes such a handle returns a token with it. */
static bool comes_with_token(const struct apimodel *api, const char *family)
{
	for (uint32_t k = 0; k < api->nfuncs; k++)
		for (const struct api_role *r = NULL;
		     (r = api_role_next(&api->funcs[k], API_ROLE_CREATE, r));)
			if (r->family == family && r->token.base == API_PATH_RETURN && r->handle.deref)
				return true;
	return false;
}

/* A call put the handle into an object, and the token beside it. */
static bool made_beside(const struct sim *m, const struct state *s, const struct obj *handle,
                        struct sval token)
{
	const struct symbol *q = token.kind == SV_SYM && !token.off ? &m->t.items.data[token.id] : NULL;
	if (!q || q->kind != SYM_MEM || q->a != handle->site || handle->model)
		return false;
	for (uint32_t k = 0; k < s->mem.len; k++)
		if (sv_eq(s->mem.data[k].v, handle->key) && s->mem.data[k].at.kind == q->x.kind &&
		    s->mem.data[k].at.id == q->x.id)
			return comes_with_token(m->p->api, handle->family);
	return false;
}

static void end_token(struct sim *m, struct state *s, struct sval token, ir_instr i)
{
	bool by_scope = m->f->instrs[i].flags & IR_F_CLEANUP;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (!task_running(m, s, o) || o->ended || !sv_eq(o->token, token) ||
		    o->refs >= (by_scope ? 2 : 1))
			continue;
		o->ended = true;
		o->changed = i;
	}
}

/* Does a clean-up function cancel what lies where its argument points? */
static bool cancels_there(const struct sim *m, uint32_t callee)
{
	const struct ir_func *g = &m->u->funcs[callee];
	for (ir_instr i = 1; m->p->cfgs[callee] && i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		const struct api_role *r =
		        ir_is_call(in) ? api_role_of(m->p->described[ir_callee(g, in)], API_ROLE_CANCEL)
		                       : NULL;
		const struct api_path *what = !r ? NULL : r->handle.base ? &r->handle : &r->token;
		if (!what || what->base != API_PATH_ARG || what->deref)
			continue;
		const struct ir_instruction *load = ir_def(g, ir_strip_casts(g, ir_arg(g, in, what->arg)));
		if (load && load->op == IR_LOAD && g->nparams &&
		    ir_strip_casts(g, ir_operand(g, load, 0)) == g->params[0].val)
			return true;
	}
	return false;
}

void task_scope_ends(struct sim *m, struct state *s, const struct call *c)
{
	struct sval at =
	        c->in->flags & IR_F_CLEANUP ? sim_eval(m, s, ir_arg(m->f, c->in, 0)) : (struct sval){0};
	if (at.kind != SV_LOCAL || m->p->described[c->callee] || !cancels_there(m, c->callee))
		return;
	struct sval token = sim_load(m, s, at, 8, true, c->i);
	if (token.kind == SV_SYM)
		end_token(m, s, token, c->i);
}

void task_ends_token(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct sval token = token_of(s, v);
	const struct obj *handle = token.kind ? NULL : state_obj_by_key(s, v);
	for (uint32_t k = 0; handle && k < s->objs.len && !token.kind; k++)
		if (s->objs.data[k].token.kind && made_beside(m, s, handle, s->objs.data[k].token))
			token = s->objs.data[k].token;
	if (token.kind)
		end_token(m, s, token, i);
}

void task_without_token(struct state *s, const struct obj *handle)
{
	const struct api_role *made = api_role_of(handle->model, API_ROLE_CREATE);
	for (uint32_t k = 0; made && made->token.base == API_PATH_RETURN && k < s->objs.len; k++)
		if (s->objs.data[k].token.kind && sv_eq(s->objs.data[k].token, handle->result))
			s->objs.data[k].token = (struct sval){0};
}

void task_leaves_token(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	if (!o->ended) {
		vec_push(&m->survivors, o->site);
		return;
	}
	struct incident *in = task_tell(m, s, INCIDENT_CANCELLED_AT_ONCE, o, i);
	if (in)
		in->before = o->changed;
}

void task_settle(struct sim *m)
{
	for (uint32_t i = m->first_incident; i < m->sol->nincidents; i++) {
		struct incident *in = &m->sol->incidents[i];
		for (uint32_t k = 0;
		     in->func == m->func && in->kind == INCIDENT_CANCELLED_AT_ONCE && k < m->survivors.len;
		     k++)
			in->survives |= m->survivors.data[k] == in->site;
	}
}
