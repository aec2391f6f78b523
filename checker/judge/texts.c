/*
 * texts.c - what is looked at of the sources: lines that findings and their steps may stand on, calls as they
 * are written, the code that comments with directives stand at, and the comments that go on with these.
 */
#include "judge.h"

#include "ir.h"
#include "mem.h"
#include "source.h"
#include "str.h"

#include <string.h>

#define LINE_MAX (1u << 24) /* more than a text has that anybody looks at */

struct marks {
	VEC(unsigned char) lines;
};

static void mark(struct marks *m, uint32_t line, unsigned char how)
{
	if (line >= LINE_MAX)
		return;
	while (m->lines.len <= line)
		vec_push(&m->lines, 0);
	m->lines.data[line] |= how;
}

/* By file. A parameter's line is looked for in whichever file the finding about it is. */
static struct marks *find_marks(const struct ir_unit *u, struct marks *params)
{
	struct marks *of = mem_alloc(u->nfiles * sizeof *of);
	for (uint32_t i = 1; i < u->nlocs; i++)
		mark(&of[u->locs[i].file], u->locs[i].line, SOURCE_PLACE);
	for (uint32_t i = 0; i < u->ncomments; i++)
		mark(&of[u->comments[i].file], u->comments[i].line, SOURCE_GOES_ON);
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		const struct ir_func *f = &u->funcs[i];
		for (uint32_t k = 0; k < f->nparams; k++)
			if (f->params[k].val)
				mark(params, f->vals[f->params[k].val].line, SOURCE_PLACE);
	}
	return of;
}

static void add_text(const struct source_text *t, struct marks *m, const struct marks *params,
                     struct str *out)
{
	for (uint32_t i = 0; i < params->lines.len; i++)
		if (params->lines.data[i])
			mark(m, i, params->lines.data[i]);
	str_addn(out, t->file, strlen(t->file) + 1);
	source_essence(t->text, t->len, m->lines.data, m->lines.len, out);
	str_addc(out, 0);
}

struct hash128 judge_texts(const struct ir_unit *u, const struct source_text *texts, uint32_t n)
{
	struct str all = {0};
	struct marks params = {0}, *of = find_marks(u, &params);
	for (uint32_t i = 0; i < n; i++)
		for (ir_file f = 1; f < u->nfiles; f++)
			if (strcmp(u->files[f].path, texts[i].file) == 0)
				add_text(&texts[i], &of[f], &params, &all);
	struct hash128 h = hash128(str_c(&all), all.len);
	for (uint32_t i = 0; i < u->nfiles; i++)
		vec_release(&of[i].lines);
	vec_release(&params.lines);
	mem_release(of);
	str_release(&all);
	return h;
}
