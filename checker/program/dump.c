/* Text for tests and graphs for people. */
#include "graph.h"
#include "mem.h"
#include "map.h"

#include <string.h>

/* ---- names ---- */

/* Blocks are called by clang's labels; one that is empty or not unique gets its number. */
struct labels {
	const struct cfg *c;
	bool *numbered;
};

static struct labels labels_new(const struct cfg *c)
{
	const struct ir_func *f = c->func;
	struct labels l = {.c = c, .numbered = mem_alloc(f->nblocks * sizeof(bool))};
	struct strmap seen = {0};
	for (ir_block b = 1; b < f->nblocks; b++) {
		uint64_t first;
		const char *label = f->blocks[b].label;
		l.numbered[b] = !*label;
		if (strmap_get(&seen, label, &first))
			l.numbered[b] = l.numbered[first] = true;
		else
			strmap_set(&seen, label, b);
	}
	strmap_release(&seen);
	return l;
}

static void labels_release(struct labels *l)
{
	mem_release(l->numbered);
}

/* In quotes of Graphviz a backslash and a quote are special; control characters never reach the output. */
static void put_text(const char *s, bool dot, FILE *to)
{
	for (; *s; s++) {
		if (dot && (*s == '"' || *s == '\\'))
			fputc('\\', to);
		fputc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, to);
	}
}

static void put_block(const struct labels *l, ir_block b, bool dot, FILE *to)
{
	put_text(l->c->func->blocks[b].label, dot, to);
	if (l->numbered[b])
		fprintf(to, "#%u", b);
}

static const char *func_label(const struct ir_func *f)
{
	return *f->display ? f->display : f->name;
}

static bool func_is(const struct ir_func *f, const char *name)
{
	return !name || !strcmp(f->name, name) || !strcmp(f->display, name);
}

static uint32_t line_of(const struct ir_unit *u, ir_loc loc)
{
	return loc ? ir_place_outer(u, loc).line : 0;
}

/* ---- one function ---- */

static void put_blocks(const struct labels *l, const char *what, const ir_block *blocks, uint32_t n, FILE *to)
{
	if (!n)
		return;
	fputs(what, to);
	for (uint32_t i = 0; i < n; i++) {
		fputc(' ', to);
		put_block(l, blocks[i], false, to);
	}
}

static void put_one(const struct labels *l, const char *what, ir_block b, FILE *to)
{
	put_blocks(l, what, &b, b != 0, to);
}

static void dump_block(const struct labels *l, ir_block b, FILE *to)
{
	const struct cfg *c = l->c;
	const struct ir_instruction *end = ir_terminator(c->func, b);
	fputs("  ", to);
	put_block(l, b, false, to);
	fputc(':', to);
	if (end && end->nsuccs)
		put_blocks(l, " to", c->func->succs + end->first_succ, end->nsuccs, to);
	put_blocks(l, "; from", c->preds[b], c->npreds[b], to);
	put_one(l, "; dominator", cfg_idom(c, b), to);
	put_one(l, "; post-dominator", cfg_ipdom(c, b), to);
	put_one(l, "; loop", c->loops[c->loop_of[b]].head, to);
	fputc('\n', to);
}

static void dump_loop(const struct labels *l, const struct cfg_loop *loop, FILE *to)
{
	fputs("  loop ", to);
	put_block(l, loop->head, false, to);
	fprintf(to, ": depth %u%s", loop->depth, loop->irreducible ? "; irreducible" : "");
	put_one(l, "; in", l->c->loops[loop->parent].head, to);
	put_blocks(l, "; blocks", loop->blocks, loop->nblocks, to);
	put_blocks(l, "; latches", loop->latches, loop->nlatches, to);
	for (uint32_t i = 0; i < loop->nexits; i++) {
		put_one(l, i ? "," : "; exits", loop->exits[i].from, to);
		put_one(l, " ->", loop->exits[i].to, to);
	}
	fputs(loop->nexits ? "\n" : "; endless\n", to);
}

static void dump_cfg_text(const struct labels *l, FILE *to)
{
	const struct cfg *c = l->c;
	fputs("function ", to);
	put_text(func_label(c->func), false, to);
	fputc('\n', to);
	for (uint32_t i = 0; i < c->nrpo; i++)
		dump_block(l, c->rpo[i], to);
	for (ir_block b = 1; b < c->func->nblocks; b++)
		if (!cfg_reachable(c, b)) {
			put_one(l, "  unreachable", b, to);
			fputc('\n', to);
		}
	for (uint32_t i = 1; i < c->nloops; i++)
		dump_loop(l, &c->loops[i], to);
}

static void dot_open(const char *name, FILE *to)
{
	fputs("digraph \"", to);
	put_text(name, true, to);
	fputs("\" {\n\tnode [shape=box];\n", to);
}

/* Edges back to the head of a loop are dashed. */
static void dot_edges(const struct labels *l, ir_block b, FILE *to)
{
	const struct ir_instruction *end = ir_terminator(l->c->func, b);
	for (uint32_t i = 0; end && i < end->nsuccs; i++) {
		ir_block s = ir_succ(l->c->func, end, i);
		bool back = l->c->rpo_index[s] <= l->c->rpo_index[b];
		const char *text = end->op != IR_CONDBR ? "" : i ? "false" : "true";
		fprintf(to, "\tb%u -> b%u [label=\"%s\"%s];\n", b, s, text, back ? ", style=dashed" : "");
	}
}

