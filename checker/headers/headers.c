#include "headers.h"

#include "arena.h"
#include "compare.h"
#include "problem.h"
#include "unit.h"

#include <string.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT const unsigned headers_abi = HEADERS_ABI;

struct run {
	const struct apimodel *m;
	const struct headers_options *options;
	struct headers_counts *counts;
	struct problem_list *problems;
	bool ok;
};

static const char *directory_of(struct arena *a, const char *file)
{
	const char *slash = strrchr(file, '/');
	return slash ? arena_strndup(a, file, (size_t)(slash - file)) : ".";
}

/* False: a package is not installed. A project's headers are looked for beside its model. */
static bool collect_flags(struct run *r, const struct api_library *l, struct arena *a, flag_vec *flags)
{
	for (size_t i = 0; i < r->options->nflags; i++)
		vec_push(flags, r->options->flags[i]);
	if (!l->project)
		return pkg_config_flags(a, l->pkg_config, l->npkg_config, flags);
	vec_push(flags, arena_printf(a, "-I%s", directory_of(a, l->file)));
	return true;
}

static void missing_function(struct run *r, const struct unit *u, const struct api_func *f)
{
	bool macro = strmap_get(&u->macros, f->name, NULL);
	struct problem *p =
	        problem_add(r->problems, f->since[0] ? PROBLEM_WARNING : PROBLEM_ERROR, f->file, f->line, 0,
	                    f->since[0] ? "'%s' is not declared by the installed headers; it came with %s"
	                                : "'%s' is not declared by the model's headers",
	                    f->name, f->since);
	if (macro)
		problem_hint(p, "it is a macro there: describe the function it calls");
	else if (!f->since[0])
		problem_hint(p, "add its header to 'headers:' or a macro to 'defines:'; if only newer "
		                "versions have it, 'since: VERSION'");
	r->ok &= f->since[0] != 0;
}

static uint32_t compare_all(struct run *r, const struct api_library *l, const struct unit *u)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < r->m->nfuncs; i++) {
		const struct api_func *f = &r->m->funcs[i];
		if (strcmp(f->file, l->file) != 0)
			continue;
		size_t len = apimodel_plain_name(f->name, NULL, NULL);
		const char *name = arena_strndup(u->arena, f->name, len);
		const struct declared *d = unit_find(u, name);
		bool there = d || unit_has_destructor(u, name);
		if (!there)
			missing_function(r, u, f);
		else if (d)
			r->ok &= compare_function(r->m, u, f, d, r->problems);
		n += there;
	}
	return n;
}

static void compare_tokens(struct run *r, const struct api_library *l, const struct unit *u)
{
	for (uint32_t i = 0; i < l->ntokens; i++) {
		if (!u->bad_tokens[i])
			continue;
		problem_add(r->problems, PROBLEM_ERROR, l->file, 0, 0,
		            "token type '%s' is not declared by the model's headers", l->tokens[i]);
		r->ok = false;
	}
}

static void not_checked(struct run *r, const struct api_library *l, const char *fmt, const char *what)
{
	problem_add(r->problems, PROBLEM_WARNING, l->file, 0, 0, fmt, what);
	r->counts->unchecked++;
	if (r->options->progress)
		fprintf(r->options->progress, "%s: not checked\n", l->file);
}

static void check_parsed(struct run *r, const struct api_library *l, const struct unit *u)
{
	if (u->missing[0]) {
		not_checked(r, l, "not checked: the header '%s' is not installed", u->missing);
		return;
	}
	if (u->error[0]) {
		problem_add(r->problems, PROBLEM_ERROR, l->file, 0, 0,
		            "the model's headers do not compile: %s", u->error);
		r->ok = false;
		return;
	}
	compare_tokens(r, l, u);
	uint32_t n = compare_all(r, l, u);
	r->counts->functions += n;
	if (r->options->progress)
		fprintf(r->options->progress, "%s: %u functions compared\n", l->file, n);
}

static void check_library(struct run *r, const struct api_library *l)
{
	struct arena *a = arena_new();
	flag_vec flags = {0};
	struct unit u;
	r->counts->files++;
	if (l->nheaders == 0) {
		not_checked(r, l, "not checked: the model of '%s' names no headers", l->name);
	} else if (!collect_flags(r, l, a, &flags)) {
		not_checked(r, l, "not checked: pkg-config does not know '%s'", l->pkg_config[0]);
	} else if (unit_parse(&u, l, &flags)) {
		check_parsed(r, l, &u);
		unit_release(&u);
	} else {
		problem_add(r->problems, PROBLEM_ERROR, l->file, 0, 0,
		            "libclang could not parse the headers of '%s'", l->name);
		r->ok = false;
		unit_release(&u);
	}
	vec_release(&flags);
	arena_free(a);
}

EXPORT bool headers_check(const struct apimodel *m, const struct headers_options *o,
                          struct headers_counts *counts, struct problem_list *problems)
{
	struct run r = {m, o, counts, problems, true};
	bool found = false;
	*counts = (struct headers_counts){0};
	for (uint32_t i = 0; i < m->nlibraries; i++) {
		if (o->library && strcmp(m->libraries[i].name, o->library) != 0)
			continue;
		found = true;
		check_library(&r, &m->libraries[i]);
	}
	if (o->library && !found) {
		problem_add(problems, PROBLEM_ERROR, NULL, 0, 0, "no model of a library '%s' is loaded",
		            o->library);
		r.ok = false;
	}
	return r.ok;
}
