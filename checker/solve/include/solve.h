/*
 * solve.h - the engines: property simulation of handles and tokens, what a function does with its token, what may block.
 *
 * The engines know no rule. They run once per unit, callees before callers, and leave tables that rules read:
 * incidents (something happened on a feasible path that a rule may want to report), token uses, blocking calls, and a
 * summary of each function that its callers were simulated with.
 */
#ifndef CANCELINT_SOLVE_H
#define CANCELINT_SOLVE_H

#include "apimodel.h"
#include "ir.h"
#include "program.h"

struct arena;

/* ---- a path through a function, for explanation ---- */

enum trail_kind {
	TRAIL_CREATE,   /* the handle came into being at `at` */
	TRAIL_BRANCH,   /* a branch was taken: `taken` says which way */
	TRAIL_CASE,     /* a switch went to case `value` (`taken`), or to its default */
	TRAIL_CALL,     /* a call that got the handle made at `value` and neither ended nor kept it */
	TRAIL_RELEASE,  /* a release */
	TRAIL_TRANSFER, /* it was handed over */
	TRAIL_STORE,    /* stored */
	TRAIL_EXIT,     /* the function is left */
};
struct trail {
	const struct trail *before; /* NULL: the start */
	enum trail_kind kind;
	ir_instr at;
	bool taken;
	int64_t value;
};

/* ---- incidents ---- */

enum incident_kind {
	INCIDENT_NONE,
	INCIDENT_DISCARDED,         /* nothing can ever read an owned handle */
	INCIDENT_OVERWRITTEN,       /* the last name of an owned handle is given to another one at `at` */
	INCIDENT_OWED_AFTER_TURN,   /* an owned handle is neither, when the turn of the loop is over that made it */
	INCIDENT_DATA_FREED,        /* a callback may still run, and what it gets is freed at `at` */
	INCIDENT_NEVER_MADE,        /* a handle is released where its creator failed */
	INCIDENT_OWED_AT_EXIT,      /* an owned handle is neither released nor handed over at an exit */
	INCIDENT_SCOPE_OPEN,        /* a scope that was opened here is open at a way out */
	INCIDENT_SCOPE_JUMPED,      /* a jump leads from inside a scope of the source to its end */
	INCIDENT_SCOPE_CONSTANT,    /* a constant is restored, not what was saved when the scope was opened */
	INCIDENT_TASK_LOST,         /* a thread is neither joined nor let go; `before` a cancel of it, if there was one */
	INCIDENT_FRAME_IN_USE,      /* what was started uses a local variable, and the function is left */
	INCIDENT_SELF_IN_USE,       /* a thread nobody waits for uses an object of the caller's */
	INCIDENT_ENDED_IN_USE,      /* what was started may still use what is freed or closed at `at` */
	INCIDENT_CANCELLED_AT_ONCE, /* the token given to what was started is ended on every way out */
	INCIDENT_FREED_TWICE,       /* two that were started free the same data */
	INCIDENT_DATA_REUSED,       /* the variable that it was started with is written for the next one, at `before` */
	INCIDENT_GIVEN_AND_ENDED,   /* `site` gave it away with its destroy function, and at `at` the same reference is ended */
	INCIDENT_STUCK,             /* `before` in `entry` stays blocked on the queue made at `site` once `at` is reached */
	INCIDENT_TOKEN_OUTLIVES,    /* a token from a parameter is still in static storage at an exit */
	INCIDENT_ENDED_TWICE,       /* a handle that has ended is ended again */
	INCIDENT_USED_AFTER_END,    /* one that has ended is used */
	INCIDENT_COMPLETED_TWICE,   /* an operation that is completed is completed again */
	INCIDENT_CLEANUP_CANCELLED, /* clean-up gets a token that is done on this path; `before`: where that was seen */
	INCIDENT_NOT_FORWARDED,     /* `chain`: tokens at hand; the call at `at` gets none, or `role` names a form that takes one */
	INCIDENT_DETACHED,          /* tokens at hand; the call gets one that was made afresh, at `before` */
	INCIDENT_NULL_TOKEN,        /* a token that must not be NULL is */
	INCIDENT_BROKEN_CHAIN,      /* tokens at hand; the callee takes none and `detaches` */
	INCIDENT_TIME,              /* a time means something else to the call at `at`: see `fault` */
	INCIDENT_NO_LIMIT,          /* the call at `at` waits, and nothing limits it: see `unlimited` */
	INCIDENT_LATE_LIMIT,        /* the limit that `at` sets is later than that of `before`, or of `name` around each call */
	INCIDENT_NEVER_COMPLETED,   /* the function is left, and nobody is left to complete it */
};
enum time_fault {
	TIME_NONE,
	TIME_CONSTANT,   /* a number where a point in time is read */
	TIME_DURATION,   /* a duration there */
	TIME_ABSOLUTE,   /* a point in time where a duration is read */
	TIME_UNIT,       /* a value in another unit */
	TIME_IMPLAUSIBLE, /* a number that makes sense in another unit */
	TIME_NEGATIVE,   /* what is left may be negative or zero, which means no limit */
	TIME_ENDLESS,    /* no limit, although one is at hand: `value` */
	TIME_EACH_TRY,   /* one for each try, in a loop that never looks at the one for all */
	TIME_CARRY,      /* a fraction that may be a second or more */
};
struct incident {
	enum incident_kind kind;
	uint32_t func;             /* in ir_unit.funcs */
	ir_instr site;             /* the creating call, or the store */
	uint8_t slot;              /* which of the site's creations */
	ir_instr at;               /* the event that makes it one: what leaves the function, the second release ... */
	ir_instr before;           /* the event before it: the first release, the hand-over; 0: none */
	ir_val value;              /* ENDED_TWICE, USED_AFTER_END: what the event at `at` was given; 0: not known */
	bool derived_token;        /* CLEANUP_CANCELLED: a child that was made after the end */
	bool unseen;               /* nobody knows where it was made: `site` is its first end */
	bool is_param;             /* the handle is (behind) parameter site - 1 */
	const struct api_func *model; /* the entry that made `site` matter; NULL when a summary did */
	const struct api_family *family; /* OWED: may be NULL */
	const char *name;          /* the source variable, "" if there is none */
	const char *callee;        /* the creating or storing function, as the source spells it; "" for a plain store */
	const char *chain;         /* TOKEN_OUTLIVES: "c -> entry.ctx -> audit_log" */
	ir_val token;              /* NOT_FORWARDED, DETACHED, NULL_TOKEN: the only token at hand; 0: there are several, or it
				      was not read so far */
	ir_instr by;               /* OVERWRITTEN: the call that made the other one */
	ir_instr by_released;      /* OVERWRITTEN: where that one is released; 0: nowhere */
	ir_instr elsewhere;        /* OWED, OVERWRITTEN: an instruction that releases it on another path; 0: none */
	uint32_t global;           /* TOKEN_OUTLIVES: in ir_unit.globals; 0: behind a helper */
	ir_instr armed;            /* OWED: a timer that was armed here, and may fire; 0: no */
	ir_instr holder_freed;     /* OWED: the object that held it was freed here; 0: no */
	uint32_t entry;            /* what was started: its function, in ir_unit.funcs; 0 unknown */
	const struct api_role *role; /* what was started: the role that says so; NULL: a summary */
	bool at_once;              /* what was started: nothing since then may have waited or run a loop */
	bool worked;               /* a callee that started it did something else before it came back */
	bool stopped;              /* it was not started here, but asked to stop, and nothing waits until it has */
	bool raced;                /* what was started: a loop was run, which another callback may have left first */
	bool let_go;               /* nobody waits for what was started */
	uint32_t record;           /* SELF_IN_USE: its type, in ir_unit.records; 0 unknown */
	int room;                  /* STUCK: what the queue holds; -1 not known */
	ir_instr started;          /* STUCK: where its peer was started; 0: it waits by itself */
	bool sends;                /* STUCK: what is blocked is a send */
	bool survives;             /* CANCELLED_AT_ONCE: on another way out the token goes on */
	bool lost;                 /* SCOPE_OPEN: what was saved when it was opened dies with the function */
	bool by_partner;           /* SCOPE_OPEN: every way out, or every one that succeeds, leaves it open */
	bool jumps;                /* SCOPE_OPEN: `at` is a jump */
	enum time_fault fault;     /* TIME */
	const char *unit;          /* TIME: the one that is read: "ms" */
	const char *given_unit;    /* TIME_UNIT: the one that is given; "" unknown */
	int64_t number;            /* TIME_CONSTANT, TIME_IMPLAUSIBLE */
	bool weak;                 /* TIME: a guess */
	int64_t outer_ms;          /* LATE_LIMIT: the outer one; `number` is the inner; 0: not constant */
	const struct unlimited *unlimited;
	bool inferred;             /* rests on a summary */
	bool widened;              /* the budget was exhausted: states were joined */
	bool obscure;              /* on a stream of the program's own, which may wait for nobody */
	bool of_handler;           /* NOT_FORWARDED, BROKEN_CHAIN: the tokens at hand lie in the object of a handler of signals */
	bool begun_without;        /* NOT_FORWARDED: in a callback of operations that are started without a token */
	bool owner_token;          /* NOT_FORWARDED: at hand in a field of an object, which the function asks or hands on */
	bool removed_later;        /* TOKEN_OUTLIVES: a callback started by the function takes it out again, or another
	                              function puts back what was there before */
	bool reset_elsewhere;      /* TOKEN_OUTLIVES: another function of the unit empties the storage */
	bool field_token;          /* TOKEN_OUTLIVES: the token came from a field of a parameter */
	bool of_callers;           /* TOKEN_OUTLIVES: the function's callers, which are all in sight, gave it */
	const struct trail *trail; /* last step first */
};

