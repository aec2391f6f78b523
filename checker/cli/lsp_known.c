#include "lsp_known.h"

#include "worker.h"

#include <string.h>

struct lookup {
	struct session session;
	struct settings settings;
	struct apimodel models;
	struct analysis analysis;
	char *cache;
};

/* False: there is no cache, or nothing to ask it with. */
static bool begin(struct lookup *k, const struct known_source *s, const struct project *p)
{
	*k = (struct lookup){.cache = s->cache ? mem_strdup(s->cache) : existing_cache(p->root)};
	if (!k->cache || !settings_make(&k->session, &k->settings, &s->options, p->root) ||
	    !apimodel_load(&k->models, k->settings.shipped, k->settings.models, k->settings.nmodels,
	                   &k->session.problems))
		return false;
	k->analysis = (struct analysis){.session = &k->session,
	                                .project = p,
	                                .settings = &k->settings,
	                                .cache = k->cache,
	                                .models = apimodel_fingerprint(&k->models)};
	return true;
}

static void end(struct lookup *k)
{
	analysis_release(&k->analysis);
	if (k->models.arena)
		apimodel_release(&k->models);
	if (k->settings.arena)
		settings_release(&k->settings);
	problem_list_release(&k->session.problems);
	mem_release(k->cache);
}

static uint32_t unit_of(void *ctx, const struct project *p, const char *header)
{
	struct lookup k;
	uint32_t unit = begin(&k, ctx, p) ? across_reader(&k.analysis, header) : UINT32_MAX;
	end(&k);
	return unit;
}

static void imports(void *ctx, const struct project *p, uint32_t unit, const char *facts, const char *exports,
                    int to)
{
	struct lookup k;
	json_t *told = json_loads(exports, JSON_DECODE_ANY, NULL);
	json_t *list = begin(&k, ctx, p) ? across_known(&k.analysis, unit, facts, told) : NULL;
	if (!list)
		list = json_array();
	worker_write(to, list);
	json_decref(list);
	json_decref(told);
	end(&k);
}

struct lsp_known known_from_cache(struct known_source *s)
{
	s->options.fail_on = "any";
	s->options.no_db = true;
	return (struct lsp_known){.ctx = s, .unit_of = unit_of, .imports = imports};
}
