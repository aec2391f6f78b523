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
	const char *header;     /* our own, which includes the others */
	struct strmap asked;    /* spelling of a header that is included there -> path */
	struct strmap expanded; /* macros whose text counts */
	struct strmap first;    /* path -> number of the one of those that read it first */
	struct strmap takes;    /* spelling of one that defines what an earlier one defined -> 1 */
	struct strmap runs;     /* path of one that has code in each unit -> 1 */
	const char *reading;    /* spelling of the one that is being read; NULL: none yet */
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
	bool own = strcmp(by.path, m->header) == 0, good = file.installed && !strchr(file.path, '\n');
	if (own) {
		m->reading = arena_strdup(m->table->arena, spelled);
		strmap_set(&m->asked, m->reading,
		           (uintptr_t)(good ? arena_strdup(m->table->arena, file.path) : ""));
	}
	if (good && !strmap_get(&m->first, file.path, NULL))
		strmap_set(&m->first, arena_strdup(m->table->arena, file.path), m->asked.len);
	if (!good && by.installed)
		fail(m, "not a library's header: ", spelled);
	if (!good)
		return;
	uint32_t to = shared_add_file(m->table, file.path);
	const char *bare = arena_strndup(m->table->arena, spelled + 1, strlen(spelled) - 2);
	strmap_set(&m->table->spelled, bare, 1);
	if (!by.installed)
		return;
	uint32_t from = shared_add_file(m->table, by.path);
	vec_push(&m->table->files.data[from].includes, to);
}

static void add_name(struct maker *m, struct shared_names *to, const char *name, const char *path)
{
	const struct shared_name *known = shared_find_name(to, name);
	shared_add_name(to, known ? known->name : arena_strdup(m->table->arena, name),
	                shared_add_file(m->table, path));
}

static void on_mention(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name,
                       const void *macro, struct shim_file_at in, bool text)
{
	struct maker *m = ctx;
	(void)u;
	if (!macro && by.installed)
		add_name(m, &m->table->unknown, name, by.path);
	if (text && by.installed && !in.installed && !strmap_get(&m->expanded, name, NULL))
		strmap_set(&m->expanded, arena_strdup(m->table->arena, name), 1);
}

/* A unit that includes only one of them has the macro, too. */
static void note_same(struct maker *m, const char *name, const char *by, const char *before)
{
	add_name(m, &m->table->same, name, before);
	add_name(m, &m->table->same, name, by);
}

/* Those before said something else. */
static void forget_same(struct maker *m, const char *name)
{
	uint64_t at;
	if (strmap_get(&m->table->same.index, name, &at))
		vec_clear(&m->table->same.all.data[at].in);
}

/* Units that do not include it have the earlier definition. */
static void on_define(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name,
                      const void *macro, const char *before, bool same)
{
	struct maker *m = ctx;
	uint64_t first;
	(void)u;
	if (same && by.installed && strmap_get(&m->first, before, NULL) && strcmp(by.path, before) != 0)
		note_same(m, name, by.path, before);
	else if (!same && macro)
		forget_same(m, name);
	if (by.installed && m->reading && !same && strcmp(by.path, before) != 0 &&
	    strmap_get(&m->first, before, &first) && first < m->asked.len)
		strmap_set(&m->takes, m->reading, 1);
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
	for (uint32_t i = 0; i < n; i++) {
		const char *name = arena_strdup(m->table->arena, names[i]);
		if (strchr(name, ':'))
			continue;
		if (m->table->files.data[file].guarded)
			shared_add_name(&m->table->names, name, file);
		else
			strmap_set(&m->table->loose, name, 1);
	}
}

static void keep_files(struct maker *m, struct shim_unit *u)
{
	for (uint32_t i = 0; i < m->table->files.len; i++) {
		struct shared_file *f = &m->table->files.data[i];
		f->guarded = shim_is_guarded(u, f->path);
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
		if (all[i].runs)
			strmap_set(&m->runs, f->path, 1);
		else if (all[i].alias)
			vec_push(&f->aliases, name);
		else if (all[i].object)
			vec_push(&f->objects, name);
		else
			vec_push(&f->declares, name);
	}
}

static void keep_derived(struct maker *m, struct shim_unit *u)
{
	const struct shim_derived *all;
	uint32_t n = shim_derivations(u, &all);
	uint64_t file;
	for (uint32_t i = 0; i < n; i++) {
		if (!strmap_get(&m->table->index, all[i].path, &file))
			continue;
		struct shared_file *f = &m->table->files.data[file];
		vec_push(&f->derived,
		         (struct shim_derived){f->path, arena_strdup(m->table->arena, all[i].name),
		                               arena_strdup(m->table->arena, all[i].base)});
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
		if (!strmap_get(&m->expanded, name, NULL))
			strmap_set(&m->table->any, name, 1);
	}
}