/* ---- summaries ---- */

struct queue_count { /* how often something is sent or received on a path, up to three */
	uint8_t times;
	uint32_t func; /* where, in ir_unit.funcs */
	ir_instr first, last;
};

struct ret_range { /* of the returned value, inclusive; lo > hi: no such exit */
	int64_t lo, hi;
};
enum effect_kind {
	EFFECT_RELEASE, /* the place's value is released */
	EFFECT_KEEP,    /* it may be stored, spawned, passed to unknown code */
	EFFECT_FRESH,   /* a new handle is put into the place */
	EFFECT_STORE,   /* `value` is put into the place */
	EFFECT_INSERT,  /* `value` is put into a container in the static storage `place.global`, or at `place` */
	EFFECT_OPEN,    /* a scope is opened on the place's value; param -2: on the calling thread */
	EFFECT_CLOSE,   /* one that the caller has opened may be closed */
	EFFECT_START_DATA,  /* work was started that uses the place's value, and may still run */
	EFFECT_START_TOKEN, /* likewise, given it as its token */
	EFFECT_SENDS,       /* blocking, up to `count` times on a path */
	EFFECT_RECEIVES,
	EFFECT_CLOSES,      /* the place's value is a queue, and may be closed */
	EFFECT_REMOVE,  /* something is taken out of it */
	EFFECT_REF,     /* a reference to the place's value is added */
	EFFECT_EACH,    /* handles of the family are ended, whoever made them */
	EFFECT_WRITE,   /* something may be put into the place */
	EFFECT_LOCKS,   /* the memory at the place is a lock that is held on return, */
	EFFECT_UNLOCKS, /* given back, */
	EFFECT_TAKES,   /* or taken at some point, whatever becomes of it */
	EFFECT_CALLS,   /* it, or what it calls on its own thread, calls `family` with the place's value as argument `how` */
	EFFECT_AWAITS,  /* it waits for code of its unit, or has it run, that takes the lock at the place */
	EFFECT_LAST = EFFECT_AWAITS
};
/* How a release ends a handle; the worst of several, when they are not told apart. */
enum end_how {
	END_COUNTED = 1 << 0,    /* it gives back one of several references */
	END_IDEMPOTENT = 1 << 1, /* it may come again */
	END_LATER = 1 << 2,      /* what it ends can be used until a callback says so */
	END_COMPLETES = 1 << 6,  /* it completes the operation, and ends nothing else */
	END_DELAYED = 1 << 7,    /* other code may run before it, inside the function that a summary speaks of */
	END_CLAIM = 1 << 5,      /* it ends a claim of its family alone */
	END_JOINS = 1 << 4,      /* it waits for the end of a task: memory that the handle lies in stays */
	END_PLAIN = 1 << 3,      /* it frees plain memory, or joins: no handle of an API that forbids a second */
	KEEP_VALUE = 1 << 0,     /* EFFECT_KEEP: itself alone, nobody writes to what lies behind it */
	REF_ELSEWHERE = 1 << 4,  /* EFFECT_REF: it is kept by somebody else, or on some path only */
	MADE_INSIDE = 1 << 0,    /* EFFECT_FRESH: what is returned is memory with the handle in it */
	MADE_PERHAPS = 1 << 1,   /* EFFECT_FRESH: its creator may have failed */
	MADE_ARMED = 1 << 2,     /* EFFECT_FRESH: a timer that may fire already */
};
#define PLACE_NUMBER (-3)
/* What a parameter's value is (depth 0), memory reached from it, static storage, or the returned value. */
struct effect_place {
	int param;         /* index; -1: the returned value; -2: none, or NULL as a value; -3: the number `plus` */
	uint32_t global;   /* in ir_unit.globals; 0: none */
	uint8_t depth;     /* number of dereferences: *p is 1 */
	int64_t offset[2]; /* byte offset added before each dereference; of a global: [0] */
	int64_t plus;      /* added after the last one: what lies inside of an object goes by its address */
};
/* In a unit's sources, for people who read another one. */
struct import_place {
	const char *file; /* absolute; "" unknown */
	uint32_t line, col;
};
/* One field a row, in effect.def and summary.def: whatever copies or writes all of them cannot forget one. */
#define SUMMARY_FLAG(name) bool name;
#define SUMMARY_COUNT(name) uint32_t name;
#define SUMMARY_SMALL(name) uint8_t name;
#define SUMMARY_BITS(name) uint64_t name;
#define SUMMARY_ENUM(type, name) enum type name;
#define SUMMARY_RANGE(name) struct ret_range name;
#define SUMMARY_PLACE(name) struct effect_place name;
#define SUMMARY_TEXT(name) const char *name;
#define SUMMARY_GLOBAL(name) uint32_t name;
#define SUMMARY_FUNC(name) uint32_t name;
#define SUMMARY_SITE(name) ir_instr name;
#define SUMMARY_WHERE(name) struct import_place name;
struct effect {
#include "effect.def"
	struct queue_count count; /* SENDS, RECEIVES; of this unit alone */
	bool sent;                /* KEEP: only by being put into queues */
};
struct summary {
#include "summary.def"
	const struct effect *effects;
	uint32_t neffects;
};
#include "summary_undef.def"

