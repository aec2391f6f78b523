/* The findings of a report. */
#include "report.h"

#include "arena.h"
#include "authors.h"
#include "grounds.h"
#include "map.h"

#include <stdlib.h>
#include <string.h>

#define LISTED 3000u /* open findings that did not change; what changed is always listed */
#define PAGES 200u

struct gathering {
	struct report_job *job;
	struct history_finding *head, *base;
	uint32_t nhead, nbase;
	struct intmap in_head, in_base; /* number -> index */
	VEC(struct html_finding) list;
};

/* ---- what changed ---- */

static bool open_in_base(const struct gathering *g, int64_t number)
{
	uint64_t i;
	return intmap_get(&g->in_base, (uint64_t)number, &i) && g->base[i].open;
}

/* NULL: nobody asks for it any more. */
static const char *change_of(const struct gathering *g, const struct history_finding *f)
{
	bool was_open = open_in_base(g, f->number);
	if (f->open)
		return was_open || g->job->page.base < 0 ? "" : "new";
	if (strcmp(f->state, "suppressed") == 0)
		return was_open ? "suppressed" : "";
	return was_open ? "fixed" : NULL;
}

static void add(struct gathering *g, const struct history_finding *f, const char *change)
{
	vec_push(&g->list, (struct html_finding){.row = f, .change = change, .author = ""});
}

/* The newest run says nothing of it any more: a run in between did. */
static void add_gone(struct gathering *g, struct history_finding *f)
{
	f->open = false;
	f->state = "fixed";
	add(g, f, "fixed");
}

/* New, fixed, then what is open, the newest first; by rule, file and line within a run. */
static int rank(const struct html_finding *f)
{
	return strcmp(f->change, "new") == 0 ? 0 : *f->change ? 1 : f->row->open ? 2 : 3;
}

static int by_interest(const void *x, const void *y)
{
	const struct html_finding *a = x, *b = y;
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->row->first_run != b->row->first_run)
		return a->row->first_run > b->row->first_run ? -1 : 1;
	int rule = strcmp(a->row->rule, b->row->rule), file = strcmp(a->row->file, b->row->file);
	if (rule || file)
		return rule ? rule : file;
	if (a->row->line != b->row->line)
		return a->row->line < b->row->line ? -1 : 1;
	return strcmp(a->row->key, b->row->key);
}

/* What did not change is cut at the end of the open ones. */
static void cut(struct gathering *g)
{
	uint32_t kept = 0, unchanged = 0;
	for (uint32_t i = 0; i < g->list.len; i++) {
		if (rank(&g->list.data[i]) >= 2 && unchanged++ >= LISTED) {
			g->job->page.nleft_out += g->list.data[i].row->open;
			continue;
		}
		g->list.data[kept++] = g->list.data[i];
	}
	g->list.len = kept;
}

static void compare(struct gathering *g)
{
	for (uint32_t i = 0; i < g->nbase; i++)
		intmap_set(&g->in_base, (uint64_t)g->base[i].number, i);
	for (uint32_t i = 0; i < g->nhead; i++) {
		const char *change = change_of(g, &g->head[i]);
		intmap_set(&g->in_head, (uint64_t)g->head[i].number, i);
		if (change)
			add(g, &g->head[i], change);
	}
	for (uint32_t i = 0; i < g->nbase; i++)
		if (g->base[i].open && !intmap_get(&g->in_head, (uint64_t)g->base[i].number, NULL))
			add_gone(g, &g->base[i]);
	qsort(g->list.data, g->list.len, sizeof *g->list.data, by_interest);
	cut(g);
}

static bool load_rows(struct gathering *g)
{
	struct report_job *j = g->job;
	struct problem_list *problems = &j->session->problems;
	const struct trend_row *rows = j->trend.rows;
	if (!history_findings(j->store, rows[j->trend.nrows - 1].run, j->arena, &g->head, &g->nhead,
	                      problems))
		return false;
	return j->page.base < 0 ||
	       history_findings(j->store, rows[j->page.base].run, j->arena, &g->base, &g->nbase, problems);
}

/* ---- what more is known ---- */

static bool load_trace(struct report_job *j, struct html_finding *f)
{
	struct store_found *found;
	uint32_t n;
	if (!store_find(j->store, f->row->key, j->arena, &found, &n, &j->session->problems))
		return false;
	if (n != 1)
		return true;
	f->finding = &found->finding;
	f->traced = found->traced;
	return true;
}

static bool load_traces(struct gathering *g)
{
	struct report_job *j = g->job;
	uint32_t pages = j->options->pages ? j->options->pages : PAGES;
	struct config config;
	struct grounds grounds = {0};
	bool ok = config_load(&config, j->options->config, NULL, &j->session->problems);
	if (ok)
		grounds_load(&grounds, j->arena, &config, &j->options->models);
	for (uint32_t i = 0; i < g->list.len && ok && !*j->interrupted; i++) {
		struct html_finding *f = &g->list.data[i];
		ok = load_trace(j, f);
		f->paged = i < pages;
		if (f->paged && f->finding)
			f->grounds = grounds_of(&grounds, f->finding, true);
	}
	if (grounds.arena)
		grounds_release(&grounds);
	config_release(&config);
	return ok;
}

static bool name_authors(struct gathering *g)
{
	struct report_job *j = g->job;
	struct authors authors = {0};
	if (!j->options->authors)
		return true;
	j->page.has_authors = true;
	bool ok = authors_find(j->session, j->store, &j->trend.rows[j->trend.nrows - 1], j->arena, &authors);
	for (uint32_t i = 0; i < g->list.len && ok; i++) {
		const char *name = authors_of(&authors, g->list.data[i].row->number);
		g->list.data[i].author = name ? name : "";
	}
	authors_release(&authors);
	return ok;
}

bool report_findings(struct report_job *j)
{
	struct gathering g = {.job = j};
	bool ok = load_rows(&g);
	if (ok)
		compare(&g);
	ok = ok && load_traces(&g) && name_authors(&g);
	struct html_finding *list = ARENA_ARRAY(j->arena, struct html_finding, g.list.len + 1);
	if (g.list.len)
		memcpy(list, g.list.data, g.list.len * sizeof *list);
	j->page.findings = list;
	j->page.nfindings = g.list.len;
	intmap_release(&g.in_head);
	intmap_release(&g.in_base);
	vec_release(&g.list);
	return ok;
}
