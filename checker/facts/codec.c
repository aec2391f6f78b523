#include "codec.h"

#include "arena.h"
#include "intern.h"
#include "mem.h"

#include <string.h>

static size_t encode(uint64_t v, char bytes[10])
{
	size_t n = 0;
	for (; v >= 0x80; v >>= 7)
		bytes[n++] = (char)(v | 0x80);
	bytes[n++] = (char)v;
	return n;
}

static void put(struct str *out, uint64_t v)
{
	char bytes[10];
	if (out->cap - out->len > sizeof bytes) {
		out->len += encode(v, out->data + out->len);
		out->data[out->len] = 0;
	} else {
		str_addn(out, bytes, encode(v, bytes));
	}
}

void codec_long(struct codec *c, uint64_t *v)
{
	if (c->out) {
		put(c->out, *v);
		return;
	}
	*v = 0;
	for (unsigned shift = 0; !c->bad && shift < 64; shift += 7) {
		if (c->at == c->end)
			break;
		unsigned char byte = *c->at++;
		*v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return;
	}
	c->bad = true;
	*v = 0;
}

void codec_signed(struct codec *c, int64_t *v)
{
	uint64_t folded = ((uint64_t)*v << 1) ^ (*v < 0 ? UINT64_MAX : 0);
	codec_number(c, &folded);
	if (!c->out)
		*v = (int64_t)(folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0));
}

void codec_text(struct codec *c, const char **text)
{
	uint64_t n = 0;
	if (c->out && *text && !intmap_get(&c->numbers, (uintptr_t)*text, &n)) {
		n = c->numbers.len + 1;
		intmap_set(&c->numbers, (uintptr_t)*text, n);
	}
	uint32_t number = (uint32_t)n;
	codec_u32(c, &number);
	if (c->out)
		return;
	c->bad |= number > c->ntexts;
	*text = c->bad || !number ? NULL : c->texts[number - 1];
}

void codec_inline_text(struct codec *c, const char **text)
{
	uint64_t n = c->out ? strlen(*text) : 0;
	codec_number(c, &n);
	if (c->out) {
		str_addn(c->out, *text, n);
		return;
	}
	if (n > (uint64_t)(c->end - c->at) || (n && memchr(c->at, 0, n)))
		c->bad = true;
	*text = c->bad ? "" : intern_n(c->strings, (const char *)c->at, n);
	c->at += c->bad ? 0 : n;
}

void codec_array(struct codec *c, void **array, uint32_t *n, size_t elem, size_t least)
{
	codec_u32(c, n);
	if (c->out)
		return;
	if (*n > (uint64_t)(c->end - c->at) / (least ? least : 1))
		c->bad = true;
	if (c->bad)
		*n = 0;
	*array = arena_alloc(c->arena, elem * ((size_t)*n + 1));
}

void codec_put_texts(struct codec *c, struct str *out)
{
	struct codec table = {.out = out};
	uint32_t n = c->numbers.len;
	codec_u32(&table, &n);
	for (uint32_t i = 0; i < n; i++) {
		const char *text = (const char *)(uintptr_t)c->numbers.entries[i].key;
		codec_inline_text(&table, &text);
	}
}

void codec_get_texts(struct codec *c)
{
	codec_list(c, c->texts, c->ntexts, 1);
	for (uint32_t i = 0; i < c->ntexts; i++)
		codec_inline_text(c, &c->texts[i]);
}

void codec_release(struct codec *c)
{
	intmap_release(&c->numbers);
}
