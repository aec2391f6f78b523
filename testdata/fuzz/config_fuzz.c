/* .cancelint.yaml. What is accepted has values in their ranges, paths that are absolute, and no list with
 * holes. */
#include "fuzz.h"

#include "project.h"

static void check_list(const char *const *list, uint32_t n, bool paths)
{
	for (uint32_t i = 0; i < n; i++)
		BUG_IF(!list[i] || (paths ? list[i][0] != '/' : !list[i][0]));
}

static void check(const struct config *c)
{
	check_list(c->models, c->nmodels, true);
	check_list(c->enable, c->nenable, false);
	check_list(c->disable, c->ndisable, false);
	check_list(c->exclude, c->nexclude, false);
	for (uint32_t i = 0; i < c->noverrides; i++) {
		BUG_IF(!c->overrides[i].glob || c->overrides[i].nenable + c->overrides[i].ndisable == 0);
		check_list(c->overrides[i].enable, c->overrides[i].nenable, false);
		check_list(c->overrides[i].disable, c->overrides[i].ndisable, false);
		str_glob(c->overrides[i].glob, "src/net/loop.c");
	}
	for (uint32_t i = 0; i < c->nbudgets; i++)
		BUG_IF(!c->budgets[i].text || c->budgets[i].line < 1);
	BUG_IF(c->confidence < CONF_LOW || c->confidence > CONF_HIGH || !c->fail_on);
	BUG_IF((c->database && c->database[0] != '/') || (c->baseline && c->baseline[0] != '/'));
	BUG_IF(c->jobs > 1024 || c->timeout_s > 86400 || c->memory_mb > 1 << 20);
}

bool fuzz_one(const char *data, size_t n)
{
	struct problem_list problems = {0};
	struct config c;
	bool ok = config_load(&c, fuzz_file(data, n), NULL, &problems);
	BUG_IF(ok != (problems.errors == 0));
	if (ok)
		check(&c);
	config_release(&c);
	problem_list_release(&problems);
	return ok;
}
