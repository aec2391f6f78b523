#include "pass.h"

#include "arena.h"

#include <string.h>

#define LEAST_CONVENTION 4 /* functions of a library */
#define LEAST_MAJORITY 3   /* of the unit */

enum shape { SHAPE_UNKNOWN, SHAPE_FIRST, SHAPE_LAST };
struct convention {
	enum shape shape;
	const char *neighbour; /* a function that follows it */
};

/* A pointer to one, or one by value or reference. */
static bool is_token(const struct pass *p, const struct ir_param *q)
{
	return (strchr(q->ctype, '*') || q->kind == IR_KIND_RECORD || q->to == IR_KIND_RECORD) &&
	       program_is_token(p->program, q->ctype);
}

/* ---- conventions ---- */

static const struct api_path *token_path(const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_BLOCK, API_ROLE_SPAWN, API_ROLE_TOKEN};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		const struct api_role *r = api_role_of(d, kinds[k]);
		if (r && r->token.base == API_PATH_ARG)
			return &r->token;
	}
	return NULL;
}

static bool lists_type(const struct api_library *l, const char *ctype)
{
	for (uint32_t k = 0; k < l->ntokens; k++)
		if (strcmp(l->tokens[k], ctype) == 0)
			return true;
	return false;
}

static bool is_of_library(const struct pass *p, const struct api_func *d, const char *ctype)
{
	for (uint32_t l = 0; l < p->api->nlibraries; l++)
		if (strcmp(p->api->libraries[l].name, d->library) == 0 &&
		    lists_type(&p->api->libraries[l], ctype))
			return true;
	return false;
}

/* Where the described functions of its library take such a token. */
static struct convention convention_of(const struct pass *p, const char *ctype)
{
	uint32_t first = 0, later = 0;
	const char *first_name = "", *later_name = "";
	for (uint32_t i = 0; i < p->api->nfuncs; i++) {
		const struct api_func *d = &p->api->funcs[i];
		const struct api_path *t = token_path(d);
		if (!t || d->nparams < 2 || !is_of_library(p, d, ctype))
			continue;
		first += t->arg == 0;
		later += t->arg != 0;
		first_name = t->arg == 0 && !*first_name ? d->name : first_name;
		later_name = t->arg != 0 && !*later_name ? d->name : later_name;
	}
	if (first + later < LEAST_CONVENTION)
		return (struct convention){0};
	return first > 2 * later   ? (struct convention){SHAPE_FIRST, first_name}
	       : later > 2 * first ? (struct convention){SHAPE_LAST, later_name}
	                           : (struct convention){0};
}

/* ---- parameters ---- */

static bool ends(const char *text, const char *with)
{
	size_t n = strlen(text), m = strlen(with);
	return n >= m && strcmp(text + n - m, with) == 0;
}

/* A type that has a name of its own for a pointer: callbacks and their data. */
static bool is_named_pointer(const struct ir_param *q)
{
	return q->kind == IR_KIND_POINTER && !strpbrk(q->ctype, "*&");
}

static bool is_callback(const struct ir_param *q)
{
	return q->kind == IR_KIND_FUNCTION || q->to == IR_KIND_FUNCTION;
}

/* Memory that the function writes to. */
static bool comes_out(const struct ir_param *q)
{
	bool named = strncmp(q->name, "out", 3) == 0 || strncmp(q->name, "ret", 3) == 0 ||
	             strncmp(q->name, "result", 6) == 0;
	bool plain = q->to == IR_KIND_NUMBER || q->to == IR_KIND_VOID || q->to == IR_KIND_POINTER;
	return strncmp(q->ctype, "const ", 6) != 0 &&
	       (ends(q->ctype, "**") || ends(q->ctype, " &") || (ends(q->ctype, "*") && (named || plain)));
}

/* What may stand behind a token: where it goes on when it is done, and what comes out. */
static bool may_follow(const struct pass *p, const struct ir_param *q)
{
	return is_token(p, q) || is_named_pointer(q) || is_callback(q) || comes_out(q) ||
	       apimodel_is_error_type(p->api, q->ctype);
}

