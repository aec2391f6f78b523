#include "analyse.h"
#include "source_dump.h"
#include "facts.h"
#include "frontend.h"
#include "ir.h"
#include "mem.h"
#include "program.h"
#include "solve.h"
#include "str.h"
#include "worker.h"

#include <stdio.h>
#include <string.h>

struct dump {
	struct analysis *analysis;
	const struct ir_unit *unit;
	const char *function; /* NULL: all */
	const char *directory;
	bool dot;
	FILE *to;
};

static void dump_ir(const struct dump *d)
{
	ir_dump(d->unit, d->function, d->to);
}

static void dump_facts(const struct dump *d)
{
	source_dump(d->unit, d->directory, d->to);
}

static void dump_cfg(const struct dump *d)
{
	struct program *p = program_build(d->unit, d->analysis->api, NULL);
	program_dump_cfg(p, d->function, d->dot, d->to);
	program_free(p);
}

static void dump_calls(const struct dump *d)
{
	struct program *p = program_build(d->unit, d->analysis->api, NULL);
	program_dump_calls(p, d->function, d->dot, d->to);
	program_free(p);
}

static void dump_summaries(const struct dump *d)
{
	struct program *p = program_build(d->unit, d->analysis->api, NULL);
	struct solution *s = solve(p, NULL, NULL);
	solve_dump_summaries(s, d->function, d->to);
	solution_free(s);
	program_free(p);
}

static const struct mode {
	const char *name;
	void (*run)(const struct dump *d);
} modes[] = {{"ir", dump_ir},
             {"facts", dump_facts},
             {"cfg", dump_cfg},
             {"calls", dump_calls},
             {"summaries", dump_summaries}};

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (strcmp(modes[i].name, name) == 0)
			return &modes[i];
	return NULL;
}

bool analyse_is_dump(const char *mode)
{
	return find_mode(mode) != NULL;
}

static const char *string_or(const json_t *request, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(request, key));
	return text && *text ? text : otherwise;
}

/* Written and read again, to see that nothing is lost. */
static struct ir_unit *keep(struct analysis *a, const struct ir_unit *u)
{
	struct str bytes = {0};
	struct program *p = program_build(u, a->api, NULL);
	facts_write(p, &bytes);
	program_free(p);
	struct ir_unit *kept = facts_read(str_c(&bytes), bytes.len);
	BUG_IF(!kept);
	str_release(&bytes);
	return kept;
}

void analyse_dump(struct analysis *a, const json_t *request, json_t *reply)
{
	struct frontend_result result;
	if (!analyse_parse(a, request, reply, &result))
		return;
	char *text = NULL;
	size_t len = 0;
	struct dump d = {.analysis = a, .unit = result.unit, .to = open_memstream(&text, &len)};
	struct ir_unit *kept = json_is_true(json_object_get(request, "kept")) ? keep(a, result.unit) : NULL;
	d.unit = kept ? kept : result.unit;
	d.function = string_or(request, "function", NULL);
	d.directory = string_or(request, "directory", "");
	d.dot = strcmp(string_or(request, "format", "text"), "dot") == 0;
	if (!d.to)
		mem_die(0);
	find_mode(string_or(request, "mode", ""))->run(&d);
	fclose(d.to);
	json_object_set_new(reply, "text", worker_text(text));
	json_object_set_new(reply, "ok", json_true());
	mem_release(text);
	ir_unit_free(kept);
	frontend_result_release(&result);
}
