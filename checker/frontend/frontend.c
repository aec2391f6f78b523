#include "frontend.h"
#include "lower.h"
#include "shared_parts.h"
#include "shim.h"
#include "texts.h"

#include <time.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool frontend_lower(struct shim_unit *shim, const struct frontend_job *job, struct frontend_result *r)
{
	LLVMModuleRef module = shim_module(shim);
	char *error = NULL;
	if (!run_passes(shim, module, job, &error)) {
		r->diagnostics = error;
		return false;
	}
	struct lower l = {.shim = shim, .module = module, .unit = ir_unit_new(), .job = job};
	lower_unit(&l, job);
	const char *wrong = ir_verify(l.unit);
	if (wrong) {
		ir_unit_free(l.unit);
		r->diagnostics = mem_strdup(wrong);
		return false;
	}
	r->unit = l.unit;
	r->diagnostics = mem_strdup("");
	return true;
}

static struct shim_job parse_job(const struct frontend_job *job)
{
	return (struct shim_job){.file = job->file,
	                         .directory = job->directory,
	                         .args = job->args,
	                         .nargs = job->nargs,
	                         .unsaved = job->unsaved,
	                         .nunsaved = job->nunsaved};
}

/* NULL when the unit means something else with the shared headers, or may do so. */
static struct shim_unit *open_shared(const struct frontend_job *job, struct frontend_result *r)
{
	struct shared_use use;
	struct shim_job parse = parse_job(job);
	struct shim_unit *shim = NULL;
	if (shared_watch(&use, r->arena, job)) {
		parse.listener = &use.listener;
		parse.pch = job->shared->pch;
		shim = shim_open(&parse);
	}
	if (!shared_held(&use, shim)) {
		r->unshared = arena_strdup(r->arena, use.failed ? use.why : shim_diagnostics(shim));
		shim_close(shim);
		shim = NULL;
	}
	shared_use_release(&use);
	return shim;
}

static struct shim_unit *open_alone(const struct frontend_job *job, struct frontend_result *r)
{
	struct shared_learner learner;
	struct shim_job parse = parse_job(job);
	shared_learn(&learner, r->arena);
	if (job->wishes)
		parse.listener = &learner.listener;
	struct shim_unit *shim = shim_open(&parse);
	if (job->wishes && shim_module(shim))
		shared_learned(&learner, shim, &r->wish);
	shared_learner_release(&learner);
	return shim;
}

/* Which of the macros that are asked about matter? */
static void find_spelled(const struct frontend_job *job, struct shim_unit *shim, const struct shared *shared,
                         struct frontend_result *r)
{
	const char **out = ARENA_ARRAY(r->arena, const char *, job->nspelled + 1);
	for (uint32_t i = 0; i < job->nspelled; i++)
		if ((shared && shared_spells(shared, job->spelled[i])) || shim_spells(shim, job->spelled[i]))
			out[r->nspelled++] = arena_strdup(r->arena, job->spelled[i]);
	r->spelled = out;
}

bool frontend_run(const struct frontend_job *job, struct frontend_result *r)
{
	*r = (struct frontend_result){.arena = arena_new()};
	double start = now();
	struct shim_unit *shim = job->shared ? open_shared(job, r) : NULL;
	const struct shared *shared = shim ? job->shared : NULL;
	if (!shim)
		shim = open_alone(job, r);
	double parsed = now();
	bool ok = false;
	if (shim_module(shim))
		find_spelled(job, shim, shared, r);
	if (shim_module(shim))
		ok = frontend_lower(shim, job, r);
	else
		r->diagnostics = mem_strdup(shim_diagnostics(shim));
	if (ok && job->texts)
		texts_tell(shim, r);
	shim_close(shim);
	r->parse_seconds = parsed - start;
	r->lower_seconds = now() - parsed;
	return ok;
}

void frontend_warm(void)
{
	static const char file[] = "/nothing.c",
	                  text[] = "static inline int f(int a) { return a; } int g(int a) { return f(a); }";
	struct frontend_text unsaved = {file, text, sizeof text - 1};
	struct frontend_job job = {.file = file, .directory = "/", .unsaved = &unsaved, .nunsaved = 1};
	struct frontend_result r;
	frontend_run(&job, &r);
	frontend_result_release(&r);
}

char *frontend_preprocess(const struct frontend_job *job)
{
	struct shim_job parse = parse_job(job);
	struct shim_unit *shim = shim_preprocess(&parse);
	char *text = mem_strdup(shim_preprocessed(shim));
	shim_close(shim);
	return text;
}

void frontend_result_release(struct frontend_result *r)
{
	ir_unit_free(r->unit);
	mem_release(r->diagnostics);
	arena_free(r->arena);
	*r = (struct frontend_result){0};
}
