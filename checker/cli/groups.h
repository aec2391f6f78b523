/*
 * groups.h - units that are judged as one.
 */
#ifndef CANCELINT_CLI_GROUPS_H
#define CANCELINT_CLI_GROUPS_H

#include "across.h"

struct groups;

/* Says of each unit whom it is judged with: leader[i] is the first one of its group, i itself where it is judged alone. It is
 * written again when a group turns out to be none. */
struct groups *groups_new(struct analysis *a, uint32_t *leader);
void groups_free(struct groups *g);
/* The unit whose findings stand for those of this one: the first that was compiled of the same source to the same code. */
uint32_t groups_says(const struct groups *g, uint32_t unit);
/* Each that has not been judged. False when no worker could be started. */
bool groups_judge(struct groups *g);
/* Has the judgement of some failed? Their units are to be judged one by one; said once. */
bool groups_dissolved(struct groups *g);

#endif
