/*
 * effect.c - cancels and limits that are set up and can have no effect: nobody looks at the token, the thing
 * is off, the thread does not listen, or it comes too late. Without regard to paths; what is out of sight
 * counts as an effect.
 */
#include "scan.h"

#include "mem.h"

#include <string.h>

#define MAX_DEPTH 4
#define MAX_RETURNED 16

struct look {
	const struct solution *s;
	uint32_t func;
	const struct ir_func *f;
	const struct use_index *x;
};

static struct look look_at(const struct solution *s, uint32_t func)
{
	return (struct look){s, func, &s->program->unit->funcs[func], scan_uses(s, func)};
}

static const struct api_func *model_of(const struct look *l, const struct ir_instruction *in)
{
	return scan_model(l->s, l->f, in);
}

static bool names(const struct api_path *p, uint32_t arg)
{
	return p->base == API_PATH_ARG && p->arg == arg;
}

/* ---- is a value ever looked at? ---- */

static bool observed(const struct look *l, ir_val v, unsigned depth);

/* A function that only ends what it gets: an API function, or one of the unit that does nothing else with it.
 */
static bool entry_observes(const struct look *l, ir_val entry, unsigned depth)
{
	const struct ir_value *e = &l->f->vals[ir_strip_casts(l->f, entry)];
	const struct program *g = l->s->program;
	if (e->kind != IR_VAL_FUNC)
		return true;
	if (g->described[e->aux])
		return !api_role_of(g->described[e->aux], API_ROLE_CANCEL);
	if (!g->cfgs[e->aux] || depth > MAX_DEPTH)
		return true;
	uint32_t data = scan_entry_data(l->s, e->aux);
	const struct ir_func *f = &g->unit->funcs[e->aux];
	ir_val param = 0;
	for (uint32_t k = 0; k < f->nparams && !param; k++)
		if (k + 1 == data || f->vals[f->params[k].val].type == IR_TYPE_PTR)
			param = f->params[k].val;
	if (!param)
		return true;
	struct look inner = look_at(l->s, e->aux);
	return observed(&inner, param, depth + 1);
}

static bool ends_only(const struct api_role *r)
{
	return r->kind == API_ROLE_RELEASE || r->kind == API_ROLE_CANCEL || r->kind == API_ROLE_REF ||
	       r->kind == API_ROLE_RENEW || r->kind == API_ROLE_WAIT || r->kind == API_ROLE_BACKGROUND ||
	       r->kind == API_ROLE_CLEANUP || r->kind == API_ROLE_FORBIDDEN;
}

static bool role_observes(const struct look *l, const struct ir_instruction *in, const struct api_role *r,
                          uint32_t arg, unsigned depth)
{
	if (r->kind == API_ROLE_REF && in->result && depth < 12) /* the same one by another name */
		return names(&r->handle, arg) && observed(l, in->result, depth + 1);
	if (ends_only(r))
		return false;
	if (r->kind == API_ROLE_TOKEN && names(&r->token, arg))
		return !r->values_only && !api_role_of(model_of(l, in), API_ROLE_DERIVE) &&
		       !api_role_of(model_of(l, in), API_ROLE_VALUE);
	if ((r->kind == API_ROLE_DERIVE || r->kind == API_ROLE_VALUE) && names(&r->from, arg))
		return r->to.base != API_PATH_RETURN || observed(l, in->result, depth + 1);
	if (r->kind == API_ROLE_SPAWN && names(&r->data, arg) && !names(&r->token, arg))
		return entry_observes(l, scan_path(l->f, in, &r->entry), depth);
	if (r->kind == API_ROLE_ALIAS && names(&r->from, arg) && r->to.base == API_PATH_RETURN)
		return observed(l, in->result, depth + 1);
	if (scan_to_entry(model_of(l, in), r, arg))
		return true;
	const struct api_path *all[] = {&r->token, &r->handle, &r->from, &r->into,
	                                &r->value, &r->data,   &r->to,   &r->fds};
	for (size_t k = 0; k < sizeof all / sizeof *all; k++)
		if (names(all[k], arg))
			return true;
	return false;
}

