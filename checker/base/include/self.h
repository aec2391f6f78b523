/*
 * self.h - where this program is: what belongs to it is found from there.
 */
#ifndef CANCELINT_SELF_H
#define CANCELINT_SELF_H

#include <stdbool.h>

struct str;

/* Appends the directory of this program, links followed, with a '/' behind it. False: it is not known. */
bool self_directory(struct str *out);

#endif
