/* cancelint check: settings, units, analysis, report, history, exit code. */
#include "check.h"
#include "linked.h"

#include "arena.h"
#include "map.h"
#include "rule.h"
#include "str.h"
#include "vcs.h"
#include "worker.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct check {
	struct session *session;
	struct check_options options;
	struct operands operands;
	struct linked linked; /* of 'cancelint link' */
	bool links;
	struct project project;
	struct settings settings;
	char models[33]; /* their fingerprint */
	struct outputs outputs;
	struct store *store;
	char *database, *cache;
	struct analysis analysis;
	const volatile int *stop;
	struct gate gate;
	VEC(struct finding) hidden; /* that the settings keep out of the report */
	VEC(struct report_note) notes;
	struct strmap noted;
	int64_t started_at;
	struct timespec began;
	struct trend_row counts; /* of this run, when it was recorded */
	bool recorded, failed;   /* failed: a report or the database could not be written */
};

/* ---- before the analysis: everything that can be wrong with the input ---- */

static bool load_project(struct check *c)
{
	const struct operands *o = &c->operands;
	struct problem_list *l = &c->session->problems;
	if (c->links)
		return linked_load(c->session, &c->linked, &o->list, c->options.root, &c->project);
	if (!o->dashed)
		return project_load(&c->project, c->options.build_dir, o->list.data, o->list.len, l);
	if (c->options.build_dir)
		return session_fail(c->session, "leave one of them out",
		                    "both -p and compiler flags after '--' are given");
	if (!o->list.len)
		return session_fail(c->session, "cancelint check FILE... -- FLAGS", "no file before '--'");
	return project_from_files(&c->project, o->list.data, o->list.len, (const char *const *)o->flags,
	                          o->nflags, l);
}

static bool load_models(struct check *c)
{
	struct apimodel m;
	bool ok = apimodel_load(&m, c->settings.shipped, c->settings.models, c->settings.nmodels,
	                        &c->session->problems);
	snprintf(c->models, sizeof c->models, "%s", apimodel_fingerprint(&m));
	apimodel_release(&m);
	return ok;
}

static bool open_database(struct check *c)
{
	if (!c->settings.use_database)
		return true;
	c->database = c->settings.database ? mem_strdup(c->settings.database)
	                                   : default_database(c->session, c->project.root);
	if (c->database)
		c->store = store_open(c->database, STORE_WRITE, &c->session->problems);
	return c->store != NULL;
}

static bool has_database(const struct check *c)
{
	char path[PATH_MAX];
	if (!c->settings.use_database)
		return false;
	if (c->settings.database)
		return access(c->settings.database, F_OK) == 0;
	int n = snprintf(path, sizeof path, "%s/.cancelint/findings.db", c->project.root);
	return n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0;
}

/* Workers load the models by themselves. Here they are only checked, which takes longer than all else of a
 * run in which nothing has changed; the run before has done that for the same models. */
static bool models_and_database(struct check *c)
{
	const struct settings *t = &c->settings;
	if (!has_database(c))
		return load_models(c) && open_database(c);
	if (!open_database(c))
		return false;
	return (apimodel_fingerprint_files(t->shipped, t->models, t->nmodels, c->models) &&
	        store_knows_models(c->store, CANCELINT_VERSION, c->models)) ||
	       load_models(c);
}

static bool prepare(struct check *c)
{
	/* Each of these speaks about another input: all are heard before giving up. */
	bool ok = !c->options.write || c->options.fix ||
	          session_fail(c->session, "add --fix", "--write needs --fix");
	ok &= load_project(c);
	ok = (ok || !c->links) && settings_make(c->session, &c->settings, &c->options, c->project.root) && ok;
	if (c->options.explain_config)
		return ok;
	if (!ok || !models_and_database(c) || (c->links && !linked_agree(c->session, &c->linked, c->models)))
		return false;
	c->gate = (struct gate){.session = c->session,
	                        .root = c->project.root,
	                        .settings = &c->settings,
	                        .options = &c->options,
	                        .store = c->store};
	if (!gate_prepare(&c->gate))
		return false;
	if (c->options.reproducers && !reproducers_prepare(c->session, c->options.reproducers))
		return false;
	c->stop = interrupt_watch(); /* from here on there are files to clean up */
	return outputs_open(c->session, &c->outputs, &c->options.formats, c->options.fix);
}