static bool call_observes(const struct look *l, const struct ir_instruction *in, uint32_t arg, unsigned depth)
{
	const struct program *g = l->s->program;
	uint32_t callee = ir_callee(l->f, in);
	const struct api_func *d = model_of(l, in);
	for (uint32_t k = 0; d && k < d->nroles; k++)
		if (role_observes(l, in, &d->roles[k], arg, depth))
			return true;
	if (d)
		return d->nroles == 0 && (d->nparams < 0 || in->result);
	if (!callee || !g->cfgs[callee] || arg >= g->unit->funcs[callee].nparams || depth > MAX_DEPTH)
		return true;
	struct look inner = look_at(l->s, callee);
	return observed(&inner, g->unit->funcs[callee].params[arg].val, depth + 1);
}

/* A local variable that only this function sees: what is read from it is looked at. Where its address is
 * kept, as in a lambda that captures it, somebody else reads it. */
static bool local_observed(const struct look *l, ir_val local, unsigned depth)
{
	for (uint32_t k = l->x->first[local]; k < l->x->first[local + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		if (in->op == IR_LOAD && observed(l, in->result, depth + 1))
			return true;
		if (in->op == IR_STORE && l->x->uses[k].operand == 0)
			return true;
		if (in->op != IR_LOAD && in->op != IR_STORE && !(in->flags & IR_F_CLEANUP))
			return !ir_is_call(in) || call_observes(l, in, l->x->uses[k].operand - 1, depth + 1);
	}
	return false;
}

static bool observed(const struct look *l, ir_val v, unsigned depth)
{
	for (uint32_t k = l->x->first[v]; k < l->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		bool found = true;
		if (ir_is_call(in) && l->x->uses[k].operand > 0)
			found = call_observes(l, in, l->x->uses[k].operand - 1, depth);
		else if (in->op == IR_CAST || in->op == IR_PHI)
			found = depth < 12 && observed(l, in->result, depth + 1);
		else if (in->op == IR_ICMP)
			found = false;
		else if (in->op == IR_STORE && l->x->uses[k].operand == 0) {
			ir_val to = ir_strip_casts(l->f, ir_operand(l->f, in, 1));
			const struct ir_instruction *local = ir_def(l->f, to);
			found = !local || local->op != IR_ALLOCA || depth > 12 ||
			        local_observed(l, to, depth + 1);
		}
		if (found)
			return true;
	}
	return false;
}

/* ---- tokens that nobody looks at ---- */

/* An operation behind the creation: it may block or start something, or nobody knows it. */
static ir_instr operation_behind(const struct look *l, ir_instr made)
{
	const struct cfg *cfg = l->s->program->cfgs[l->func];
	for (ir_instr i = 1; i < l->f->ninstrs; i++) {
		const struct ir_instruction *in = &l->f->instrs[i];
		const struct api_func *d = model_of(l, in);
		uint32_t callee = ir_is_call(in) ? ir_callee(l->f, in) : 0;
		bool behind = in->block == l->f->instrs[made].block
		                      ? i > made
		                      : cfg_reachable(cfg, in->block) &&
		                                cfg_dominates(cfg, l->f->instrs[made].block, in->block);
		const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
		bool cleans = api_role_of(d, API_ROLE_CLEANUP) && !(block && block->token.base);
		bool works = d ? (block || api_role_of(d, API_ROLE_SPAWN)) && !cleans &&
		                             !api_role_of(d, API_ROLE_JOIN)
		               : callee && !scan_is_marker(l->s, l->f, in);
		bool timer = d && api_role_of(d, API_ROLE_SPAWN) &&
		             !api_role_of(d, API_ROLE_SPAWN)->token.base && !api_role_of(d, API_ROLE_BLOCK);
		if (behind && ir_is_call(in) && works && !timer && !(in->flags & IR_F_CLEANUP))
			return i;
	}
	return 0;
}

/* The call gives its own parent token to an operation later on. */
static bool parent_is_used(const struct look *l, const struct ir_instruction *made,
                           const struct api_role *derive)
{
	ir_val parent = derive ? scan_path(l->f, made, &derive->from) : 0;
	for (uint32_t k = parent ? l->x->first[parent] : 0; parent && k < l->x->first[parent + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		if (ir_is_call(in) && in != made && l->x->uses[k].operand > 0 &&
		    !api_role_of(model_of(l, in), API_ROLE_DERIVE))
			return true;
	}
	return false;
}

/* What ends the token: a cancel of it, or something that is started with it as its data; 0: nothing does. */
static ir_instr ended_by(const struct look *l, ir_val v, unsigned depth)
{
	ir_instr found;
	for (uint32_t k = l->x->first[v]; k < l->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		const struct api_func *d = model_of(l, in);
		const struct api_role *spawn = api_role_of(d, API_ROLE_SPAWN);
		uint32_t arg = l->x->uses[k].operand - 1;
		if (api_role_of(d, API_ROLE_CANCEL) || (spawn && names(&spawn->data, arg)))
			return l->x->uses[k].by;
		bool same = in->op == IR_CAST || (in->result && api_role_of(d, API_ROLE_REF));
		if (same && depth < 4 && (found = ended_by(l, in->result, depth + 1)))
			return found;
		ir_val to = in->op == IR_STORE ? ir_strip_casts(l->f, ir_operand(l->f, in, 1)) : 0;
		const struct ir_instruction *local = to ? ir_def(l->f, to) : NULL;
		for (uint32_t n = local && local->op == IR_ALLOCA ? l->x->first[to] : 0;
		     local && local->op == IR_ALLOCA && depth < 4 && n < l->x->first[to + 1]; n++) {
			const struct ir_instruction *load = &l->f->instrs[l->x->uses[n].by];
			if (load->op == IR_LOAD && (found = ended_by(l, load->result, depth + 1)))
				return found;
		}
	}
	return 0;
}

static bool unseen(const struct look *l, ir_instr i, const struct api_func *d, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	const struct api_role *derive = api_role_of(d, API_ROLE_DERIVE),
	                      *made = api_role_of(d, API_ROLE_CREATE);
	bool token = (derive && derive->to.base == API_PATH_RETURN) ||
	             (made && made->token.base == API_PATH_RETURN && !made->token.deref);
	if (!token || !in->result || l->f->vals[in->result].type != IR_TYPE_PTR)
		return false;
	ir_instr end = derive ? 0 : ended_by(l, in->result, 0);
	out->ends_early = derive ? derive->deadline.base != API_PATH_NONE : end != 0;
	if (!out->ends_early && !parent_is_used(l, in, derive))
		return false;
	ir_instr op = operation_behind(l, i);
	bool limits = derive && out->ends_early;
	if ((!op && !limits) || observed(l, in->result, 0))
		return false;
	out->kind = INEFFECTIVE_UNSEEN;
	out->made = i;
	out->at = end ? end : i;
	out->subject = in->result;
	out->other = (struct field_site){op ? l->func : 0, op};
	return true;
}

static bool gives_tokens(const struct apimodel *api, const char *library)
{
	for (uint32_t k = 0; k < api->nfuncs; k++)
		if (strcmp(api->funcs[k].library, library) == 0 && api_role_of(&api->funcs[k], API_ROLE_GET))
			return true;
	return false;
}

/* A variable whose object only its own class touches, and which is never asked for a token. */
static bool never_asked(const struct look *l, ir_val object)
{
	for (uint32_t k = l->x->first[object]; k < l->x->first[object + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		const struct api_func *d = model_of(l, in);
		bool inside = in->op == IR_FILL || (in->op == IR_STORE && l->x->uses[k].operand == 1);
		ir_val stored = inside ? ir_strip_casts(l->f, ir_operand(l->f, in, 0)) : 0;
		const struct ir_instruction *from = ir_def(l->f, stored);
		if (in->op == IR_STORE && from && from->op == IR_LOAD)
			return false; /* it is a copy itself */
		for (uint32_t n = in->op == IR_LOAD ? l->x->first[in->result] : 0;
		     in->op == IR_LOAD && n < l->x->first[in->result + 1]; n++)
			if (l->f->instrs[l->x->uses[n].by].op == IR_STORE && !l->x->uses[n].operand)
				return false; /* a copy of it may be asked */
		bool gives = api_role_of(d, API_ROLE_GET) || api_role_of(d, API_ROLE_SPAWN);
		if (in->op != IR_LOAD && !inside && (!d || gives))
			return false;
	}
	return true;
}

/* `std::stop_source all; ... all.request_stop();`, and nobody has a token of it. */
static bool lone_source(const struct look *l, ir_instr i, const struct api_func *d, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	const struct api_role *r = api_role_of(d, API_ROLE_CANCEL);
	ir_val object = r && r->token.base == API_PATH_ARG && !r->handle.base
	                        ? ir_strip_casts(l->f, scan_path(l->f, in, &r->token))
	                        : 0;
	const struct ir_instruction *local = object ? ir_def(l->f, object) : NULL;
	if (!local || local->op != IR_ALLOCA || scan_in_header(l->s, in) ||
	    !gives_tokens(l->s->program->api, d->library) || !never_asked(l, object))
		return false;
	out->kind = INEFFECTIVE_UNASKED;
	out->subject = object;
	return true;
}

/* ---- groups in which nothing was started ---- */

static bool counts(const struct apimodel *api, const char *family)
{
	for (uint32_t k = 0; k < api->nfuncs; k++)
		for (const struct api_role *r = NULL; (r = api_role_next(&api->funcs[k], API_ROLE_ENTER, r));)
			if (r->handle.base && r->family == family)
				return true;
	return false;
}

static bool empty_group(const struct look *l, ir_instr i, const struct api_func *d, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	const struct api_role *made = api_role_of(d, API_ROLE_CREATE);
	if (!made || made->handle.base != API_PATH_RETURN || !in->result ||
	    !counts(l->s->program->api, made->family))
		return false;
	for (ir_instr k = 1; k < l->f->ninstrs; k++) {
		const struct api_role *wait = api_role_of(model_of(l, &l->f->instrs[k]), API_ROLE_WAIT);
		if (!wait ||
		    ir_strip_casts(l->f, scan_path(l->f, &l->f->instrs[k], &wait->handle)) != in->result)
			continue;
		if (observed(l, in->result, 0))
			return false;
		out->kind = INEFFECTIVE_EMPTY;
		out->subject = in->result;
		out->other = (struct field_site){l->func, k};
		return true;
	}
	return false;
}

/* ---- what is off, or defeated ---- */

static bool applies(const struct ir_func *f, const struct ir_instruction *in, const struct api_role *r)
{
	return scan_test(f, in, &r->only) == TRI_TRUE &&
	       !(r->unless.given && scan_test(f, in, &r->unless) == TRI_TRUE);
}

/* The role of that kind and family that a call has, as it is made. */
static const struct api_role *role_at(const struct ir_func *f, const struct ir_instruction *in,
                                      const struct api_func *d, enum api_role_kind kind, const char *family)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, kind, r));)
		if (r->family == family && applies(f, in, r))
			return r;
	return NULL;
}

