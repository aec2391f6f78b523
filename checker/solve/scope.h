/*
 * scope.h - scopes that are opened and closed: on a handle (a count of outstanding work, a clean-up handler),
 * or on the calling thread (cancellation disabled, signals blocked).
 */
#ifndef CANCELINT_SOLVE_SCOPE_H
#define CANCELINT_SOLVE_SCOPE_H

#include "call.h"

void scope_enter(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                 const struct api_role *r, uint8_t slot);
void scope_leave(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                 const struct api_role *r);
/* The function is left by a jump. */
void scope_jump(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
/* What a callee opened, or closed, by its summary. `place` is on `v` when the effect names a parameter. */
void scope_freed(struct sim *m, struct state *s, struct sval v, const char *family, ir_instr i);
void scope_waited(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
void scope_effect(struct sim *m, struct state *s, const struct call *c, const struct effect *e, struct sval v,
                  uint8_t slot);
/* Some open scope is that of the value, or of what is reached from it. */
bool scope_behind(const struct sim *m, struct state *s, struct sval v);
/* Other code got `v`: it may close what is open on it, or reached from it, and restore what was saved in it.
 */
void scope_published(struct sim *m, struct state *s, struct sval v, ir_instr i);
/* Code with a body, or without one, that may reach everything in static storage. */
void scope_called(struct sim *m, struct state *s, ir_instr i);
void scope_exit(struct sim *m, struct state *s, struct sval result, ir_instr i);
void scope_thrown(struct sim *m, struct state *s, ir_instr i); /* an exception leaves the function */
/* The effect on callers of a scope at an exit; false: none that they can see. */
bool scope_effect_at_exit(struct sim *m, struct state *s, const struct obj *o, struct effect *e);
/* After the last path: which open scopes their function's callers close, and jumps out of scopes of the
 * source. */
void scope_settle(struct sim *m);

#endif
