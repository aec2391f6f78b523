#include "frontend.h"
#include "lower.h"
#include "shim.h"

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
	struct lower l = {.shim = shim, .module = module, .unit = ir_unit_new()};
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

bool frontend_run(const struct frontend_job *job, struct frontend_result *r)
{
	*r = (struct frontend_result){0};
	struct shim_job parse = {.file = job->file,
				 .directory = job->directory,
				 .args = job->args,
				 .nargs = job->nargs,
				 .unsaved = job->unsaved,
				 .nunsaved = job->nunsaved};
	double start = now();
	struct shim_unit *shim = shim_open(&parse);
	double parsed = now();
	bool ok = false;
	if (shim_module(shim))
		ok = frontend_lower(shim, job, r);
	else
		r->diagnostics = mem_strdup(shim_diagnostics(shim));
	shim_close(shim);
	r->parse_seconds = parsed - start;
	r->lower_seconds = now() - parsed;
	return ok;
}

void frontend_result_release(struct frontend_result *r)
{
	ir_unit_free(r->unit);
	mem_release(r->diagnostics);
	*r = (struct frontend_result){0};
}
