/*
 * ir.h - the code of one translation unit, as every analysis sees it.
 *
 * The frontend lowers LLVM IR (clang's -O0 code after mem2reg) into these plain arrays; nothing behind it sees LLVM or
 * clang. Everything is immutable once built. Entities are 32-bit indices; index 0 of each table is "none", so a zeroed
 * field means absent. Strings are interned in the unit: equal strings have equal pointers, and none is NULL.
 *
 * Values. A function's values (parameters, instruction results, constants it mentions) share one table; an operand is an
 * index into it. Memory is addressed by byte offsets: IR_ADDR adds a constant offset to a base pointer, and flags a
 * variable index. Names of fields come from ir_record tables.
 */
#ifndef CANCELINT_IR_H
#define CANCELINT_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ir_kind.h"

struct arena;
struct intern;

typedef uint32_t ir_val;   /* in ir_func.vals */
typedef uint32_t ir_block; /* in ir_func.blocks; the entry block is 1 */
typedef uint32_t ir_instr; /* in ir_func.instrs */
typedef uint32_t ir_loc;   /* in ir_unit.locs */
typedef uint32_t ir_file;  /* in ir_unit.files */

/* A place in the source, as the compiler presents it (after #line). */
struct ir_place {
	ir_file file;
	uint32_t line, col; /* 1-based; col in bytes, 0 when unknown */
	uint32_t end_col;   /* one past the token that starts at col; 0 when unknown (system headers, #line) */
	bool returns;       /* that token is `return` */
	ir_loc inlined_at;  /* the call this code was inlined into (header inlines); 0: none */
};

struct ir_source_file {
	const char *path; /* absolute and normalised, or as presented when it does not exist */
	bool system;      /* a system header */
	bool main;        /* the unit's main file */
};

/* ---- types: only what the analysis asks for ---- */

enum ir_type_kind { IR_TYPE_VOID, IR_TYPE_INT, IR_TYPE_PTR, IR_TYPE_FLOAT, IR_TYPE_AGGREGATE, IR_TYPE_OTHER };

/* A struct, class or union with its fields, from debug information. */
struct ir_field {
	const char *name;
	const char *ctype; /* as C spells it: "GCancellable *" */
	uint32_t offset;   /* bytes */
	uint32_t size;     /* bytes */
	uint32_t record;   /* in ir_unit.records when the field is itself a struct or union (not a pointer to one); else 0 */
	uint32_t pointee;  /* the record a pointer field points to; else 0 */
	uint32_t elem_size; /* for arrays: bytes of an element; else 0 */
	bool atomic;       /* _Atomic, std::atomic */
	bool is_volatile;
};
struct ir_record {
	const char *name; /* "foo", "_GTask", "ns::cls"; "" for anonymous ones */
	uint32_t size;    /* bytes */
	bool is_union;
	struct ir_field *fields; /* by offset */
	uint32_t nfields;
	bool local;          /* defined in the main file: no other unit knows its fields */
	bool system;         /* in a header of the system, or of a library: what its fields keep is that one's business */
	bool own_destructor; /* C++: declares one */
	bool own_copy;       /* C++: its copy constructor is code of its own */
	uint32_t call; /* the function that runs when an object is called, in ir_unit.funcs; 0: none, or several */
};

/* ---- values ---- */

enum ir_val_kind {
	IR_VAL_NONE,
	IR_VAL_PARAM,  /* aux: its index */
	IR_VAL_INSTR,  /* aux: the instruction */
	IR_VAL_INT,    /* imm: the constant, sign-extended */
	IR_VAL_NULL,   /* the null pointer */
	IR_VAL_UNDEF,  /* undef and poison */
	IR_VAL_GLOBAL, /* aux: in ir_unit.globals; imm: byte offset into it */
	IR_VAL_FUNC,   /* aux: in ir_unit.funcs */
	IR_VAL_STRING, /* str: the bytes of a constant C string (up to its first NUL) */
	IR_VAL_OTHER,  /* a constant nobody looks at */
};
struct ir_value {
	uint8_t kind; /* enum ir_val_kind */
	uint8_t type; /* enum ir_type_kind */
	uint16_t bits; /* width of an integer */
	uint32_t aux;
	int64_t imm;
	const char *str;   /* IR_VAL_STRING */
	const char *name;  /* the source variable that holds it, "" if none: params, locals, `self->x` is not one */
	const char *ctype; /* the C type of that variable, "" if unknown */
	uint32_t line;     /* where that variable is declared: tells apart those of one name; 0 unknown */
};