static bool given_to_described(const struct look *l, ir_val handle, ir_val made, unsigned depth);

/* So is the parameter of a function of the unit that gets it. */
static bool helper_gives(const struct look *l, const struct ir_instruction *in, uint32_t operand,
                         unsigned depth)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(l->f, in) : 0;
	const struct ir_func *g = &l->s->program->unit->funcs[callee];
	if (!callee || !l->s->program->cfgs[callee] || !operand || operand > g->nparams || depth == MAX_DEPTH)
		return false;
	struct look inside = look_at(l->s, callee);
	ir_val param = g->params[operand - 1].val;
	return param && given_to_described(&inside, param, param, depth + 1);
}

/* A handle that nobody else may have set up: made here, and given to described calls alone. */
static bool given_to_described(const struct look *l, ir_val handle, ir_val made, unsigned depth)
{
	for (uint32_t k = l->x->first[handle]; k < l->x->first[handle + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		bool plain = in->op == IR_ICMP || in->op == IR_RET || (in->flags & IR_F_CLEANUP) ||
		             (ir_is_call(in) && model_of(l, in)) ||
		             helper_gives(l, in, l->x->uses[k].operand, depth) ||
		             (in->op == IR_PHI && depth < MAX_DEPTH &&
		              given_to_described(l, in->result, made, depth + 1));
		ir_val local = in->op == IR_STORE && !l->x->uses[k].operand && made == handle
		                       ? ir_strip_casts(l->f, ir_operand(l->f, in, 1))
		                       : 0;
		for (uint32_t n = local ? l->x->first[local] : 0; local && n < l->x->first[local + 1]; n++) {
			const struct ir_instruction *load = &l->f->instrs[l->x->uses[n].by];
			if (load->op != IR_LOAD)
				continue;
			if (scan_held(l->s, l->func, load->result) != made ||
			    !given_to_described(l, load->result, made, depth))
				return false;
			plain = true; /* a smart pointer holds it */
		}
		if (!plain)
			return false;
	}
	return true;
}

/* A function of the unit makes such a call with its parameter: each time it is called, or (`may`) sometimes.
 * `family` NULL: of any. */
static const struct api_role *through(const struct look *l, uint32_t callee, uint32_t arg,
                                      enum api_role_kind kind, const char *family, bool may)
{
	const struct ir_func *g = &l->s->program->unit->funcs[callee];
	const struct cfg *cfg = l->s->program->cfgs[callee];
	if (!cfg || l->s->program->described[callee] || arg >= g->nparams || !g->params[arg].val)
		return NULL;
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		const struct api_func *d = scan_model(l->s, g, in);
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, kind, r));)
			if ((!family || r->family == family) && r->handle.base == API_PATH_ARG &&
			    ir_strip_casts(g, scan_path(g, in, &r->handle)) == g->params[arg].val &&
			    applies(g, in, r) && (may || cfg_on_each_way(cfg, in->block)))
				return r;
	}
	return NULL;
}

