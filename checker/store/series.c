/* Groups of findings over the runs. */
#include "history.h"

#include "internal.h"

#include "arena.h"
#include "map.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define OPEN "state IN ('new', 'reopened', 'existing', 'unavailable', 'off')"
#define DAY ((int64_t)24 * 60 * 60)

/* ---- ages ---- */

static const struct {
	int64_t days; /* at most; 0: without a bound */
	const char *name;
} ages[HISTORY_AGES] = {{1, "up to 1 day"},     {7, "up to 1 week"},   {30, "up to 1 month"},
                        {91, "up to 3 months"}, {365, "up to 1 year"}, {0, "older"}};

uint32_t history_age(int64_t seconds)
{
	uint32_t i = 0;
	while (ages[i].days && seconds > ages[i].days * DAY)
		i++;
	return i;
}

const char *history_age_name(uint32_t age)
{
	return ages[age].name;
}

/* ---- directories ---- */

const char *history_directory(struct arena *a, const char *file, uint32_t depth)
{
	const char *slash = strrchr(file, '/');
	const char *end = file + (*file == '/');
	if (!slash)
		return ".";
	for (uint32_t i = 0; i < depth && end < slash; i++) {
		end += strcspn(end + (*end == '/'), "/") + (*end == '/');
		if (end > slash)
			end = slash;
	}
	return end == file ? "." : arena_strndup(a, file, (size_t)(end - file));
}

bool history_count_below(struct store *s, int64_t run, const char *directory, uint32_t *out,
                         struct problem_list *problems)
{
	sqlite3_stmt *q =
	        db_prepare(s,
	                   "SELECT count(*) FROM observations o JOIN findings f ON f.id = o.finding "
	                   "JOIN files p ON p.id = f.file WHERE o.run = ?1 AND o." OPEN
	                   " AND (?2 = '.' OR substr(p.path, 1, length(?2) + 1) = ?2 || '/')",
	                   problems);
	if (q)
		db_bind(q, "it", run, directory);
	int rc = q ? db_step(s, q, problems) : 0;
	*out = rc == SQLITE_ROW ? (uint32_t)sqlite3_column_int64(q, 0) : 0;
	sqlite3_finalize(q);
	return rc != 0;
}

/* ---- groups ---- */

struct grouper {
	struct store *s;
	const struct history_grouping *how;
	struct arena *a;
	struct problem_list *problems;
	struct intmap of;    /* finding, or defect -> what belongs to it whatever the run: a group, or when it
	                        was first seen */
	struct strmap names; /* group -> its index */
	VEC(struct trend_rule) groups;
	uint32_t nruns;
};
#define NO_GROUP UINT32_MAX

static uint32_t group_named(struct grouper *g, const char *name)
{
	uint64_t i;
	if (strmap_get(&g->names, name, &i))
		return (uint32_t)i;
	strmap_set(&g->names, name, g->groups.len);
	vec_push(&g->groups,
	         (struct trend_rule){.rule = name, .counts = ARENA_ARRAY(g->a, uint32_t, g->nruns + 1)});
	return g->groups.len - 1;
}

/* Findings of a file share its directory: names are made once. */
static bool load_files(struct grouper *g, struct intmap *directory_of)
{
	int rc = 0;
	sqlite3_stmt *q = db_prepare(g->s, "SELECT id, path FROM files", g->problems);
	while (q && (rc = db_step(g->s, q, g->problems)) == SQLITE_ROW) {
		const char *name = history_directory(g->a, db_text(q, 1), g->how->depth);
		intmap_set(directory_of, (uint64_t)sqlite3_column_int64(q, 0), group_named(g, name));
	}
	sqlite3_finalize(q);
	return rc == SQLITE_DONE;
}

static uint64_t what_belongs(struct grouper *g, const struct intmap *directory_of, sqlite3_stmt *q)
{
	uint64_t group = NO_GROUP;
	if (g->how->by == BY_AGE)
		return (uint64_t)sqlite3_column_int64(q, 2);
	if (g->how->by == BY_DIRECTORY) {
		intmap_get(directory_of, (uint64_t)sqlite3_column_int64(q, 1), &group);
		return group;
	}
	const char *name = g->how->author(g->how->context, sqlite3_column_int64(q, 0));
	return name ? group_named(g, arena_strdup(g->a, name)) : NO_GROUP;
}

