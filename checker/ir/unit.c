#include "ir.h"
#include "arena.h"
#include "intern.h"
#include "mem.h"

struct ir_unit *ir_unit_new(void)
{
	struct ir_unit *u = mem_alloc(sizeof *u);
	u->arena = arena_new();
	u->strings = intern_new();
	u->path = intern(u->strings, "");
	return u;
}

void ir_unit_free(struct ir_unit *u)
{
	if (!u)
		return;
	arena_free(u->arena);
	intern_free(u->strings);
	mem_release(u);
}
