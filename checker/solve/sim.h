/*
 * sim.h - the simulation of one function: shared by the files that execute instructions, calls and exits.
 */
#ifndef CANCELINT_SOLVE_SIM_H
#define CANCELINT_SOLVE_SIM_H

#include "state.h"

/* One way the function was left: a copy of its last state, and what it returned. */
struct exit_record {
	struct state *state;
	struct sval result;
};
struct seen_release {
	ir_instr site;
	uint8_t slot;
	ir_instr at;
};

/* A question: the token is done when its answer satisfies `when`; NEVER: when it is the code for cancelled.
 */
struct witness {
	sym answer;
	struct sval token;
	enum api_cond when;
	ir_instr at;
	struct sval error; /* that was asked about; none */
};
struct root { /* a token that was made afresh at that call, or a child of one */
	struct sval v;
	ir_instr at;
	bool none; /* or no token at all */
};
struct bound {          /* a limit that somebody set */
	struct sval v;  /* its value; SV_NONE: not known */
	int64_t ns;     /* that a 1 of the value stands for */
	int64_t lo, hi; /* in milliseconds; hi INT64_MAX: not known */
	ir_instr at;
};
struct child {             /* a token that was made of another one, and its limit; see nested.c */
	struct sval token; /* it, */
	bool kept;         /* or where the call puts it */
	struct sval from;
	struct bound b;
};
struct scope_end { /* a scope, at one way out */
	ir_instr site;
	uint8_t slot;
	bool open;
	struct sval result;
	struct ret_range returned;
};

struct state_list {
	struct state **data;
	uint32_t len, cap;
};
struct kept_state {
	struct state *state;
	uint64_t handles; /* state_hash_handles() */
	bool waits;       /* to be explored, for the first time or since it was joined with another one */
};
struct kept_list {
	struct kept_state *data;
	uint32_t len, cap, waiting;
};

enum live_kind { LIVE_NOWHERE, LIVE_SOMEWHERE, LIVE_EVERYWHERE }; /* outside of its own block */
struct live_list {
	ir_val *data;
	uint32_t len, cap;
};

struct taken { /* a handle that something else ends */
	struct sval handle;
	const char *family;
};
#define MAX_MOVED 16

struct sim {
	struct solution *sol;
	const struct program *p;
	const struct ir_unit *u;
	const struct ir_func *f;
	uint32_t func;
	const struct cfg *cfg;
	struct symtab t;
	struct arena *scratch; /* this function's */

	/* Which values other blocks need, and which of them at the start of each block. */
	uint8_t *live_kind;     /* per value: enum live_kind */
	struct live_list *live; /* per block: the values its start needs, sorted */

	struct kept_list
	        *kept;    /* per block: the states at its start, until no path can come there any more */
	bool *comes_back; /* per position in reverse postorder: a path may come there after it was passed */
	uint8_t *loop_kinds; /* see counter.c; NULL: none was asked for */
	uint32_t *goes_back; /* per position: 1 + that of the outermost loop head whose last way back it is */
	ir_instr *steps_in_place; /* stores that count in memory: counts.c */
	uint32_t nsteps_in_place;
	bool steps_found;
	uint32_t *phi_order; /* operands of large phis by their block; see phi.c */
	struct state_list here;  /* the states that go through the block at hand, */
	struct state_list forks; /* and further ones behind the call being executed */
	VEC(struct binding) phis; /* of the edge at hand */
	uint64_t steps, max_steps;
	size_t bytes; /* of the states in `kept` */

