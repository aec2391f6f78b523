/* words.h - the words that an identifier is made of: "close_all", "closeAll", "EV_STOP". Private to solve. */
#ifndef CANCELINT_SOLVE_WORDS_H
#define CANCELINT_SOLVE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_WORD 24 /* of a longer word the first letters */

/* The next word behind *at, in small letters; false: no more. Begin with *at at the name. */
bool word_next(const char **at, char word[MAX_WORD]);
bool word_among(const char *word, const char *const *list, size_t n);

#endif