/* ---- instructions ---- */

/* clang-format off: one line an opcode. Operands in brackets. */
#define IR_OPS(X)                                                                                            \
	X(NONE, "none")                                                                                      \
	X(ALLOCA, "alloca")          /* imm: bytes (0: variable) */                                          \
	X(LOAD, "load")              /* [ptr] imm: bytes */                                                  \
	X(STORE, "store")            /* [value, ptr] imm: bytes */                                           \
	X(ADDR, "addr")              /* [base] imm: constant byte offset; record: the struct indexed into;   \
	                                IR_F_VARIABLE: plus an unknown multiple of `scale` bytes, [base, index] */ \
	X(PHI, "phi")                /* [value...] with phi_blocks in the same order */                      \
	X(CALL, "call")              /* [callee, arg...] imm: 1 + the argument that is the place for a returned      \
	                                object; 0: none */                                                           \
	X(INVOKE, "invoke")          /* likewise; succs: normal, unwind; ends its block */                    \
	X(BR, "br")                  /* succs: target */                                                     \
	X(CONDBR, "condbr")          /* [cond] succs: true, false */                                         \
	X(SWITCH, "switch")          /* [value, case...] succs: default, case targets in the same order */   \
	X(INDIRECTBR, "indirectbr")  /* [addr] succs: every possible target */                               \
	X(RET, "ret")                /* [] or [value] */                                                     \
	X(UNREACHABLE, "unreachable")                                                                        \
	X(RESUME, "resume")          /* leaves the function by an exception */                               \
	X(ICMP, "icmp")              /* [a, b] sub: enum ir_pred */                                          \
	X(CAST, "cast")              /* [value]: any conversion that keeps it recognisable */                \
	X(SELECT, "select")          /* [cond, a, b] */                                                      \
	X(BINOP, "binop")            /* [a, b] sub: enum ir_bin */                                           \
	X(ATOMIC, "atomic")          /* [ptr, value] sub: enum ir_rmw; result: the old value */              \
	X(CMPXCHG, "cmpxchg")        /* [ptr, expected, new]; result: {old, success} */                      \
	X(COPY, "copy")              /* [dst, src] imm: bytes (0: unknown): memcpy, memmove, struct assignment */ \
	X(FILL, "fill")              /* [dst, byte] imm: bytes (0: unknown): memset */                       \
	X(EXTRACT, "extract")        /* [aggregate] imm: index, scale: its offset in bytes */                \
	X(INSERT, "insert")          /* [aggregate, value] likewise */                                       \
	X(LANDINGPAD, "landingpad")                                                                          \
	X(ASM, "asm")                /* [arg...] inline assembly */                                          \
	X(OTHER, "other")            /* [operand...] */
/* clang-format on */

enum ir_op {
#define X(name, text) IR_##name,
	IR_OPS(X)
#undef X
	IR_NOPS
};
const char *ir_op_name(enum ir_op op);

enum ir_pred { IR_EQ, IR_NE, IR_SLT, IR_SLE, IR_SGT, IR_SGE, IR_ULT, IR_ULE, IR_UGT, IR_UGE };
enum ir_bin { IR_ADD, IR_SUB, IR_MUL, IR_SDIV, IR_UDIV, IR_SREM, IR_UREM, IR_SHL, IR_LSHR, IR_ASHR, IR_AND, IR_OR, IR_XOR, IR_BIN_OTHER };
enum ir_rmw { IR_RMW_XCHG, IR_RMW_ADD, IR_RMW_SUB, IR_RMW_AND, IR_RMW_OR, IR_RMW_XOR, IR_RMW_OTHER };

enum ir_instr_flags {
	IR_F_VOLATILE = 1 << 0, /* load, store */
	IR_F_ATOMIC = 1 << 1,   /* load, store */
	IR_F_VARIABLE = 1 << 2, /* ADDR with an index that is not constant */
	IR_F_NORETURN = 1 << 3, /* call whose callee or call site is declared noreturn */
	IR_F_CLEANUP = 1 << 4,  /* call made by the compiler for a cleanup attribute or a destructor */
};