	struct intmap derived; /* tokens that owe nothing: the symbol of the child -> that of its parent */
	struct intmap inside;  /* what took a handle over and ends with it: its symbol -> 1 + the index in `taken` */
	VEC(struct taken) taken;
	struct intmap tokens;  /* symbols that are tokens of a parameter, or derived from one: -> enum
	                          token_origin */
	VEC(struct exit_record) exits;
	VEC(struct seen_release) released;
	VEC(struct scope_end) scope_ends;
	VEC(ir_instr) survivors;         /* starts whose token goes on at some way out */
	VEC(struct sval) referenced;     /* values that a reference was taken of, on some path */
	VEC(struct effect) kept_effects; /* EFFECT_KEEP, EFFECT_EACH, on some path */
	VEC(struct effect) writes;       /* EFFECT_WRITE, on some path */
	uint64_t writes_param;           /* bit i: memory behind parameter i may be written, */
	uint64_t scatters;               /* and at other places than those of `writes` */
	bool world;                      /* what everybody can reach may be written, and is not in `writes` */
	bool yields;                     /* other code may run meanwhile */
	uint32_t first_incident;         /* of this function; those of callees may come between */
	bool sending;                    /* what is published goes into a queue */
	struct sval stored;              /* what is published because it is stored, */
	struct effect_place stored_at;   /* there; by no name: param -2 */
	struct sval moved[MAX_MOVED];    /* what the call at hand puts from one place into another, */
	uint32_t nmoved;                 /* by its summary: none of that is lost when its place is overwritten */
	bool publishing_region;          /* what lies behind what is published is out of sight, too */
	bool starting;                   /* what is published goes to code whose body is known */
	bool effects_lost; /* more than a summary holds: callers take the function for unknown code */
	bool watches_done; /* asks for tokens that are done, and cleans up */
	VEC(struct witness) witnesses;
	VEC(struct sval) given_tokens; /* to calls that block */
	bool propagates;               /* gives calls tokens that may be the wrong ones: see propagate.c */
	bool times;                    /* makes calls that may read a time wrongly: see deadline.c */
	const struct token_info *scope_tokens;
	uint32_t nscope_tokens;
	bool owner_tokens; /* those are in fields of an object: the function is given none itself */
	VEC(struct root) roots;
	VEC(struct child) children;  /* with limits */
	VEC(ir_instr) useful_limits; /* calls that set a limit which is the earlier one on some path */
	ir_val event_value;          /* what the event under way was given; 0: not known */
	ir_instr overwriter;         /* of the last EVENT_OVERWRITE: the call that made the new handle */
	bool giving_token;           /* what is handed over now is a token, which is only looked at */
	struct boxed { /* what lies in the memory that a task is about to be given; see task_box.c */
		struct sval data; /* SV_NONE: nothing */
		uint32_t entry;   /* the function that gets it; 0: the one that a parameter is, */
		uint32_t param;   /* 1 + which */
	} boxed;
	bool *returning;             /* per block: a path leads to a return; NULL: not asked yet */
	bool *catching;              /* per block: a handler can be reached from there; NULL: not asked yet */
	const char *budget;
};

#define MAX_KEPT 32
#define MAX_WRITES 16
#define MAX_EXITS 128 /* of one function */

enum token_origin { TOKEN_FROM_PARAM = 1, TOKEN_FROM_FIELD = 2 };

/* exec.c */
struct sval sim_eval(struct sim *m, struct state *s, ir_val v);
struct sval sim_load(struct sim *m, struct state *s, struct sval at, uint32_t size, bool pointer, ir_instr i);
void sim_store(struct sim *m, struct state *s, struct sval at, struct sval v, uint32_t size, ir_instr i);
struct sval sim_result(struct sim *m, struct state *s,
                       ir_instr i); /* a fresh symbol for what instruction i yields */
/* The last instruction that may have changed memory at an address; 0: none since entry. */
ir_instr sim_epoch(struct sim *m, struct state *s, struct sval at);
void sim_copy_region(struct sim *m, struct state *s, struct sval dst, struct sval src, int64_t size,
                     ir_instr i);
/* Executes one instruction that is no terminator; false: the path ends here. */
bool sim_exec(struct sim *m, struct state *s, ir_instr i);

/* Containers in static storage, and those that a parameter leads to: what is put into one gets a cell of its
 * own, below the first byte of what the container lies in; what is taken out leaves a mark there. `into`: the
 * address of the container. */
#define CONTAINER_CELL(i) (-((int64_t)1 << 32) - (int64_t)(i)*16)
#define CONTAINER_MARK (-((int64_t)1 << 32))
void sim_insert(struct sim *m, struct state *s, struct sval into, struct sval v, ir_instr i);
void sim_remove(struct sim *m, struct state *s, struct sval from, ir_instr i);
void container_cleared(struct sim *m, struct state *s, struct sval at); /* 0 is stored there */

