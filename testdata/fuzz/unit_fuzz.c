/*
 * Unit files of `cancelint extract`: as they are, and with a frame that fits. What is accepted is written
 * again, and accepted again, with the same facts behind it and the same bytes when it is written once more.
 */
#include "fuzz.h"

#include "facts.h"
#include "hash.h"
#include "unit_file.h"

#include <stdio.h>

#define FRAME 32 /* of checker/cli/unit_file.c */

static bool mend(char *file, size_t n)
{
	if (n < FRAME)
		return false;
	size_t head = fuzz_get(file + 16, 8), rest = n - FRAME;
	if (head > rest)
		head %= rest + 1;
	memcpy(file, "CIUNIT\0", 8);
	fuzz_put(file + 8, 1, 4);
	fuzz_put(file + 12, FACTS_VERSION, 4);
	fuzz_put(file + 16, head, 8);
	fuzz_put(file + 24, hash64(file + FRAME, head), 8);
	return true;
}

static char *write_unit(const struct unit_file *u, const char *data, size_t n, size_t *out)
{
	struct fuzz_sink *sink;
	FILE *to = fuzz_sink_open(&sink);
	BUG_IF(u->facts_at > n);
	BUG_IF(!unit_file_write(u, u->facts_at ? data + u->facts_at : NULL, u->facts_at ? n - u->facts_at : 0,
	                        to));
	return fuzz_sink_close(sink, out);
}

/* What is written of a file that is accepted; NULL: it is not. */
static char *write_again(const char *data, size_t n, size_t *out)
{
	struct session s = {0};
	struct arena *a = arena_new();
	struct unit_file u;
	bool ok = unit_file_read(&s, a, fuzz_file(data, n), &u);
	BUG_IF(ok != (s.problems.errors == 0));
	char *text = ok ? write_unit(&u, data, n, out) : NULL;
	unit_file_release(&u);
	problem_list_release(&s.problems);
	arena_free(a);
	return text;
}

static bool try_bytes(const char *data, size_t n)
{
	size_t nonce, ntwice;
	char *once = write_again(data, n, &nonce), *twice = once ? write_again(once, nonce, &ntwice) : NULL;
	BUG_IF(once && (!twice || nonce != ntwice || memcmp(once, twice, nonce) != 0));
	mem_release(once);
	mem_release(twice);
	return once != NULL;
}

bool fuzz_one(const char *data, size_t n)
{
	bool ok = try_bytes(data, n);
	char *copy = mem_alloc(n);
	memcpy(copy, data, n);
	if (mend(copy, n))
		ok |= try_bytes(copy, n);
	mem_release(copy);
	return ok;
}
