/*
 * fields.h - handles in fields of structs: which functions put one there, end it, or let it out of sight.
 * Without regard to paths and to which object it is: a field is a record type and an offset, and what one
 * function does to it counts for all objects. Every doubt is decided for silence.
 */
#ifndef CANCELINT_SOLVE_FIELDS_H
#define CANCELINT_SOLVE_FIELDS_H

#include "scan.h"

#include "map.h"
#include "mem.h"

struct field_key { /* the struct indexed into last, and the offset in it; elements of an array share theirs */
	uint32_t record, offset;
};

enum field_act {
	FIELD_OWN,     /* gets a handle it has to end */
	FIELD_PUT,     /* gets something that is not its own */
	FIELD_NONE,    /* is set to none */
	FIELD_RELEASE, /* its handle is released, joined, disconnected or handed over */
	FIELD_CANCEL,  /* its handle is cancelled */
	FIELD_START,   /* something is started that looks at it, or connected to it */
	FIELD_TEST,    /* its value is compared with something */
	FIELD_LEAVE,   /* its value goes to memory elsewhere, or is returned */
	FIELD_ESCAPE,  /* its value or address goes to code that is not known */
};
struct field_event {
	enum field_act act;
	struct field_key key;
	uint32_t func;
	ir_instr at;
	ir_val object;                /* the struct, as far back as it can be followed */
	const struct api_func *model; /* of OWN, START: what the call at `made` is; NULL: a unit's function */
	const struct api_role *role;  /* the role of it that made, or started */
	ir_instr made;                /* OWN: the creating call; else 0 */
	uint32_t callee;              /* OWN, RELEASE, START: the function called */
	uint32_t order;               /* of collection */
	bool doubtful;                /* OWN: the handle is also known elsewhere */
	bool part; /* OWN: somewhere in the member at the key, which is a structure that the callee fills */
};

/* What a function does with a parameter or with what it points to. */
struct param_acts {
	bool releases, cancels, escapes, leaves;
};
struct func_acts {
	uint8_t state; /* 0 not asked for, 1 under way, 2 known */
	uint32_t nparams;
	struct param_acts *value, *behind; /* of each parameter: the value itself; what lies at the address */
	struct param_acts *inside;         /* what lies in the structure there, whatever its member */
	uint32_t returns;                  /* 1 + the parameter that it returns, perhaps casted; 0: none */
	bool counts;                  /* it counts something up behind its first parameter: a reference */
	uint32_t returns_part;        /* 1 + the parameter at a distance from which it returns an address */
	const struct api_func *makes; /* the creator of what it returns; NULL: none */
	const struct api_role *makes_role;
};

/* A call that starts an operation with an object as its data, and with nothing that could withdraw it. */
struct unwithdrawn {
	struct field_site call;
	const struct api_role *role;
	ir_val data, object; /* the argument; where it comes from */
	uint32_t entry, record;
	bool by_token; /* its token withdraws it, and then the callback runs */
	bool inside;   /* the data is memory of its own, in which the object lies at this offset */
	int64_t offset;
};

struct fields {
	struct solution *s;
	const struct program *p;
	const struct ir_unit *u;
	struct func_acts *acts;         /* per function */
	VEC(struct field_event) events; /* by key, then in order of collection */
	struct intmap candidates; /* keys that own something: -> 1, and then the index of their first event */
	struct intmap objects;    /* keys of those that get an object of the program's with handles in it, or are a part with some */
	struct intmap owned_at;   /* function and instruction of each FIELD_OWN: -> 1 */
	VEC(struct field_site) unknown_calls; /* calls of code that is neither here nor described */
	VEC(struct unwithdrawn) starts;
	struct type_ends *ends;
};

/* fields_walk.c */
/* Back over casts, casting calls and locals that are stored to once. *counted is set when a reference is
 * taken on the way (may be NULL). */
ir_val fields_root(struct fields *x, uint32_t func, ir_val v, bool *counted);
/* Does the function take a reference to this value? */
bool fields_referenced(struct fields *x, uint32_t func, ir_val root);
bool fields_key_at(struct fields *x, uint32_t func, ir_val address, struct field_key *k, ir_val *object);
static inline uint64_t fields_key_number(struct field_key k)
{
	return (uint64_t)k.record << 32 | k.offset;
}
/* Is the value what the field holds? */
bool fields_read_from(struct fields *x, uint32_t func, ir_val v, struct field_key key);
const struct func_acts *fields_acts(struct fields *x, uint32_t func);
/* Everything that happens to a value from v on, or to what lies at the address v. Calls `tell` with the act,
 * the instruction, the function called (0: none) and its role. */