struct ir_instruction {
	uint8_t op;     /* enum ir_op */
	uint8_t sub;    /* predicate or operation; of a call: how many of its last arguments are only printed */
	uint16_t flags; /* enum ir_instr_flags */
	ir_block block;
	ir_val result;  /* 0: none */
	uint32_t first_operand, noperands; /* in ir_func.operands */
	uint32_t first_succ, nsuccs;       /* in ir_func.succs; terminators only */
	uint32_t record;                   /* ADDR: in ir_unit.records, 0 unknown */
	uint32_t scale;                    /* ADDR with IR_F_VARIABLE, EXTRACT, INSERT: bytes. Virtual call: the class, as in
	                                      ir_vtable; 0: none that has a table here */
	int64_t imm;
	ir_loc loc;
};

struct ir_basic_block {
	ir_instr first; /* its instructions are consecutive; the last one is the terminator */
	uint32_t count;
	const char *label; /* clang's name: "if.then", "for.body", "cleanup" */
};

/* ---- functions, globals ---- */

struct ir_param {
	const char *name;  /* "" if unnamed */
	const char *ctype; /* "GCancellable *"; "" when unknown (a declaration without debug information) */
	uint32_t pointee;  /* the record it points to, 0 if none or unknown; of a lambda, its own */
	ir_val val;        /* 0 in a declaration */
	uint8_t kind, to;  /* enum ir_kind: of its type, and of what that points or refers to */
};

enum ir_func_flags {
	IR_FUNC_DEFINED = 1 << 0,
	IR_FUNC_STATIC = 1 << 1,   /* internal linkage: keyed by usr, not by name, across units */
	IR_FUNC_VARIADIC = 1 << 2,
	IR_FUNC_NORETURN = 1 << 3, /* declared so */
	IR_FUNC_INLINE = 1 << 4,   /* defined in a header */
	IR_FUNC_SYSTEM = 1 << 5,   /* defined in a system header */
	IR_FUNC_ADDRESS_TAKEN = 1 << 6,
	IR_FUNC_SKIPPED = 1 << 7,  /* defined, but its body holds something the lowering does not take; `skipped_why` says what */
	IR_FUNC_GENERATED = 1 << 8, /* has no source: constructors of globals, thunks */
	IR_FUNC_CPLUSPLUS = 1 << 9, /* its linkage is C++ */
	IR_FUNC_TEMPLATE = 1 << 10, /* an instance of a function template */
	IR_FUNC_FORMATS = 1 << 13,  /* prints its variable arguments, as printf() does */
	IR_FUNC_FORMATS_LIST = 1 << 14, /* prints a list of arguments, as vprintf() does */
	IR_FUNC_HOLDS_TOKENS = 1 << 12, /* described because of what its class template was made for */
	IR_FUNC_PROTOTYPE = 1 << 11, /* declared by the main file, and not defined in the unit. One that it mentions has an entry without
				       this flag, too */
};

struct ir_func {
	const char *name;    /* linkage name */
	const char *display; /* as the source spells it: "load", "ns::cls::run" */
	const char *plain;   /* qualified, without template arguments and inline namespaces: "std::promise::set_value"; "" for
	                        what no header can declare: lambdas, members of local classes, anonymous namespaces */
	const char *usr;     /* clang's USR without the return type; equal to nothing else in the program */
	uint32_t flags;
	ir_loc loc; /* the name in its definition, or in the prototype; 0 in another declaration */
	const char *ret_ctype;
	const char *skipped_why;
	struct ir_param *params;
	uint32_t nparams;
	uint32_t nsource;         /* of them stand in the source, `this` included; those of the calling convention follow */
	const char **annotations; /* "cancelint:..." texts of its annotate attributes, of its parameters prefixed "argN:" */
	uint32_t nannotations;

	struct ir_value *vals; /* [0] is IR_VAL_NONE */
	uint32_t nvals;
	struct ir_instruction *instrs; /* [0] is IR_NONE */
	uint32_t ninstrs;
	struct ir_basic_block *blocks; /* [0] unused, entry is [1] */
	uint32_t nblocks;
	ir_val *operands;
	uint32_t noperands;
	ir_block *succs;
	uint32_t nsuccs;
	ir_block *phi_blocks; /* parallel to operands: the incoming block of a PHI operand */
};

/* A function's address in a constant initialiser: an operations table, a vtable. */
struct ir_slot {
	uint32_t offset; /* bytes */
	uint32_t func;   /* in ir_unit.funcs */
};
struct ir_global {
	const char *name;
	const char *display; /* "g_current"; a function-local static keeps its source name */
	const char *ctype;
	uint32_t record; /* its struct type, 0 if none */
	uint32_t pointee;
	uint32_t size;   /* bytes; 0 unknown */
	uint32_t owner;  /* function-local static: its function in ir_unit.funcs; else 0 */
	ir_loc loc;
	bool defined, is_static, thread_local_, constant, is_volatile, atomic;
	struct ir_slot *slots;
	uint32_t nslots;
};