static ir_instr on_handle(const struct look *l, ir_val handle, enum api_role_kind kind, const char *family)
{
	for (ir_instr i = 1; i < l->f->ninstrs; i++) {
		const struct ir_instruction *in = &l->f->instrs[i];
		const struct api_role *r = role_at(l->f, in, model_of(l, in), kind, family);
		if (r && r->handle.base &&
		    scan_held(l->s, l->func, scan_path(l->f, in, &r->handle)) == handle)
			return i;
		uint32_t callee = ir_is_call(in) ? ir_callee(l->f, in) : 0;
		for (uint32_t k = 0; callee && handle && k < ir_nargs(in); k++)
			if (scan_held(l->s, l->func, ir_arg(l->f, in, k)) == handle &&
			    through(l, callee, k, kind, family, kind == API_ROLE_ENABLE))
				return i;
	}
	return 0;
}

static bool known_here(const struct look *l, ir_val handle, const char *family, unsigned depth);

/* All that the function returns was made in it, and not enabled. */
static bool only_makes(const struct solution *s, uint32_t func, const char *family, unsigned depth)
{
	struct look l = look_at(s, func);
	VEC(ir_val) work = {0};
	bool ok = s->program->cfgs[func] != NULL;
	for (ir_instr i = 1; ok && i < l.f->ninstrs; i++)
		if (l.f->instrs[i].op == IR_RET)
			vec_push(&work, ir_operand(l.f, &l.f->instrs[i], 0));
	for (uint32_t k = 0; ok && k < work.len; k++) {
		ir_val v = ir_strip_casts(l.f, work.data[k]);
		const struct ir_instruction *def = ir_def(l.f, v);
		for (uint32_t n = 0; def && def->op == IR_PHI && n < def->noperands; n++)
			vec_push(&work, ir_operand(l.f, def, n));
		ok = k < MAX_RETURNED &&
		     (l.f->vals[v].kind == IR_VAL_NULL || (def && def->op == IR_PHI) ||
		      (known_here(&l, v, family, depth + 1) && !on_handle(&l, v, API_ROLE_ENABLE, family)));
	}
	vec_release(&work);
	return ok;
}

