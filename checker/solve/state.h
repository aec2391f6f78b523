/*
 * state.h - what is known at one point of one path: values, memory, facts, handles. Copied at branches,
 * joined when the handles are in equal states (property simulation).
 */
#ifndef CANCELINT_SOLVE_STATE_H
#define CANCELINT_SOLVE_STATE_H

#include "solve.h"
#include "sym.h"
#include "tri.h"

struct binding { /* an SSA value that is needed in another block, and what it is here */
	ir_val val;
	struct sval v;
};
struct cell { /* a memory location that was written */
	struct sval at;
	struct sval v;
	uint32_t size; /* bytes written; 0 unknown */
	bool watched;  /* a token in static storage: states that differ in this are not joined */
	ir_instr store;
};
#define FACT_EXCEPTIONS 3
struct fact { /* what is known of a symbol */
	sym s;
	int64_t lo, hi; /* inclusive */
	bool nonzero;
	uint8_t nexcept; /* values between the bounds, other than 0, that it does not have */
	int64_t except[FACT_EXCEPTIONS];
};
struct clobber { /* memory may have changed at that instruction: at an address, or all behind its base (off:
	            CLOBBER_ALL) */
	struct sval base;
	ir_instr at;
};

enum obj_status {
	OBJ_PARAM, /* what a parameter refers to: watched for the summary */
	OBJ_OWNED,
	OBJ_RELEASED,
	OBJ_GONE,  /* handed over, or out of sight */
	OBJ_HEAP,  /* fresh memory nobody else knows */
	OBJ_FREED, /* that memory, freed */
	OBJ_LOST,  /* no name is left, and that has been told */
	/* operations, beside the handle that stands for them */
	OBJ_PENDING, /* a completion is owed */
	OBJ_COMPLETED,
	OBJ_ENTRUSTED, /* to somebody else */
	OBJ_DONE,      /* no handle: a token that is known to be done */
};
enum obj_kind {
	OBJ_HANDLE,
	OBJ_TASK,  /* a thread that has to be joined or let go */
	OBJ_OP,    /* what a call has started, and what it uses; a claim. OWNED: it may be running */
	OBJ_QUEUE, /* see queue.h */
	OBJ_GIVEN, /* a reference that went away with its destroy function; a claim */
	OBJ_SCOPE, /* something opened, on `key`; a claim. With is_param: one of the callers', closed here */
};
struct queue_use { /* of one path; never changed once a state holds it */
	struct queue_count sends, receives, worker_sends, worker_receives;
	ir_instr started; /* the last start of a worker that has it, */
	struct sval with; /* and what that worker was given, when the queue lies behind it */
	int room;         /* how many things it holds; -1: not constant */
	bool bounded, closed, tries;
	ir_instr closed_at;    /* closed there for sure, and nothing may have replaced it since; 0: no */
	struct sval selected;  /* what a wait for one of several returned, ... */
	int64_t selected_case; /* ... and what it would be for this queue */
};
struct obj {
	uint8_t kind;   /* enum obj_kind */
	ir_instr site;  /* the creating call; the parameter's index for OBJ_PARAM sites, see is_param */
	uint8_t slot;   /* which of the site's creations */
	uint8_t status; /* enum obj_status */
	uint8_t refs;   /* extra references */
	bool old;       /* made in an earlier turn of a loop */
	bool is_param;
	bool inferred;      /* made by a summary */
	bool zeroed;        /* HEAP: what was never written there is zero */
	bool ended;         /* released after it was handed over */
	bool object;        /* HANDLE: memory that another function made, with handles in it */
	bool claim;         /* on an object that lives on; see api_family */
	bool shared;        /* somebody else may have taken a reference */
	bool blurred;       /* what its key names may have been made anew, or ended again */
	uint8_t how;        /* RELEASED: enum end_how */
	struct sval key;    /* the value that names it */
	struct sval result; /* what the creating call returned, for `when` */
	enum api_cond when; /* it exists if the result satisfies this */
	struct sval holder; /* the fresh memory it is stored in; SV_NONE */
	struct sval data;   /* what its callback gets, if it is not the callback's own; SV_NONE */
	ir_instr at;        /* the local variable that a call put it into; 0: none */
	struct sval saved; /* SCOPE: where what was before is kept; SV_NONE. What is kept is `result`. OP: its
	                      data */
	struct sval token; /* OP: the token it was given. HANDLE: what it is connected to */
	ir_instr armed;    /* HANDLE: the call from which on it fires; 0: none */
	ir_instr orphaned; /* HANDLE: what its callback gets was freed there; 0: not, or that has been told */
	struct sval given; /* HANDLE: what a call returned that started something with it, ... */
	enum api_cond given_when;          /* ... if that satisfies this */
	uint32_t entry;                    /* OP: the function that runs, in ir_unit.funcs; 0 unknown */
	uint32_t entry_param;              /* OP: 1 + the parameter that it is; 0: it is none */
	const struct api_role *started_by; /* OP: NULL when a summary says so */
	const struct queue_use *queue;     /* QUEUE */
	bool let_go;                       /* TASK, OP, the handle of one: nobody waits for it, or has to */
	ir_instr changed;                  /* where it was released or handed over, for explanation */
	const struct api_func *model;
	const char *family;
	uint32_t entrusted;   /* ENTRUSTED: 1 + in solution.entrusted; 0: to whom is not known */
	const char *ended_as; /* RELEASED: the family as the release names it; NULL: none */
};

