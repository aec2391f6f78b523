/* cancelint trend: the recorded runs, oldest first. */
#include "cli.h"

#include "project.h"
#include "store.h"
#include "str.h"

#include <string.h>
#include <time.h>

struct trend_options {
	const char *db, *config, *format;
	unsigned last;
};

#define FIELD(name) offsetof(struct trend_options, name)
static const struct option options[] = {
        {0, "db", OPTION_TEXT, FIELD(db), "FILE",
         "read this database (default: that of .cancelint.yaml, or the\n"
         "nearest .cancelint/findings.db)",
         0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {0, "last", OPTION_NUMBER, FIELD(last), "N", "only the newest N runs", 1, 1000000000},
        {0, "format", OPTION_CHOICE, FIELD(format), "table|csv", "how to print them (default: table)", 0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "trend",
        .usage = "trend [OPTIONS]",
        .about = "Shows the recorded runs, oldest first: how many findings were open after each, how many "
                 "were new and\n"
                 "how many had gone since the run before, and how many each rule had. Findings that a run "
                 "did not\n"
                 "look at, because their unit failed or their rule was off, stay open: 'kept' counts them. "
                 "Suppressed\n"
                 "ones are not counted.",
        .options = options,
        .footer = "examples:\n  cancelint trend --last 10\n  cancelint trend --format csv > trend.csv",
};

static void date_of(const struct trend_row *r, const char *format, char out[32])
{
	struct tm tm;
	time_t t = (time_t)r->started_at;
	if (!gmtime_r(&t, &tm) || !strftime(out, 32, format, &tm))
		strcpy(out, "?");
}

/* ---- table ---- */

/* Only where a run has looked at less than the one before. */
static bool any_carried(const struct trend *t)
{
	for (uint32_t i = 0; i < t->nrows; i++)
		if (t->rows[i].carried)
			return true;
	return false;
}

static void print_row(const struct trend *t, uint32_t row, bool carried)
{
	const struct trend_row *r = &t->rows[row];
	char date[32];
	date_of(r, "%Y-%m-%d %H:%M", date);
	printf("%5lld  %s  %-10.10s  %5u  %6u  %8u  %5u  %5u", (long long)r->run, date,
	       r->commit[0] ? r->commit : "-", r->units, r->failed, r->total, r->added, r->gone);
	if (carried)
		printf("  %5u", r->carried);
	for (uint32_t i = 0; i < t->nrules; i++)
		printf("  %*u", (int)strlen(t->rules[i].rule), t->rules[i].counts[row]);
	printf("%s\n", r->complete ? "" : "  incomplete");
}

static void print_table(const struct trend *t)
{
	bool carried = any_carried(t);
	printf("  run  date (UTC)        commit      units  failed  findings    new   gone%s",
	       carried ? "   kept" : "");
	for (uint32_t i = 0; i < t->nrules; i++)
		printf("  %s", t->rules[i].rule);
	printf("\n");
	for (uint32_t i = 0; i < t->nrows; i++)
		print_row(t, i, carried);
}

/* ---- csv (RFC 4180) ---- */

static void print_field(const char *text)
{
	/* A spreadsheet takes a leading '=', '+', '-' or '@' for a formula. */
	bool formula = text[0] && strchr("=+-@\t\r", text[0]);
	if (!formula && !strpbrk(text, ",\"\r\n")) {
		printf("%s", text);
		return;
	}
	printf("\"%s", formula ? "'" : "");
	for (; *text; text++)
		printf(*text == '"' ? "\"\"" : "%c", *text);
	putchar('"');
}

static void print_csv(const struct trend *t)
{
	printf("run,date,commit,branch,complete,units,failed,findings,new,gone,carried");
	for (uint32_t i = 0; i < t->nrules; i++) {
		putchar(',');
		print_field(t->rules[i].rule);
	}
	printf("\r\n");
	for (uint32_t i = 0; i < t->nrows; i++) {
		const struct trend_row *r = &t->rows[i];
		char date[32];
		date_of(r, "%Y-%m-%dT%H:%M:%SZ", date);
		printf("%lld,%s,", (long long)r->run, date);
		print_field(r->commit);
		putchar(',');
		print_field(r->branch);
		printf(",%d,%u,%u,%u,%u,%u,%u", r->complete, r->units, r->failed, r->total, r->added, r->gone,
		       r->carried);
		for (uint32_t k = 0; k < t->nrules; k++)
			printf(",%u", t->rules[k].counts[i]);
		printf("\r\n");
	}
}

/* ---- the command ---- */

/* Malloc'ed; NULL after a problem. */
static char *find_database(struct session *s, const struct trend_options *o)
{
	if (o->db)
		return mem_strdup(o->db);
	struct config config;
	char *path = NULL;
	if (config_load(&config, o->config, NULL, &s->problems)) {
		path = config.database ? mem_strdup(config.database) : nearest_database();
		if (!path)
			session_fail(s, "'cancelint check' makes one; name another with --db FILE",
			             "no .cancelint/findings.db here or above");
	}
	config_release(&config);
	return path;
}

static bool show(struct session *s, const struct trend_options *o)
{
	char *path = find_database(s, o);
	struct store *store = path ? store_open(path, true, &s->problems) : NULL;
	struct trend t = {0};
	bool ok = store && store_trend(store, o->last, &t, &s->problems);
	if (ok && o->format && strcmp(o->format, "csv") == 0)
		print_csv(&t);
	else if (ok)
		print_table(&t);
	trend_release(&t);
	store_close(store);
	mem_release(path);
	return ok;
}

int cmd_trend(struct session *s, int argc, char **argv)
{
	struct trend_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	bool ok = p == PARSED_OK ? show(s, &o) : p == PARSED_HELP;
	operands_release(&operands);
	return ok ? CODE_CLEAN : CODE_USAGE;
}