/* Nobody else may have set it up, but who made it, where that is seen. */
static bool known_here(const struct look *l, ir_val handle, const char *family, unsigned depth)
{
	const struct ir_instruction *def = ir_def(l->f, ir_strip_casts(l->f, handle));
	uint32_t callee = def && ir_is_call(def) ? ir_callee(l->f, def) : 0;
	if (!callee || depth > MAX_DEPTH || !given_to_described(l, def->result, def->result, 0))
		return false;
	return model_of(l, def) || only_makes(l->s, callee, family, depth);
}

/* Before it is armed, code that is not seen gets it, and may make it as it was. */
static bool changed_out_of_sight(const struct look *l, ir_val handle, ir_instr arm)
{
	const struct cfg *cfg = l->s->program->cfgs[l->func];
	for (ir_instr i = 1; handle && i < l->f->ninstrs; i++) {
		const struct ir_instruction *in = &l->f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(l->f, in) : 0;
		bool seen = !ir_is_call(in) || scan_is_marker(l->s, l->f, in) ||
		            (callee && (l->s->program->described[callee] || l->s->program->cfgs[callee]));
		bool before = in->block == l->f->instrs[arm].block
		                      ? i < arm
		                      : cfg_can_reach(cfg, in->block, l->f->instrs[arm].block);
		for (uint32_t k = 0; !seen && before && k < ir_nargs(in); k++)
			if (scan_held(l->s, l->func, ir_arg(l->f, in, k)) == handle)
				return true;
	}
	return false;
}

