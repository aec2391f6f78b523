/*
 * store_driver.c - drives the store without an analysis.
 *
 *   store_driver states DB         a fixed history; prints what each run made of each finding
 *   store_driver write DB COUNT    adds COUNT runs (0: until killed)
 *   store_driver verify DB         every run whole, the file sound
 *   store_driver kill DB TIMES     starts two writers, kills them at random moments, verifies each time
 *   store_driver big DB FINDINGS   one run of that many findings
 *   store_driver year DB RUNS FINDINGS   so many runs of so many findings, a few of them new in each
 *   store_driver rename DB         two runs, between which the rule r1 became r9
 *   store_driver clock DB          a run, and one that began before it
 */
#include "finding.h"
#include "problem.h"
#include "store.h"

#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int report(struct problem_list *l)
{
	int failed = l->errors != 0;
	problem_list_print(l, stderr);
	problem_list_release(l);
	return failed;
}

static struct finding make_finding(const char *rule, const char *file, unsigned line, const char *suppressed)
{
	struct finding f = {.rule = rule,
	                    .severity = SEVERITY_WARNING,
	                    .confidence = CONFIDENCE_HIGH,
	                    .message = "`h` is never ended",
	                    .at = {file, line, 2, 7},
	                    .function = "load",
	                    .usr = "c:@F@load",
	                    .anchor = "h = open_it();",
	                    .suppressed = suppressed};
	snprintf(f.id, sizeof f.id, "%.10s-%.12s-%u", rule, file, line);
	return f;
}

static void add_finding(struct finding_set *set, const char *rule, const char *file, unsigned line,
                        const char *suppressed)
{
	struct finding f = make_finding(rule, file, line, suppressed);
	char text[80], usr[80];
	snprintf(text, sizeof text, "%s in %s %u", rule, file, line);
	snprintf(usr, sizeof usr, "c:@F@load_%u", line);
	f.message = text;
	f.usr = usr;
	finding_set_add(set, &f);
	/* The identity is finding_set_finish()'s work, which reads sources that do not exist here. */
	snprintf(set->items[set->len - 1].id, sizeof f.id, "%s", f.id);
}

static struct store_run a_run(struct finding_set *set, const struct store_unit *units, uint32_t n)
{
	struct store_run r = {.started_at = 1700000000,
	                      .seconds = 1.5,
	                      .root = "/src/project",
	                      .commit = "0123456789abcdef0123456789abcdef01234567",
	                      .branch = "main",
	                      .tool_version = "0",
	                      .models_hash = "m",
	                      .config_hash = "c",
	                      .rules = "r1,r2",
	                      .complete = true,
	                      .whole = true,
	                      .units = units,
	                      .nunits = n,
	                      .findings = set};
	for (uint32_t i = 0; i < n; i++)
		r.complete = r.complete && strcmp(units[i].outcome, "ok") == 0;
	return r;
}

/* ---- states ---- */

/* One letter per finding: . absent, x present, s suppressed, h hidden. The findings are those of `what`. */
static const struct {
	const char *rule, *file;
	unsigned line;
} what[] = {{"r1", "a.c", 1}, {"r1", "b.c", 2}, {"r2", "a.c", 3}, {"r2", "x.h", 4}};

struct episode {
	const char *title, *present, *rules;
	const char *a, *b; /* outcomes; NULL: the unit is not in the run */
	bool whole;
};
static const struct episode history[] = {
        {"first", "xxxx", "r1,r2", "ok", "ok", true},
        {"a1 repaired", ".xxx", "r1,r2", "ok", "ok", true},
        {"a1 back, b failed", "x.x.", "r1,r2", "ok", "failed", true},
        {"only a.c asked", "x.x.", "r1,r2", "ok", NULL, false},
        {"r2 off", "xx..", "r1", "ok", "ok", true},
        {"a3 suppressed, b2 hidden", "xhs.", "r1,r2", "ok", "ok", true},
        {"b.c left the project", "x.s.", "r1,r2", "ok", NULL, true},
        {"a3 open again", "x.x.", "r1,r2", "ok", NULL, true},
};

