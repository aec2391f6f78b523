/* Prints a rule test that exercises one model file against the library's own headers: each creator once
 * without and once with the release of its family, each unbounded blocking call in a loop without a way out.
 */
#include "model_test.h"

#include "apimodel.h"

#include <stdio.h>
#include <string.h>

struct exercise {
	const struct apimodel *m;
	const struct api_func *f;
	const struct api_role *role;
};

/* ---- arguments: zero is a null pointer and a number alike ---- */

static bool is_handle_arg(const struct api_path *p, int arg)
{
	return p->base == API_PATH_ARG && p->arg == arg;
}

static const char *infinite_text(enum api_infinite i)
{
	switch (i) {
	case API_INF_NEGATIVE:
	case API_INF_MINUS_ONE:
	case API_INF_NOT_POSITIVE:
		return "-1";
	case API_INF_MAX:
		return "~0";
	default:
		return "0";
	}
}

static void print_call(const struct exercise *e, const struct api_path *handle, const char *text)
{
	printf("%s(", e->f->name);
	for (int i = 0; i < e->f->nparams; i++) {
		const char *arg = "0";
		if (is_handle_arg(handle, i))
			arg = text;
		else if (e->role->kind == API_ROLE_BLOCK && is_handle_arg(&e->role->timeout, i))
			arg = infinite_text(e->role->infinite);
		printf("%s%s", i ? ", " : "", arg);
	}
	printf(")");
}

/* ---- creators ---- */

/* How the release of the creator's family gets the handle; NULL: there is none that one call can show. */
static const struct api_func *release_of(const struct exercise *e, const struct api_role **role)
{
	const struct api_family *family = apimodel_family(e->m, e->role->family);
	const struct api_func *f = family && family->release ? apimodel_find(e->m, family->release) : NULL;
	for (int kind = 0; f && kind < 2; kind++) {
		*role = api_role_of(f, kind ? API_ROLE_JOIN : API_ROLE_RELEASE);
		if (*role && (*role)->handle.base == API_PATH_ARG && !(*role)->handle.field)
			return f;
	}
	return NULL;
}

static bool can_exercise(const struct exercise *e)
{
	const struct api_path *h = &e->role->handle;
	const struct api_family *family = apimodel_family(e->m, e->role->family);
	enum api_cond when = e->role->when;
	return family && !family->claim && !api_role_of(e->f, API_ROLE_SPAWN) && !h->field &&
	       !h->deref_again && !e->f->variadic && (h->base == API_PATH_ARG || !h->deref) &&
	       when != API_NEVER && when != API_MINUS_ONE && when != API_NULL_ && !e->role->only.given;
}

static const char *failed_text(enum api_cond when)
{
	switch (when) {
	case API_NONNULL:
	case API_NONZERO:
		return "!made";
	case API_ZERO:
		return "made != 0";
	case API_NONNEGATIVE:
		return "made < 0";
	case API_POSITIVE:
		return "made <= 0";
	case API_NEGATIVE:
		return "made >= 0";
	default:
		return NULL;
	}
}

/* The variable that holds the handle, and how the creator gets at it. */
static void print_creation(const struct exercise *e, const char *tail)
{
	const struct api_path *h = &e->role->handle;
	bool element = h->deref && strchr(h->text, '[');
	const char *given = !h->deref ? "(void *)box" : element ? "(void *)pair" : "(void *)&out";
	if (h->base == API_PATH_ARG)
		printf("\t%s;\n", !h->deref ? "long long box[2048]" : element ? "int pair[8]" : "void *out");
	const char *failed = failed_text(e->role->when);
	printf("\t");
	if (failed || h->base == API_PATH_RETURN) {
		printf("__typeof__(");
		print_call(e, h, given);
		printf(") made = ");
	}
	print_call(e, h, given);
	printf(";%s\n", tail);
	if (failed)
		printf("\tif (%s)\n\t\treturn;\n", failed);
}

static void print_handle(const struct api_path *h)
{
	if (h->base == API_PATH_RETURN)
		printf("made");
	else if (!h->deref)
		printf("(void *)box");
	else if (strchr(h->text, '['))
		printf("pair[%d]", h->index);
	else
		printf("out");
}

static void print_release(const struct exercise *e, const struct api_func *f, const struct api_role *role)
{
	const struct api_path *h = &role->handle;
	if (h->deref) {
		printf("\tvoid *held = (void *)(long)");
		print_handle(&e->role->handle);
		printf(";\n");
	}
	printf("\t%s(", f->name);
	for (int i = 0; i < f->nparams; i++) {
		printf("%s", i ? ", " : "");
		if (!is_handle_arg(h, i))
			printf("0");
		else if (h->deref)
			printf("(void *)&held");
		else
			print_handle(&e->role->handle);
	}
	printf(");\n");
}