/* call.c */
bool sim_call(struct sim *m, struct state *s,
              ir_instr i); /* false: it does not return, or the path is infeasible */
uint32_t sim_callee(struct sim *m, struct state *s, const struct ir_instruction *in);
/* What a callee that no model describes does, when its body is known; NULL otherwise. */
const struct summary *sim_known_callee(struct sim *m, uint32_t callee);

/* own.c: what happens to handles */
enum handle_event {
	EVENT_RELEASE,
	EVENT_TRANSFER,
	EVENT_LEAVE,       /* the function is left */
	EVENT_USE,         /* a call or an access that needs it */
	EVENT_DISCARD,     /* nothing can ever read the handle */
	EVENT_NEXT_TURN,   /* the turn of the loop that its variable belongs to is over, and the next one has
	                      begun */
	EVENT_ORPHAN,      /* what its callback gets is freed */
	EVENT_OVERWRITE,   /* what held it, and nothing else did, gets another handle */
	EVENT_BURY,        /* the memory that it is in is freed */
	EVENT_COMPLETE,    /* the operation gets its result */
	EVENT_LEAVE_SCOPE, /* the function is left with a scope open */
	EVENT_LEAVE_TASK,  /* with a thread that was neither joined nor let go */
};
/* Moves a handle on by the table typestate.def, and records the incident that the table names. */
void own_event(struct sim *m, struct state *s, struct obj *o, enum handle_event e, ir_instr i);
void own_publish(struct sim *m, struct state *s, struct sval v, ir_instr i); /* other code may keep it */
void own_publish_region(struct sim *m, struct state *s, struct sval base,
                        ir_instr i); /* and all that is stored behind it */
/* The same of memory that is copied: it is not written to. */
void own_publish_copied(struct sim *m, struct state *s, struct sval v, ir_instr i);
/* It is stored at an address that others may know. */
void own_publish_stored(struct sim *m, struct state *s, struct sval v, struct sval at, ir_instr i);
/* The same of memory that is read only by those who get it. */
void own_publish_read(struct sim *m, struct state *s, struct sval v, ir_instr i);
struct ending {
	const char *family; /* as the release names it, "" if it names none */
	unsigned how;       /* enum end_how */
	ir_val arg;         /* what the call was given; 0: not known */
	struct sval from;   /* what the id is taken from; SV_NONE: nothing, or not known */
};
void own_release(struct sim *m, struct state *s, struct sval v, const struct ending *e, ir_instr i);
/* What ends `by` ends the handle, too. */
void own_take_inside(struct sim *m, struct sval by, struct sval handle, const char *family);
bool own_stands_for(const struct sim *m, struct sval v); /* for a handle, which ends with it */
struct sval own_inside(const struct sim *m, struct sval v); /* that handle; SV_NONE */
/* The value is ended, and so is what ends with it; false: nothing does. */
bool own_release_inside(struct sim *m, struct state *s, struct sval v, ir_instr i);
void own_publish_waitable(struct sim *m, struct state *s, struct sval v, ir_instr i);
void own_publish_claims(struct sim *m, struct state *s, struct sval v,
                        ir_instr i); /* unknown code may end them */
void own_forget_plain(struct sim *m, struct state *s,
                      struct sval base);                /* cells below base that hold no handle */
void own_forget_leaked(struct sim *m, struct state *s); /* such cells of all locals that other code knows */
struct obj *own_create(struct sim *m, struct state *s, ir_instr i, uint8_t slot, struct sval key,
                       struct sval result, enum api_cond when, const char *family,
                       const struct api_func *model);
/* Something that is no handle: a scope, an operation. */
struct obj *own_begin(struct sim *m, struct state *s, enum obj_kind kind, ir_instr i, uint8_t slot,
                      struct sval key, const char *family, const struct api_func *model);