/* What another unit says about a function that this unit only declares. */
struct import {
	struct summary summary; /* in terms of this unit; `blocks` is not 0 if it blocks, but names no instruction */
	struct import_place at, blocks_at; /* its name in its definition; the call it blocks in */
};

/* ---- handles in fields ---- */

enum field_fault {
	FIELD_NOT_RELEASED,  /* nothing that runs at the object's end releases it */
	FIELD_STARTED_AGAIN, /* it is, and a call between that and the end may start it anew */
	FIELD_NOT_CANCELLED, /* it is released, and what was started with it runs on and gets the object */
};
enum field_certainty { FIELD_WEAK, FIELD_LIKELY, FIELD_SURE };
struct field_site {
	uint32_t func; /* 0: none */
	ir_instr at;
};
/* A handle in a field that the type's end leaves alone. */
struct field_leak {
	enum field_fault fault;
	uint32_t record;               /* the struct, in ir_unit.records */
	const char *field;             /* "cancellable", "conn.timer" */
	struct field_site store;       /* where the field gets a handle */
	const struct api_func *model;  /* what made it; NULL when a function of the unit did */
	const struct api_family *family; /* may be NULL */
	const char *callee;            /* the creating function, as the source spells it */
	bool runs;                     /* it stands for code that will run: a source, a thread, a handler */
	uint32_t end;                  /* the function that ends the object; 0: the type has none */
	struct field_site sibling;     /* that, or what it calls, releases another field of the object here */
	const char *sibling_field;
	struct field_site started;     /* what outlives the object was started here */
	struct field_site elsewhere;   /* a function that does not run at the object's end releases it here */
	struct field_site released;    /* NOT_CANCELLED: here */
	struct field_site mistaken;    /* NOT_RELEASED: a call that ends things of another kind gets it here */
	struct field_site cancelled;   /* NOT_RELEASED: the function that frees the object cancels it here */
	enum field_certainty certainty;
};
/* A callback may end its own source and leave the id in the field; then the id is removed. */
struct field_stale {
	uint32_t record;
	const char *field;
	struct field_site store;   /* where the field gets the id */
	struct field_site returns; /* where the callback ends the source */
	struct field_site removal; /* the call that gets the id later */
	const char *starter, *remover; /* the functions called, as the source spells them */
	const struct api_func *model;  /* of the starter */
};
/* A timer is stopped on some ways through a function, and on another one its object is ended without. */
struct field_left {
	const char *field;
	struct field_site store; /* where the field gets the id */
	struct field_site end;   /* the call that ends the object all the same */
	struct field_site release; /* the one that stops the timer on another way */
	uint32_t ender;          /* the function that ends it */
	const char *starter;     /* as the source spells it */
	const struct api_func *model; /* of the starter */
};
/* A field gets a new handle in a function that may run again, on a path that does not end the old one. */
struct field_overwrite {
	uint32_t record;
	const char *field;
	struct field_site store;
	struct field_site release; /* what releases the last one only; func 0: nothing does */
	const char *callee;        /* the creating function */
	const struct api_func *model;
	const struct api_family *family;
	enum field_certainty certainty;
};
/* An operation that nothing can withdraw gets an object without a reference: the object may end before it. */
struct unheld_data {
	struct field_site start;
	uint32_t record;           /* of the object, in ir_unit.records */
	ir_val object;             /* in the starting function */
	uint32_t entry;            /* what will get it, in ir_unit.funcs */
	uint32_t end;              /* a function that ends such objects */
	struct field_site cancels; /* what runs then cancels other operations here; func 0: it cancels none */
	const struct api_func *model; /* of the call */
	const char *callee;        /* as the source spells it */
	enum field_certainty certainty;
};
/* A callback uses what may be gone when its operation was cancelled. */
enum stale_kind {
	STALE_BEFORE, /* the object, before the outcome is known */
	STALE_AFTER,  /* the object, although the operation was cancelled */
	STALE_RESULT, /* the result of the failed operation */
	STALE_LOST,   /* `entry` completes a task with a fresh pointer, which is lost when the task was cancelled */
};
struct stale_use {
	enum stale_kind kind;
	struct field_site start; /* of the operation */
	uint32_t entry;          /* the callback */
	ir_instr use;            /* in it */
	ir_instr fetch;          /* fetches the outcome; 0: nothing does */
	bool asked;              /* whether it was cancelled */
	bool gives_back;         /* the callback gives back what the object keeps a reference to */
	uint32_t record;         /* of the object; RESULT: 0 */
	uint32_t end;            /* a function that ends such objects; 0: none is known */
	struct field_site cancels; /* what runs then cancels here; func 0: nothing does */
	const char *callee;      /* the start, as the source spells it */
	const struct api_func *model;
};
/* Everything about handles in fields. Allocated in the solution's arena; computed when first asked for. */
struct field_faults {
	const struct field_leak *leaks;
	uint32_t nleaks;
	const struct field_stale *stale;
	uint32_t nstale;
	const struct field_left *left;
	uint32_t nleft;
	const struct field_overwrite *overwrites;
	uint32_t noverwrites;
	const struct unheld_data *unheld;
	uint32_t nunheld;
	const struct stale_use *stale_uses;
	uint32_t nstale_uses;
	const struct ended_type {
		uint32_t record, func;
	} *ended; /* types whose objects a function of the unit ends */
	uint32_t nended;
};
/* ---- blocking calls ---- */

struct block_site {
	ir_instr call;
	const char *callee;              /* as the source spells it */
	const struct api_func *model;    /* NULL: inferred from a summary */
	const struct api_role *role;     /* its block role; NULL: inferred */
	bool unbounded;                  /* no finite limit applies on any path */
	bool sleeps;                     /* waits for time alone */
	enum api_waits waits;            /* for what; the ranking of the call */
	bool has_token;                  /* a token that may be live was given to it */
	bool waits_on_done;              /* its wait set holds a done handle, or cannot be known */
	uint32_t via;                    /* inferred: the unit's function that blocks */
};

/* A call that waits, and that nothing limits. */
struct unlimited {
	ir_instr at;
	const struct api_role *role; /* its `block`; NULL: that of a callee further down */
	const char *offer;           /* what would set the limit; "": a token with a deadline would */
	const char *chain;           /* "perform -> curl_easy_perform"; "": it is the call itself */
	const char *what;            /* as the source calls the handle, or "ctx_background()" */
	ir_instr made;               /* the call that made the handle; 0: elsewhere, or there is none */
	bool connect_only;           /* there is a limit for connecting */
	bool in_field;
	bool ends;          /* the call is itself the end of something */
	bool later;         /* the call starts an operation and does not wait */
	bool may_end;       /* the operation may be told to stop after some time */
};