struct field_walk {
	struct fields *x;
	uint32_t func;
	void (*tell)(struct field_walk *w, enum field_act act, ir_instr at, uint32_t callee,
	             const struct api_role *r, ir_val v);
	void *data;
	bool objects; /* what ends a handle in the object that the value leads to ends the value */
	bool members; /* from an address on to those of the members of the structure there */
};
void fields_walk(struct field_walk *w, ir_val v, bool address);
/* Is what is stored no handle: null, 0, a negative number? */
bool fields_is_none(struct fields *x, uint32_t func, ir_val v);

/* fields_events.c */
/* The type of the member there that is a structure of its own; 0: there is none. */
uint32_t fields_part_at(const struct ir_unit *u, struct field_key k);
void fields_collect(struct fields *x);
/* The events of one field. */
const struct field_event *fields_events(const struct fields *x, struct field_key key, uint32_t *n);

/* teardown.c: which functions end the objects of a type */
enum end_kind {
	END_SLOT,       /* stored into a class's teardown slot */
	END_FREES,      /* frees an object that it did not make */
	END_DESTRUCTOR, /* C++ */
	END_SHAPE,      /* only its name and parameter say so */
	END_HINT,       /* its name says that much that its releases count */
};
struct type_end {
	uint32_t record;
	uint32_t func;
	enum end_kind kind;
};
struct type_link { /* objects of `inner` live and die with one of `outer` */
	uint32_t inner, outer;
	uint32_t next; /* 1 + the next link of the same inner type; 0: the last */
};
struct type_ends {
	VEC(struct type_end) all;
	VEC(struct type_link) links;
	struct intmap outer_of; /* inner -> 1 + the index of its first link; see type_link.next */
	VEC(uint32_t) classes;  /* instance records of the classes that this unit registers */
	struct intmap asked;    /* records whose ends matter */
	struct intmap known;    /* record and function of each end */
};

/* Does a name hold this word, as words of names are told apart? */
bool ends_word_in(const char *name, const char *word);
/* The names of a beginning and of its end: `x_open`, `x_close`. */
bool ends_pair(const char *beginning, const char *end);
/* "struct conn *" and "Conn *" for a record named "conn", "_Conn", "Conn". */
bool ends_spells_pointer_to(const char *ctype, const char *record);
void ends_collect(struct fields *x);
void ends_release(struct fields *x);
bool ends_is_class(const struct fields *x, uint32_t record);
/* Is `record` the type itself, or one that objects of it live and die with? */
bool ends_concern(const struct fields *x, uint32_t record, uint32_t type);
bool ends_value_is(struct fields *x, uint32_t func, ir_val v, uint32_t record);
/* The address of a member that is itself such a struct. */
bool ends_part_is(struct fields *x, uint32_t func, ir_val v, uint32_t record);
/* Marks everything that a function runs: callees and callbacks. `reach` has a place for each function. */
void ends_reach(const struct program *p, uint32_t func, bool *reach);
/* Marks everything that runs a function. */
void ends_reach_back(const struct program *p, uint32_t func, bool *reach);

/* unheld.c: operations whose data may end before them */
void unheld_collect(struct fields *x);
void unheld_judge(struct fields *x, struct field_faults *out);
void stale_judge(struct fields *x, struct field_faults *out); /* of those that a token withdraws */

/* fields_paths.c: judges one store of a handle; false: nothing to say */
/* fields_paths.c: the function of this unit that runs for what the field got; 0: none, or not known */
uint32_t fields_entry(const struct fields *x, const struct field_event *own);
/* Does a store of a handle hang on a condition that asks the object? */
bool fields_guarded(struct fields *x, const struct field_event *own);
/* fields_again.c: a call in a function that frees the object may start anew what the field holds, and nothing
 * ends it then; *end_call: that call. */
bool fields_armed_again(struct fields *x, struct field_key key, struct field_site *end_call);
/* Judges one store of a handle; false: nothing to say */
bool fields_stale_id(struct fields *x, const struct field_event *own, struct field_stale *out);
/* fields_told.c: the callback of the source tells in another field that it has run, and the removal asks that. */
bool fields_told_over(struct fields *x, struct field_key id, uint32_t entry, const struct field_event *removal);
/* fields_left.c: a timer that is left running where its object ends; false: nothing to say */
bool fields_left_running(struct fields *x, const struct field_event *own, struct field_left *out);
bool fields_overwrites(struct fields *x, const struct field_event *own, struct field_overwrite *out);

#endif