/* In a table of virtual functions, where that part begins which objects of a class have; of the class itself, or of one
 * that is derived from it. Functions are at the offsets from there that calls go by. */
struct ir_vtable {
	uint32_t of;     /* the class: a number that stands for it in this unit */
	uint32_t global; /* in ir_unit.globals */
	uint32_t offset; /* bytes */
};

/* ---- what only the source shows ---- */

struct ir_comment { /* comments that mention "cancelint" or "NOLINT", in files that are not system headers */
	ir_file file;
	uint32_t line, col, end_line;
	const char *text; /* with its delimiters */
	bool alone;       /* nothing but white space before it on its line */
};
enum ir_break_kind {
	IR_BREAK_OF_CASE,  /* a `break` that is the end of a case of a switch in a loop */
	IR_BREAK_LEAVES,   /* a `return`, `goto` or `throw` in such a case */
	IR_BREAK_IN_MACRO, /* the last statement, a `break` or `continue`, of a `do { } while (0)` that a macro in a loop expands to */
};
struct ir_break {
	ir_file file;
	uint32_t line, col;
	const char *label; /* of the case, as the source spells it: "EV_STOP"; "" when that is long. IN_MACRO: the macro */
	int64_t value;     /* of the label; of a `continue` IN_MACRO 1 */
	bool alone;        /* nothing of the case comes before it */
	uint8_t kind;      /* enum ir_break_kind */
};
struct ir_handler { /* of exceptions; the call that begins it stands at its place */
	ir_file file;
	uint32_t line, col, end_line, end_col; /* from `catch` to its closing brace */
	const char *type;  /* what it catches, a qualified name; "": everything */
	const char *below; /* the classes derived from that, one a line */
	bool named;        /* what is caught has a name */
};
struct ir_written { /* an argument that is a number here, and that the source writes as a name */
	ir_file file;
	uint32_t line, col; /* of the call: the outer place of its instruction */
	uint8_t arg;        /* `this` counts */
	const char *name;   /* "CONNECT_TIMEOUT_MS" */
};
struct ir_macro { /* a macro expansion written in the main file or a user header */
	ir_file file;
	uint32_t line, col, end_line, end_col; /* of its spelling, arguments included */
	const char *name;
};

struct ir_unit {
	struct arena *arena;   /* owns everything below */
	struct intern *strings;
	const char *path; /* the main file */
	bool cplusplus, atomic_waits; /* C++; of a standard in which atomic variables can be waited for */
	bool joined; /* it is several units: they have a main file each */

	struct ir_source_file *files; uint32_t nfiles;
	struct ir_place *locs;        uint32_t nlocs;
	struct ir_record *records;    uint32_t nrecords;
	struct ir_func *funcs;        uint32_t nfuncs;
	struct ir_global *globals;    uint32_t nglobals;
	struct ir_vtable *vtables;    uint32_t nvtables;
	struct ir_comment *comments;  uint32_t ncomments;
	struct ir_break *breaks;      uint32_t nbreaks; /* by file, line, col */
	struct ir_handler *handlers;  uint32_t nhandlers; /* by file, line, col */
	struct ir_written *written;   uint32_t nwritten;  /* by file, line, col, arg */
	struct ir_macro *macros;      uint32_t nmacros; /* by file, line, col */
	const char **deps;            uint32_t ndeps;   /* absolute paths of every file the unit read, main file first */
	const char **found;           uint32_t nfound;  /* absolute paths, as they were asked for, of all files that were */
	const char **absent;          uint32_t nabsent; /* looked for: they decide what the unit is */
};

struct ir_unit *ir_unit_new(void);
void ir_unit_free(struct ir_unit *u); /* NULL is accepted */
/* Several units of C as one, which is a copy: as if their main files were one, but for what is private to each. Macros and
 * what was read are not in it. n > 0; no two of them may define the same function for others. */
struct ir_unit *ir_join(struct ir_unit *const *units, uint32_t n);

/* ---- access ---- */