struct func_facts {
	struct summary summary;
	struct block_site *blocks;
	uint32_t nblocks;
	const char *budget; /* NULL, or what was exhausted in this function */
	struct unlimited *unlimited; /* calls that nothing limits */
	uint32_t nunlimited;

	/* Filled in when first asked for. */
	bool simulated;
	const struct use_index *uses;
	struct token_info *tokens;
	uint32_t ntokens;
	uint64_t honours_known;
	bool token_asked, takes_token; /* a parameter is a token, or an object that carries one */
	const struct token_info *scope_tokens; /* NULL: not asked for */
	uint32_t nscope_tokens;
	uint32_t *token_flags; /* see scan_token_flag(); NULL: not asked for */
};

/* A callback or thread entry that an operation was handed to: it owes the completion. */
struct entrusted {
	uint32_t entry; /* in ir_unit.funcs */
	uint32_t param; /* of the entry */
	uint8_t depth;  /* 0: the parameter's value is the operation; 1: it lies in memory behind it */
	int64_t offset; /* of depth 1 */
	uint32_t func;  /* who handed it over, and where */
	ir_instr site;
	enum api_runs runs;
	bool shared;    /* somebody else has it, too */
	const char *family;
};

enum { MAX_COMPLETED_FAMILIES = 32 };
struct solution {
	struct arena *arena;
	const struct program *program;
	const struct import *const *imports; /* per function: of another unit, or NULL; NULL: none at all */
	const char *const *notes; /* what other units have told of the process, NULL-terminated; NULL: nothing */
	struct func_facts *funcs; /* per function */
	unsigned nested; /* simulations under way */
	struct stock *states; /* private: what the states of simulations are made of */
	struct incident *incidents;
	uint32_t nincidents, incidents_cap;
	const struct field_faults *fields; /* filled in when first asked for */
	struct entrusted *entrusted;
	uint32_t nentrusted, entrusted_cap;
	const char *completed_families[MAX_COMPLETED_FAMILIES]; /* whose release is a completion */
	uint32_t ncompleted_families;
	struct lock_facts **locks;    /* private: see locks.h */
	uint8_t *throws;              /* private: see thrown.c */
	struct far_calls **far;       /* private: see far.h */
	struct wait_list **sides;     /* private: see lock_sides.h */
	struct registration *registered; /* private: see who.h */
	uint32_t *setters;               /* private: see setters.c */
	uint32_t *carriers;              /* private: see carried.c */
	uint8_t *cleaners;               /* private: see cleanup.c */
	const char **token_fields;       /* private: see token_fields.c */
	const struct count_table *counted; /* private: see counted.c */
	struct bound_early {             /* private: see piles.c; of the function that was asked about last */
		uint32_t func, n;
		ir_instr *made;
	} bound;
	uint32_t nregistered;
	const struct signal_table *signals; /* private: see signals.h */
	const struct entrusted *seed; /* of the simulation under way: what its function owes from the start */
};

/* What a unit says of the process as a whole (`tells`), and what it wants to know from others: texts, which may come several
 * times. */
struct notes {
	struct arena *arena; /* the texts live here */
	void (*each)(void *ctx, const char *text, bool tells);
	void *ctx;
};
void solve_notes(const struct program *p, struct notes *n);

/* What other units say; NULL: nothing. It must outlive the solution. */
struct word_of_others {
	const struct import *const *of; /* per function, or NULL */
	const char *const *notes;       /* NULL-terminated; NULL: none */
};
/* What `p` was built with must outlive the solution, too: see program.h.
 * `only`: per function, whose summaries are asked for, when no rule will look at the solution; NULL: everything. */
struct solution *solve(const struct program *p, const struct word_of_others *others, const bool *only);
/* Is something known of what a function does: by its body, or by another unit's word? */
static inline bool solve_has_body(const struct solution *s, uint32_t func)
{
	return s->program->cfgs[func] || (s->imports && s->imports[func]);
}
/* The summary of a function with a body, simulated if it was not yet; NULL: none. */
const struct summary *solve_summary(struct solution *s, uint32_t func);
void solution_free(struct solution *s); /* NULL is accepted */

const struct field_faults *solve_fields(const struct solution *s);
/* Does the object that holds what is owed end in the function, in code of its type that ought to release it? */
bool solve_left_by_end(const struct solution *s, const struct incident *in);
/* The function of the unit that ends objects of a type; 0: none is seen. */
uint32_t solve_type_end(const struct solution *s, uint32_t record);
/* Is there an incident of that kind with the same handle? */
bool solve_incident_too(const struct solution *s, const struct incident *of, enum incident_kind kind);

/* ---- tokens of a function ---- */

enum token_use {
	TOKEN_UNUSED = 0,
	TOKEN_CHECKED = 1 << 0,   /* polled, and the answer decides something */
	TOKEN_DROPPED = 1 << 1,   /* polled, and the answer is thrown away */
	TOKEN_FORWARDED = 1 << 2, /* given to a call that may honour it, or to unknown code */
	TOKEN_STORED = 1 << 3,    /* stored, returned, captured */
	TOKEN_WAITED = 1 << 4,    /* its done handle is made */
	TOKEN_DERIVED = 1 << 5,   /* a child was derived */
	TOKEN_ENDED = 1 << 6,     /* released here */
};
struct token_info {
	ir_val val;        /* the parameter, or the load of a token field; 0 when the field is never read */
	uint32_t param;    /* 1 + the parameter it is or is reached from; 0: local */
	const char *name;  /* "cancellable", "job->c" */
	unsigned uses;     /* enum token_use */
	ir_instr last_check_only_after; /* all checks come after the last blocking call: one of them; 0 otherwise */
};
/* The tokens function `func` is given: token-typed parameters, and, in a thread or callback entry, token fields of its
 * data. Allocated in the solution's arena; *n receives the number. */
const struct token_info *solve_tokens(const struct solution *s, uint32_t func, uint32_t *n);

/* A loop of the function ends by a flag that another function sets, and it does not. */
bool solve_has_own_stop(const struct solution *s, uint32_t func);
/* The function cleans up, by its name, or as a destructor or as what runs when a token is done. */
bool solve_is_cleanup(const struct solution *s, uint32_t func);
/* Was this thread entry started with a handle that some function of the unit cancels? */
bool solve_cancelled(const struct solution *s, uint32_t func);
/* Every wait in that loop is made while the function holds back its thread's cancellation. */
bool solve_cancel_held_back(const struct solution *s, uint32_t func, uint32_t loop);
/* The call that does so, in *where's body; 0: none seen. */
ir_instr solve_canceller(const struct solution *s, uint32_t func, uint32_t *where);
/* Some call of the unit joins or lets go the thread whose handle `path` names at a call, or it may happen out of sight:
 * true unless the handle is kept in a field or in static storage. */
bool solve_ended_somewhere(const struct solution *s, uint32_t func, ir_instr call, const struct api_path *path);
/* The thread entry `func` runs in a thread that this unit joins: the join, in *joiner's body; 0: none seen. */
ir_instr solve_joined(const struct solution *s, uint32_t func, uint32_t *joiner);

