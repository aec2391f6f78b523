/* The table of a precompiled header, as a text file: a letter, a space and a value in each line. */
#include "shared_parts.h"

#include "str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "cancelint shared headers 3"
#define TABLE_MAX_BYTES ((size_t)64 << 20)

struct shared *shared_new(void)
{
	struct shared *s = mem_alloc(sizeof *s);
	s->arena = arena_new();
	return s;
}

static void release_names(struct shared_names *s)
{
	for (uint32_t i = 0; i < s->all.len; i++)
		vec_release(&s->all.data[i].in);
	vec_release(&s->all);
	strmap_release(&s->index);
}

void shared_free(struct shared *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->files.len; i++) {
		vec_release(&s->files.data[i].includes);
		vec_release(&s->files.data[i].declares);
		vec_release(&s->files.data[i].aliases);
		vec_release(&s->files.data[i].objects);
		vec_release(&s->files.data[i].derived);
	}
	release_names(&s->names);
	release_names(&s->same);
	vec_release(&s->files);
	vec_release(&s->dirs);
	vec_release(&s->present);
	vec_release(&s->absent);
	strmap_release(&s->index);
	strmap_release(&s->loose);
	strmap_release(&s->any);
	strmap_release(&s->standard);
	release_names(&s->unknown);
	strmap_release(&s->spelled);
	strmap_release(&s->macros);
	arena_free(s->arena);
	mem_release(s);
}

uint32_t shared_add_file(struct shared *s, const char *path)
{
	uint64_t at;
	if (strmap_get(&s->index, path, &at))
		return (uint32_t)at;
	const char *own = arena_strdup(s->arena, path);
	strmap_set(&s->index, own, s->files.len);
	vec_push(&s->files, (struct shared_file){.path = own});
	return s->files.len - 1;
}

void shared_add_name(struct shared_names *s, const char *name, uint32_t file)
{
	uint64_t at = s->all.len;
	if (!strmap_get(&s->index, name, &at)) {
		strmap_set(&s->index, name, at);
		vec_push(&s->all, (struct shared_name){.name = name});
	}
	struct shared_name *n = &s->all.data[at];
	if (!n->in.len || n->in.data[n->in.len - 1] != file) /* a header asks often */
		vec_push(&n->in, file);
}

const struct shared_name *shared_find_name(const struct shared_names *s, const char *name)
{
	uint64_t at;
	return strmap_get(&s->index, name, &at) ? &s->all.data[at] : NULL;
}

bool shared_spells(const struct shared *s, const char *name)
{
	return shared_find_name(&s->names, name) || strmap_get(&s->loose, name, NULL);
}

const char *const *shared_looked(const struct shared *s, bool found, uint32_t *n)
{
	*n = found ? s->present.len : s->absent.len;
	return found ? s->present.data : s->absent.data;
}

/* ---- writing ---- */

static void write_list(FILE *f, char what, const char *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		fprintf(f, "%c %s\n", what, list[i]);
}

/* Each name once, with its files. */
static void write_names(FILE *f, char what, const struct shared_names *s)
{
	for (uint32_t i = 0; i < s->all.len; i++) {
		fprintf(f, "%c %s", what, s->all.data[i].name);
		for (uint32_t k = 0; k < s->all.data[i].in.len; k++)
			fprintf(f, " %u", s->all.data[i].in.data[k]);
		fputc('\n', f);
	}
}

static void write_names_of(FILE *f, char what, uint32_t file, const char *const *names, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		fprintf(f, "%c %u %s\n", what, file, names[i]);
}

static void write_derived(FILE *f, uint32_t file, const struct shim_derived *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		fprintf(f, "C %u %s\t%s\n", file, list[i].name, list[i].base);
}

static void write_files(FILE *f, const struct shared *s)
{
	for (uint32_t i = 0; i < s->files.len; i++)
		fprintf(f, "%c %s\n", s->files.data[i].guarded ? 'G' : 'F', s->files.data[i].path);
	for (uint32_t i = 0; i < s->files.len; i++) {
		const struct shared_file *file = &s->files.data[i];
		for (uint32_t k = 0; k < file->includes.len; k++)
			fprintf(f, "I %u %u\n", i, file->includes.data[k]);
		write_names_of(f, 'V', i, file->declares.data, file->declares.len);
		write_names_of(f, 'T', i, file->aliases.data, file->aliases.len);
		write_names_of(f, 'O', i, file->objects.data, file->objects.len);
		write_derived(f, i, file->derived.data, file->derived.len);
	}
}

