/*
 * The hash that GitHub's upload action gives to a line: alerts are matched by it across commits. Described in
 * the action's src/fingerprints.ts: a rolling hash, modulo 2^64, over the line's first 100 characters that
 * are neither spaces nor tabs (reading on into the lines that follow), line ends normalised to LF, and behind
 * the end of the file one 0xFFFF and zeros. Characters are UTF-16 code units. Equal hashes in one file are
 * numbered.
 */
#include "internal.h"

#include "map.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 100
#define MULTIPLIER 37u
#define END_OF_FILE 0xffff

struct roll {
	uint64_t hash, oldest_factor;
	uint32_t window[BLOCK];
	uint32_t line_at[BLOCK]; /* the line that starts at this character of the window, 0: none */
	uint32_t index, line;
	bool line_start, after_cr;
	struct intmap seen;
	const uint32_t *wanted;
	uint32_t nwanted, next;
	char (*out)[40];
};

static void leave_window(struct roll *r)
{
	uint32_t line = r->line_at[r->index];
	if (!line)
		return;
	uint64_t times = 0;
	intmap_get(&r->seen, r->hash, &times);
	intmap_set(&r->seen, r->hash, ++times);
	r->line_at[r->index] = 0;
	for (; r->next < r->nwanted && r->wanted[r->next] <= line; r->next++)
		if (r->wanted[r->next] == line)
			snprintf(r->out[r->next], 40, "%" PRIx64 ":%" PRIu64, r->hash, times);
}

static void enter_window(struct roll *r, uint32_t unit)
{
	r->hash = r->hash * MULTIPLIER + unit - r->oldest_factor * r->window[r->index];
	r->window[r->index] = unit;
	r->index = (r->index + 1) % BLOCK;
}

static void take(struct roll *r, uint32_t unit)
{
	if (unit == ' ' || unit == '\t' || (r->after_cr && unit == '\n')) {
		r->after_cr = false;
		return;
	}
	r->after_cr = unit == '\r';
	if (r->after_cr)
		unit = '\n';
	leave_window(r);
	if (r->line_start) {
		r->line_start = false;
		r->line_at[r->index] = ++r->line;
	}
	if (unit == '\n')
		r->line_start = true;
	enter_window(r, unit);
}

static void take_code_point(struct roll *r, int32_t cp)
{
	if (cp < 0)
		take(r, 0xfffd);
	else if (cp <= 0xffff)
		take(r, (uint32_t)cp);
	else {
		take(r, 0xd800 + (((uint32_t)cp - 0x10000) >> 10));
		take(r, 0xdc00 + ((uint32_t)cp & 0x3ff));
	}
}

void line_hashes(const char *text, size_t len, const uint32_t *wanted, uint32_t n, char (*out)[40])
{
	struct roll r = {.oldest_factor = 1, .line_start = true, .wanted = wanted, .nwanted = n, .out = out};
	for (uint32_t i = 0; i < n; i++)
		out[i][0] = 0;
	for (int i = 0; i < BLOCK; i++)
		r.oldest_factor *= MULTIPLIER;
	for (size_t at = 0; at < len;) {
		int32_t cp;
		at += utf8_decode(text + at, len - at, &cp);
		take_code_point(&r, cp);
	}
	take(&r, END_OF_FILE);
	for (int i = 0; i < BLOCK; i++) {
		leave_window(&r);
		enter_window(&r, 0);
	}
	intmap_release(&r.seen);
}