static bool add_step(struct store *s, const struct episode *st, struct problem_list *l)
{
	struct finding_set set;
	struct finding hidden[4];
	uint32_t nhidden = 0, nunits = 0;
	struct store_unit units[2];
	finding_set_init(&set, "");
	for (int i = 0; i < 4; i++) {
		if (st->present[i] == 'x' || st->present[i] == 's')
			add_finding(&set, what[i].rule, what[i].file, what[i].line,
			            st->present[i] == 's' ? "checked" : NULL);
		if (st->present[i] == 'h')
			hidden[nhidden++] = make_finding(what[i].rule, what[i].file, what[i].line, NULL);
	}
	if (st->a)
		units[nunits++] = (struct store_unit){"a.c", st->a, "", 0.1};
	if (st->b)
		units[nunits++] = (struct store_unit){"b.c", st->b, "", 0.1};
	struct store_run run = a_run(&set, units, nunits);
	run.rules = st->rules;
	run.whole = st->whole;
	run.hidden = hidden;
	run.nhidden = nhidden;
	bool ok = store_add_run(s, &run, l) != 0;
	finding_set_release(&set);
	return ok;
}

static int print_row(void *run, int n, char **v, char **names)
{
	printf("  %s %s:%s %s\n", v[0], v[1], v[2], v[3]);
	return 0;
}

static void print_run(sqlite3 *db, const char *title, const struct trend_row *r)
{
	char sql[200];
	printf("run %" PRId64 " %s: total %u added %u gone %u carried %u failed %u\n", r->run, title,
	       r->total, r->added, r->gone, r->carried, r->failed);
	snprintf(sql, sizeof sql,
	         "SELECT rule, file, line, state FROM v_observations WHERE run = %" PRId64
	         " ORDER BY rule, file, line",
	         r->run);
	sqlite3_exec(db, sql, print_row, NULL, NULL);
}

static int cmd_states(const char *path)
{
	struct problem_list l = {0};
	struct trend t = {0};
	sqlite3 *db = NULL;
	struct store *s = store_open(path, STORE_WRITE, &l);
	for (size_t i = 0; s && i < sizeof history / sizeof *history; i++)
		if (!add_step(s, &history[i], &l))
			break;
	if (s && !l.errors && store_trend(s, 0, &t, &l)) {
		sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
		for (uint32_t i = 0; i < t.nrows; i++)
			print_run(db, history[i].title, &t.rows[i]);
		for (uint32_t i = 0; i < t.nrules; i++) {
			printf("%s:", t.rules[i].rule);
			for (uint32_t k = 0; k < t.nrows; k++)
				printf(" %u", t.rules[i].counts[k]);
			printf("\n");
		}
		sqlite3_close(db);
	}
	trend_release(&t);
	store_close(s);
	return report(&l);
}

/* ---- write, verify, kill ---- */

enum { UNITS = 40, FINDINGS = 60 };

static bool write_one(struct store *s, unsigned nfindings, struct problem_list *l)
{
	struct finding_set set;
	struct store_unit units[UNITS];
	char names[UNITS][16];
	finding_set_init(&set, "");
	for (unsigned i = 0; i < UNITS; i++) {
		snprintf(names[i], sizeof names[i], "src/%u.c", i);
		units[i] = (struct store_unit){names[i], "ok", "", 0.1};
	}
	for (unsigned i = 0; i < nfindings; i++)
		add_finding(&set, i % 2 ? "r1" : "r2", names[i % UNITS], i, NULL);
	struct store_run run = a_run(&set, units, UNITS);
	bool ok = store_add_run(s, &run, l) != 0;
	finding_set_release(&set);
	return ok;
}

static int cmd_write(const char *path, unsigned count, unsigned nfindings)
{
	struct problem_list l = {0};
	struct store *s = store_open(path, STORE_WRITE, &l);
	for (unsigned i = 0; s && (!count || i < count); i++)
		if (!write_one(s, nfindings, &l))
			break;
	store_close(s);
	return report(&l);
}

/* ---- year ---- */

enum { YEAR_UNITS = 600, CHANGED = 4 };

