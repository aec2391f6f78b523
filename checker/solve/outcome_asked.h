/* outcome_asked.h - functions that are told how an operation ended. Private to solve. */
#ifndef CANCELINT_SOLVE_OUTCOME_ASKED_H
#define CANCELINT_SOLVE_OUTCOME_ASKED_H

#include "scan.h"

struct outcome {
	const struct solution *s;
	const struct ir_func *f;
	uint32_t func;
	uint32_t param;  /* 1 + the one that is the outcome; 0: it is told nothing */
	ir_val bases[8]; /* objects that are the outcome, or a copy */
	uint32_t nbases;
	bool asks;     /* it asks how the operation failed, or does something unknown with the outcome */
	bool forwards; /* another function gets it, too */
};
void outcome_look(struct outcome *t, const struct solution *s, uint32_t func);
/* The condition is whether the operation failed. *failed: the answer when the condition is as *failed was before. */
bool outcome_question(const struct outcome *t, ir_val cond, bool *failed);
/* Only when the operation failed the block is reached. */
bool outcome_failed(const struct outcome *t, ir_block b);

#endif
