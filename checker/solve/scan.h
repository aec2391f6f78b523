/*
 * scan.h - what a function's code mentions, without regard to paths: uses of tokens, blocking calls, wait
 * sets.
 */
#ifndef CANCELINT_SOLVE_SCAN_H
#define CANCELINT_SOLVE_SCAN_H

#include "solve.h"
#include "tri.h"

struct use {
	ir_instr by;
	uint32_t operand; /* its index among the user's operands */
};
struct use_index { /* users of each value, in program order */
	struct use *uses;
	uint32_t *first; /* uses[first[v] .. first[v + 1]) */
};
const struct use_index *scan_uses(const struct solution *s, uint32_t func);
/* Does anything come of a value: more than copies that nobody reads? */
bool scan_matters(const struct ir_func *f, const struct use_index *x, ir_val v);

/* Is parameter `param` of `func` checked with effect, forwarded or stored, in it or in what it hands it to?
 */
bool scan_honours(const struct solution *s, uint32_t func, uint32_t param);
bool scan_null(const struct ir_func *f, ir_val v);
/* Is it a call that gets the value? */
bool scan_gets(const struct ir_func *f, const struct ir_instruction *in, ir_val v);
bool scan_is_callback(const struct program *p, uint32_t func); /* some code that it is given to calls it */
/* wrapper.c: the variable or field around an address in a class of the C++ library; the address itself: none. */
ir_val scan_around_wrapper(const struct ir_unit *u, const struct ir_func *f, ir_val at);
/* What is loaded from a local variable that holds one value or nothing: that value. Others: `v`. */
ir_val scan_held(const struct solution *s, uint32_t func, ir_val v);
bool scan_of_library(const struct ir_unit *u, uint32_t record); /* a class of the C++ library */
/* The local variable that an address lies in; 0: none. */
ir_val scan_local_around(const struct ir_func *f, ir_val at);
bool scan_int(const struct ir_func *f, ir_val v, int64_t *out); /* a constant, through casts */
/* blocking.c: the largest number that a time can be, where that means "for ever". */
bool scan_is_most(const struct ir_func *f, ir_val v);
/* chrono.c: what a class of durations counts, however the type leads to it, in nanoseconds; 0: it is no such class. */
int64_t scan_duration_ns(const struct solution *s, const char *ctype);
/* chrono.c: the argument is a duration of the C++ library that is constant. */
bool scan_duration(const struct solution *s, uint32_t func, const struct ir_instruction *call, uint32_t arg,
                   int64_t *ns);
/* Does a role's `only` or `unless` hold for this call, as its argument is written? A test that is not given
 * does. */
enum tri scan_test(const struct ir_func *f, const struct ir_instruction *in, const struct api_test *t);
/* The model of the function that an instruction calls; NULL: it calls none that has one. */
static inline const struct api_func *scan_model(const struct solution *s, const struct ir_func *f,
                                                const struct ir_instruction *in)
{
	return ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
}
/* An argument behind the entry of what is started by a call that takes any number: the entry gets it. */
bool scan_to_entry(const struct api_func *d, const struct api_role *r, uint32_t arg);
/* The name is that of a device, or of a file that the system makes up, whoever calls the function. `depth`: 0. */
bool scan_made_up_file(const struct solution *s, uint32_t func, ir_val name, unsigned depth);
/* nonblocking.c: the descriptor that the call reads from, or the call itself, is told not to wait. */
bool scan_never_waits(const struct solution *s, uint32_t func, ir_instr call);
/* polled.c: the call asks a token, itself or by what it calls, and its answer matters. */
bool scan_asks_token(const struct solution *s, uint32_t func, ir_instr call);
/* The function cancels something, attaches a handler, or gives a token to code that is not described. */
bool scan_may_end_tokens(const struct solution *s, uint32_t func);
/* All who call the function are in this unit, and ask a token behind the call. */
bool scan_callers_ask_token(const struct solution *s, uint32_t func);
/* counted.c: is a field of such records counted down in the unit, and then asked whether that was the last one? */
enum count_down { COUNT_NOT_DOWN, COUNT_DOWN, COUNT_LAST_ONE };
enum count_down scan_count_down(const struct solution *s, uint32_t record, int64_t offset);
/* raced.c: the store changes a number by what it was: `data->left--`. */
/* switches.c: the callee goes to code on another stack, and that code comes back later. */
bool scan_switches(const struct solution *s, uint32_t func, ir_instr call);
bool scan_counts(const struct ir_func *f, const struct ir_instruction *st);
/* The call puts an error where the function's caller will look. */
bool scan_sets_error(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in);
/* The call reads and writes streams in memory alone; unknown: a stream of the program's own that nothing tells of. */
enum tri scan_in_memory(const struct solution *s, uint32_t func, ir_instr i);
/* Not written in this function: part of a header of the system, or inlined. */
bool scan_in_header(const struct solution *s, const struct ir_instruction *in);
/* A call that only tells the compiler something. */
bool scan_is_marker(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in);
/* The parameter of a callback that gets its data: the last pointer that is no token. 0: none, else 1 + index.
 */
