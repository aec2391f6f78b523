/*
 * call_check.c - checks of a test framework or of the program's own, which do not have to end anything when
 * they fail.
 *
 *     check_(rc == 0, __FILE__, __LINE__, "rc == 0");
 *
 * Who gets the place of the call and a condition reports it when the condition is false: it is not meant to
 * be. What is left undone behind that is no finding of its own, as behind an assertion.
 */
#include "call.h"

#include "str.h"

#include <string.h>

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* `__FILE__`, as the compiler was given it. */
static bool names_own_file(const struct sim *m, const struct call *c, const struct ir_value *v)
{
	struct ir_place at = ir_place_outer(m->u, c->in->loc);
	const char *own = at.file < m->u->nfiles ? last_part(m->u->files[at.file].path) : "";
	return v->kind == IR_VAL_STRING && *own && strcmp(last_part(v->str), own) == 0;
}

static bool is_condition(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	if (in && in->op == IR_BINOP && in->sub == IR_XOR)
		return is_condition(f, ir_operand(f, in, 0));
	return in && in->op == IR_ICMP;
}

static bool is_check(const struct sim *m, const struct call *c)
{
	for (uint32_t k = 0; !m->p->described[c->callee] && k < ir_nargs(c->in); k++)
		if (names_own_file(m, c, &m->f->vals[ir_strip_casts(m->f, ir_arg(m->f, c->in, k))]))
			return true;
	return false;
}

bool call_check_holds(struct sim *m, struct state *s, const struct call *c)
{
	if (!is_check(m, c))
		return true;
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		ir_val v = ir_arg(m->f, c->in, k);
		if (is_condition(m->f, v) && !state_assume(s, &m->t, sim_eval(m, s, v), true))
			return false;
	}
	return true;
}