static bool load_findings(struct grouper *g)
{
	struct intmap directory_of = {0};
	int rc = 0;
	bool ok = g->how->by != BY_DIRECTORY || load_files(g, &directory_of);
	const char *query =
	        g->how->by == BY_DIRECTORY
	                ? "SELECT id, file, 0 FROM findings"
	                : "SELECT d.id, 0, r.started_at FROM defects d JOIN runs r ON r.id = d.first_run";
	sqlite3_stmt *q = ok ? db_prepare(g->s, query, g->problems) : NULL;
	while (q && (rc = db_step(g->s, q, g->problems)) == SQLITE_ROW)
		intmap_set(&g->of, (uint64_t)sqlite3_column_int64(q, 0), what_belongs(g, &directory_of, q));
	sqlite3_finalize(q);
	intmap_release(&directory_of);
	return rc == SQLITE_DONE;
}

static bool count_run(struct grouper *g, sqlite3_stmt *q, const struct trend_row *run, uint32_t index)
{
	int rc;
	db_bind(q, "i", run->run);
	while ((rc = db_step(g->s, q, g->problems)) == SQLITE_ROW) {
		uint64_t group = NO_GROUP;
		if (!intmap_get(&g->of, (uint64_t)sqlite3_column_int64(q, 0), &group))
			continue;
		if (g->how->by == BY_AGE)
			group = history_age(run->started_at - (int64_t)group);
		if (group != NO_GROUP)
			g->groups.data[group].counts[index]++;
	}
	return rc == SQLITE_DONE;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct trend_rule *)a)->rule, ((const struct trend_rule *)b)->rule);
}

static bool is_empty(const struct trend_rule *group, uint32_t nruns)
{
	for (uint32_t i = 0; i < nruns; i++)
		if (group->counts[i])
			return false;
	return true;
}

static void hand_out(struct grouper *g, struct trend_rule **out, uint32_t *n)
{
	*out = ARENA_ARRAY(g->a, struct trend_rule, g->groups.len + 1);
	*n = 0;
	for (uint32_t i = 0; i < g->groups.len; i++)
		if (!is_empty(&g->groups.data[i], g->nruns))
			(*out)[(*n)++] = g->groups.data[i];
	if (g->how->by != BY_AGE)
		qsort(*out, *n, sizeof **out, by_name);
}

bool history_groups(struct store *s, const struct history_grouping *how, const struct trend_row *runs,
                    uint32_t nruns, struct arena *a, struct trend_rule **out, uint32_t *n,
                    struct problem_list *problems)
{
	struct grouper g = {.s = s, .how = how, .a = a, .problems = problems, .nruns = nruns};
	for (uint32_t i = 0; i < HISTORY_AGES && how->by == BY_AGE; i++)
		group_named(&g, ages[i].name);
	bool ok = load_findings(&g);
	sqlite3_stmt *q =
	        !ok ? NULL
	        : how->by == BY_DIRECTORY
	                ? db_prepare(s, "SELECT finding FROM observations WHERE run = ?1 AND " OPEN, problems)
	                : db_prepare(s, "SELECT defect FROM observations WHERE run = ?1 AND " OPEN, problems);
	ok = q != NULL;
	for (uint32_t i = 0; i < nruns && ok; i++)
		ok = count_run(&g, q, &runs[i], i);
	sqlite3_finalize(q);
	hand_out(&g, out, n);
	intmap_release(&g.of);
	strmap_release(&g.names);
	vec_release(&g.groups);
	return ok;
}

uint32_t history_thin(uint32_t n, uint32_t max, uint32_t *picked)
{
	uint32_t m = n < max ? n : max;
	for (uint32_t i = 0; i + 1 < m; i++)
		picked[i] = (uint32_t)((uint64_t)i * (n - 1) / (m - 1));
	if (m)
		picked[m - 1] = n - 1;
	return m;
}