uint32_t scan_entry_data(const struct solution *s, uint32_t entry);
/* Value of a `return`/`argN` path at a call; 0 when it has none or dereferences. */
ir_val scan_path(const struct ir_func *f, const struct ir_instruction *in, const struct api_path *p);
bool scan_is_root(const struct solution *s, const struct ir_func *f,
                  ir_val v); /* made by a `background` role */

/* The tokens a function has at hand, none of them judged: named parameters, captures, fields of its data that
 * it reads; of a thread's data those it does not read, too. */
const struct token_info *scan_scope_tokens(const struct solution *s, uint32_t func, uint32_t *n);
/* owner_tokens.c: tokens in fields of its parameters that the function itself asks or hands on. */
const struct token_info *scan_owner_tokens(const struct solution *s, uint32_t func, uint32_t *n);
/* The field at this offset that is a token, or lies in one; NULL: none. */
const struct ir_field *scan_token_field(const struct solution *s, uint32_t record, int64_t offset);
/* maybe_token.c: of a parameter of a class that holds a token or none, where in it the flag is that says so; 0: it is
 * no such class. */
uint32_t scan_token_flag(const struct solution *s, uint32_t func, uint32_t param);
unsigned scan_token_uses(const struct solution *s, uint32_t func, ir_val v); /* enum token_use */
bool scan_makes_token(const struct api_func *d); /* a new one, which is nobody's child */
bool scan_is_constructor(const struct ir_func *f); /* of a C++ class */
bool scan_is_lambda(const struct ir_func *f); /* its parameter 0 is what it captured */
/* own_thread.c: the thread gives its own handle back, so that nobody else has to. */
bool task_lets_itself_go(const struct program *p, uint32_t entry);
/* Does the call free an object whose count of references has just come to zero? */
bool scan_frees_last(const struct solution *s, uint32_t func, ir_instr at);
/* Is it only made where a count has just come to zero? */
bool scan_at_last_reference(const struct solution *s, uint32_t func, ir_instr at);
bool scan_carries_token(const struct solution *s, uint32_t record);
/* Does the function read the token that its parameter carries, or may it, in code that is not here? */
bool scan_reads_token(const struct solution *s, uint32_t func, uint32_t param);
/* A callback that is run only by calls whose token is NULL, or for objects that were made without one. */
bool scan_never_given_token(const struct solution *s, uint32_t func);

void scan_blocks(struct solution *s, uint32_t func);
bool scan_no_return(const struct solution *s, uint32_t func);

/* unwinding.c: an edge into this block leads to nothing but the end of the function by an exception it did
 * not throw. */
bool scan_only_unwinds(const struct solution *s, uint32_t func, ir_block to);

/* wrong_sense.c: who joins the thread sets the flag that this exit asks to what keeps the loop going. */
bool scan_wrong_sense(const struct solution *s, uint32_t func, const struct cfg_exit *e);

/* setters.c: another function than this one does more to the variable than read it; one of other units may. */
bool scan_set_elsewhere(struct solution *s, uint32_t func, uint32_t global);

#endif
