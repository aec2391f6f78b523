/*
 * gap_parts.h - the parts of solve_next_gap().
 */
#ifndef CANCELINT_SOLVE_GAP_PARTS_H
#define CANCELINT_SOLVE_GAP_PARTS_H

#include "solve.h"

/* gap_elsewhere.c: what ends the loop around the wait is not among what it waits for. */
bool gap_elsewhere(const struct solution *s, uint32_t func, const struct block_site *b, struct gap *out);

#endif
