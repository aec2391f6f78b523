#include "tail.h"

#include <string.h>

#define TAIL_LINES 20
#define TAIL_BYTES ((size_t)8 * 1024)

static void keep_last(struct tail *t, size_t n)
{
	if (t->text.len <= n)
		return;
	memmove(t->text.data, t->text.data + t->text.len - n, n + 1);
	t->text.len = n;
}

void tail_add(struct tail *t, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addc(&t->text, bytes[i] ? bytes[i] : ' ');
	if (t->text.len > 2 * TAIL_BYTES)
		keep_last(t, TAIL_BYTES);
}

const char *tail_text(struct tail *t)
{
	keep_last(t, TAIL_BYTES);
	const char *all = str_c(&t->text);
	size_t at = t->text.len;
	for (int lines = 0; at > 0; at--)
		if (all[at - 1] == '\n' && at < t->text.len && ++lines == TAIL_LINES)
			break;
	return all + at;
}

void tail_clear(struct tail *t)
{
	str_clear(&t->text);
}

void tail_release(struct tail *t)
{
	str_release(&t->text);
}