static bool has_enable(const struct api_func *d, const char *family)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_ENABLE, r));)
		if (r->family == family)
			return true;
	return false;
}

static bool is_defeated(const struct look *l, const struct api_func *d, const struct api_role *r,
                        ir_val handle, struct ineffective *out)
{
	ir_instr off = on_handle(l, handle, API_ROLE_DISABLE, r->family);
	ir_instr on = on_handle(l, handle, API_ROLE_ENABLE, r->family);
	bool needs = d && has_enable(d, r->family);
	if (on ||
	    (needs ? !known_here(l, handle, r->family, 0) : !off || changed_out_of_sight(l, handle, out->at)))
		return false;
	out->kind = needs ? INEFFECTIVE_OFF : INEFFECTIVE_DISABLED;
	out->subject = handle;
	out->role = r;
	out->other = (struct field_site){off ? l->func : 0, off};
	return true;
}

static bool defeated(const struct look *l, ir_instr i, const struct api_func *d, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_ARM, r));)
		if (applies(l->f, in, r) &&
		    is_defeated(l, d, r, scan_held(l->s, l->func, scan_path(l->f, in, &r->handle)), out))
			return true;
	return false;
}

/* Likewise, where a function of the unit arms it; where that is off until it is enabled, somebody else may do
 * so. */
static bool defeated_through(const struct look *l, ir_instr i, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(l->f, in) : 0;
	for (uint32_t k = 0; callee && k < ir_nargs(in); k++) {
		const struct api_role *r = through(l, callee, k, API_ROLE_ARM, NULL, false);
		ir_val handle = r ? scan_held(l->s, l->func, ir_arg(l->f, in, k)) : 0;
		if (handle && is_defeated(l, NULL, r, handle, out))
			return true;
	}
	return false;
}

/* ---- threads that do not listen ---- */

struct listening {
	const char *family;
	uint32_t entry;
	bool points, enables;
	unsigned budget; /* functions */
};

static bool may_end_in(const struct solution *s, const struct look *l, const struct ir_instruction *in)
{
	const struct api_func *d = model_of(l, in);
	uint32_t callee = ir_is_call(in) ? ir_callee(l->f, in) : 0;
	if (!ir_is_call(in) || scan_is_marker(s, l->f, in))
		return false;
	return !d || !callee || api_role_of(d, API_ROLE_CANCEL_POINT) || api_role_of(d, API_ROLE_BLOCK) ||
	       api_role_of(d, API_ROLE_RESULT) || (d->variadic && !d->nroles);
}

/* Nothing behind the call listens, so that it comes too late. */
static bool enables_nothing(const struct look *l, ir_instr i)
{
	const struct cfg *cfg = l->s->program->cfgs[l->func];
	ir_block from = l->f->instrs[i].block;
	for (ir_instr k = 1; k < l->f->ninstrs; k++) {
		ir_block to = l->f->instrs[k].block;
		bool behind = cfg_can_reach(cfg, from, to) && (from != to || cfg->loop_of[from]);
		if (k != i && (behind || (from == to && k > i)) && may_end_in(l->s, l, &l->f->instrs[k]))
			return false;
	}
	return true;
}

/* Looks for places where the thread may be ended, and for calls that let it. */
static void find_points(const struct solution *s, uint32_t func, struct listening *w)
{
	struct look l = look_at(s, func);
	if (!s->program->cfgs[func] || w->budget-- == 0) {
		w->points = w->enables = true;
		w->budget = 1;
		return;
	}
	for (ir_instr i = 1; i < l.f->ninstrs && !(w->points && w->enables); i++) {
		const struct ir_instruction *in = &l.f->instrs[i];
		const struct api_func *d = model_of(&l, in);
		uint32_t callee = ir_is_call(in) ? ir_callee(l.f, in) : 0;
		if (!ir_is_call(in) || scan_is_marker(s, l.f, in))
			continue;
		w->enables |= role_at(l.f, in, d, API_ROLE_ENABLE, w->family) &&
		              !(w->entry == func && enables_nothing(&l, i));
		w->points |= d && may_end_in(s, &l, in);
		if (!d && (!callee || !s->program->cfgs[callee]))
			w->points = true; /* what disables it before it enables it again puts back what it
			                     found */
		else if (!d)
			find_points(s, callee, w);
	}
}

