/*
 * Facts files: as they are, and with a frame that fits. Of a unit that is accepted a program can be made;
 * what is written of it is accepted again, and written again it is the same. Link parts that are accepted can
 * be linked.
 */
#include "fuzz.h"

#include "frames.h"

#include "apimodel.h"
#include "facts.h"
#include "ir.h"
#include "link.h"
#include "program.h"

#include <stdio.h>

/* The unit as it is written; NULL: not accepted. `model` knows nothing. */
static bool write_again(const struct apimodel *model, const char *data, size_t n, struct str *out)
{
	struct ir_unit *u = facts_read(data, n);
	if (!u)
		return false;
	struct program *p = program_build(u, model, NULL);
	const char *wrong = program_verify(p);
	if (wrong)
		BUG(wrong);
	facts_write(p, out);
	program_free(p);
	ir_unit_free(u);
	return true;
}

static void link_both(const char *data, size_t n)
{
	struct arena *a = arena_new();
	struct facts_link links[2];
	if (facts_read_link(a, data, n, &links[0])) {
		links[1] = links[0];
		for (uint32_t one = 0; one < 2; one++) /* alone, and as one */
			link_free(link_units(links, 2, (const uint32_t[]){0, one}));
	}
	arena_free(a);
}

static bool try_bytes(const struct apimodel *model, const char *data, size_t n)
{
	struct str once = {0}, twice = {0};
	link_both(data, n);
	bool ok = write_again(model, data, n, &once);
	if (ok) {
		BUG_IF(!write_again(model, once.data, once.len, &twice));
		BUG_IF(once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0);
	}
	str_release(&once);
	str_release(&twice);
	return ok;
}

bool fuzz_one(const char *data, size_t n)
{
	struct problem_list problems = {0};
	struct apimodel model;
	BUG_IF(!apimodel_load_texts(&model, NULL, 0, NULL, 0, &problems));
	bool ok = try_bytes(&model, data, n);
	char *copy = mem_alloc(n);
	memcpy(copy, data, n);
	if (frame_mend_facts(copy, n))
		ok |= try_bytes(&model, copy, n);
	mem_release(copy);
	apimodel_release(&model);
	problem_list_release(&problems);
	return ok;
}
