/* notes.h - what is so in the process, whichever unit says it. Private to solve; solve_notes() is in solve.h. */
#ifndef CANCELINT_SOLVE_NOTES_H
#define CANCELINT_SOLVE_NOTES_H

#include "solve.h"

/* The signal that the call has somebody take; 0: none. The default action is nobody. */
ir_val notes_signal_taken(const struct ir_func *f, const struct ir_instruction *in, const struct api_func *d);
/* Another unit has said so. */
bool notes_takes_signal(const struct solution *s, int64_t signal);

#endif