/* A function of the unit disables it, each time it is called, and never enables it. */
static bool masks_through(const struct look *l, uint32_t callee, const char *family)
{
	const struct ir_func *g = &l->s->program->unit->funcs[callee];
	const struct cfg *cfg = l->s->program->cfgs[callee];
	bool found = false;
	if (!cfg || !program_calls(l->s->program, callee, API_ROLE_DISABLE))
		return false;
	for (PROGRAM_EACH_CALL(l->s->program, callee, c)) {
		const struct ir_instruction *in = &g->instrs[c->at];
		const struct api_func *d = l->s->program->described[c->callee];
		if (role_at(g, in, d, API_ROLE_ENABLE, family))
			return false;
		found |= role_at(g, in, d, API_ROLE_DISABLE, family) && cfg_on_each_way(cfg, in->block);
	}
	return found;
}

/* The first call of the body that makes it deaf, before anything that may wait. */
static ir_instr masks(const struct look *l, const char *family)
{
	const struct cfg *cfg = l->s->program->cfgs[l->func];
	const struct ir_basic_block *b = &l->f->blocks[cfg->rpo[0]];
	for (ir_instr i = b->first; i < b->first + b->count; i++) {
		const struct api_func *d = model_of(l, &l->f->instrs[i]);
		uint32_t callee = ir_is_call(&l->f->instrs[i]) ? ir_callee(l->f, &l->f->instrs[i]) : 0;
		if (role_at(l->f, &l->f->instrs[i], d, API_ROLE_DISABLE, family) ||
		    (callee && !d && masks_through(l, callee, family)))
			return i;
		if (d && api_role_of(d, API_ROLE_BLOCK))
			return 0;
	}
	return 0;
}

/* Judges the thread entry `func`, when the unit cancels its thread. */
static bool deaf(const struct solution *s, uint32_t func, struct ineffective *out)
{
	uint32_t where;
	ir_instr cancel = solve_canceller(s, func, &where);
	if (!cancel)
		return false;
	struct look c = look_at(s, where), l = look_at(s, func);
	const struct api_func *d = model_of(&c, &c.f->instrs[cancel]);
	const struct api_role *r = api_role_of(d, API_ROLE_CANCEL);
	const struct api_family *family = r->family ? apimodel_family(s->program->api, r->family) : NULL;
	if (!family || !family->task)
		return false;
	struct listening w = {.family = r->family, .entry = func, .budget = 64};
	find_points(s, func, &w);
	ir_instr mask = w.enables && w.points ? 0 : masks(&l, r->family);
	if (!(mask && !w.enables) && w.points)
		return false;
	*out = (struct ineffective){.kind = mask ? INEFFECTIVE_MASKED : INEFFECTIVE_NO_POINT,
	                            .func = where,
	                            .at = cancel,
	                            .other = {mask ? func : 0, mask},
	                            .model = d,
	                            .entry = func};
	return true;
}

static bool is_thread(const struct program *p, uint32_t func)
{
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind == CALL_CALLBACK &&
		    p->edges[p->in_edges[k]].runs == API_RUNS_THREAD)
			return true;
	return false;
}

/* ---- handlers that come too late ---- */

static bool removes(const struct look *l, const struct ir_instruction *in, ir_val id)
{
	const struct api_role *r = api_role_of(model_of(l, in), API_ROLE_DISCONNECT);
	return r && ir_strip_casts(l->f, scan_path(l->f, in, r->id.base ? &r->id : &r->from)) == id;
}