/* ---- after it: what is reported ---- */

static bool is_reported(const struct check *c, const struct finding *f)
{
	return rule_choice_is_sure(&c->settings.rules, f) &&
	       rule_choice_reports(&c->settings.rules, f->rule, f->at.file) &&
	       !choice_excludes(&c->settings.config, c->project.root, f->at.file);
}

static bool is_analysed_unit(const struct check *c, const char *file)
{
	for (uint32_t i = 0; i < c->project.nunits; i++)
		if (strcmp(c->project.units[i].display, file) == 0)
			return true;
	return false;
}

static bool is_whole(const struct check *c)
{
	return c->links || (!c->operands.dashed && !c->operands.list.len);
}

/*
 * Of a header's comments only a run over all units knows that nothing needs them; of one that is for every
 * rule, only a run of all rules. The anchor of such a finding is the comment's list of rules.
 */
static bool is_premature(const struct check *c, const struct finding *f)
{
	if (strcmp(f->rule, "unused-suppression") != 0)
		return false;
	return (!is_whole(c) && !is_analysed_unit(c, f->at.file)) ||
	       (strcmp(f->anchor, "*") == 0 && !rule_choice_has_defaults(&c->settings.rules));
}

static void finish_findings(struct check *c)
{
	struct analysis *a = &c->analysis;
	struct finding_set *set = &a->findings;
	uint32_t kept = 0;
	/* Comments for rules that did not run are not in the set: see take_suppressions(). */
	finding_set_finish(set, a->complete);
	for (uint32_t i = 0; i < set->len; i++)
		if (is_reported(c, &set->items[i]) && !is_premature(c, &set->items[i]))
			set->items[kept++] = set->items[i];
		else
			vec_push(&c->hidden, set->items[i]);
	set->len = kept;
}