static void year_finding(struct finding_set *set, unsigned number)
{
	char file[40], function[40], usr[60], anchor[80], message[160];
	unsigned where = number * 2654435761u;
	snprintf(file, sizeof file, "src/part%u/file%u.c", where % 20, where % YEAR_UNITS);
	snprintf(function, sizeof function, "handle_request_%u", where % 7919);
	snprintf(usr, sizeof usr, "c:@F@%s", function);
	snprintf(anchor, sizeof anchor, "struct handle*h=open_handle_%u(parent);", number);
	snprintf(message, sizeof message,
	         "the handle `h` made by open_handle_%u is not released on every path", number);
	struct finding f = {.rule = number % 5 ? "r1" : "r2",
	                    .severity = SEVERITY_WARNING,
	                    .confidence = CONFIDENCE_HIGH,
	                    .message = message,
	                    .at = {file, 1 + where % 3000, 9, 30},
	                    .function = function,
	                    .usr = usr,
	                    .anchor = anchor};
	finding_set_add(set, &f);
	struct finding *kept = &set->items[set->len - 1];
	snprintf(kept->id, sizeof kept->id, "%08x%08x%08x%08x", where, number, where ^ number, ~where);
	snprintf(kept->line_hash, sizeof kept->line_hash, "%08x%08x:1", where, ~number);
}

static bool year_run(struct store *s, unsigned day, unsigned nfindings, struct problem_list *l)
{
	struct finding_set set;
	static struct store_unit units[YEAR_UNITS];
	static char names[YEAR_UNITS][40];
	finding_set_init(&set, "");
	for (unsigned i = 0; i < YEAR_UNITS; i++) {
		snprintf(names[i], sizeof names[i], "src/part%u/file%u.c", i % 20, i);
		units[i] = (struct store_unit){names[i], "ok", "", 0.1};
	}
	for (unsigned i = 0; i < nfindings; i++)
		year_finding(&set, day * CHANGED + i);
	struct store_run run = a_run(&set, units, YEAR_UNITS);
	run.started_at += day * 15768;
	bool ok = store_add_run(s, &run, l) != 0;
	finding_set_release(&set);
	return ok;
}

static int cmd_year(const char *path, unsigned runs, unsigned nfindings)
{
	struct problem_list l = {0};
	struct store *s = store_open(path, STORE_WRITE, &l);
	for (unsigned i = 0; s && i < runs; i++)
		if (!year_run(s, i, nfindings, &l))
			break;
	store_close(s);
	return report(&l);
}

/* The second run has two of the three findings, under the new id of their rule. */
static int cmd_rename(const char *path)
{
	static const struct match_rename names[] = {{"r1", "r9"}};
	struct store_unit unit = {"a.c", "ok", "", 0.1};
	struct problem_list l = {0};
	struct store *s = store_open(path, STORE_WRITE, &l);
	for (int i = 0; s && i < 2; i++) {
		struct finding_set set;
		finding_set_init(&set, "");
		for (unsigned line = 1; line <= 3u - (unsigned)i; line++)
			add_finding(&set, i ? "r9" : "r1", "a.c", line, NULL);
		struct store_run run = a_run(&set, &unit, 1);
		run.rules = i ? "r9" : "r1";
		run.rule_names = names;
		run.nrule_names = 1;
		store_add_run(s, &run, &l);
		finding_set_release(&set);
	}
	store_close(s);
	return report(&l);
}

static int cmd_clock(const char *path)
{
	struct problem_list l = {0};
	struct store *s = store_open(path, STORE_WRITE, &l);
	bool ok = s && year_run(s, 9, 3, &l) && year_run(s, 1, 3, &l);
	store_close(s);
	return report(&l) || !ok;
}

static int expect(void *ok, int n, char **v, char **names)
{
	if (strcmp(v[0], "ok") != 0 && strcmp(v[0], "0") != 0) {
		printf("%s: %s\n", names[0], v[0]);
		*(bool *)ok = false;
	}
	return 0;
}

static int note_row(void *any, int n, char **v, char **names)
{
	*(bool *)any = true;
	return 0;
}

