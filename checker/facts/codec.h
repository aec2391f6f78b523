/*
 * codec.h - numbers and texts as bytes, in both directions by the same calls: what lists the fields of a
 * structure lists them once, for the writer and for the reader.
 *
 * A reader never runs past its bytes: from the first mistake on it is `bad`, and every further field reads as
 * zero.
 */
#ifndef CANCELINT_FACTS_CODEC_H
#define CANCELINT_FACTS_CODEC_H

#include "map.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct intern;

struct codec {
	struct str *out; /* writing; NULL: reading */
	const unsigned char *at, *end;
	bool bad;
	struct arena *arena;    /* reading: arrays */
	struct intern *strings; /* reading: texts */

	/* Texts are written once, behind each other, and named by their number; 0 is NULL. */
	struct intmap numbers; /* writing: by the address, since texts of a unit are interned */
	const char **texts;    /* reading */
	uint32_t ntexts;
};

/* Is the next number one byte? Most are: who reads takes them where they stand. */
static inline bool codec_is_byte(const struct codec *c)
{
	return !c->out && !c->bad && c->at != c->end && *c->at < 0x80;
}
void codec_long(struct codec *c, uint64_t *v);
static inline void codec_number(struct codec *c, uint64_t *v) /* seven bits a byte */
{
	if (codec_is_byte(c))
		*v = *c->at++;
	else
		codec_long(c, v);
}
#define CODEC_UNSIGNED(name, type, max)                                                                      \
	static inline void name(struct codec *c, type *v)                                                    \
	{                                                                                                    \
		uint64_t all = *v;                                                                           \
		codec_number(c, &all);                                                                       \
		c->bad |= all > (max);                                                                       \
		*v = all > (max) ? 0 : (type)all;                                                            \
	}
CODEC_UNSIGNED(codec_u8, uint8_t, UINT8_MAX)
CODEC_UNSIGNED(codec_u16, uint16_t, UINT16_MAX)
CODEC_UNSIGNED(codec_u32, uint32_t, UINT32_MAX)
CODEC_UNSIGNED(codec_bool, bool, 1)
void codec_signed(struct codec *c, int64_t *v);
void codec_text(struct codec *c, const char **text);        /* by its number */
void codec_inline_text(struct codec *c, const char **text); /* where it stands */
/* The length of an array whose elements take `least` bytes or more; when reading, also room for it. */
void codec_array(struct codec *c, void **array, uint32_t *n, size_t elem, size_t least);
#define codec_list(c, array, n, least) codec_array((c), (void **)&(array), &(n), sizeof *(array), (least))

void codec_put_texts(struct codec *c, struct str *out); /* all that codec_text() numbered */
void codec_get_texts(struct codec *c);                  /* before the first codec_text() */
void codec_release(struct codec *c);

#endif
