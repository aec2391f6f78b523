/*
 * frame.h - frames as bytes, for the pool, which neither reads nor writes a whole one at a time.
 */
#ifndef CANCELINT_WORKER_FRAME_H
#define CANCELINT_WORKER_FRAME_H

#include "str.h"
#include "worker.h"

#include <jansson.h>

#define FRAME_HEAD WORKER_FRAME_HEAD

void frame_put_length(unsigned char head[FRAME_HEAD], size_t len);
size_t frame_length(const unsigned char head[FRAME_HEAD]);
bool frame_encode(struct str *out, const json_t *j); /* appends; false: too long */

#endif
