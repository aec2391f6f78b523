/*
 * error_out.c - an out-parameter for an error agrees with the result: where the call succeeded it was left
 * alone, where a boolean result is false or nothing was made it was set. Where somebody asks the result, the
 * path is split by it.
 */
#include "call.h"

#include "str.h"

#include <string.h>

#define ERROR_SLOT 1000

bool error_out_is(const struct sim *m, const struct call *c, uint32_t arg)
{
	const struct ir_func *f = &m->u->funcs[c->callee];
	uint32_t last = f->nsource ? f->nsource : f->nparams;
	return arg + 1 == last && arg < f->nparams && apimodel_is_error_type(m->p->api, f->params[arg].ctype);
}

struct sval error_out_before(struct sim *m, struct state *s, const struct call *c)
{
	const struct ir_func *f = &m->u->funcs[c->callee];
	uint32_t last = f->nsource ? f->nsource : f->nparams;
	if (!last || last > ir_nargs(c->in) || !c->in->result || !error_out_is(m, c, last - 1))
		return (struct sval){0};
	struct sval at = sim_eval(m, s, ir_arg(m->f, c->in, last - 1));
	const struct cell *cell = at.kind == SV_LOCAL ? state_cell(s, at) : NULL;
	return cell && sv_is_const(cell->v, 0) ? at : (struct sval){0};
}

/* How the result tells of success; NEVER: it does not. */
static enum api_cond success(const struct sim *m, const struct call *c)
{
	const char *type = m->u->funcs[c->callee].ret_ctype;
	if (apimodel_is_boolean_type(m->p->api, type))
		return API_NONZERO;
	return str_ends(type, "*") ? API_NONNULL : API_NEVER;
}

/* What was put there: not NULL where a boolean says so. */
static void set_error(struct sim *m, struct state *s, const struct call *c, struct sval at, bool certain)
{
	struct sval error = sv_sym(sym_get(
	        &m->t,
	        (struct symbol){.kind = SYM_OUT, .a = c->i, .b = ERROR_SLOT + certain, .pointer = true}));
	if (certain)
		state_assume_cond(s, &m->t, error, API_NONNULL);
	state_write(s, at, error, 8, c->i);
}

bool error_out_after(struct sim *m, struct state *s, const struct call *c, struct sval at)
{
	enum api_cond good = at.kind ? success(m, c) : API_NEVER;
	const struct api_role *makes = api_role_of(m->p->described[c->callee], API_ROLE_CREATE);
	makes = makes ? makes : api_role_of(m->p->described[c->callee], API_ROLE_SPAWN);
	/* A pointer that is NULL may be an answer, too; where something is made it is a failure. */
	bool told = makes && makes->handle.base == API_PATH_RETURN && makes->when == good;
	if (good == API_NEVER || c->result.kind != SV_SYM || !(makes || call_tested(m, c)))
		return true;
	uint32_t before = m->forks.len;
	bool on = call_split(m, s, c, good, false);
	for (uint32_t k = before; k < m->forks.len; k++)
		set_error(m, m->forks.data[k], c, at, told || good == API_NONZERO);
	if (on)
		state_write(s, at, sv_const(0), 8, c->i);
	return on;
}
