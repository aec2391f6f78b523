/*
 * fuzz.h - a fuzz target: one function that takes any bytes. With CANCELINT_FUZZ (make fuzz) libFuzzer calls
 * it, else a program that replays files (replay_driver.c). A property that does not hold ends the program by
 * BUG_IF.
 */
#ifndef CANCELINT_FUZZ_H
#define CANCELINT_FUZZ_H

#include "arena.h"
#include "mem.h"
#include "problem.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* True: what is tested took the bytes for good input. `data` is not NUL-terminated. */
bool fuzz_one(const char *data, size_t n);

/* ---- common.c ---- */

/* A regular file with these bytes, the same one in each call, for what reads files. No bytes reach a disk. */
const char *fuzz_file(const char *data, size_t n);
/* A directory of this process that is removed at its end. */
const char *fuzz_folder(void);
/* A file in memory, and what was written to it when it is closed: NUL-terminated, malloc'ed. */
struct fuzz_sink;
FILE *fuzz_sink_open(struct fuzz_sink **s);
char *fuzz_sink_close(struct fuzz_sink *s, size_t *n);

/* Numbers of a frame, little-endian. */
uint64_t fuzz_get(const char *at, unsigned bytes);
void fuzz_put(char *at, uint64_t v, unsigned bytes);

#endif
