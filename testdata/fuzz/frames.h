/* frames.h - the frame of facts files (checker/facts/file.c), so that changed bytes get past its checks. */
#ifndef FUZZ_FRAMES_H
#define FUZZ_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Makes magic, version, lengths and hashes fit what is behind them. False: too short to be a file. */
bool frame_mend_facts(char *file, size_t n);

#endif
