/*
 * file.c - the frame: "cancelint facts", version, and for each of the two parts its length and its hash. All
 * numbers of the frame are little-endian.
 */
#include "parts.h"

#include "arena.h"
#include "hash.h"
#include "intern.h"
#include "ir.h"
#include "program.h"

#include <string.h>

static const char magic[] = "CIFACTS";

static void put_fixed(struct str *out, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		str_addc(out, (char)(v >> (8 * i)));
}

static uint64_t get_fixed(const char *p, unsigned bytes)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return v;
}

void facts_write(const struct program *p, struct str *out)
{
	struct str link = {0}, tables = {0}, unit = {0};
	struct codec c = {.out = &link};
	facts_put_link(&c, p);
	c.out = &tables;
	facts_unit(&c, (struct ir_unit *)p->unit); /* which a writer only reads */
	codec_put_texts(&c, &unit);
	str_addn(&unit, str_c(&tables), tables.len);
	str_addn(out, magic, sizeof magic);
	put_fixed(out, FACTS_VERSION, 4);
	put_fixed(out, link.len, 4);
	put_fixed(out, hash64(str_c(&link), link.len), 8);
	put_fixed(out, unit.len, 8);
	put_fixed(out, hash64(str_c(&unit), unit.len), 8);
	str_addn(out, str_c(&link), link.len);
	str_addn(out, str_c(&unit), unit.len);
	codec_release(&c);
	str_release(&link);
	str_release(&tables);
	str_release(&unit);
}

size_t facts_link_size(const char *head, size_t n)
{
	if (n < FACTS_HEAD || memcmp(head, magic, sizeof magic) != 0 ||
	    get_fixed(head + 8, 4) != FACTS_VERSION)
		return 0;
	return FACTS_HEAD + get_fixed(head + 12, 4);
}

bool facts_read_link(struct arena *a, const char *data, size_t n, struct facts_link *out)
{
	size_t size = facts_link_size(data, n);
	*out = (struct facts_link){0};
	if (!size || size > n || hash64(data + FACTS_HEAD, size - FACTS_HEAD) != get_fixed(data + 16, 8))
		return false;
	struct codec c = {.at = (const unsigned char *)data + FACTS_HEAD,
	                  .end = (const unsigned char *)data + size,
	                  .arena = a,
	                  .strings = intern_new()};
	facts_get_link(&c, out);
	for (uint32_t i = 0; i < out->nfuncs; i++)
		((struct facts_func *)out->funcs)[i].name = arena_strdup(a, out->funcs[i].name);
	for (uint32_t i = 0; i < out->ntypes; i++)
		((struct facts_type *)out->types)[i].name = arena_strdup(a, out->types[i].name);
	intern_free(c.strings);
	if (!c.bad && c.at == c.end)
		return true;
	*out = (struct facts_link){0};
	return false;
}

/* What ir_verify() leaves to those who make units. */
static bool sound(const struct ir_unit *u)
{
	if (!u->nfiles || !u->nlocs || !u->nrecords || !u->nfuncs || !u->nglobals || !u->path)
		return false;
	for (uint32_t i = 0; i < u->nlocs; i++)
		if (u->locs[i].inlined_at && u->locs[i].inlined_at >= i)
			return false;
	for (uint32_t i = 0; i < u->ncomments; i++)
		if (!u->comments[i].text || u->comments[i].file >= u->nfiles || !u->comments[i].line ||
		    u->comments[i].end_line < u->comments[i].line)
			return false;
	for (uint32_t i = 0; i < u->nbreaks; i++)
		if (!u->breaks[i].label || u->breaks[i].file >= u->nfiles ||
		    u->breaks[i].kind > IR_BREAK_IN_MACRO)
			return false;
	for (uint32_t i = 0; i < u->nhandlers; i++)
		if (!u->handlers[i].type || !u->handlers[i].below || u->handlers[i].file >= u->nfiles)
			return false;
	for (uint32_t i = 0; i < u->nwritten; i++)
		if (!u->written[i].name || u->written[i].file >= u->nfiles)
			return false;
	for (uint32_t i = 1; i < u->nfuncs; i++)
		for (uint32_t k = 0; k < u->funcs[i].nannotations; k++)
			if (!u->funcs[i].annotations[k])
				return false;
	return !ir_verify(u);
}

struct ir_unit *facts_read(const char *data, size_t n)
{
	size_t link = facts_link_size(data, n);
	if (!link || link > n || get_fixed(data + 24, 8) != n - link ||
	    hash64(data + link, n - link) != get_fixed(data + 32, 8))
		return NULL;
	struct ir_unit *u = ir_unit_new();
	struct codec c = {.at = (const unsigned char *)data + link,
	                  .end = (const unsigned char *)data + n,
	                  .arena = u->arena,
	                  .strings = u->strings};
	codec_get_texts(&c);
	facts_unit(&c, u);
	if (!c.bad && c.at == c.end && sound(u))
		return u;
	ir_unit_free(u);
	return NULL;
}
