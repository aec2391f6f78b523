/*
 * cleaning.c - which code cleans up, so that no token has to reach what it calls: by the call, by its place
 * behind an exit label or behind a stop, or because all of the function does.
 */
#include "after_stop.h"
#include "propagate.h"

#include <ctype.h>
#include <string.h>

/* Clang names a block after the label that it begins with, and its own blocks with a dot, or one of these
 * words; a number behind the name tells equal ones apart. */
static bool is_user_label(const char *name)
{
	static const char *const own[] = {"entry",  "return",    "cleanup",   "unreachable", "lpad",
	                                  "resume", "terminate", "NodeBlock", "LeafBlock",   "NewDefault"};
	size_t n = strlen(name);
	while (n && isdigit((unsigned char)name[n - 1]))
		n--;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strlen(own[i]) == n && strncmp(name, own[i], n) == 0)
			return false;
	return n && !memchr(name, '.', n);
}

static bool is_loop_head(const struct cfg *cfg, ir_block b)
{
	for (uint32_t k = 0; k < cfg->npreds[b]; k++)
		if (cfg_dominates(cfg, b, cfg->preds[b][k]))
			return true;
	return false;
}

/* Code that every path to it reaches by way of a label that is only jumped to forwards: `out:`, `fail:`. */
static bool behind_exit_label(const struct solution *s, uint32_t func, ir_block b)
{
	const struct cfg *cfg = s->program->cfgs[func];
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (; b; b = cfg_idom(cfg, b))
		if (is_user_label(f->blocks[b].label) && cfg->npreds[b] > 1 && !is_loop_head(cfg, b))
			return true;
	return false;
}

bool propagate_cleans_up(const struct solution *s, uint32_t func, ir_instr i, uint32_t callee)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return done_is_cleanup(s, f, &f->instrs[i], callee) ||
	       behind_exit_label(s, func, f->instrs[i].block) || after_stop(s, func, i);
}

bool propagate_behind_exit_label(const struct solution *s, uint32_t func, ir_instr i)
{
	return behind_exit_label(s, func, s->program->unit->funcs[func].instrs[i].block);
}

bool propagate_is_cleanup(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return done_named_cleanup(s, func) || strchr(f->display, '~') || done_handler_token(s, func);
}

bool solve_is_cleanup(const struct solution *s, uint32_t func)
{
	return propagate_is_cleanup(s, func);
}
