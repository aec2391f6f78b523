/*
 * shim.h - the door to clang's C++ interfaces: parses one unit, keeps clang's structures alive, and answers
 * questions about them in C types. No judgement is made here.
 *
 * All strings belong to the shim_unit and live as long as it; none is NULL unless said. Nothing is thrown.
 */
#ifndef CANCELINT_FRONTEND_SHIM_H
#define CANCELINT_FRONTEND_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <llvm-c/Types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct frontend_text;
struct shim_listener;
struct shim_job {
	const char *file;      /* absolute */
	const char *directory; /* absolute */
	const char *const *args;
	uint32_t nargs;
	const struct frontend_text *unsaved; /* read instead of the files that they name */
	uint32_t nunsaved;
	const struct shim_listener *listener; /* NULL: nobody; see shim_shared.h */
	const char *pch; /* what shim_share() has written, read first; NULL: nothing */
};

/* Parses and generates code. Never NULL: shim_module() tells whether it worked. */
struct shim_unit;
struct shim_unit *shim_open(const struct shim_job *job);
void shim_close(struct shim_unit *u); /* NULL is accepted; the module dies with it */

LLVMModuleRef shim_module(struct shim_unit *u); /* NULL when the unit did not compile */
const char *shim_diagnostics(struct shim_unit *u);
bool shim_cplusplus(struct shim_unit *u);
bool shim_atomic_waits(struct shim_unit *u); /* C++20: atomic variables can be waited for */

/* The unit's text with its headers in it and its macros expanded; what is wrong with it is in shim_diagnostics(). */
struct shim_unit *shim_preprocess(const struct shim_job *job);
const char *shim_preprocessed(struct shim_unit *u); /* "" when there is none */

/* ---- the source ---- */

struct shim_file {
	const char *path; /* absolute and normalised */
	bool system, main;
};
struct shim_comment {
	const char *path, *text;
	uint32_t line, col, end_line;
	bool alone;
};
struct shim_macro {
	const char *path, *name;
	uint32_t line, col, end_line, end_col;
};
enum shim_break_kind { /* as enum ir_break_kind */
	SHIM_BREAK_OF_CASE,
	SHIM_BREAK_LEAVES,
	SHIM_BREAK_IN_MACRO,
};
struct shim_break {
	const char *path, *label; /* how the source spells the label of its case; "" when that is long. The macro */
	uint32_t line, col;
	int64_t value; /* of the label; of a `continue` in a macro 1 */
	bool alone;    /* nothing of its case comes before it */
	enum shim_break_kind kind;
};
struct shim_handler {
	const char *path;
	uint32_t line, col, end_line, end_col; /* from `catch` to its closing brace */
	const char *type;  /* what it catches, as a qualified name; "" for `catch (...)` */
	const char *below; /* the classes derived from that, one a line */
	bool named;        /* what is caught has a name */
};
struct shim_written { /* an argument that the source writes as a name */
	const char *path, *name;
	uint32_t line, col; /* of the call, as debug information has it */
	uint32_t arg;       /* `this` counts */
};
/* Every file the unit read, in the order of their first inclusion, the main file first. */
uint32_t shim_files(struct shim_unit *u, const struct shim_file **out);
uint32_t shim_comments(struct shim_unit *u, const struct shim_comment **out);
uint32_t shim_macros(struct shim_unit *u, const struct shim_macro **out);
/* Each `break` that is the end of a case of a switch in a loop, and what else `kind` says. */
uint32_t shim_breaks(struct shim_unit *u, const struct shim_break **out);
/* Each whole number that a call outside of system headers is given by a name. */
uint32_t shim_written_names(struct shim_unit *u, const struct shim_written **out);
/* Each exception handler outside of system headers. */
uint32_t shim_handlers(struct shim_unit *u, const struct shim_handler **out);
/* Every file that was looked for, and found or not: absolute, as it was asked for. More than was read. */
uint32_t shim_looked(struct shim_unit *u, bool found, const char *const **out);
/* The absolute, normalised form of a path as debug information presents it. */
const char *shim_path(struct shim_unit *u, const char *presented);
/* What the file (path as shim_files gives it) held when the unit read it. Not NUL-terminated; NULL: it was not read. */
const char *shim_text(struct shim_unit *u, const char *path, size_t *len);
/* Does a #line directive give places of the unit another file, or lines of a file of the project other numbers? */
bool shim_moves_lines(struct shim_unit *u);
/* The token that starts at a place of a file the unit read (path as shim_files gives it). Not NUL-terminated;
 * NULL with *len = 0 when there is none or a #line directive moved it. */