/* Before a token that comes first only the object may stand, and other tokens. */
static bool comes_first(const struct pass *p, const struct ir_func *f, uint32_t token)
{
	uint32_t before = 0;
	for (uint32_t k = 0; k < token; k++)
		before += !is_token(p, &f->params[k]);
	const struct ir_param *object = &f->params[0];
	bool value = strncmp(object->ctype, "const ", 6) == 0 && ends(object->ctype, "&");
	return before == 0 || (before == 1 && !is_token(p, object) && object->to == IR_KIND_RECORD && !value);
}

/* A function that gives its result to a callback has that, and its data, behind the token. */
static bool ends_with_callback(const struct ir_func *f, uint32_t token)
{
	return token >= 2 && token + 1 == f->nparams && strcmp(f->ret_ctype, "void") == 0 &&
	       is_callback(&f->params[token - 2]) && f->params[token - 1].to == IR_KIND_VOID;
}

/* Between a callback and its data. */
static bool parts_callback(const struct ir_func *f, uint32_t token)
{
	return token && token + 2 == f->nparams && is_callback(&f->params[token - 1]) &&
	       f->params[token + 1].to == IR_KIND_VOID;
}

static bool comes_last(const struct pass *p, const struct ir_func *f, uint32_t token)
{
	if (ends_with_callback(f, token) || parts_callback(f, token))
		return false;
	if (f->flags & IR_FUNC_VARIADIC) /* what the rest is for comes right before it */
		return true;
	for (uint32_t k = 0; k < token; k++)
		if (apimodel_is_error_type(p->api, f->params[k].ctype)) /* the error is what comes last */
			return false;
	for (uint32_t k = token + 1; k < f->nparams; k++)
		if (!may_follow(p, &f->params[k]))
			return false;
	return true;
}

/* ---- what most functions of the project do ---- */

static bool is_public(const struct ir_func *f)
{
	const uint32_t not = IR_FUNC_STATIC | IR_FUNC_SYSTEM | IR_FUNC_GENERATED | IR_FUNC_ADDRESS_TAKEN |
	                     IR_FUNC_TEMPLATE;
	return (f->flags & (IR_FUNC_DEFINED | IR_FUNC_PROTOTYPE)) && !(f->flags & not ) && f->loc &&
	       *f->plain;
}

/* By value or by reference. */
static bool same_type(const char *a, const char *b)
{
	a += strncmp(a, "const ", 6) == 0 ? 6 : 0;
	b += strncmp(b, "const ", 6) == 0 ? 6 : 0;
	size_t n = strcspn(a, "&"), m = strcspn(b, "&");
	n -= n && a[n - 1] == ' ';
	m -= m && b[m - 1] == ' ';
	return n == m && strncmp(a, b, n) == 0;
}

static uint32_t token_of_type(const struct pass *p, const struct ir_func *f, const char *ctype)
{
	for (uint32_t k = 0; k < f->nsource && k < f->nparams; k++)
		if (is_token(p, &f->params[k]))
			return same_type(f->params[k].ctype, ctype) ? k + 1 : 0;
	return 0;
}

/* Where the public functions of the unit take such a token, when nearly all of them agree. */
static struct convention majority(const struct pass *p, const char *ctype)
{
	uint32_t first = 0, last = 0;
	const char *first_name = "", *last_name = "";
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		uint32_t token =
		        is_public(f) && !p->program->described[func] ? token_of_type(p, f, ctype) : 0;
		bool is_first = token && comes_first(p, f, token - 1),
		     is_last = token && comes_last(p, f, token - 1);
		if (!token || is_first == is_last)
			continue;
		first += is_first;
		last += is_last;
		first_name = is_first && !*first_name ? f->display : first_name;
		last_name = is_last && !*last_name ? f->display : last_name;
	}
	if (first >= LEAST_MAJORITY && first >= 2 * last)
		return (struct convention){SHAPE_FIRST, first_name};
	if (last >= LEAST_MAJORITY && last >= 2 * first)
		return (struct convention){SHAPE_LAST, last_name};
	return (struct convention){0};
}

