/* words.h - what a branch asks, in words of the source. */
#ifndef CANCELINT_RULE_WORDS_H
#define CANCELINT_RULE_WORDS_H

#include "pass.h"

/* "`rc < 0`"; "the condition" for what has no words. */
const char *condition_text(const struct pass *p, uint32_t func, ir_val cond);

#endif