void own_make_heap(struct sim *m, struct state *s, ir_instr i, struct sval key, bool zeroed);
/* Something may have been written behind this address, we do not know what. */
void own_heap_written(struct state *s, const struct symtab *t, struct sval at);
/* In fresh memory that was all zero, and where nobody has written yet. */
bool own_heap_zero(struct state *s, struct sval at);
void own_free_heap(struct sim *m, struct state *s, struct sval key, ir_instr i);
bool own_is_memory(const struct obj *o);
struct obj *own_heap(struct state *s, struct sval base); /* the fresh memory an address lies in; NULL */
void own_ref_param(struct sim *m, struct state *s, struct sval v);
/* Somebody else has taken a reference to what a parameter refers to. */
void own_share_param(struct sim *m, struct state *s, struct sval v);
void own_keep_param(struct sim *m, struct state *s, struct sval v);
/* Memory at an address may be written; `whole`: all that lies behind it. */
void own_note_write(struct sim *m, struct sval at, bool whole);
/* A callee may have written there. */
void own_forget_at(struct sim *m, struct state *s, struct sval at, ir_instr i);
/* Every handle of that family that is owed here may have ended. */
void own_end_each(struct sim *m, struct state *s, const char *family, ir_instr i);
/* The place of a value as an effect: parameter, and up to two dereferences. False: not reached from a
 * parameter. */
bool own_param_path(const struct symtab *t, struct sval v, struct effect_place *p);
bool own_same_place(const struct effect_place *a, const struct effect_place *b);
/* On this path the creator failed, or the handle is known to be none. */
bool own_never_made(struct sim *m, struct state *s, const struct obj *o);
bool own_any_owed(const struct state *s); /* or one that has ended and that a rule may still speak of */
void own_note_release(struct sim *m, const struct obj *o, ir_instr i);
void sim_trail(struct sim *m, struct state *s, enum trail_kind kind, ir_instr at, bool taken, int64_t value);

/* ended.c: what happens to handles that have ended */
struct ending ended_how(const struct sim *m, const struct api_func *d, const struct api_role *r, ir_val arg,
                        ir_instr i);
/* A second release of one that has. */
void ended_again(struct sim *m, struct state *s, struct obj *o, const struct ending *e, ir_instr i);
/* The release of a value that nobody saw being made. */
void ended_unseen(struct sim *m, struct state *s, struct sval v, const struct ending *e, ir_instr i);
/* What the arguments of a call mean for those that have ended; before the call does anything. */
void ended_call(struct sim *m, struct state *s, ir_instr i, uint32_t callee);
void ended_after(struct sim *m, struct state *s, ir_instr i,
                 uint32_t callee); /* and what it may have set up anew */
void ended_access(struct sim *m, struct state *s, struct sval at, ir_val value, ir_instr i);
/* A call given a handle may have taken a reference to it. */
void ended_share(struct sim *m, struct state *s, const struct ir_instruction *in, const struct api_func *d);
/* Made again at the same key. */
bool ended_exact(const struct sim *m, struct sval v); /* stands for one thing on this path */
bool ended_ignores(const struct api_func *d,
                   uint32_t arg); /* no role of the function speaks of that argument */
void ended_forget(struct state *s, struct sval key);
bool ended_watched(const struct obj *o); /* worth telling states and branches apart for */

/* completion.c: operations that owe exactly one completion */
void complete_begin(struct sim *m, struct state *s, ir_instr i, const struct api_func *d,
                    const struct api_role *r, struct sval key, struct sval waits, struct sval result);
void complete_find_families(struct solution *s);
bool complete_family(const struct sim *m, const char *family);
/* `arg`: what the call was given; 0: not known. */
void complete_end(struct sim *m, struct state *s, struct sval v, ir_val arg, ir_instr i);
/* It may be completed before, or again: neither is a mistake. */
void complete_harmlessly(struct sim *m, struct state *s, struct sval v, ir_val arg, ir_instr i);
struct obj *complete_of(struct state *s, struct sval v); /* NULL: no operation */
/* The value goes where other code may complete it. */
void complete_hand_over(struct sim *m, struct state *s, struct sval v, ir_instr i);
/* A call starts `entry` with what it was given. */
void complete_spawn(struct sim *m, struct state *s, const struct ir_instruction *in, const struct api_role *r,
                    struct sval entry, struct sval data);