/* ---- loops ---- */

enum loop_end {
	LOOP_ENDS,            /* some exit has nothing to do with success, or we cannot tell */
	LOOP_ENDLESS,         /* no edge leaves it */
	LOOP_ENDS_WITH_PEER,  /* it is left when the one it reads from closes or fails */
	LOOP_ENDS_ON_SUCCESS, /* it is only left when a call that may block succeeds */
};
enum loop_end solve_loop_end(const struct solution *s, uint32_t func, uint32_t loop);
/* Is it left for the next turn of a loop around it? That may be one without an end. */
bool solve_turns_with_outer(const struct solution *s, uint32_t func, uint32_t loop);
/* Is it only left when what it reads from gives no more, however long that takes? */
bool solve_ends_with_source(const struct solution *s, uint32_t func, uint32_t loop);
/* Is a token polled inside, with the answer used, or is the loop a cancellation point by itself? */
bool solve_loop_checks(const struct solution *s, uint32_t func, uint32_t loop);

/* ---- callbacks ---- */

enum data_life { /* of what a callback gets; later ones can die earlier */
	DATA_NONE,   /* NULL, a number, or there is no callback */
	DATA_STATIC, /* static storage, and objects that only a pointer there names */
	DATA_OWNED,  /* with a destroy function, ended by the callback, or made for it */
	DATA_OBJECT, /* somebody else's */
	DATA_LOCAL,  /* a variable of the registering function */
};
struct callback_facts {
	const struct api_role *role; /* connect or spawn; NULL: the call registers none */
	uint32_t entry;              /* the callback, when its body is known; else 0 */
	ir_val data, from;           /* what it gets; what it is attached to; 0: none */
	enum data_life life;
	bool owner_goes_first;       /* what it is attached to was made here, or belongs to the data */
	bool may_repeat;             /* not known to end after one run */
	bool repeats;                /* asks for another run on some path, or is not seen */
};
struct callback_facts solve_callback(const struct solution *s, uint32_t func, ir_instr call);
/* Nothing bad follows when nobody keeps what the site of this incident gave: the callback's data outlives it. */
bool solve_may_be_let_go(const struct solution *s, const struct incident *in);

/* Does the function, behind an instruction, go to code on another stack that comes back to it? */
bool solve_switches_later(const struct solution *s, uint32_t func, ir_instr from);

/* Is `at` reached only by way of a test of something that the callback writes? */
bool solve_asks_callback(const struct solution *s, uint32_t func, ir_instr at, const struct callback_facts *c);

/* Two functions that both end one thing, whatever happens. */
struct rivals {
	uint32_t func, other;  /* the one whose end is the second, and the first */
	ir_instr at, other_at; /* their calls */
	uint32_t starter;      /* where what runs them was started, or waited for */
	ir_instr started;
	bool completes;        /* an operation is completed; else a handle in a thread's data is ended */
	bool member;           /* it lies in an object, and `other` runs when a token is done */
	const char *field;     /* that handle */
	bool claimed;          /* they are found in one place, and `func` does not ask whether its own was still there when it took
				  that out at `started` */
};
void solve_rivals(const struct solution *s, void (*each)(void *ctx, const struct rivals *r), void *ctx);

/* A thread whose handle lies in its own data, and that puts it out of reach: nobody can join it then. */
struct own_thread {
	uint32_t func; /* started here */
	ir_instr start;
	uint32_t entry;
	ir_instr cleared; /* the entry empties the field; 0: it frees the data */
	bool unsure;      /* it may end only when it is asked to by who joins it */
};
void solve_own_threads(const struct solution *s, void (*each)(void *ctx, const struct own_thread *t), void *ctx);

/* A thread is started into a local container, and the function can be left without a join of what is in that. */
struct contained_lost {
	uint32_t func;
	ir_instr start, left;
};
void solve_contained_lost(const struct solution *s, void (*each)(void *ctx, const struct contained_lost *l), void *ctx);

/* A thread is started into a container that is a member of a class, and nothing in the unit joins any. */
struct contained_member {
	uint32_t func;
	ir_instr start;
	uint32_t record, offset;
	const char *field;
	uint32_t end; /* the function that ends such objects; 0: none that the class declares */
};
void solve_members_lost(const struct solution *s, void (*each)(void *ctx, const struct contained_member *m), void *ctx);

/* A thread is asked to end by a flag and joined, while it may sit in a wait without limit that nobody ends. */
struct unwoken {
	uint32_t func; /* who joins it */
	ir_instr join;
	uint32_t waiter; /* who looks at the flag and waits, in a loop */
	ir_instr wait;
	const char *callee; /* the wait, as the source spells it */
};
void solve_unwoken(const struct solution *s, void (*each)(void *ctx, const struct unwoken *u), void *ctx);

/* ---- waits for a thread that has left ---- */

enum forsaken_kind {
	FORSAKEN_ITEM,  /* it waits for what the leaver puts in, posts or wakes, */
	FORSAKEN_FLAG,  /* or sets; */
	FORSAKEN_TAKER, /* it sends into a queue that the leaver takes from; */
	FORSAKEN_CLOSE, /* it receives until the queue is closed, which the leaver does not do; */
	FORSAKEN_ALONE, /* it reads from a pipe of its own (made at `spawn`) whose other end nobody else has. */
};
/* A call without a limit, and who could end it: a thread or its starter, which can leave before. */
struct forsaken {
	enum forsaken_kind kind;
	uint32_t func; /* who waits, */
	ir_instr wait; /* and the call that stays blocked */
	uint32_t starter;
	ir_instr spawn;
	uint32_t leaver;
	ir_instr leaves; /* the return, or a wait for the thread; 0: nobody ends the wait in the whole unit */
	int room;        /* TAKER: of the queue; -1 not known */
};
void solve_forsaken(const struct solution *s, void (*each)(void *ctx, const struct forsaken *w), void *ctx);
void solve_untaken(const struct solution *s, void (*each)(void *ctx, const struct forsaken *w), void *ctx);

/* ---- objects that count their own references ---- */

/* An object is used after the reference to it was given up: somebody else may have given up the last one. */
struct late_use {
	uint32_t func;
	ir_instr drop;   /* the count goes down here, or a call does it */
	ir_instr unlock; /* the lock inside of the object that guarded it is given back here; 0: a callback gave up what its starter
			    took for it */
	ir_instr use;
	ir_val object;
};
void solve_late_uses(const struct solution *s, void (*each)(void *ctx, const struct late_use *u), void *ctx);

