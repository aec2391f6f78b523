#include "apimodel.h"

#include "mem.h"
#include "model.h"
#include "problem.h"
#include "str.h"
#include "vocabulary.h"

#include <inttypes.h>
#include <string.h>

#define KEY_WIDTH 14
#define MAX_SUGGESTIONS 3

static void print_test(const struct api_test *t, FILE *to)
{
	if (t->begins)
		fprintf(to, "arg%d begins \"%s\"", t->arg, t->begins);
	else
		fprintf(to, "arg%d %s 0x%" PRIx64, t->arg, t->equals ? "is" : "has", (uint64_t)t->bits);
}

static void print_family(const struct apimodel *m, const char *name, FILE *to)
{
	const struct api_family *f = apimodel_family(m, name);
	fputs(name, to);
	if (f && f->release[0])
		fprintf(to, "  (%s, released by %s%s)", f->noun, f->release,
		        f->cancel_needed ? " after a cancel" : "");
	else if (f && strcmp(f->noun, name) != 0)
		fprintf(to, "  (%s)", f->noun);
}

static void print_value(const struct apimodel *m, const struct api_role *role, enum api_slot slot, FILE *to)
{
	const struct slot_info *s = slot_info(slot);
	const char *member = (const char *)role + s->offset;
	unsigned value;
	switch (s->kind) {
	case SLOT_PATH:
		fputs(((const struct api_path *)member)->text, to);
		break;
	case SLOT_WORD:
		memcpy(&value, member, sizeof value);
		fputs(word_text(slot, value), to);
		break;
	case SLOT_NULL_IS:
		fputs(word_text(slot, role->null_forbidden), to);
		break;
	case SLOT_BOOL:
		fputs(*(const bool *)member ? "true" : "false", to);
		break;
	case SLOT_NUMBER:
		fprintf(to, "%" PRId64, *(const int64_t *)member);
		break;
	case SLOT_UNLESS:
		print_test(slot == API_ONLY ? &role->only : &role->unless, to);
		break;
	case SLOT_TEXT:
	case SLOT_NAME:
		if (slot == API_FAMILY)
			print_family(m, role->family, to);
		else
			fputs(*(const char *const *)member, to);
		break;
	}
}

/* Has a value although the entry does not spell it out. */
static bool is_default(const struct api_role *role, enum api_slot slot)
{
	if (slot == API_TO)
		return role->to.base != API_PATH_NONE;
	if (slot == API_HANDLE)
		return role->handle.base != API_PATH_NONE;
	return slot == API_WHEN && role->when != API_ALWAYS;
}

static void print_role(const struct apimodel *m, const struct api_role *role, FILE *to)
{
	fprintf(to, "  %s: %s\n", api_role_name(role->kind), api_role_text(role->kind));
	for (unsigned s = 0; s < API_NSLOTS; s++) {
		bool given = role->given & SLOT_BIT(s);
		if (!(role_slots(role->kind) & SLOT_BIT(s)) || (!given && !is_default(role, s)))
			continue;
		fprintf(to, "    %-*s", KEY_WIDTH, slot_info(s)->key);
		print_value(m, role, s, to);
		fputs(given ? "\n" : "  (default)\n", to);
	}
}

static void print_params(const struct api_func *f, FILE *to)
{
	if (f->nparams < 0)
		fputs("parameters not said", to);
	else
		fprintf(to, "%d%s parameter%s", f->nparams, f->variadic ? " or more" : "",
		        f->nparams == 1 && !f->variadic ? "" : "s");
}

static const char *origin_text(const struct apimodel *m, const struct api_func *f)
{
	for (; m; m = m->state->base) {
		uint64_t at;
		if (!strmap_get(&m->state->func_index, f->name, &at) || &m->state->funcs.data[at] != f)
			continue;
		switch (m->state->func_origins.data[at]) {
		case FROM_SHIPPED:
			return "shipped model";
		case FROM_PROJECT:
			return "project's own model";
		case FROM_SOURCE:
			return "annotation in the source";
		}
	}
	return "model";
}

static void unknown(const struct apimodel *m, const char *name, struct problem_list *problems)
{
	VEC(const char *) names = {0};
	struct str hint = {0};
	for (const struct apimodel *layer = m; layer; layer = layer->state->base)
		for (uint32_t i = 0; i < layer->nfuncs; i++)
			vec_push(&names, layer->funcs[i].name);
	const char *near = str_nearest(name, names.data, names.len);
	for (int i = 0; i < MAX_SUGGESTIONS && near; i++) {
		str_addf(&hint, "%s'%s'", i ? ", " : "did you mean ", near);
		for (uint32_t k = names.len; k-- > 0;)
			if (names.data[k] == near)
				names.data[k] = names.data[--names.len];
		near = str_nearest(name, names.data, names.len);
	}
	struct problem *p = problem_add(problems, PROBLEM_ERROR, NULL, 0, 0, "no model describes '%s'", name);
	if (hint.len)
		problem_hint(p, "%s?", str_c(&hint));
	str_release(&hint);
	vec_release(&names);
}

bool apimodel_explain(const struct apimodel *m, const char *name, FILE *to, struct problem_list *problems)
{
	const struct api_func *f = apimodel_find(m, name);
	if (!f) {
		unknown(m, name, problems);
		return false;
	}
	fprintf(to, "%s", f->name);
	if (f->library[0])
		fprintf(to, " (%s%s%s)", f->library, f->since[0] ? ", since " : "", f->since);
	fprintf(to, ": ");
	print_params(f, to);
	fprintf(to, "\n  %s:%d: %s\n", f->file, f->line, origin_text(m, f));
	for (uint32_t i = 0; i < f->nroles; i++)
		print_role(m, &f->roles[i], to);
	if (f->nroles == 0)
		fputs("  no role: it neither keeps nor ends an argument, and does not block\n", to);
	return true;
}
