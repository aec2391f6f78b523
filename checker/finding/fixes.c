#include "fixes.h"

#include <stdlib.h>
#include <string.h>

static struct fix_file *file_of(struct fix_choice *c, const char *file)
{
	for (uint32_t i = 0; i < c->files.len; i++)
		if (strcmp(c->files.data[i].file, file) == 0)
			return &c->files.data[i];
	vec_push(&c->files, (struct fix_file){.file = file});
	return &c->files.data[c->files.len - 1];
}

static bool offset_of(const struct source *s, uint32_t line, uint32_t col, uint32_t *out)
{
	const char *text;
	size_t len;
	if (!source_line(s, line, &text, &len) || !col || col - 1 > len)
		return false;
	*out = s->starts[line - 1] + col - 1;
	return true;
}

static bool place(const struct fix_choice *c, const struct edit *e, struct fix_edit *out)
{
	bool editable = c->outside || e->at.file[0] != '/';
	const struct source *s = editable ? source_get(c->sources, e->at.file) : NULL;
	out->text = e->text;
	return s && offset_of(s, e->at.line, e->at.col, &out->begin) &&
	       offset_of(s, e->end_line, e->end_col, &out->end) && out->begin <= out->end;
}

static bool touches(const struct fix_file *f, const struct fix_edit *e)
{
	for (uint32_t i = 0; i < f->edits.len; i++)
		if (e->begin <= f->edits.data[i].end && f->edits.data[i].begin <= e->end)
			return true;
	return false;
}

static bool take(struct fix_choice *c, const struct fix *f)
{
	struct fix_edit e;
	for (uint32_t i = 0; i < f->nedits; i++)
		if (!place(c, &f->edits[i], &e) || touches(file_of(c, f->edits[i].at.file), &e))
			return false;
	for (uint32_t i = 0; i < f->nedits; i++) {
		place(c, &f->edits[i], &e);
		vec_push(&file_of(c, f->edits[i].at.file)->edits, e);
	}
	return true;
}

const struct fix *fix_choice_take(struct fix_choice *c, const struct finding *f)
{
	for (uint32_t i = 0; i < f->nfixes && !f->suppressed; i++)
		if (f->fixes[i].safe && take(c, &f->fixes[i]))
			return &f->fixes[i];
	return NULL;
}

static int by_begin(const void *a, const void *b)
{
	const struct fix_edit *x = a, *y = b;
	return (x->begin > y->begin) - (x->begin < y->begin);
}

void fix_choice_sort(struct fix_choice *c)
{
	for (uint32_t i = 0; i < c->files.len; i++)
		if (c->files.data[i].edits.len)
			qsort(c->files.data[i].edits.data, c->files.data[i].edits.len,
			      sizeof(struct fix_edit), by_begin);
}

void fix_choice_release(struct fix_choice *c)
{
	for (uint32_t i = 0; i < c->files.len; i++)
		vec_release(&c->files.data[i].edits);
	vec_release(&c->files);
}