static void dump_cfg_dot(const struct labels *l, FILE *to)
{
	const struct cfg *c = l->c;
	dot_open(func_label(c->func), to);
	for (uint32_t i = 0; i < c->nrpo; i++) {
		ir_block b = c->rpo[i];
		fprintf(to, "\tb%u [label=\"", b);
		put_block(l, b, true, to);
		fprintf(to, "\"%s];\n", c->loops[c->loop_of[b]].head == b ? ", peripheries=2" : "");
		dot_edges(l, b, to);
	}
	fputs("}\n", to);
}

void program_dump_cfg(const struct program *p, const char *func, bool dot, FILE *to)
{
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const struct ir_func *fn = &p->unit->funcs[f];
		if (!func_is(fn, func))
			continue;
		if (!p->cfgs[f]) {
			if (fn->flags & IR_FUNC_SKIPPED)
				fprintf(to, "%sfunction %s: skipped, %s\n", dot ? "// " : "", func_label(fn),
				        fn->skipped_why);
			continue;
		}
		struct labels l = labels_new(p->cfgs[f]);
		(dot ? dump_cfg_dot : dump_cfg_text)(&l, to);
		labels_release(&l);
	}
}

/* ---- calls ---- */

static const char *runs_text(enum api_runs r)
{
	switch (r) {
	case API_RUNS_THREAD:
		return ", on a thread";
	case API_RUNS_LOOP:
		return ", on the loop";
	case API_RUNS_HANDLER:
		return ", as a handler";
	case API_RUNS_INLINE:
		return ", at once";
	case API_RUNS_POOL:
		return ", on a pool";
	case API_RUNS_SIGNAL:
		return ", on a signal";
	default:
		return "";
	}
}

static bool is_recursive(const struct program *p, uint32_t f)
{
	for (uint32_t i = p->edges_of[f]; i < p->edges_of[f + 1]; i++)
		if (p->edges[i].kind < CALL_VIRTUAL && p->scc[p->edges[i].callee] == p->scc[f])
			return true;
	return false;
}

static void dump_edge_text(const struct program *p, const struct call_edge *e, FILE *to)
{
	static const char *const kinds[] = {"calls", "calls through a pointer", "calls of a class", "runs"};
	const struct ir_func *caller = &p->unit->funcs[e->caller];
	fprintf(to, "  line %u: %s ", line_of(p->unit, caller->instrs[e->site].loc), kinds[e->kind]);
	put_text(func_label(&p->unit->funcs[e->callee]), false, to);
	if (e->kind == CALL_CALLBACK)
		fputs(runs_text(e->runs), to);
	if (e->data_arg)
		fprintf(to, ", with argument %u", e->data_arg);
	fputs(p->described[e->callee] ? " (described)\n" : "\n", to);
}

static void dump_calls_text(const struct program *p, uint32_t f, FILE *to)
{
	fputs("function ", to);
	put_text(func_label(&p->unit->funcs[f]), false, to);
	fputs(p->relevant[f] ? ": relevant" : ": not relevant", to);
	fputs(is_recursive(p, f) ? ", recursive\n" : "\n", to);
	for (uint32_t i = p->edges_of[f]; i < p->edges_of[f + 1]; i++)
		dump_edge_text(p, &p->edges[i], to);
}

static void dump_edges_dot(const struct program *p, uint32_t f, FILE *to)
{
	static const char *const styles[] = {"solid", "dashed", "dashed", "dotted"};
	for (uint32_t i = p->edges_of[f]; i < p->edges_of[f + 1]; i++) {
		const struct call_edge *e = &p->edges[i];
		bool again = i > p->edges_of[f] && e[-1].callee == e->callee && e[-1].kind == e->kind;
		if (!again)
			fprintf(to, "\tf%u -> f%u [style=%s];\n", e->caller, e->callee, styles[e->kind]);
	}
}

static void dump_calls_dot(const struct program *p, const bool *shown, FILE *to)
{
	dot_open("calls", to);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		if (!shown[f])
			continue;
		fprintf(to, "\tf%u [label=\"", f);
		put_text(func_label(&p->unit->funcs[f]), true, to);
		fprintf(to, "\"%s];\n", p->cfgs[f] ? "" : ", style=dotted");
		dump_edges_dot(p, f, to);
	}
	fputs("}\n", to);
}

/* Functions named `func` (NULL: those with a body) and what they reach. */
static void mark_reached(const struct program *p, const char *func, bool *shown)
{
	VEC(uint32_t) work = {0};
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f] && func_is(&p->unit->funcs[f], func)) {
			shown[f] = true;
			vec_push(&work, f);
		}
	while (work.len) {
		uint32_t f = work.data[--work.len];
		for (uint32_t i = p->edges_of[f]; i < p->edges_of[f + 1]; i++) {
			uint32_t callee = p->edges[i].callee;
			if (!shown[callee])
				vec_push(&work, callee);
			shown[callee] = true;
		}
	}
	vec_release(&work);
}

void program_dump_calls(const struct program *p, const char *func, bool dot, FILE *to)
{
	bool *shown = mem_alloc(p->unit->nfuncs * sizeof *shown);
	mark_reached(p, func, shown);
	if (dot)
		dump_calls_dot(p, shown, to);
	for (uint32_t f = 1; !dot && f < p->unit->nfuncs; f++)
		if (shown[f] && p->cfgs[f])
			dump_calls_text(p, f, to);
	mem_release(shown);
}
