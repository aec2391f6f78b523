/*
 * far.h - calls that matter to who has them made: they may not be made everywhere, they wait for other code,
 * or they run it. What functions of other units make of them is in their summaries.
 */
#ifndef CANCELINT_SOLVE_FAR_H
#define CANCELINT_SOLVE_FAR_H

#include "access.h"
#include "place.h"
#include "who.h"

#define MAX_FAR 12
#define FAR_HOLDS_UP 255 /* far_call.arg: no argument matters; the call waits, which an event loop may not */

struct far_call {
	const struct api_func *model; /* what is called */
	uint8_t arg;                  /* the argument that `place` speaks of */
	struct effect_place
	        place;     /* its value, in terms of the function that makes the call or has it made */
	ir_instr site;     /* where that begins, in the function; 0: in another unit */
	const char *chain; /* "stop -> drop": from the function down to the one that makes it */
	struct import_place where;
};
struct far_calls {
	struct far_call all[MAX_FAR];
	uint32_t n;
};

/* loop_block.c: the call would hold up an event loop. */
bool loop_held_up(const struct solution *s, uint32_t func, ir_instr call);
/* Computes what one function makes on its own thread; its callees come first. */
void far_find(struct solution *s, uint32_t func);
/* Adds what callers have to know to the summary under way. */
uint32_t far_effects(const struct solution *s, uint32_t func, struct effect *out, uint32_t room);
/* What a function of another unit makes, as its summary says; false: nothing. */
bool far_imported(const struct solution *s, uint32_t func, struct far_calls *out);
/* Where the object of such a call is kept, as far as the caller of `callee` shows. Returns the number. */
uint32_t far_places(const struct solution *s, uint32_t func, ir_instr call, const struct far_call *c,
                    struct handle_place *out, uint32_t max);
/* The parameter of an entry that gets its data, of another unit, too; 0: none, else 1 + index. */
uint32_t far_entry_data(const struct solution *s, uint32_t entry);
/* The same for code that a registration has run, which gets its data. */
uint32_t far_entry_places(const struct solution *s, const struct registration *r, const struct far_call *c,
                          struct handle_place *out, uint32_t max);
/* The object itself, for comparisons with what lies beside it. */
struct access far_subject(const struct solution *s, uint32_t func, ir_instr call, const struct far_call *c);

#endif