void complete_seed(struct sim *m, struct state *s); /* what the function owes from the start */
void complete_leave(struct sim *m, struct state *s, struct sval result, ir_instr i);
/* Entries that were handed an operation are simulated again, owing it. */
void complete_entries(struct solution *s);
/* After the last path: what one way out completes and another only drops. */
void complete_compare(struct sim *m);
bool complete_watched(const struct obj *o);
void complete_made_anew(struct sim *m, struct state *s, const struct ir_instruction *in);
bool complete_place(const struct sim *m, const struct obj *o,
                    struct effect_place *p); /* of one that has been completed */

/* done.c: tokens that are done on a path; cleanup.c: what cleans up */
/* It asks whether a token is done, and cleans up, or `gives_others`: tokens that may be the wrong ones. */
bool done_may_matter(const struct solution *s, uint32_t func, bool gives_others);
bool done_any(const struct state *s); /* some token is done on this path */
bool done_known(const struct state *s, struct sval token);
/* A call that cleans up, by its model or by its name; a function that does, by its name. */
bool done_is_cleanup(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     uint32_t callee);
bool done_named_cleanup(const struct solution *s, uint32_t func);
/* What the call asks for by name undoes something: "Unlock". */
bool done_asks_to_undo(const struct ir_func *f, const struct ir_instruction *in);
bool done_carrier_ends(
        const struct ir_func *f); /* a destructor: it runs when a cancelled operation is left, too */
/* 1 + the parameter whose only token the argument is, read from its field: the token of the operation that a
 * callback is told about, or that the object of a destructor was made for; 0: none. */
uint32_t done_carrier(const struct solution *s, uint32_t func, ir_val arg);
uint32_t done_handler_token(const struct solution *s, uint32_t func);
void done_start(struct sim *m, struct state *s);
void done_call(struct sim *m, struct state *s, ir_instr i, uint32_t callee, struct sval result);
void done_branch(struct sim *m, struct state *s, struct sval cond); /* it was decided on this path */

/* ended_choice.c: adds the functions that may end something twice */
void ended_choose(const struct solution *s, bool *chosen);
/* lost.c: handles that lose their last name */
void lost_created(struct sim *m, struct state *s, struct obj *o, ir_instr i); /* call i made o */
/* Instruction i has put `now` where the cell `before` was. */
void lost_cell(struct sim *m, struct state *s, struct cell before, struct sval now, ir_instr i);
/* No code reads the value that the creating call gave, or what it put into a local variable. */
bool lost_unread(struct sim *m, const struct obj *o);

/* timer.c: callbacks and what they get */
void timer_data_freed(struct sim *m, struct state *s, struct sval v, ir_instr i);
void timer_loop_runs(struct sim *m, struct state *s); /* or may, now that the function is left */
/* What the callback gets is memory made here, which may be freed yet. */
bool timer_waits_for_data(const struct state *s, const struct obj *o);

/* aggregate.c: structures that are values */
bool sim_is_aggregate(const struct sim *m, struct sval v);
struct sval aggregate_load(struct sim *m, struct state *s, struct sval at, int64_t size, ir_instr i);
struct sval aggregate_extract(struct sim *m, struct state *s, ir_instr i);
struct sval aggregate_insert(struct sim *m, struct state *s, ir_instr i);
void aggregate_return(struct sim *m, struct state *s, struct sval v, ir_instr i);

/* outcome.c */
void outcome_record(struct sim *m, struct state *s, struct sval result);

/* object.c */
void sim_copy_object(struct sim *m, struct state *s, struct sval to, struct sval from, ir_instr i);
struct sval sim_callback(const struct sim *m, ir_instr i);
/* vacant.c: a release by its role, before it is applied */
void vacant_release(struct sim *m, struct state *s, struct sval v, const struct api_role *r, ir_instr i);

/* answers.c */
/* Does a parameter say which exits show an effect, and which ones lack it? Of each exit. */
bool answers_which(struct sim *m, const bool *shown, const bool *missed, struct effect *e);
void answers_summarise(struct sim *m, struct summary *sum);

/* exit.c */
void sim_exit(struct sim *m, struct state *s, ir_instr i); /* the function is left at i (ret) */
/* All handles that are still owed when it is left with this result. */
void exit_handles(struct sim *m, struct state *s, struct sval result, ir_instr i);