struct state {
	VEC(struct binding) env; /* sorted by val */
	struct {
		const struct cell *data; /* shared with other states: see state_own_mem() */
		uint32_t len, cap;
	} mem;                        /* sorted by address */
	VEC(struct fact) facts;       /* sorted by symbol */
	VEC(struct obj) objs;         /* sorted by site, slot, old */
	VEC(struct clobber) clobbers; /* sorted by base */
	VEC(uint32_t) leaked;         /* locals whose address is known to other code; sorted */
	ir_instr world;               /* the last call that may have changed memory everybody can reach */
	const struct trail *trail;
	ir_instr last; /* where the block before this one was left: the return statement, at an exit */
	ir_instr left; /* the return statement, once it was passed: the ends of scopes follow; 0: none was */
	ir_instr thrown; /* the `throw` of this function that leaves it, or THROWN_BY_CALL; 0: none */
	uint64_t kept; /* parameters, those from 64 on aside, that went where the caller cannot follow them */
	bool widened;
	bool yielded; /* other code may have run since entry */
	bool watches; /* a cell may be watched */
	struct stock *stock;
};

struct state *state_new(struct stock *p);
struct state *state_copy(const struct state *s);
size_t state_bytes(const struct state *s); /* what it holds */
void state_free(struct state *s);

void state_bind(struct state *s, ir_val val, struct sval v);
bool state_lookup(const struct state *s, ir_val val, struct sval *v);
void state_unbind(struct state *s, ir_val val);

/* Of addresses, as they stand in mem. */
static inline int sv_order(struct sval a, struct sval b)
{
	uint64_t p = (uint64_t)a.kind << 32 | a.id, q = (uint64_t)b.kind << 32 | b.id;
	return p != q ? (p < q ? -1 : 1) : (a.off > b.off) - (a.off < b.off);
}
const struct cell *state_cell(const struct state *s, struct sval at); /* NULL: not written */
/* The cells, for changes: no other state has them, and there is room for so many. What s->mem.data was is not
 * theirs any more. */
struct cell *state_own_mem(struct state *s, uint32_t room);
/* In walks that keep some of the cells: cell k becomes the one at *kept, where the next one goes. */
void state_keep_cell(struct state *s, uint32_t *kept, uint32_t k);
void state_drop_cells(struct state *s, uint32_t from, uint32_t to); /* to: one past the last */
struct cell *state_write(struct state *s, struct sval at, struct sval v, uint32_t size, ir_instr store);
void state_watch(struct state *s, struct cell *c, bool watched);
/* The cells at addresses with the base of `at`, whatever their offset: their indices in mem. */
struct span {
	uint32_t from, to; /* to: one past the last */
};
struct span state_cells(const struct state *s, struct sval at);
/* Forgets what was written below an address: [base.off, base.off + size), or everything with that base for
 * size 0. */
void state_forget(struct state *s, struct sval base, int64_t size);
void state_clobber(struct state *s, struct sval base, ir_instr at); /* all behind the base */
void state_clobber_at(struct state *s, struct sval at, ir_instr i); /* this address alone */
ir_instr state_clobbered(const struct state *s,
                         struct sval at); /* the last instruction that may have; 0: none */
bool state_leaked(const struct state *s, uint32_t local);
void state_leak(struct state *s, uint32_t local);

struct obj *state_obj(struct state *s, ir_instr site, uint8_t slot, bool old, bool is_param); /* NULL: none */
struct obj *state_obj_by_key(struct state *s, struct sval key); /* an owned one first; NULL: none */
struct obj *state_claim(struct state *s, struct sval key, const char *family); /* an owned one; NULL: none */
struct obj *state_add_obj(struct state *s, struct obj o);
int obj_order(const struct obj *a, const struct obj *b);

/* Facts. assume() returns false when the path is infeasible. */
struct fact fact_of_value(const struct state *s, struct sval v);
void state_put_fact(struct state *s, struct fact f);
struct fact state_fact(const struct state *s, sym id); /* the widest fact when nothing is known */
bool state_knows(const struct state *s, sym id);
bool fact_excludes(const struct fact *f, int64_t c); /* it is not c */
bool state_assume_range(struct state *s, sym id, int64_t lo, int64_t hi, bool nonzero);
bool state_assume(struct state *s, const struct symtab *t, struct sval cond, bool truth);
enum tri state_test(const struct state *s, const struct symtab *t, struct sval cond);
bool state_assume_compare(struct state *s, const struct symtab *t, enum ir_pred p, struct sval a,
                          struct sval b);
enum tri state_compare(const struct state *s, const struct symtab *t, enum ir_pred p, struct sval a,
                       struct sval b);
enum tri state_cond(const struct state *s, const struct symtab *t, struct sval v, enum api_cond c);
bool state_assume_cond(struct state *s, const struct symtab *t, struct sval v, enum api_cond c);

/* Equal handles, in equal states? Then two states may be joined. Equal ones have equal hashes. */
uint64_t state_hash_handles(const struct state *s);
bool state_same_handles(const struct state *a, const struct state *b);
/* Is everything `a` allows allowed by `b` too (equal handles assumed)? Then `a` need not be explored. */
bool state_subsumed(const struct state *a, const struct state *b);
/* How many values and cells of them differ; it stops counting at `most`. */
uint32_t state_differ(const struct state *a, const struct state *b, uint32_t most);
/* Joins b into a, at a block: facts that both know stay. True: `a` is another one than before. */
bool state_join(struct state *a, const struct state *b, struct symtab *t, ir_block at);
/* A symbol is about to be made again, in the next turn of a loop: what it named becomes the old one. */
void state_age(struct state *s, struct symtab *t, sym now, sym before);

#endif
