/*
 * judge.h - one unit as ir to findings: its annotations, the program, the solution, the rules, its suppressions. Sees no clang.
 */
#ifndef CANCELINT_JUDGE_H
#define CANCELINT_JUDGE_H

#include "hash.h"

#include <jansson.h>

struct apimodel;
struct ir_unit;
struct source_text;

/* Request and reply are those of worker.h; "notes" and "seconds" are in the reply already. */
void judge_unit(const struct apimodel *api, const json_t *request, json_t *reply, const struct ir_unit *u);
/* Equal where what judge_unit() may read of the sources is. Besides that, and what facts.h writes, it reads nothing of the unit.
 * `texts`: what the files of the project say in which the unit has places or comments. */
struct hash128 judge_texts(const struct ir_unit *u, const struct source_text *texts, uint32_t n);
/* The model as this unit's annotations extend it; NULL when they do not. Wrong annotations become notes of the reply. */
struct apimodel *judge_overlay(const struct apimodel *api, const struct ir_unit *u, json_t *reply);

#endif
