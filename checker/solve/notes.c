/*
 * notes.c - what a unit says about the process as a whole, and what it wants to know of the others: no call
 * leads from the one to the other.
 *
 * A note is a text. Which ones there are, and which roles give rise to them:
 *
 *     takes signal N      told by a connect that runs as a signal, or a catch; asked by an unsafe call with
 * that signal
 */
#include "notes.h"
#include "scan.h"

#include "arena.h"

#include <string.h>

ir_val notes_signal_taken(const struct ir_func *f, const struct ir_instruction *in, const struct api_func *d)
{
	const struct api_role *by = api_role_of(d, API_ROLE_CATCHES), *r = api_role_of(d, API_ROLE_CONNECT);
	if (!r || r->runs != API_RUNS_SIGNAL)
		return by ? scan_path(f, in, &by->value) : 0;
	int64_t none;
	ir_val entry = scan_path(f, in, &r->entry);
	bool nobody = entry && (scan_null(f, entry) || (scan_int(f, entry, &none) && !none));
	return nobody ? 0 : scan_path(f, in, &r->value);
}

static const char *taken(struct arena *a, int64_t signal)
{
	return arena_printf(a, "takes signal %lld", (long long)signal);
}

static void note_call(struct notes *n, const struct ir_func *f, const struct ir_instruction *in,
                      const struct api_func *d)
{
	int64_t signal;
	ir_val v = notes_signal_taken(f, in, d);
	if (v && scan_int(f, v, &signal))
		n->each(n->ctx, taken(n->arena, signal), true);
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_UNSAFE, r));)
		if (r->only.given && scan_test(f, in, &r->only) != TRI_FALSE &&
		    (strcmp(r->hazard, "signal") == 0 || strcmp(r->hazard, "interrupt") == 0))
			n->each(n->ctx, taken(n->arena, r->only.bits), false);
}

void solve_notes(const struct program *p, struct notes *n)
{
	for (uint32_t e = 0; e < p->nedges; e++) {
		const struct call_edge *c = &p->edges[e];
		const struct ir_func *f = &p->unit->funcs[c->caller];
		if (c->kind == CALL_DIRECT && p->described[c->callee])
			note_call(n, f, &f->instrs[c->site], p->described[c->callee]);
	}
}

static bool noted(const struct solution *s, const char *text)
{
	for (const char *const *n = s->notes; n && *n; n++)
		if (strcmp(*n, text) == 0)
			return true;
	return false;
}

bool notes_takes_signal(const struct solution *s, int64_t signal)
{
	return noted(s, taken(s->arena, signal));
}
