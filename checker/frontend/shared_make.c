/* Precompiles headers, and writes down what is in them. */
#include "frontend.h"
#include "shared_parts.h"

#include "str.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct maker {
	struct shared *table;
	const char *header; /* our own, which includes the others */
	struct str why;
};

static void fail(struct maker *m, const char *what, const char *about)
{
	if (!m->why.len)
		str_addf(&m->why, "%s%s", what, about);
}

static void on_include(void *ctx, struct shim_file_at by, const char *spelled, struct shim_file_at file)
{
	struct maker *m = ctx;
	if (!file.installed || strchr(file.path, '\n'))
		fail(m, "not a library's header: ", spelled);
	uint32_t to = shared_add_file(m->table, file.path);
	const char *bare = arena_strndup(m->table->arena, spelled + 1, strlen(spelled) - 2);
	strmap_set(&m->table->spelled, bare, 1);
	if (!by.installed)
		return;
	uint32_t from = shared_add_file(m->table, by.path);
	vec_push(&m->table->files.data[from].includes, to);
}

/* The macros are taken back, as each unit defines them itself. */
static void text_of(const struct shared_wish *wish, struct str *text)
{
	for (uint32_t i = 0; i < wish->nmacros; i++)
		str_addf(text, "#define %s\n", wish->macros[i]);
	for (uint32_t i = 0; i < wish->nheaders; i++)
		str_addf(text, "#if __has_include(%s)\n#include %s\n#endif\n", wish->headers[i],
		         wish->headers[i]);
	for (uint32_t i = 0; i < wish->nmacros; i++)
		str_addf(text, "#undef %.*s\n", (int)strcspn(wish->macros[i], " "), wish->macros[i]);
}

static bool is_one_line(const char *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (strpbrk(list[i], "\r\n"))
			return false;
	return true;
}

static bool write_header(const struct maker *m, const struct shared_wish *wish)
{
	struct str text = {0};
	FILE *f = fopen(m->header, "wxe");
	if (!f)
		return false;
	text_of(wish, &text);
	bool ok = fwrite(str_c(&text), 1, text.len, f) == text.len;
	str_release(&text);
	return fclose(f) == 0 && ok;
}

static void keep_looked(struct maker *m, struct shim_unit *u)
{
	const char *const *list;
	uint32_t n = shim_looked(u, true, &list);
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(list[i], m->header) != 0)
			vec_push(&m->table->present, arena_strdup(m->table->arena, list[i]));
	n = shim_looked(u, false, &list);
	for (uint32_t i = 0; i < n; i++)
		vec_push(&m->table->absent, arena_strdup(m->table->arena, list[i]));
}

static void keep_names(struct maker *m, struct shim_unit *u, uint32_t file)
{
	const char *const *names;
	uint32_t n = shim_identifiers(u, m->table->files.data[file].path, &names);
	for (uint32_t i = 0; i < n; i++)
		shared_add_name(m->table, arena_strdup(m->table->arena, names[i]), file);
}

static void keep_files(struct maker *m, struct shim_unit *u)
{
	for (uint32_t i = 0; i < m->table->files.len; i++) {
		struct shared_file *f = &m->table->files.data[i];
		f->guarded = shim_is_guarded(u, f->path);
		if (f->guarded)
			keep_names(m, u, i);
	}
}

static void keep_declared(struct maker *m, struct shim_unit *u)
{
	const struct shim_declaration *all;
	uint32_t n = shim_declared(u, &all);
	uint64_t file;
	for (uint32_t i = 0; i < n; i++) {
		if (!strmap_get(&m->table->index, all[i].path, &file))
			continue;
		struct shared_file *f = &m->table->files.data[file];
		const char *name = arena_strdup(m->table->arena, all[i].name);
		if (all[i].object)
			vec_push(&f->objects, name);
		else
			vec_push(&f->declares, name);
	}
}

static void keep_macros(struct maker *m, const struct shared_wish *wish)
{
	for (uint32_t i = 0; i < wish->nmacros; i++) {
		char *name = arena_strdup(m->table->arena, wish->macros[i]);
		char *space = strchr(name, ' ');
		if (space)
			*space = 0;
		strmap_set(&m->table->macros, name, (uintptr_t)(space ? space + 1 : ""));
	}
}

static void compile(struct maker *m, const struct frontend_job *job, const struct shared_wish *wish,
                    const char *pch)
{
	struct shim_listener listener = {.ctx = m, .include = on_include};
	struct shim_job parse = {.file = m->header,
	                         .directory = job->directory,
	                         .args = job->args,
	                         .nargs = job->nargs,
	                         .listener = &listener};
	struct shim_unit *u;
	if (!shim_share(&parse, pch, &u))
		fail(m, shim_diagnostics(u), "");
	else if (shim_cplusplus(u))
		fail(m, "only in C are headers shared", "");
	else
		keep_files(m, u), keep_declared(m, u);
	keep_macros(m, wish);
	keep_looked(m, u);
	shared_directories(m->table->arena, job, &m->table->dirs);
	if (!is_one_line(m->table->dirs.data, m->table->dirs.len) ||
	    !is_one_line(m->table->present.data, m->table->present.len) ||
	    !is_one_line(m->table->absent.data, m->table->absent.len))
		fail(m, "a path has two lines", "");
	shim_close(u);
	if (!m->why.len && access(pch, R_OK) != 0)
		fail(m, "it was not written: ", strerror(errno));
}

bool frontend_share(const struct frontend_job *job, const struct shared_wish *wish, const char *path,
                    char **why)
{
	struct maker m = {.table = shared_new()};
	m.header = arena_printf(m.table->arena, "%s.h", path);
	const char *pch = arena_printf(m.table->arena, "%s.pch", path);
	if (!is_one_line(wish->headers, wish->nheaders) || !is_one_line(wish->macros, wish->nmacros))
		fail(&m, "a header or macro has two lines", "");
	else if (!write_header(&m, wish))
		fail(&m, "cannot be written: ", strerror(errno));
	else
		compile(&m, job, wish, pch);
	if (!m.why.len && !shared_write(m.table, path))
		fail(&m, "the table cannot be written: ", strerror(errno));
	*why = mem_strdup(str_c(&m.why));
	bool ok = !m.why.len;
	str_release(&m.why);
	shared_free(m.table);
	return ok;
}
