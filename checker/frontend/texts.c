/*
 * texts.c - what the files of the project say in which the unit has places, as the unit read them.
 *
 * Who looks at source text later looks at these, and at no others. Where #line directives give places that
 * are in other files, or none, nothing is said.
 */
#include "frontend.h"
#include "texts.h"

#include "arena.h"
#include "ir.h"
#include "mem.h"
#include "shim.h"

static bool *looked_at(const struct ir_unit *u)
{
	bool *files = mem_alloc(u->nfiles);
	for (uint32_t i = 1; i < u->nlocs; i++)
		files[u->locs[i].file] |= !u->files[u->locs[i].file].system;
	for (uint32_t i = 0; i < u->ncomments; i++)
		files[u->comments[i].file] = true;
	files[0] = false;
	return files;
}

void texts_tell(struct shim_unit *shim, struct frontend_result *r)
{
	const struct ir_unit *u = r->unit;
	struct frontend_text *out = ARENA_ARRAY(r->arena, struct frontend_text, u->nfiles);
	bool *files = looked_at(u), known = !shim_moves_lines(shim);
	for (ir_file i = 1; known && i < u->nfiles; i++) {
		if (!files[i])
			continue;
		struct frontend_text *t = &out[r->ntexts++];
		const char *text = shim_text(shim, u->files[i].path, &t->len);
		known = text != NULL;
		t->file = arena_strdup(r->arena, u->files[i].path);
		t->text = known ? arena_strndup(r->arena, text, t->len) : "";
	}
	r->texts = known ? out : NULL;
	r->ntexts = known ? r->ntexts : 0;
	mem_release(files);
}