static unsigned others(const struct exercise *e)
{
	unsigned n = 0;
	for (const struct api_role *r = NULL; (r = api_role_next(e->f, API_ROLE_CREATE, r));)
		n++;
	return n - 1;
}

static void print_creator(const struct exercise *e, unsigned number)
{
	const struct api_role *role = NULL;
	const struct api_func *release = release_of(e, &role);
	char want[256];
	snprintf(want, sizeof want, " // want missing-cancel: %s", e->f->name);
	const struct api_family *family = apimodel_family(e->m, e->role->family);
	if (family && family->weak) /* to let it go is no defect */
		return;
	if (others(e)) /* the other handle of the pair is not released either way: one finding of each */
		return;
	printf("\nvoid dropped_%u_bad(void)\n{\n", number);
	print_creation(e, want);
	printf("}\n");
	if (!release)
		return;
	printf("\nvoid released_%u_ok(void)\n{\n", number);
	print_creation(e, "");
	print_release(e, release, role);
	printf("}\n");
}

/* ---- blocking calls ---- */

static bool can_block(const struct exercise *e)
{
	const struct api_role *r = e->role;
	bool finite = r->bounded || (r->timeout.base && !(r->given & (1u << API_INFINITE)));
	return !finite && r->waits != API_WAITS_DISK && r->waits != API_WAITS_LOCK && !r->fds.base && !r->token.base && !r->unless.given && !r->only.given &&
	       !r->timeout.deref;
}

static void print_block(const struct exercise *e, unsigned number)
{
	static const struct api_path none = {0};
	printf("\nvoid blocks_%u_bad(ctx *c)\n{\n\tif (ctx_is_done(c))\n\t\treturn;\n\tfor (;;)\n\t\t",
	       number);
	print_call(e, &none, "");
	printf("; // want blocking-select-no-exit: %s\n}\n", e->f->name);
}

static void print_roles(struct exercise e, enum api_role_kind kind, unsigned number)
{
	for (const struct api_role *r = NULL; (r = api_role_next(e.f, kind, r));) {
		e.role = r;
		if (kind == API_ROLE_CREATE && can_exercise(&e))
			print_creator(&e, number);
		else if (kind == API_ROLE_BLOCK && r == api_role_of(e.f, kind) && can_block(&e))
			print_block(&e, number);
	}
}

static const struct api_library *library_of(const struct apimodel *m, const char *file)
{
	size_t n = strlen(file);
	for (uint32_t i = 0; i < m->nlibraries; i++) {
		size_t len = strlen(m->libraries[i].file);
		if (len >= n && strcmp(m->libraries[i].file + len - n, file) == 0)
			return &m->libraries[i];
	}
	return NULL;
}

static void print_setup(const struct api_library *l)
{
	printf("// flags: -w -Wno-int-conversion -Wno-incompatible-pointer-types "
	       "-Wno-incompatible-function-pointer-types\n");
	printf("// models: ctx\n// rules: missing-cancel blocking-select-no-exit\n");
	if (l->npkg_config)
		printf("// pkg-config:");
	for (uint32_t i = 0; i < l->npkg_config; i++)
		printf(" %s", l->pkg_config[i]);
	printf("%s", l->npkg_config ? "\n" : "");
	for (uint32_t i = 0; i < l->ndefines; i++)
		printf("#define %s 1\n", l->defines[i]);
	for (uint32_t i = 0; i < l->nheaders; i++)
		printf("#include <%s>\n", l->headers[i]);
	printf("#include \"ctx.h\"\n");
}

static bool is_left_out(const char *name, char **left_out)
{
	for (; *left_out; left_out++)
		if (strcmp(*left_out, name) == 0)
			return true;
	return false;
}

int exercise_print(const struct apimodel *m, const char *file, char **left_out)
{
	const struct api_library *l = library_of(m, file);
	if (!l)
		return 1;
	print_setup(l);
	for (uint32_t i = 0; i < m->nfuncs; i++) {
		struct exercise e = {.m = m, .f = &m->funcs[i]};
		if (e.f->nparams < 0 || strcmp(e.f->file, l->file) != 0 || is_left_out(e.f->name, left_out))
			continue;
		print_roles(e, API_ROLE_CREATE, i);
		print_roles(e, API_ROLE_BLOCK, i);
	}
	return 0;
}
