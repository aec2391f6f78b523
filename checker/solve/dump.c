#include "far.h"
#include "scan.h"

#include <inttypes.h>
#include <string.h>

static const char *cond_text(enum api_cond c)
{
	static const char *const names[] = {[API_ALWAYS] = "always",           [API_NULL_] = "null",
	                                    [API_NONNULL] = "nonnull",         [API_ZERO] = "zero",
	                                    [API_NONZERO] = "nonzero",         [API_NEGATIVE] = "negative",
	                                    [API_NONNEGATIVE] = "nonnegative", [API_POSITIVE] = "positive",
	                                    [API_MINUS_ONE] = "minus-one",     [API_NEVER] = "unknown"};
	return names[c];
}

static void dump_place(const struct ir_unit *u, const struct ir_func *f, const struct effect_place *p,
                       FILE *to)
{
	for (unsigned d = 0; d < p->depth; d++)
		fputc('*', to);
	if (p->param == PLACE_NUMBER) {
		fprintf(to, "%lld", (long long)p->plus);
		return;
	}
	if (p->global)
		fputs(u->globals[p->global].display, to);
	else
		fputs(p->param == -1 ? "result" : p->param < 0 ? "NULL" : f->params[p->param].name, to);
	for (unsigned d = 0; d < 2; d++)
		if (p->offset[d])
			fprintf(to, " +%lld", (long long)p->offset[d]);
	if (p->plus)
		fprintf(to, " plus %lld", (long long)p->plus);
}

static void dump_effect(const struct ir_unit *u, const struct ir_func *f, const struct effect *e, FILE *to)
{
	static const char *const kinds[] = {[EFFECT_RELEASE] = "releases",
	                                    [EFFECT_KEEP] = "keeps",
	                                    [EFFECT_FRESH] = "makes",
	                                    [EFFECT_STORE] = "sets",
	                                    [EFFECT_INSERT] = "fills",
	                                    [EFFECT_REMOVE] = "takes from",
	                                    [EFFECT_REF] = "references",
	                                    [EFFECT_EACH] = "ends each",
	                                    [EFFECT_OPEN] = "opens",
	                                    [EFFECT_CLOSE] = "closes",
	                                    [EFFECT_START_DATA] = "starts with",
	                                    [EFFECT_START_TOKEN] = "starts under",
	                                    [EFFECT_SENDS] = "sends into",
	                                    [EFFECT_RECEIVES] = "receives from",
	                                    [EFFECT_CLOSES] = "closes",
	                                    [EFFECT_WRITE] = "writes",
	                                    [EFFECT_LOCKS] = "locks",
	                                    [EFFECT_UNLOCKS] = "unlocks",
	                                    [EFFECT_TAKES] = "takes",
	                                    [EFFECT_CALLS] = "calls",
	                                    [EFFECT_AWAITS] = "awaits who takes"};
	if (e->kind == EFFECT_CALLS && e->how == FAR_HOLDS_UP) {
		fprintf(to, "  waits for %s in %s\n", e->family, e->chain);
		return;
	}
	if (e->kind == EFFECT_CALLS) {
		fprintf(to, "  calls %s on ", e->family);
		dump_place(u, f, &e->place, to);
		fprintf(to, " in %s\n", e->chain);
		return;
	}
	fprintf(to, "  %s ", kinds[e->kind]);
	dump_place(u, f, &e->place, to);
	if (e->kind == EFFECT_STORE || e->kind == EFFECT_INSERT) {
		fputs(e->kind == EFFECT_STORE ? " to " : " with ", to);
		dump_place(u, f, &e->value, to);
	}
	if ((e->kind != EFFECT_KEEP || e->when != API_NEVER) && e->kind != EFFECT_EACH && e->kind < EFFECT_WRITE)
		fprintf(to, " when %s", cond_text(e->when));
	if (e->asks)
		fprintf(to, ", as %s says", f->params[e->asks - 1].name);
	if ((e->kind == EFFECT_FRESH || e->kind == EFFECT_EACH) && e->family && *e->family)
		fprintf(to, ", family %s", e->family);
	fputc('\n', to);
}

static void dump_range(struct ret_range r, FILE *to)
{
	if (r.lo > r.hi)
		fputs("never", to);
	else
		fprintf(to, "%" PRId64 "..%" PRId64, r.lo, r.hi);
}

static void dump_answers(const struct summary *sum, const char *param, FILE *to)
{
	fputs("  returns ", to);
	dump_range(sum->returns_if, to);
	fprintf(to, " when %s is %s, else ", param, cond_text(sum->answers_if));
	dump_range(sum->returns_else, to);
	fputc('\n', to);
}

void solve_dump_summaries(const struct solution *s, const char *only, FILE *to)
{
	const struct ir_unit *u = s->program->unit;
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		const struct summary *sum = &s->funcs[i].summary;
		if (!s->program->cfgs[i] || (only && strcmp(only, u->funcs[i].name) != 0))
			continue;
		fprintf(to, "summary %s%s%s\n", u->funcs[i].display, sum->known ? "" : " (not simulated)",
		        sum->no_return ? " no-return" : "");
		for (uint32_t k = 0; k < sum->neffects; k++)
			dump_effect(u, &u->funcs[i], &sum->effects[k], to);
		if (sum->answers && sum->answers <= u->funcs[i].nparams)
			dump_answers(sum, u->funcs[i].params[sum->answers - 1].name, to);
		if (sum->returns_param && sum->returns_param <= u->funcs[i].nparams)
			fprintf(to, "  returns %s\n", u->funcs[i].params[sum->returns_param - 1].name);
		if (sum->returns_place.depth) {
			fputs("  returns ", to);
			dump_place(u, &u->funcs[i], &sum->returns_place, to);
			fputc('\n', to);
		}
		if (sum->blocks)
			fprintf(to, "  blocks%s\n", sum->blocks_unbounded ? " without a bound" : "");
		for (uint32_t k = 0; k < u->funcs[i].nparams && k < 64; k++) {
			if (scan_honours(s, i, k) &&
			    program_is_token(s->program, u->funcs[i].params[k].ctype))
				fprintf(to, "  honours %s\n", u->funcs[i].params[k].name);
		}
		if (s->funcs[i].budget)
			fprintf(to, "  budget: %s\n", s->funcs[i].budget);
	}
}
