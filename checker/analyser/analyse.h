/*
 * analyse.h - the worker program's stages: one request in, one unit parsed, modelled and judged, one reply out.
 *
 * A worker lives through many units. What a stage makes for one unit it frees before it returns; only the models stay.
 */
#ifndef CANCELINT_ANALYSER_ANALYSE_H
#define CANCELINT_ANALYSER_ANALYSE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct apimodel;
struct ir_unit;
struct frontend_result;

struct shared;
struct shared_known { /* the tables of precompiled headers, as they are asked for */
	char *path;
	struct shared *table;
};
struct analysis { /* what outlives a unit */
	const struct apimodel *api;
	struct shared_known *shared;
	uint32_t nshared;
};
void analyse_release(struct analysis *a);

/* ---- parse.c ---- */

/* The frontend's job for a request; its lists are released with analyse_job_release(). */
struct frontend_job analyse_job(struct analysis *a, const json_t *request);
/* A list of texts, to be freed with mem_release(); the texts are the list's. */
const char *const *analyse_strings(const json_t *list, uint32_t *n);
void analyse_job_release(struct frontend_job *job);
/* Thousands of paths: one text is read faster than a list. NULL: one of them is of two lines. */
json_t *analyse_lines(const char *const *list, uint32_t n);
/* Runs the frontend on the request's unit. On success fills "seconds" (parse, lower), "deps", "diagnostics", "functions"
 * and "notes" of the reply; given "facts", "found", "absent" and "texts", too. On failure sets "ok" to false with a "reason" and frees the result. */
bool analyse_parse(struct analysis *a, const json_t *request, json_t *reply, struct frontend_result *result);
/* "functions" and "notes" of the reply. */
void analyse_describe(json_t *reply, const struct ir_unit *u);
void analyse_fail(json_t *reply, const char *reason);

/* ---- share.c: the mode "share" ---- */

/* Precompiles the headers of the request, and tells with "found" and "absent" what was looked for. */
void analyse_share(struct analysis *a, const json_t *request, json_t *reply);
/* The table that the request names; NULL: it names none, or one that cannot be read. */
const struct shared *analyse_shared(struct analysis *a, const json_t *request);
/* "headers", "macros" and "bytes" of a reply. */
struct shared_wish;
void analyse_wish(json_t *reply, const struct shared_wish *wish);

/* ---- analyse.c: the modes "check" and "solve" ---- */

void analyse_unit(struct analysis *a, const json_t *request, json_t *reply);
void analyse_solve(struct analysis *a, const json_t *request, json_t *reply);

/* ---- coverage.c: the mode "coverage" ---- */

/* Functions with a token parameter: "unmodelled" (called, no body, no model), and the names of those that are "modelled" and that
 * the unit "defines". */
void analyse_coverage(struct analysis *a, const json_t *request, json_t *reply);

/* ---- analyse.c: the mode "preprocess" ---- */

/* The "text" of the unit, preprocessed. */
void analyse_preprocess(struct analysis *a, const json_t *request, json_t *reply);

/* ---- dump.c: the modes "ir", "facts", "cfg", "calls" and "summaries", whose text goes into the reply ---- */

bool analyse_is_dump(const char *mode);
void analyse_dump(struct analysis *a, const json_t *request, json_t *reply);

#endif
