/*
 * task.h - what was started and may still run: threads, work in a loop or pool; and what it uses meanwhile.
 *
 * Each start is an object of kind OP in the state: the data and the token it was given, the handle that
 * stands for it. It is over when something waits for it, and out of sight when code that nobody knows may
 * wait.
 */
#ifndef CANCELINT_SOLVE_TASK_H
#define CANCELINT_SOLVE_TASK_H

#include "call.h"

/* Before that: the entry `code` frees its data `memory`, and uses what lies in it. */
void task_unbox(struct sim *m, struct state *s, struct sval code, struct sval memory);
/* What the entry does whatever happens. */
bool task_frees_data(struct sim *m, uint32_t entry);
void task_start(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                const struct api_role *r);
/* The thread lets itself go: a join that does not wait, of its own handle. */
/* The role join: of a thread, or of attributes. Called before the handle is released. */
void task_joined(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                 const struct api_role *r);
/* Is what `v` stands for over? UNKNOWN: its start was not seen. */
enum tri task_over(const struct state *s, struct sval v);
/* What waits for everything does so before it ends anything. */
void task_waits(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
/* A described call has been made: it may have waited. */
void task_called(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
/* The role abandon: true if the program ends here. */
bool task_abandoned(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
/* A call of code that no model describes; `facts` NULL: without a body. */
/* A clean-up attribute's function is called, which may cancel what is in the variable. */
void task_scope_ends(struct sim *m, struct state *s, const struct call *c);
void task_called_code(struct sim *m, struct state *s, const struct call *c, const struct func_facts *facts);
/* `v` is about to be freed, closed or released. `d`: by which API; NULL: by a function with a summary. */
void task_ends(struct sim *m, struct state *s, struct sval v, const struct api_func *d,
               const struct api_role *r, ir_instr i);
/* reused.c: it was started with the variable that the one of the turn before may still read. */
void task_reused(struct sim *m, struct state *s, const struct obj *o);
/* Before what is around it ends: what the handle stands for is over. */
void task_handle_ends(struct state *s, struct sval handle, ir_instr i);
/* Is the value, or what it points to, used by the operation? */
bool task_related(const struct sim *m, const struct obj *o, struct sval v);
/* held.c */
bool task_held_in_data(const struct state *s, const struct obj *o, const struct obj *handle);
void task_given(struct sim *m, struct state *s, const struct call *c);
/* What this library has prepared so far runs unless the call fails. */
void task_submitted(struct state *s, const struct call *c, const struct api_func *d,
                    const struct api_role *r);
/* A reference was taken. */
void task_referenced(struct sim *m, struct sval v);
/* The callee started work that still uses the place's value. */
void task_effect(struct sim *m, struct state *s, const struct call *c, const struct effect *e, struct sval v,
                 uint8_t slot);
/* How many: of its token, of its data. `out` begins with what they have in common. */
uint32_t task_effects_at_exit(struct sim *m, struct state *s, const struct obj *o, struct effect *out);
/* obj.how, effect.how of an operation. */
enum {
	OP_STOPPED = 1, /* it was asked to stop, and may still run */
	OP_WORKED = 2,  /* who started it did something else before it came back */
	OP_HELD = 4,    /* its handle lies in its data */
};
/* stopped.c: the role cancel, of work that is in a record of its user's and that other threads run. */
bool task_only_stops(const struct program *p, const struct api_func *d);
void task_stopped(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                  const struct api_role *r);
/* An object that is called is copied: what it captured by reference is used. */
bool task_is_own_data(const struct api_role *r);
/* captured.c: it was put into a container, the threads in which are joined by a loop before `at`, and uses a
 * local variable that is there as long. */
bool task_joined_in_container(const struct sim *m, const struct obj *o, uint32_t local, ir_instr at);
/* The roles connect and disconnect, of a callable object that something kept elsewhere calls. */
void task_connected(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                    const struct api_role *r);
void task_disconnected(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
/* The role cancel. */
void task_cancelled(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
/* asks.c: a branch depends on what the callback of something that was started writes: it has run by then. */
void task_asked(struct sim *m, struct state *s, ir_instr branch);
enum {
	OP_RACED = 3
}; /* obj.refs of an operation: what it would have ended may have been ended by another one */
/* raced.c: a call has run a loop: what was started in it is over, unless several callbacks leave it. */
void task_loop_left(struct sim *m, struct state *s, ir_instr i);
/* Raced operations are over when `v`, which is released or cancelled, is what they were started with. `d`: by
 * which API; NULL: by a function with a summary. */
void task_withdrawn(struct sim *m, struct state *s, struct sval v, const struct api_func *d,
                    enum api_role_kind role, ir_instr i);
/* What was started may still be at work. */
static inline bool task_running(struct sim *m, struct state *s, const struct obj *o)
{
	return o->kind == OBJ_OP && o->status == OBJ_OWNED && !own_never_made(m, s, o);
}
struct incident *task_tell(struct sim *m, struct state *s, enum incident_kind kind, const struct obj *o,
                           ir_instr at);
/* task_token.c: `v`, which is given back, cancels a token that what was started has; the function is left. */
void task_ends_token(struct sim *m, struct state *s, struct sval v, ir_instr i);
void task_leaves_token(struct sim *m, struct state *s, struct obj *o, ir_instr i);
/* A handle was not made on this path: nor was the token that comes with it. */
void task_without_token(struct state *s, const struct obj *handle);
/* After the last path. */
void task_settle(struct sim *m);
void task_exit(struct sim *m, struct state *s, struct sval result, ir_instr i);

#endif