/* What is kept in an object is started anew, and whether the object was told to end is not asked. */
struct restart {
	uint32_t func;
	ir_instr start;
	uint32_t by; /* tells the object to end, and ends what is kept there */
	ir_instr said, ended;
	const char *flag, *kept;
};
/* The end of threads is waited for where nobody has said that they should end. */
struct early_join {
	uint32_t func; /* joins */
	ir_instr join;
	uint32_t worker, asks; /* the thread, and whose answer is all that ends it */
	uint32_t table;        /* instead of `asks`: a table of functions that holds it at `offset` */
	int64_t offset;
	uint32_t caller;       /* starts the thread, and calls `func` before anybody has said so */
	ir_instr early;
	uint32_t other; /* waits for that answer before it does */
	ir_instr behind;
};
void solve_early_joins(const struct solution *s, void (*each)(void *ctx, const struct early_join *j), void *ctx);
/* An operation that was ended is started again by who is told of that. */
struct resumed {
	uint32_t func; /* told of the end */
	ir_instr at;   /* its call that leads to the start */
	uint32_t starter;
	ir_instr starts;
	uint32_t ender; /* ends it for good */
	ir_instr ends;
	bool asked; /* `func` asks whether it failed; else not even that */
};
void solve_resumed(const struct solution *s, void (*each)(void *ctx, const struct resumed *r), void *ctx);
void solve_restarts(const struct solution *s, void (*each)(void *ctx, const struct restart *r), void *ctx);

/* Work is started with a token and with data in the starter's frame; a callback goes on with that data and no token. */
struct continued {
	uint32_t func; /* the callback */
	ir_instr call;
	uint32_t starter;
	ir_instr start;
	const char *token; /* of the starter */
};
void solve_continued(const struct solution *s, void (*each)(void *ctx, const struct continued *c), void *ctx);

/* A function looks at its token only where a field of an object it has just made, and not filled, is not empty. */
struct never_kept {
	uint32_t func, param;
	ir_instr asked, use;
};
void solve_never_kept(const struct solution *s, void (*each)(void *ctx, const struct never_kept *n), void *ctx);

/* A transfer waits for its peer and calls back in between; the token in the data of its callbacks is asked by none. */
struct blind_transfer {
	uint32_t func;
	ir_instr call;
	uint32_t callback; /* one of them */
	const char *token; /* "data->cancellable" */
};
void solve_blind_transfers(const struct solution *s, void (*each)(void *ctx, const struct blind_transfer *t), void *ctx);

/* A member of a class calls a function without a token, and another member the overload that takes one, with that in
 * their object. */
struct sibling_token {
	uint32_t func, other;
	ir_instr call, other_call;
	const char *field;
};
void solve_sibling_tokens(const struct solution *s, void (*each)(void *ctx, const struct sibling_token *t), void *ctx);

/* A callee gets the token in a field, which it does not keep, and may end what the field holds before it uses it. */
struct lent {
	uint32_t func;
	ir_instr call;
	ir_val token;
	uint32_t callee;
	ir_instr end, use; /* in the callee */
};
void solve_lent(const struct solution *s, void (*each)(void *ctx, const struct lent *l), void *ctx);

/* A field that holds the token of an operation is cleared only behind the call that completes it and may run its
 * callback; who is told may come to what cancels the token in the field. */
struct cleared_late {
	uint32_t func;
	ir_instr told, cleared;
	uint32_t begun_in, cancel_in;
	ir_instr begun, cancel;
	const char *field;
};
void solve_cleared_late(const struct solution *s, void (*each)(void *ctx, const struct cleared_late *c), void *ctx);

/* A thread that can be cancelled in the very call that ends a handle, which is only forgotten behind it. */
struct ended_inside {
	uint32_t func;
	ir_instr at;
	uint32_t other; /* ends it once more: a clean-up handler, or who cancels the thread */
	uint32_t where;
	ir_instr opened; /* the handler is set up here, or the thread cancelled */
};
void solve_ended_inside(const struct solution *s, void (*each)(void *ctx, const struct ended_inside *e), void *ctx);

/* Clean-up gets the token of an operation that failed, and that it failed because the token is done is asked behind it. */
struct asked_late {
	uint32_t func;
	ir_instr operation, cleanup, question;
	ir_val token;
};
void solve_asked_late(const struct solution *s, void (*each)(void *ctx, const struct asked_late *a), void *ctx);
/* ---- locks ---- */

enum lock_hazard {
	LOCK_JOIN,       /* waits for a thread that takes the lock */
	LOCK_CANCEL,     /* runs handlers, one of which takes it */
	LOCK_DISCONNECT, /* waits for a handler that takes it */
	LOCK_CALLBACK,   /* a callback that takes it, called through a pointer */
	LOCK_WAIT,       /* whoever ends the wait needs it */
	LOCK_LEFT,       /* the thread may end there, and leaves the lock taken */
};
/* A call that waits for other code, or runs it, with a lock held that this code takes. */
struct under_lock {
	enum lock_hazard kind;
	uint32_t func; /* holds the lock */
	ir_instr at;   /* the call made under it */
	ir_instr locked;
	uint32_t wait_func; /* where the call is that waits: the same one, or in what it calls */
	ir_instr wait;
	uint32_t other; /* the other side, or */
	const char *far_other; /* its name, when another unit has it run */
	ir_instr other_takes; /* what takes the lock there, or calls what does */
	uint32_t starter; /* where it was started, connected, or cancelled; 0: not here */
	ir_instr started;
	bool unsure; /* the lock may be that of another object */
};
void solve_under_lock(const struct solution *s, void (*each)(void *ctx, const struct under_lock *u), void *ctx);
/* What a call locks, as the function names it; 0: it has no name there. */
ir_val solve_lock_value(const struct solution *s, uint32_t func, ir_instr at);
/* Which callee takes the lock that is taken at a call; 0: none, the call does. And where in that callee. */
uint32_t solve_taken_via(const struct solution *s, uint32_t func, ir_instr at);
ir_instr solve_takes(const struct solution *s, uint32_t callee, uint32_t func, ir_instr at);

/* ---- who runs where ---- */

/* A call that must not be made from the code that reaches it. */
struct reentrant {
	uint32_t func;
	ir_instr at;
	const struct api_func *model; /* what forbids it; NULL: it waits for the code it is called from */
	uint32_t entry;    /* the handler, or the work, that reaches it */
	uint32_t starter;  /* where that is registered */
	ir_instr started;
	const char *chain; /* from the entry down to `func`; NULL: it is the entry */
	bool waits_for_itself;
	uint32_t other; /* else: what it waits for, and which waits in turn for the entry, in other_func */
	uint32_t other_func;
	ir_instr other_at;
	bool unsure; /* it may be about another object */
	struct import_place far; /* line not 0: it is made in another unit, there; `at` leads to it */
};
void solve_reentrant(const struct solution *s, void (*each)(void *ctx, const struct reentrant *r), void *ctx);

/* A call that only the owner of `object` may make, or only the thread that the program starts with, from another one. */
struct wrong_thread {
	uint32_t func;
	ir_instr at;
	const struct api_func *model;
	uint32_t entry; /* of the other thread; it is the call itself when `at` is where that is started */
	uint32_t starter;
	ir_instr started;
	const char *chain; /* from the entry down to `func`; NULL: it is the entry */
	bool bound;        /* to an object's thread, else to the first one */
	ir_val object;     /* 0: not known */
	struct import_place far; /* line not 0: it is made in another unit, there; `at` leads to it */
	uint32_t owner;    /* other code that uses the object, in owner_at; 0: none seen */
	ir_instr owner_at;
};
void solve_wrong_thread(const struct solution *s, void (*each)(void *ctx, const struct wrong_thread *w), void *ctx);

/* ---- copies of what others write ---- */