static int cmd_verify(const char *path)
{
	static const char *const checks[] = {
	        "PRAGMA integrity_check",
	        "SELECT count(*) AS broken_references FROM pragma_foreign_key_check",
	        "SELECT count(*) AS runs_without_all_units FROM runs r"
	        " WHERE units <> (SELECT count(*) FROM units u WHERE u.run = r.id)",
	        "SELECT count(*) AS runs_without_all_findings FROM runs r WHERE total <> (SELECT count(*) "
	        "FROM v_observations o"
	        " WHERE o.run = r.id AND o.open)",
	        "SELECT count(*) AS runs_that_do_not_add_up FROM runs r LEFT JOIN runs p ON p.id = r.parent"
	        " WHERE r.total <> ifnull(p.total, 0) + r.added - r.gone",
	        "SELECT count(*) AS runs_whose_rules_do_not_add_up FROM runs r"
	        " WHERE total <> (SELECT ifnull(sum(open), 0) FROM run_rules c WHERE c.run = r.id)",
	};
	sqlite3 *db = NULL;
	bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
	sqlite3_busy_timeout(db, 10000);
	/* A writer killed before it made the schema leaves an empty database, which the next one takes as
	 * new. */
	bool any = false;
	ok = ok && sqlite3_exec(db, "SELECT 1 FROM sqlite_schema", note_row, &any, NULL) == SQLITE_OK;
	for (size_t i = 0; ok && any && i < sizeof checks / sizeof *checks; i++)
		if (sqlite3_exec(db, checks[i], expect, &ok, NULL) != SQLITE_OK) {
			printf("%s\n", sqlite3_errmsg(db));
			ok = false;
		}
	sqlite3_close(db);
	printf("%s\n", ok ? "sound" : "damaged");
	return !ok;
}

/* Records runs until it is killed; says on `told` when the first one begins. */
static pid_t start_writer(const char *path, int told)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	struct problem_list l = {0};
	struct store *s = store_open(path, STORE_WRITE, &l);
	if (write(told, "b", 1) != 1)
		_exit(1);
	while (s && write_one(s, FINDINGS, &l))
		;
	_exit(report(&l));
}

/* Three times of four the writers are known to be at work; else they may still be opening, or making the
 * schema. */
static void kill_two(const char *path, bool at_work)
{
	pid_t pids[2];
	int told[2];
	char byte;
	if (pipe(told) != 0)
		exit(1);
	for (int k = 0; k < 2; k++)
		pids[k] = start_writer(path, told[1]);
	close(told[1]);
	for (int k = 0; at_work && k < 2; k++)
		at_work = read(told[0], &byte, 1) == 1;
	struct timespec nap = {0, rand() % 60 * 1000000L + rand() % 1000000};
	nanosleep(&nap, NULL);
	for (int k = 0; k < 2; k++)
		kill(pids[k], SIGKILL);
	for (int k = 0; k < 2; k++)
		waitpid(pids[k], NULL, 0);
	close(told[0]);
}

/* Looking at all of it takes longer the more there is. */
static void start_anew(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char name[4096];
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
}

static int cmd_kill(const char *path, unsigned times)
{
	srand((unsigned)getpid());
	fflush(stdout);
	for (unsigned i = 0; i < times; i++) {
		kill_two(path, i % 4 != 0);
		if (access(path, F_OK) == 0 && cmd_verify(path))
			return 1;
		if (i % 20 == 19)
			start_anew(path);
	}
	return cmd_write(path, 1, FINDINGS) || cmd_verify(path);
}

int main(int argc, char **argv)
{
	const char *cmd = argc > 2 ? argv[1] : "";
	unsigned n = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1;
	signal(SIGXFSZ, SIG_IGN);
	if (!strcmp(cmd, "states"))
		return cmd_states(argv[2]);
	if (!strcmp(cmd, "write"))
		return cmd_write(argv[2], n, FINDINGS);
	if (!strcmp(cmd, "big"))
		return cmd_write(argv[2], 1, n);
	if (!strcmp(cmd, "year"))
		return cmd_year(argv[2], n, argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 1);
	if (!strcmp(cmd, "rename"))
		return cmd_rename(argv[2]);
	if (!strcmp(cmd, "clock"))
		return cmd_clock(argv[2]);
	if (!strcmp(cmd, "verify"))
		return cmd_verify(argv[2]);
	if (!strcmp(cmd, "kill"))
		return cmd_kill(argv[2], n);
	fprintf(stderr, "usage: store_driver states|write|big|year|rename|clock|verify|kill DB [N]\n");
	return 2;
}