const char *shim_token(struct shim_unit *u, const char *path, uint32_t line, uint32_t col, uint32_t *len);

/* ---- types ---- */

struct shim_type {
	const char *spelling; /* without qualifiers on the top level */
	uint32_t size;        /* bytes; 0: unknown */
	uint32_t record;      /* the struct or union it is; 0: none */
	uint32_t pointee;     /* the record it points to; 0: none */
	uint32_t elem_size;   /* arrays: bytes of an element, which `record` then describes */
	bool atomic, is_volatile;
};
struct shim_field {
	const char *name;
	uint32_t offset;
	struct shim_type type;
};
struct shim_record {
	const char *name;
	uint32_t size;
	bool is_union;
	const struct shim_field *fields; /* by offset, then by order of declaration */
	uint32_t nfields;
	bool local;          /* defined in the main file */
	bool system;         /* in a header of the system, or of a library */
	bool own_destructor; /* C++: declares one */
	bool own_copy;       /* C++: its copy constructor is code of its own */
	const char *call; /* linkage name of its call operator; "" if it has none, or several */
};
/* Records are numbered from 1, in the order in which they were first asked for. */
uint32_t shim_record_of(struct shim_unit *u, LLVMTypeRef struct_type); /* 0: none of the source */
/* All records asked for so far, and those their fields lead to; [0] is unused. Call it last. */
uint32_t shim_records(struct shim_unit *u, const struct shim_record **out);

/* ---- declarations ---- */

struct shim_place {
	const char *path; /* "" unknown */
	uint32_t line, col;
};
struct shim_param {
	const char *name;
	struct shim_type type;
};
/* What an API model knows a function by. */
struct shim_name {
	const char *plain; /* qualified, without template arguments and inline namespaces; "" if no header can declare it */
	uint32_t nparams;  /* in the source, `this` included */
	bool is_template, cplusplus;
};
struct shim_function {
	const char *display, *usr;
	struct shim_name name;
	struct shim_type ret;
	struct shim_place place; /* of the name in the definition */
	bool variadic;
	bool formats;                    /* prints its variable arguments, as printf() does */
	bool formats_list;               /* prints a list of arguments, as vprintf() does */
	bool artificial;                 /* made by the compiler */
	const struct shim_param *params; /* `this` first */
	uint32_t nparams;
	const char *const *annotations;
	uint32_t nannotations;
	/* Which argument of the LLVM function carries the n-th parameter (SHIM_NO_ARG: none does); the rest
	 * of the LLVM arguments (a hidden return slot, later pieces of a struct) follow. NULL: all in the
	 * same order. */
	const uint32_t *order;
	uint32_t norder;
};
#define SHIM_NO_ARG UINT32_MAX
/* What the source says of a function with this linkage name; false when it says nothing. */
bool shim_describe_function(struct shim_unit *u, LLVMValueRef function, struct shim_function *out);
bool shim_name_function(struct shim_unit *u, LLVMValueRef function, struct shim_name *out); /* false: nothing known */
void shim_delete_body(LLVMValueRef function); /* makes a declaration of it */
/* Is it named by some cleanup attribute, or a destructor? */
bool shim_is_cleanup(struct shim_unit *u, const char *linkage_name);
bool shim_is_destructor(struct shim_unit *u, const char *linkage_name);
/* The linkage name of the function whose code a place's scope belongs to; "" when there is none. */
const char *shim_scope_function(struct shim_unit *u, LLVMMetadataRef scope);

struct shim_global {
	const char *display;
	struct shim_type type;
	const char *owner; /* linkage name of the function it is local to; "" none */
	struct shim_place place;
};
bool shim_describe_global(struct shim_unit *u, LLVMValueRef global, struct shim_global *out);

/* Which values of a function hold which variables, in the order of the code. */
struct shim_variable {
	LLVMValueRef value;
	const char *name, *ctype;
	uint32_t line; /* of its declaration */
	bool storage; /* the value is the variable's address */
	bool inlined; /* the variable belongs to a function inlined here */
};
uint32_t shim_variables(struct shim_unit *u, LLVMValueRef function, const struct shim_variable **out);

#ifdef __cplusplus
}
#endif
#endif