bool shared_write(const struct shared *s, const char *path)
{
	FILE *f = fopen(path, "wxe");
	if (!f)
		return false;
	fputs(HEAD "\n", f);
	write_files(f, s);
	write_names(f, 'N', &s->names);
	write_names(f, 'R', &s->same);
	write_names(f, 'U', &s->unknown);
	for (uint32_t i = 0; i < s->macros.len; i++)
		fprintf(f, "M %s %s\n", s->macros.entries[i].key,
		        (const char *)(uintptr_t)s->macros.entries[i].value);
	for (uint32_t i = 0; i < s->any.len; i++)
		fprintf(f, "Q %s\n", s->any.entries[i].key);
	for (uint32_t i = 0; i < s->loose.len; i++)
		fprintf(f, "L %s\n", s->loose.entries[i].key);
	for (uint32_t i = 0; i < s->spelled.len; i++)
		fprintf(f, "S %s\n", s->spelled.entries[i].key);
	for (uint32_t i = 0; i < s->standard.len; i++)
		fprintf(f, "Y %s\n", s->standard.entries[i].key);
	write_list(f, 'D', s->dirs.data, s->dirs.len);
	write_list(f, 'P', s->present.data, s->present.len);
	write_list(f, 'A', s->absent.data, s->absent.len);
	fputs("E\n", f);
	bool ok = !ferror(f);
	return fclose(f) == 0 && ok;
}

/* ---- reading ---- */

static bool read_include(struct shared *s, const char *text)
{
	uint32_t from, to;
	if (sscanf(text, "%u %u", &from, &to) != 2 || from >= s->files.len || to >= s->files.len)
		return false;
	vec_push(&s->files.data[from].includes, to);
	return true;
}

static bool read_derived(struct shared_file *f, char *name)
{
	char *tab = strchr(name, '\t');
	if (!tab)
		return false;
	*tab = 0;
	vec_push(&f->derived, (struct shim_derived){f->path, name, tab + 1});
	return true;
}

static bool read_declared(struct shared *s, char what, char *text)
{
	char *name;
	unsigned long at = strtoul(text, &name, 10);
	if (name == text || *name != ' ' || at >= s->files.len)
		return false;
	struct shared_file *f = &s->files.data[at];
	if (what == 'C')
		return read_derived(f, name + 1);
	if (what == 'T')
		vec_push(&f->aliases, name + 1);
	else if (what == 'O')
		vec_push(&f->objects, name + 1);
	else
		vec_push(&f->declares, name + 1);
	return true;
}

static bool read_name(const struct shared *s, struct shared_names *names, char *text)
{
	const char *name = strsep(&text, " ");
	for (char *end; text; text = *end ? end + 1 : NULL) {
		unsigned long file = strtoul(text, &end, 10);
		if (end == text || (*end && *end != ' ') || file >= s->files.len)
			return false;
		shared_add_name(names, name, (uint32_t)file);
	}
	return true;
}

static bool read_macro(struct shared *s, char *text)
{
	char *space = strchr(text, ' ');
	if (!space)
		return false;
	*space = 0;
	strmap_set(&s->macros, text, (uintptr_t)(space + 1));
	return true;
}

static bool read_line(struct shared *s, char what, char *text)
{
	uint32_t at;
	switch (what) {
	case 'G':
	case 'F':
		at = shared_add_file(s, text);
		s->files.data[at].guarded = what == 'G';
		return true;
	case 'I':
		return read_include(s, text);
	case 'V':
	case 'T':
	case 'O':
	case 'C':
		return read_declared(s, what, text);
	case 'N':
		return read_name(s, &s->names, text);
	case 'R':
		return read_name(s, &s->same, text);
	case 'M':
		return read_macro(s, text);
	case 'Q':
		strmap_set(&s->any, text, 1);
		return true;
	case 'Y':
		strmap_set(&s->standard, text, 1);
		return true;
	case 'U':
		return read_name(s, &s->unknown, text);
	case 'L':
		strmap_set(&s->loose, text, 1);
		return true;
	case 'S':
		strmap_set(&s->spelled, text, 1);
		return true;
	case 'D':
		vec_push(&s->dirs, text);
		return true;
	case 'P':
		vec_push(&s->present, text);
		return true;
	case 'A':
		vec_push(&s->absent, text);
		return true;
	default:
		return false;
	}
}

/* True when the last line says that it is the last one. */
static bool read_lines(struct shared *s, char *text)
{
	char *rest = text, *line = strsep(&rest, "\n");
	bool ok = line && strcmp(line, HEAD) == 0;
	while (ok && (line = strsep(&rest, "\n")) && strcmp(line, "E") != 0)
		ok = line[0] && line[1] == ' ' && read_line(s, line[0], line + 2);
	return ok && line;
}

struct shared *shared_read(const char *path)
{
	size_t len;
	char *bytes = str_read_file(path, TABLE_MAX_BYTES, &len);
	if (!bytes)
		return NULL;
	struct shared *s = shared_new();
	char *text = arena_strndup(s->arena, bytes, len);
	mem_release(bytes);
	if (read_lines(s, text)) {
		s->pch = arena_printf(s->arena, "%s.pch", path);
		s->header = arena_printf(s->arena, "%s.h", path);
		return s;
	}
	shared_free(s);
	errno = EINVAL;
	return NULL;
}