static inline ir_val ir_operand(const struct ir_func *f, const struct ir_instruction *i, uint32_t n)
{
	return n < i->noperands ? f->operands[i->first_operand + n] : 0;
}
static inline ir_block ir_succ(const struct ir_func *f, const struct ir_instruction *i, uint32_t n)
{
	return n < i->nsuccs ? f->succs[i->first_succ + n] : 0;
}
/* Of values with a sign. */
static inline bool ir_compare(enum ir_pred p, int64_t a, int64_t b)
{
	switch (p) {
	case IR_EQ:
		return a == b;
	case IR_NE:
		return a != b;
	case IR_SLT:
		return a < b;
	case IR_SLE:
		return a <= b;
	case IR_SGT:
		return a > b;
	case IR_SGE:
		return a >= b;
	case IR_ULT:
		return (uint64_t)a < (uint64_t)b;
	case IR_ULE:
		return (uint64_t)a <= (uint64_t)b;
	case IR_UGT:
		return (uint64_t)a > (uint64_t)b;
	default:
		return (uint64_t)a >= (uint64_t)b;
	}
}
static inline bool ir_is_call(const struct ir_instruction *i)
{
	return i->op == IR_CALL || i->op == IR_INVOKE;
}
static inline uint32_t ir_nargs(const struct ir_instruction *i)
{
	return i->noperands ? i->noperands - 1 - i->sub : 0;
}
/* Arguments of a call, 0-based; 0 when there is no such argument. Those that are only printed are operands alone. They
 * stand where the source puts them (a method's `this` is argument 0); what the calling convention adds (the place for a
 * returned structure, the rest of a structure passed in pieces) follows the last argument of the source. Parameters of
 * functions are in the same order. */
static inline ir_val ir_arg(const struct ir_func *f, const struct ir_instruction *i, uint32_t n)
{
	return n < ir_nargs(i) ? ir_operand(f, i, n + 1) : 0;
}
/* The object a call returns: its result, or the address of the place for it; 0: none. */
static inline ir_val ir_returned(const struct ir_func *f, const struct ir_instruction *i)
{
	return i->result || !i->imm ? i->result : ir_arg(f, i, (uint32_t)i->imm - 1);
}
/* NULL unless v is an instruction's result. */
static inline const struct ir_instruction *ir_def(const struct ir_func *f, ir_val v)
{
	return v < f->nvals && f->vals[v].kind == IR_VAL_INSTR ? &f->instrs[f->vals[v].aux] : NULL;
}
static inline ir_val ir_strip_casts(const struct ir_func *f, ir_val v)
{
	/* A cast of a PHI of itself is possible in dead code: no more steps than values. */
	for (uint32_t steps = 0; steps < f->nvals; steps++) {
		const struct ir_instruction *i = ir_def(f, v);
		if (!i || i->op != IR_CAST)
			return v;
		v = ir_operand(f, i, 0);
	}
	return v;
}
/* The function a call names directly (through casts), in ir_unit.funcs; 0 for an indirect call, and what is none. */
static inline uint32_t ir_callee(const struct ir_func *f, const struct ir_instruction *i)
{
	ir_val v = ir_is_call(i) ? ir_strip_casts(f, ir_operand(f, i, 0)) : 0;
	return f->vals[v].kind == IR_VAL_FUNC ? f->vals[v].aux : 0;
}
const struct ir_instruction *ir_terminator(const struct ir_func *f, ir_block b);
uint32_t ir_func_by_name(const struct ir_unit *u, const char *linkage_name); /* 0: none */

/* "self->priv->cancellable" for a field: the dotted names from a record's start to `offset`, "" if unknown.
 * Descends into nested structs and arrays (`conn[2].ctx`). The text is interned in the unit. */
const char *ir_field_name(const struct ir_unit *u, uint32_t record, uint32_t offset);
const struct ir_field *ir_field_at(const struct ir_unit *u, uint32_t record, uint32_t offset);

/* How the source writes this argument of the call, where that is a name and the argument a number; "": otherwise. */
const char *ir_written_name(const struct ir_unit *u, const struct ir_instruction *call, uint32_t arg);
/* The outermost place of a location: where the inlined header code was called from. */
struct ir_place ir_place_outer(const struct ir_unit *u, ir_loc loc);

/* Text for tests and people: no addresses, no absolute paths. `only` names one function, NULL for all defined ones. */
void ir_dump(const struct ir_unit *u, const char *only, FILE *to);
/* Checks every index and block; returns NULL, or what is wrong (static text). */
const char *ir_verify(const struct ir_unit *u);

#endif