enum copied_kind {
	COPIED_OBJECT,    /* an object with a flag, a lock or a counter is copied */
	COPIED_ARGUMENT,  /* and given by value */
	COPIED_CANCELLED, /* a copy is cancelled, and nothing else is done with it */
	COPIED_FLAG,      /* a flag is read once, before the loop that it should end */
	COPIED_CAPTURE,   /* a lambda loops over its own copy of a flag */
};
struct copied_state {
	enum copied_kind kind;
	uint32_t func;     /* the copy */
	ir_instr at;
	uint32_t record;   /* what is copied, in ir_unit.records; 0 unknown */
	const char *field; /* what others write; NULL: not known */
	uint32_t reader;   /* who looks at the copy, when that is another function */
	ir_instr read;     /* where; 0 unknown */
	uint32_t writer;   /* who writes the original; 0 unknown */
	ir_instr written;
	uint32_t loop;
	bool unsure;
};
void solve_copied(const struct solution *s, void (*each)(void *ctx, const struct copied_state *k), void *ctx);

/* A call that waits, on the thread of an event loop. */
struct loop_block {
	uint32_t func;
	ir_instr at;
	const struct block_site *site;
	uint32_t entry; /* what the loop runs */
	uint32_t starter;
	ir_instr started;
	const char *chain; /* from there down to `func`; NULL: it is the entry */
	const struct api_func *model; /* in another unit: what waits, and where, */
	struct import_place far;      /* reached by the call at `at`; 0: by the entry itself */
};
void solve_loop_blocks(const struct solution *s, void (*each)(void *ctx, const struct loop_block *b), void *ctx);

/* ---- work that is cancelled halfway ---- */

enum half_kind {
	HALF_STREAM, /* a stream of others is left between two steps */
	HALF_FILE,   /* a file is left half written */
	HALF_THREAD, /* a stream, by the end of a thread that somebody cancels */
};
struct half_done {
	enum half_kind kind;
	uint32_t func;
	ir_instr at;    /* what may be cancelled, or asks whether it was (`polls`) */
	bool polls;
	ir_instr first; /* the step before it, or what makes the file */
	ir_instr next;  /* a step that is not made then; the same one: it is made once more in each turn of a loop */
	ir_instr leaves;          /* the way out; 0: at once */
	struct field_site again;  /* where the work is begun anew; func 0: not seen */
	struct field_site cancel; /* THREAD: where it is cancelled */
};
void solve_half_done(const struct solution *s, void (*each)(void *ctx, const struct half_done *h), void *ctx);

/* ---- ways to cancel that cannot be made safe ---- */

enum unsafe_kind {
	UNSAFE_ASYNCHRONOUS, /* cancellation may strike anywhere */
	UNSAFE_SIGNAL,       /* a signal that ends the process */
	UNSAFE_INTERRUPT,    /* likewise, but one that is used to interrupt calls */
	UNSAFE_KILL,         /* one that nothing can catch */
	UNSAFE_REUSE,        /* a token is made usable again that may be in use */
	UNSAFE_UNWINDING,    /* a thread is cancelled from C++ */
};
struct unsafe_use {
	enum unsafe_kind kind;
	uint32_t func;
	ir_instr at;
	const struct api_func *model;
	ir_val value;        /* the argument that makes it one; the token */
	uint32_t used_func;  /* REUSE: an operation that is given the token; ASYNCHRONOUS, SIGNAL: the call that gets the value
	                        in the end; 0: none, or the call itself */
	ir_instr used_at;
	bool unsure; /* REUSE: no operation is seen to get the token */
};
void solve_unsafe(const struct solution *s, void (*each)(void *ctx, const struct unsafe_use *u), void *ctx);

/* ---- clean-up at the wrong place ---- */

struct pile {
	uint32_t func;
	ir_instr call;    /* what puts the handle into the container; the handler's call */
	ir_instr made;    /* the call that makes it */
	uint32_t loop;    /* each of whose turns does so */
	ir_val container;
	bool endless;     /* nothing leaves the loop; else it ends when the one it reads from does */
	bool bound_early; /* `call` runs a handler that got the variable's value before `made` */
};
/* The next one behind *p, which begins as zeros; false: no more. */
bool solve_next_pile(const struct solution *s, struct pile *p);
/* set_up.c: what a call starts in a loop of events is made for one that the caller runs next, and lasts as long. */
bool solve_set_up_for_loop(const struct solution *s, uint32_t func, ir_instr made);
/* Does a call start code in a loop of events, once, and leave it to that loop? */
bool solve_left_to_loop(const struct solution *s, uint32_t func, ir_instr made);
/* Is what call `made` makes left to a handler that was bound before it? */
bool solve_bound_early(const struct solution *s, uint32_t func, ir_instr made);
/* Does the call at `at` run a handler that was bound to an older value than the variable has? */
bool solve_runs_bound_early(const struct solution *s, uint32_t func, ir_instr at);

/* ---- busy waits ---- */

struct busy_wait {
	ir_instr pause;     /* the first one; 0: it spins */
	const char *form;   /* the function that would wait for the state, or that signals it */
	uint32_t form_func; /* where the unit calls that; 0: nowhere */
	ir_instr form_at;
};
/* Does the loop only look at a state and pause, although that can be waited for? */
bool solve_busy_wait(const struct solution *s, uint32_t func, uint32_t loop, struct busy_wait *out);

/* ---- breaks that stay in the loop ---- */

struct stay {
	uint32_t loop;
	const struct ir_break *end; /* what the source says of the `break` */
	ir_instr dispatch;          /* the switch */
	ir_instr behind;            /* the first instruction it goes on with */
	bool modelled;              /* the case is the done case of a wait */
	bool acts;                  /* its case does more than leave */
	bool of_thing;              /* what it does may be the stop of something else than the loop */
	bool others_leave;          /* other cases leave the loop */
};
/* Is `at` the jump of a `break` that ends the case of a stop event and leaves a switch, but not the loop around it, which
 * only cancellation or another case of that switch ends? */
bool solve_break_stays(const struct solution *s, uint32_t func, ir_instr at, struct stay *out);

/* ---- loops over a source ---- */

/* A loop that ends when a call gives no more, and nobody asks whether that was the end of the data or a failure. */
struct mistaken_end {
	uint32_t func, loop;
	ir_instr call;               /* gives the next piece */
	const struct api_role *fails; /* the outcome nobody asks for */
	ir_instr leaves;             /* the branch that leaves the loop */
	bool no_reason;              /* the call is told not to store the reason */
	bool each;                   /* each piece may be the failure */
	bool drains;                 /* nothing is done with what the call gives */
	bool told;                   /* each turn asks a token, and the function has no result to say so: others can ask */
	bool claims;                 /* the function can fail, and what it returns behind the loop is a success; what it
	                                reads is a real file */
};
/* The next one behind *m, which begins as zeros; false: no more. */
bool solve_next_mistaken_end(const struct solution *s, struct mistaken_end *m);

/* ---- values of tokens ---- */

