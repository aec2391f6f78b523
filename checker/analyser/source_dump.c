#include "source_dump.h"
#include "ir.h"
#include "str.h"

#include <string.h>

struct printer {
	const struct ir_unit *unit;
	const char *directory;
	FILE *to;
};

static const char *short_path(const struct printer *p, const char *path)
{
	size_t n = strlen(p->directory);
	if (n > 1 && strncmp(path, p->directory, n) == 0 && path[n] == '/')
		return path + n + 1;
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static const char *file_name(const struct printer *p, ir_file file)
{
	return file < p->unit->nfiles ? short_path(p, p->unit->files[file].path) : "?";
}

/* One line whatever the text holds. */
static void quote(const struct printer *p, const char *text)
{
	fputc('"', p->to);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(p->to, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", p->to);
		else if (c < 0x20 || c == 0x7f)
			fprintf(p->to, "\\x%02x", c);
		else
			fputc(c, p->to);
	}
	fputc('"', p->to);
}

static void dump_files(const struct printer *p)
{
	for (uint32_t i = 1; i < p->unit->nfiles; i++) {
		const struct ir_source_file *f = &p->unit->files[i];
		if (!f->system)
			fprintf(p->to, "file %s%s\n", short_path(p, f->path), f->main ? " main" : "");
	}
}

static void dump_comments(const struct printer *p)
{
	for (uint32_t i = 0; i < p->unit->ncomments; i++) {
		const struct ir_comment *c = &p->unit->comments[i];
		if (!c->text)
			continue;
		fprintf(p->to, "comment %s:%u:%u-%u %s", file_name(p, c->file), c->line, c->col, c->end_line,
			c->alone ? "alone " : "");
		quote(p, c->text);
		fputc('\n', p->to);
	}
}

static void dump_macros(const struct printer *p)
{
	for (uint32_t i = 0; i < p->unit->nmacros; i++) {
		const struct ir_macro *m = &p->unit->macros[i];
		if (m->name)
			fprintf(p->to, "macro %s:%u:%u-%u:%u %s\n", file_name(p, m->file), m->line, m->col, m->end_line,
				m->end_col, m->name);
	}
}

static void dump_annotations(const struct printer *p)
{
	for (uint32_t i = 1; i < p->unit->nfuncs; i++) {
		const struct ir_func *f = &p->unit->funcs[i];
		for (uint32_t k = 0; k < f->nannotations; k++) {
			fprintf(p->to, "annotation %s ", f->display);
			quote(p, f->annotations[k]);
			fputc('\n', p->to);
		}
	}
}

static void dump_record(const struct printer *p, const struct ir_record *r)
{
	fprintf(p->to, "%s %s size %u\n", r->is_union ? "union" : "struct", r->name, r->size);
	for (uint32_t k = 0; k < r->nfields; k++) {
		const struct ir_field *f = &r->fields[k];
		fprintf(p->to, "  %u+%u %s: %s%s%s\n", f->offset, f->size, f->name, f->ctype, f->atomic ? " atomic" : "",
			f->is_volatile ? " volatile" : "");
	}
}

static void dump_globals(const struct printer *p)
{
	for (uint32_t i = 1; i < p->unit->nglobals; i++) {
		const struct ir_global *g = &p->unit->globals[i];
		if (g->defined && *g->display)
			fprintf(p->to, "global %s: %s%s%s%s%s\n", g->display, g->ctype, g->is_static ? " static" : "",
				g->thread_local_ ? " thread-local" : "", g->atomic ? " atomic" : "",
				g->is_volatile ? " volatile" : "");
	}
}

void source_dump(const struct ir_unit *u, const char *directory, FILE *to)
{
	struct printer p = {.unit = u, .directory = directory, .to = to};
	dump_files(&p);
	dump_comments(&p);
	dump_macros(&p);
	dump_annotations(&p);
	for (uint32_t i = 1; i < u->nrecords; i++)
		if (*u->records[i].name)
			dump_record(&p, &u->records[i]);
	dump_globals(&p);
}