/* thrown.c */
#define THROWN_BY_CALL UINT32_MAX                /* state.thrown: an exception that came out of a call */
bool thrown_by(const struct sim *m, ir_instr i); /* a `throw`, or a call of what throws */
bool thrown_in_callee(const struct sim *m, ir_instr i);
/* The path on which the call, which no code of this function stands behind when it throws, does so. */
void sim_thrown_call(struct sim *m, const struct state *s, ir_instr i);
/* State s goes where an exception out of instruction i goes. */
void thrown_here(struct sim *m, struct state *s, ir_instr i);
void thrown_leaves(struct sim *m, struct state *s, ir_instr i); /* the exception leaves the function at i */

/* incident.c */
/* A new incident, NULL when this function has one of that kind for the same creation already. */
struct incident *incident_new(struct sim *m, enum incident_kind kind, ir_instr site, uint8_t slot);
/* The same, filled in for a handle: `at` is the event that makes it one. */
struct incident *incident_of(struct sim *m, struct state *s, enum incident_kind kind, const struct obj *o,
                             ir_instr at);
const struct trail *incident_trail(struct sim *m, struct state *s,
                                   ir_instr site); /* from `site` on; in the solution's arena */
const char *incident_callee(struct sim *m, struct state *s, ir_instr i); /* as the source spells it */
ir_instr incident_leaving(struct sim *m, struct state *s,
                          ir_instr ret); /* the return statement behind a ret */
void sim_fill_elsewhere(struct sim *m);  /* where each owed handle is released on another path */

/* summary.c */
#define SUMMARY_NO_EXIT ((struct ret_range){INT64_MAX, INT64_MIN})
void sim_summarise(struct sim *m);
/* switches.c: does it go to code on another stack? */
void switches_summarise(struct solution *s, uint32_t func);
/* world.c: what it may change beside what its parameters lead to. */
void world_summarise(struct sim *m);
bool effect_frees(const struct program *p, const struct effect *e); /* the memory that it is told of */
void sim_widen(struct sim *m, const struct exit_record *x,
               struct ret_range *r); /* by what it returns there */
unsigned sim_result_class(struct sim *m,
                          const struct exit_record *x); /* bits: may be zero, negative, positive */

/* exit.c */
bool sim_is_token(const struct sim *m, struct sval v, enum token_origin *origin);
void sim_mark_token(struct sim *m, struct sval v, enum token_origin origin);

/* phi.c */
void phi_order_build(struct sim *m);
/* counts.c: nothing but counts of turns tells the two apart. */
bool counts_only(struct sim *m, const struct state *a, const struct state *b);
/* What the phi takes when its block is entered from `from`; 0: it is not entered from there. */
ir_val phi_operand(const struct sim *m, ir_instr phi, ir_block from);

/* counter.c: the phi counts the turns of a loop, has done so for a while, and gets `v` from this block: it is
 * any number from now on. */
bool counter_runs_off(struct sim *m, ir_instr phi, ir_block from, struct sval v);

/* turn.c: is `v` computed in a loop, and `second` only reached from `first` by its next turn? */
bool turn_anew(const struct sim *m, ir_val v, ir_instr first, ir_instr second);

/* prune.c: what keeps states apart and tells nothing any more */
void prune_state(struct sim *m, struct state *s, ir_block to, const struct binding *phis, uint32_t nphis);
/* state_join(), which may lose the name of a handle: which of two places holds it is then unknown, and it is
 * out of sight. */
bool prune_join(struct symtab *t, struct state *a, const struct state *b, ir_block at);

/* live.c: which values other blocks need */
void live_find(struct sim *m);
void live_release(struct sim *m);
bool live_at(const struct sim *m, ir_block b, ir_val v);
/* The same of one value after the other, in their order; *from: 0 at first. */
bool live_next(const struct sim *m, ir_block b, ir_val v, uint32_t *from);

/* sim.c */
void sim_simulate(struct solution *sol, uint32_t func); /* once more, whatever is known of it */

/* order.c */
void order_simulate(struct solution *s,
                    const bool *only); /* every function worth it, callees first; NULL: all */
void sim_function(struct solution *sol, uint32_t func); /* unless it has been, or is under way */

#endif