static void look_at_place(struct pass *p, uint32_t func, uint32_t token)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_param *q = &f->params[token];
	struct convention c = convention_of(p, q->ctype);
	if (c.shape == SHAPE_UNKNOWN)
		c = majority(p, q->ctype);
	if (c.shape == SHAPE_UNKNOWN ||
	    (c.shape == SHAPE_FIRST ? comes_first(p, f, token) : comes_last(p, f, token)))
		return;
	struct report *r = pass_report(
	        p, func, 0, CONFIDENCE_HIGH,
	        "%s takes its token `%s` in an unusual place: functions of its kind take it %s", f->display,
	        q->name, c.shape == SHAPE_FIRST ? "first" : "last, before the callback or the error");
	report_at_parameter(r, func, token);
	report_step(r, func, 0, STEP_NOTE, "", "%s is one that does", c.neighbour);
}

/* ---- a limit beside the token ---- */

static bool is_limit(const struct ir_param *q)
{
	return (strncmp(q->name, "timeout", 7) == 0 || ends(q->name, "timeout") ||
	        ends(q->name, "timeout_ms")) &&
	       q->kind == IR_KIND_NUMBER;
}

/* A child is derived with it: the limit travels in the token. */
static bool derives(const struct pass *p, const struct ir_func *f)
{
	return program_calls(p->program, (uint32_t)(f - p->unit->funcs), API_ROLE_DERIVE);
}

static void look_at_limit(struct pass *p, uint32_t func, uint32_t token)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (uint32_t k = 0; k < f->nparams; k++) {
		if (!is_limit(&f->params[k]) || derives(p, f))
			continue;
		struct report *r =
		        pass_report(p, func, 0, CONFIDENCE_MEDIUM,
		                    "%s takes the token `%s` and a limit of its own, `%s`, for one wait",
		                    f->display, f->params[token].name, f->params[k].name);
		report_at_parameter(r, func, k);
		return;
	}
}

/* ---- keys ---- */

static void look_at_key(struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_func *d = p->program->described[ir_callee(f, in)];
	const struct api_role *r = api_role_of(d, API_ROLE_VALUE);
	for (uint32_t k = 0; r && k < ir_nargs(in); k++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
		const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, ir_arg(f, in, k)));
		bool string = v->kind == IR_VAL_STRING, local = def && def->op == IR_ALLOCA;
		if (k == r->value.arg || k == r->from.arg || (!string && !local))
			continue;
		struct report *out = pass_report(p, func, i, CONFIDENCE_HIGH,
		                                 "the key of the value is %s: others can have the same one",
		                                 string ? "a string" : "the address of a local variable");
		report_step(out, func, i, STEP_NOTE, pass_basis(p, d, d->name),
		            "the address of a static object is nobody else's");
		return;
	}
}

/* ---- the unit ---- */

static void look_at_function(struct pass *p, uint32_t func)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (uint32_t k = 0; k < f->nparams; k++)
		if (is_token(p, &f->params[k])) {
			look_at_place(p, func, k);
			look_at_limit(p, func, k);
			return;
		}
}

static void run(struct pass *p)
{
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (is_public(f) && !p->program->described[func])
			look_at_function(p, func);
		for (PROGRAM_EACH_CALL(p->program, func, c))
			if (p->program->cfgs[func])
				look_at_key(p, func, c->at);
	}
}

const struct rule cancelint_rule = {
        .id = "cancel-api-shape",
        .summary = "an API takes its token in an unusual place or form",
        .severity = SEVERITY_NOTE,
        .usual_confidence = CONFIDENCE_HIGH,
        .opt_in = true,
        .since = "0.3",
        .run = run,
};