/* A file compiled twice has the same to say twice. */
static void add_note(struct check *c, const struct report_note *note)
{
	const char *key =
	        arena_printf(c->analysis.arena, "%s\n%s\n%s", note->file, note->function, note->text);
	if (strmap_get(&c->noted, key, NULL))
		return;
	strmap_set(&c->noted, key, 1);
	vec_push(&c->notes, *note);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* With which options `cancelint explain`, called from here, finds what this run records. */
static const char *lookup_options(struct check *c)
{
	if (!c->store)
		return NULL;
	char *nearest =
	        c->settings.config.database ? mem_strdup(c->settings.config.database) : nearest_database();
	bool found = nearest && same_file(nearest, c->database);
	mem_release(nearest);
	return found ? ""
	             : arena_printf(c->analysis.arena, "--db %s",
	                            shell_quoted(c->analysis.arena, c->database));
}

static void collect_notes(struct check *c)
{
	for (uint32_t i = 0; i < c->project.nunits; i++)
		for (uint32_t k = 0; k < c->analysis.units[i].nnotes; k++)
			add_note(c, &c->analysis.units[i].notes[k]);
}

static bool write_reports(struct check *c)
{
	struct analysis *a = &c->analysis;
	uint32_t n = c->project.nunits;
	struct report_unit *units = ARENA_ARRAY(a->arena, struct report_unit, n);
	const char **rules = ARENA_ARRAY(a->arena, const char *, rule_table_len);
	for (uint32_t i = 0; i < n; i++)
		units[i] = a->units[i].report;
	struct report r = {.root = c->project.root,
	                   .version = CANCELINT_VERSION,
	                   .rules = rules,
	                   .nrules = rule_choice_ids(&c->settings.rules, rules),
	                   .units = units,
	                   .nunits = n,
	                   .complete = a->complete,
	                   .gated = c->gate.on,
	                   .findings = &a->findings,
	                   .notes = c->notes.data,
	                   .nnotes = c->notes.len};
	return outputs_write(c->session, &c->outputs, &r, &c->options, lookup_options(c));
}

/* ---- history ---- */

static const char *rule_list(struct check *c)
{
	const char **ids = ARENA_ARRAY(c->analysis.arena, const char *, rule_table_len);
	uint32_t n = rule_choice_ids(&c->settings.rules, ids);
	struct str s = {0};
	for (uint32_t i = 0; i < n; i++)
		str_addf(&s, "%s%s", i ? "," : "", ids[i]);
	const char *list = arena_strdup(c->analysis.arena, str_c(&s));
	str_release(&s);
	return list;
}

static struct store_unit *store_units(struct check *c)
{
	uint32_t n = c->project.nunits;
	struct store_unit *units = ARENA_ARRAY(c->analysis.arena, struct store_unit, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct unit_result *u = &c->analysis.units[i];
		units[i] =
		        (struct store_unit){u->report.file, u->report.outcome, u->report.reason, u->seconds};
	}
	return units;
}

static struct store_note *store_notes(struct check *c)
{
	struct store_note *notes = ARENA_ARRAY(c->analysis.arena, struct store_note, c->notes.len);
	for (uint32_t i = 0; i < c->notes.len; i++)
		notes[i] = (struct store_note){c->notes.data[i].file, c->notes.data[i].function,
		                               c->notes.data[i].text};
	return notes;
}

static double seconds_since(const struct timespec *then)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static void record(struct check *c)
{
	struct git_state git;
	struct problem_list *l = &c->session->problems;
	if (!c->store)
		return;
	git_read(c->project.root, &git);
	uint32_t nfiles, nrules;
	const struct match_rename *files, *rules = former_rules(c->analysis.arena, &nrules);
	gate_renames(&c->gate, &files, &nfiles);
	struct store_run run = {.started_at = c->started_at,
	                        .seconds = seconds_since(&c->began),
	                        .root = c->project.root,
	                        .commit = git.commit,
	                        .branch = git.branch,
	                        .tool_version = CANCELINT_VERSION,
	                        .models_hash = c->models,
	                        .config_hash = settings_hash(&c->settings),
	                        .rules = rule_list(c),
	                        .complete = c->analysis.complete,
	                        .whole = is_whole(c),
	                        .clean = c->gate.vcs && vcs_is_clean(c->gate.vcs),
	                        .units = store_units(c),
	                        .nunits = c->project.nunits,
	                        .findings = &c->analysis.findings,
	                        .hidden = c->hidden.data,
	                        .nhidden = c->hidden.len,
	                        .file_names = files,
	                        .nfile_names = nfiles,
	                        .rule_names = rules,
	                        .nrule_names = nrules,
	                        .notes = store_notes(c),
	                        .nnotes = c->notes.len};
	int64_t id = store_add_run(c->store, &run, l);
	c->recorded = id && store_run_counts(c->store, id, &c->counts, l);
	c->failed |= !c->recorded;
	if (c->recorded && c->options.verbose)
		say(stderr, "run %lld in %s: %u open findings, %u new (%u of them in old code), %u gone\n",
		    (long long)id, c->database, c->counts.total, c->counts.added, c->counts.backdated,
		    c->counts.gone);
}

/* ---- the end ---- */

/* What the exit code counts. */
static uint32_t count_findings(const struct check *c)
{
	uint32_t n = 0;
	bool only_new = c->gate.on || strcmp(c->settings.fail_on, "new") == 0;
	for (uint32_t i = 0; i < c->analysis.findings.len; i++) {
		const struct finding *f = &c->analysis.findings.items[i];
		n += !f->suppressed && !(only_new && f->known);
	}
	return n;
}

static void say_interrupted(const struct check *c)
{
	uint32_t done = 0;
	for (uint32_t i = 0; i < c->project.nunits; i++)
		done += strcmp(c->analysis.units[i].report.outcome, "interrupted") != 0;
	if (c->analysis.interrupted)
		session_fail(c->session,
		             "the report covers those units; what was known of the others is unchanged",
		             "interrupted after %u of %u units", done, c->project.nunits);
}

/* Without a report nothing else says so. */
static void say_failed_units(const struct check *c)
{
	for (uint32_t i = 0; i < c->project.nunits; i++) {
		const struct report_unit *u = &c->analysis.units[i].report;
		if (strcmp(u->outcome, "ok") != 0)
			session_fail(c->session, "the edits do not cover it", "%s: not analysed (%s): %s",
			             u->file, u->outcome, u->reason);
	}
}

static int exit_code(const struct check *c)
{
	if (c->failed || !c->analysis.complete)
		return CODE_INCOMPLETE;
	if (strcmp(c->settings.fail_on, "none") == 0)
		return CODE_CLEAN;
	return count_findings(c) ? CODE_FINDINGS : CODE_CLEAN;
}

static int analyse(struct check *c)
{
	const char *cache = c->options.cache;
	if (!cache && !c->links && !c->options.no_cache && c->settings.use_database)
		cache = c->cache = default_cache(c->project.root);
	c->analysis = (struct analysis){.session = c->session,
	                                .cache = c->options.no_cache ? NULL : cache,
	                                .models = c->models,
	                                .stop = c->stop,
	                                .project = &c->project,
	                                .linked = c->links ? c->linked.units : NULL,
	                                .settings = &c->settings,
	                                .verbose = c->options.verbose};
	progress_start(&c->analysis.progress, c->options.progress, c->project.nunits);
	if (!analysis_run(&c->analysis))
		return CODE_USAGE;
	if (c->options.reproducers && !c->analysis.interrupted)
		c->failed |= !reproducers_write(&c->analysis, c->options.reproducers);
	pool_dismiss(c->analysis.pool);
	finish_findings(c);
	collect_notes(c);
	/* First what is known of each: the reports say so. */
	record(c);
	c->failed |= !gate_apply(&c->gate, &c->analysis.findings);
	c->failed |= !write_reports(c);
	if (c->options.fix)
		say_failed_units(c);
	if (c->options.fix && !c->analysis.interrupted)
		c->failed |=
		        !fixes_apply(c->session, c->project.root, &c->analysis.findings, c->options.write);
	say_interrupted(c);
	return exit_code(c);
}

static int check_run(struct check *c)
{
	if (!prepare(c))
		return CODE_USAGE;
	if (c->options.explain_config) {
		settings_explain(&c->settings, &c->options, c->project.root);
		return CODE_CLEAN;
	}
	session_show_problems(c->session); /* warnings */
	return analyse(c);
}

static void check_release(struct check *c)
{
	analysis_release(&c->analysis);
	outputs_release(&c->outputs);
	gate_release(&c->gate);
	store_close(c->store);
	mem_release(c->database);
	mem_release(c->cache);
	if (c->settings.arena)
		settings_release(&c->settings);
	if (c->project.arena)
		project_release(&c->project);
	vec_release(&c->hidden);
	vec_release(&c->notes);
	strmap_release(&c->noted);
	linked_release(&c->linked);
	operands_release(&c->operands);
	vec_release(&c->options.models);
	vec_release(&c->options.formats);
}

static int command(struct session *s, const struct option_spec *spec, int argc, char **argv)
{
	struct check c = {.session = s, .links = spec == &link_spec, .started_at = (int64_t)time(NULL)};
	clock_gettime(CLOCK_MONOTONIC, &c.began);
	enum parsed p = options_parse(spec, argc, argv, &c.options, &c.operands, &s->problems);
	int code = p == PARSED_OK ? check_run(&c) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	check_release(&c);
	return code;
}

int cmd_check(struct session *s, int argc, char **argv)
{
	return command(s, &check_spec, argc, argv);
}

int cmd_link(struct session *s, int argc, char **argv)
{
	return command(s, &link_spec, argc, argv);
}