static void keep_directories(struct maker *m, struct shim_unit *u, const struct frontend_job *job)
{
	const char *const *list;
	uint32_t n = !m->why.len ? shim_system_directories(u, &list) : 0;
	for (uint32_t i = 0; i < n; i++)
		if (!strchr(list[i], '\n'))
			strmap_set(&m->table->standard, arena_strdup(m->table->arena, list[i]), 1);
	shared_directories(m->table, m->table->arena, job, &m->table->dirs);
}

static void compile(struct maker *m, const struct frontend_job *job, const struct shared_wish *wish,
                    const char *pch)
{
	struct shim_listener listener = {
	        .ctx = m, .include = on_include, .define = on_define, .mention = on_mention};
	struct shim_job parse = {.file = m->header,
	                         .directory = job->directory,
	                         .args = job->args,
	                         .nargs = job->nargs,
	                         .listener = &listener};
	struct shim_unit *u;
	if (!shim_share(&parse, job->file, pch, &u))
		fail(m, shim_diagnostics(u), "");
	else
		keep_files(m, u), keep_declared(m, u), keep_derived(m, u);
	keep_macros(m, wish);
	keep_looked(m, u);
	keep_directories(m, u, job);
	if (!is_one_line(m->table->dirs.data, m->table->dirs.len) ||
	    !is_one_line(m->table->present.data, m->table->present.len) ||
	    !is_one_line(m->table->absent.data, m->table->absent.len))
		fail(m, "a path has two lines", "");
	shim_close(u);
	if (!m->why.len && access(pch, R_OK) != 0)
		fail(m, "it was not written: ", strerror(errno));
}

static void make(struct maker *m, const struct frontend_job *job, const struct shared_wish *wish,
                 const char *path)
{
	const char *pch = arena_printf(m->table->arena, "%s.pch", path);
	m->header = arena_printf(m->table->arena, "%s.h", path);
	if (!is_one_line(wish->headers, wish->nheaders) || !is_one_line(wish->macros, wish->nmacros))
		fail(m, "a header or macro has two lines", "");
	else if (!write_header(m, wish))
		fail(m, "cannot be written: ", strerror(errno));
	else
		compile(m, job, wish, pch);
}

/* A header that is not a library's, or that each unit reads again: it is no gain, and may be read only once.
 * Or one that is more than declarations. */
static bool is_unfit(const struct maker *m, const char *header)
{
	uint64_t file;
	const char *path = strmap_ptr(&m->asked, header);
	if (!path)
		return false;
	return !strmap_get(&m->table->index, path, &file) || !m->table->files.data[file].guarded ||
	       strmap_get(&m->runs, path, NULL);
}

/* Are there others? */
static bool keep_fit(struct maker *m, struct shared_wish *wish, struct arena *arena, struct shared_wish *out)
{
	const char **headers = ARENA_ARRAY(arena, const char *, wish->nheaders + 1),
	           **unfit = mem_alloc((wish->nheaders + 1) * sizeof *unfit);
	*out = *wish;
	out->headers = headers;
	out->nheaders = out->nsure = wish->nunfit = 0;
	wish->unfit = unfit;
	for (uint32_t i = 0; i < wish->nheaders; i++) {
		const char *header = wish->headers[i];
		bool sure = i < wish->nsure;
		if (is_unfit(m, header) || (!sure && strmap_get(&m->takes, header, NULL))) {
			unfit[wish->nunfit++] = header;
		} else {
			headers[out->nheaders++] = header;
			out->nsure += sure;
		}
	}
	return wish->nunfit > 0;
}

static void begin(struct maker *m)
{
	*m = (struct maker){.table = shared_new()};
}

static void end(struct maker *m)
{
	strmap_release(&m->asked);
	strmap_release(&m->expanded);
	strmap_release(&m->first);
	strmap_release(&m->takes);
	strmap_release(&m->runs);
	str_release(&m->why);
	shared_free(m->table);
}

bool frontend_share(const struct frontend_job *job, struct shared_wish *wish, const char *path, char **why)
{
	struct maker m;
	struct shared_wish fit;
	struct arena *arena = arena_new();
	begin(&m);
	make(&m, job, wish, path);
	if (keep_fit(&m, wish, arena, &fit)) {
		unlink(m.header);
		end(&m);
		begin(&m);
		make(&m, job, &fit, path);
	}
	if (!m.why.len && !shared_write(m.table, path))
		fail(&m, "the table cannot be written: ", strerror(errno));
	*why = mem_strdup(str_c(&m.why));
	bool ok = !m.why.len;
	end(&m);
	arena_free(arena);
	return ok;
}