/* What the call may do between connecting and disconnecting: nothing that takes time. */
static bool quiet(const struct look *l, const struct ir_instruction *in)
{
	const struct api_func *d = model_of(l, in);
	if (!ir_is_call(in) || in->flags & IR_F_CLEANUP || scan_is_marker(l->s, l->f, in))
		return true;
	return d && !api_role_of(d, API_ROLE_BLOCK) && !api_role_of(d, API_ROLE_SPAWN) &&
	       !api_role_of(d, API_ROLE_WAIT);
}

static ir_instr waits_before(const struct look *l, ir_instr at)
{
	const struct func_facts *facts = &l->s->funcs[l->func];
	const struct cfg *cfg = l->s->program->cfgs[l->func];
	for (uint32_t k = 0; k < facts->nblocks; k++) {
		const struct block_site *b = &facts->blocks[k];
		ir_block from = l->f->instrs[b->call].block, to = l->f->instrs[at].block;
		bool before = from == to ? b->call < at : cfg_dominates(cfg, from, to);
		if (before && b->waits != API_WAITS_LOCK && b->waits != API_WAITS_DISK)
			return b->call;
	}
	return 0;
}

static bool too_late(const struct look *l, ir_instr i, const struct api_func *d, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	const struct cfg *cfg = l->s->program->cfgs[l->func];
	const struct api_role *r = api_role_of(d, API_ROLE_CONNECT), *t = api_role_of(d, API_ROLE_TOKEN);
	const char *type =
	        r && r->from.base == API_PATH_ARG &&
	                        r->from.arg < l->s->program->unit->funcs[ir_callee(l->f, in)].nparams
	                ? l->s->program->unit->funcs[ir_callee(l->f, in)].params[r->from.arg].ctype
	                : "";
	ir_val id = r && r->id.base ? ir_strip_casts(l->f, scan_path(l->f, in, &r->id)) : 0;
	if (!id || !(t || program_is_token(l->s->program, type)))
		return false;
	bool removed = false;
	for (ir_instr k = 1; k < l->f->ninstrs; k++) {
		const struct ir_instruction *other = &l->f->instrs[k];
		bool behind = other->block == in->block ? k > i : cfg_can_reach(cfg, in->block, other->block);
		if (!behind || !cfg_reachable(cfg, other->block))
			continue;
		removed |= removes(l, other, id);
		if (!quiet(l, other))
			return false;
	}
	ir_instr wait = removed ? waits_before(l, i) : 0;
	if (!wait || cfg->loop_of[in->block])
		return false;
	out->kind = INEFFECTIVE_LATE;
	out->subject = id;
	out->other = (struct field_site){l->func, wait};
	return true;
}

/* ---- one function ---- */

static bool judge(const struct look *l, ir_instr i, struct ineffective *out)
{
	const struct ir_instruction *in = &l->f->instrs[i];
	const struct api_func *d = model_of(l, in);
	if (!ir_is_call(in) || !cfg_reachable(l->s->program->cfgs[l->func], in->block))
		return false;
	*out = (struct ineffective){.func = l->func, .at = i, .model = d};
	if (!d)
		return defeated_through(l, i, out);
	return unseen(l, i, d, out) || lone_source(l, i, d, out) || empty_group(l, i, d, out) ||
	       defeated(l, i, d, out) || too_late(l, i, d, out);
}

/* A coroutine that suspends may be asked by its caller. */
static bool suspends(const struct look *l)
{
	for (PROGRAM_EACH_CALL(l->s->program, l->func, c))
		if (c->callee && strncmp(l->s->program->unit->funcs[c->callee].name, "llvm.coro", 9) == 0)
			return true;
	return false;
}

bool solve_next_ineffective(const struct solution *s, struct ineffective *e)
{
	const struct program *p = s->program;
	bool thread_done = e->entry != 0; /* the last one was about this function as an entry */
	ir_instr next = thread_done ? 1 : (e->made ? e->made : e->at) + 1;
	for (uint32_t func = e->entry  ? e->entry
	                     : e->func ? e->func
	                               : 1;
	     func < p->unit->nfuncs; func++, next = 1, thread_done = false) {
		if (!p->cfgs[func])
			continue;
		if (!thread_done && next == 1 && is_thread(p, func) && deaf(s, func, e))
			return true;
		struct look l = look_at(s, func);
		if (suspends(&l))
			continue;
		for (PROGRAM_EACH_CALL(p, func, c))
			if (c->at >= next && judge(&l, c->at, e))
				return true;
	}
	return false;
}