enum carried_fault {
	CARRIED_FINE,
	CARRIED_LARGE,   /* more than a kibibyte */
	CARRIED_MUTABLE, /* a container, a connection, a growing buffer */
	CARRIED_UNFREED, /* heap memory that only the token knows */
};
struct carried {
	uint32_t func;
	ir_instr call;                /* gives the token its value */
	ir_val value;
	const struct api_role *role;
	const struct api_func *model;
	enum carried_fault fault;
	const char *type;             /* as C spells it; "" unknown */
	uint64_t bytes;               /* LARGE */
	ir_instr made;                /* UNFREED: here */
};
/* The next one behind *c, which begins as zeros, that is not fine; false: no more. */
bool solve_next_carried(const struct solution *s, struct carried *c);

/* ---- tokens in structs ---- */

/* A struct keeps a token of its caller, and a function on it is given one with each call. */
struct kept_token {
	uint32_t func;
	ir_instr store;    /* the first one into this field */
	uint32_t record;   /* has the field, in ir_unit.records */
	uint32_t owner;    /* what `func` reaches it from; the same if it reaches it directly */
	int64_t offset;    /* of the field */
	const char *field;
	uint32_t per_call; /* such a function */
};
/* The next one behind *k, which begins as zeros; false: no more. */
bool solve_next_kept_token(const struct solution *s, struct kept_token *k);

/* The token in an object of the caller's is replaced by a root, and the object or the token goes on to a call. */
struct overwritten_token {
	uint32_t func;
	ir_instr store, root, used; /* where it is replaced, where the root is made, and such a call */
	uint32_t param, record;     /* the object, and the record that has the field */
	int64_t offset;
	const char *field;
};
/* The next one behind *o, which begins as zeros; false: no more. */
bool solve_next_overwritten_token(const struct solution *s, struct overwritten_token *o);

/* ---- requests without an effect ---- */

enum ineffective_kind {
	INEFFECTIVE_UNSEEN,   /* a token that is ended, or has a limit, is given to nobody who looks at it */
	INEFFECTIVE_UNASKED, /* what gives tokens is cancelled, and nobody has got one */
	INEFFECTIVE_EMPTY,    /* a group that is waited for, in which nothing was started */
	INEFFECTIVE_OFF,      /* what was set up is off, and nothing turns it on */
	INEFFECTIVE_DISABLED, /* what was set up has no effect, because of `other` */
	INEFFECTIVE_MASKED,   /* a thread is cancelled that disables that for all of its body, at `other` */
	INEFFECTIVE_NO_POINT, /* a thread is cancelled that nowhere looks */
	INEFFECTIVE_LATE,     /* a handler is attached only after the call that it should end, at `other` */
};
struct ineffective {
	enum ineffective_kind kind;
	uint32_t func;
	ir_instr at;               /* arms, registers or cancels */
	ir_instr made;             /* UNSEEN: makes the token; the same, where that arms it */
	struct field_site other;   /* see above; UNSEEN: an operation that gets another token, or none */
	const struct api_func *model;
	const struct api_role *role;
	ir_val subject;            /* the token, group, handle; 0: none */
	uint32_t entry;            /* MASKED, NO_POINT: the thread's */
	bool ends_early;           /* UNSEEN: it has a limit, or is cancelled, and is not only ended at the end */
};
/* The next one behind *e, which begins as zeros; false: no more. */
bool solve_next_ineffective(const struct solution *s, struct ineffective *e);

/* ---- stop signals that get lost ---- */

enum gap_kind {
	GAP_SIGNAL,    /* a signal's handler sets what is looked at before the wait: it may come in between */
	GAP_NOT_WAITED, /* the done handle made at `other` is in no wait set */
	GAP_ELSEWHERE, /* the loop ends by a descriptor that is written at `other`, and the wait is not for that */
	GAP_ONE_SHOT,  /* it is watched for one event only */
	GAP_UNASKED,   /* the lock is taken at `other`, and nothing is asked before the wait */
	GAP_UNLOCKED,  /* what is waited for at `other` is set, and told, without the lock */
	GAP_UNTOLD,    /* what is waited for at `other` is set, and nothing in the unit tells */
	GAP_ONE_WOKEN, /* several threads wait at `other`, and one of them is woken */
	GAP_DROPPED,   /* the queue made at `other` holds nothing, and the send does not wait */
	GAP_PIPE_FULL, /* a handler of signals writes to a pipe made at `other`, and waits when that is full */
	GAP_NO_HANDLER, /* nobody can catch that signal */
};
struct gap {
	enum gap_kind kind;
	uint32_t func;
	ir_instr at;             /* the wait, the store, the send, the write or the registration */
	struct field_site other;
	const char *flag;        /* UNLOCKED, UNTOLD: what is set */
	uint32_t handler;        /* SIGNAL, PIPE_FULL: of the signal */
	bool restarts;           /* SIGNAL: the wait goes on after the handler */
};
/* The next one behind *g, which begins as zeros; false: no more. */
bool solve_next_gap(const struct solution *s, struct gap *g);

/* ---- outcomes that mean cancelled, and are lost ---- */

enum swallow_how {
	SWALLOW_IGNORED,   /* neither result nor error is asked for */
	SWALLOW_DROPPED,   /* the failure is seen, and not passed on */
	SWALLOW_CAUGHT,    /* an exception is caught and not passed on */
	SWALLOW_UNWINDING, /* a handler ends the unwinding of a thread that is cancelled */
};
struct swallowed {
	uint32_t func;
	ir_instr call;  /* may be cancelled */
	enum swallow_how how;
	ir_instr at;    /* the point of loss */
	ir_instr shows; /* where a success is reported, other work is begun ... */
	enum swallow_end { SWALLOW_UNSURE, SWALLOW_RETURNS, SWALLOW_GOES_ON, SWALLOW_RETRIES, SWALLOW_CONVERTED, SWALLOW_SUCCESS } end;
	const struct ir_handler *handler; /* CAUGHT, UNWINDING */
	bool some_ways; /* on other ways it is passed on */
	bool known;     /* what the call throws, or that threads are cancelled, is to be seen in the unit */
	bool weak;      /* the call only waits for time, or its result is asked for, if not why */
	bool unasked;   /* it is told not to store its error, and its result is ignored, too */
};
/* The next one behind *w, which begins as zeros; false: no more. */
bool solve_next_swallowed(const struct solution *s, struct swallowed *w);

/* ---- growth ---- */

/* A call that derives a token of `from`, in a loop whose next turn derives the next one of that. */
struct growth {
	uint32_t func, loop;
	ir_instr call;
	ir_val from;
};
/* The next one behind *g, which begins as zeros; false: no more. */
bool solve_next_growth(const struct solution *s, struct growth *g);
/* The loop of many turns around a call that attaches something to `to`, which is the same in each turn; 0: none. */
uint32_t solve_attaches_in_loop(const struct solution *s, uint32_t func, ir_instr call, ir_val to);

/* Does the call put a handle into an element of an array whose elements the function ends one by one on the way to `at`? */
bool solve_walks_elements(const struct solution *s, uint32_t func, ir_instr site, ir_instr at);

/* A call that does not come back, by declaration, model or summary. */
bool solve_no_return(const struct solution *s, uint32_t func, ir_instr call);

/* Text for tests: summaries of all functions, or of one. */
void solve_dump_summaries(const struct solution *s, const char *only, FILE *to);

#endif
