/*
 * lower.h - LLVM IR to the arrays of ir.h. Private to the frontend.
 */
#ifndef CANCELINT_FRONTEND_LOWER_H
#define CANCELINT_FRONTEND_LOWER_H

#include "ir.h"
#include "map.h"
#include "mem.h"
#include "shim.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>

struct frontend_job;
struct frontend_name;

/* Which LLVM argument stands at which place of a call: the parameters of the source, then what the calling
 * convention adds. NULL when both agree. */
struct arg_order {
	const uint32_t *places;
	uint32_t n;
	uint32_t nhidden; /* of these, how many at the end are not parameters */
};

struct lower {
	struct shim_unit *shim;
	struct ir_unit *unit;
	const struct frontend_job *job;
	LLVMModuleRef module;
	LLVMTargetDataRef layout;
	struct intmap func_of;   /* LLVMValueRef -> ir_unit.funcs */
	struct intmap global_of; /* LLVMValueRef -> ir_unit.globals */
	struct intmap loc_of;    /* LLVMMetadataRef of a place -> ir_loc */
	struct intmap class_of;  /* LLVMMetadataRef of a class that has a table of virtual functions -> its number */
	struct strmap file_of;   /* interned path -> ir_file */
	VEC(struct ir_func) funcs;
	VEC(struct arg_order) orders; /* parallel to funcs */
	VEC(struct ir_global) globals;
	VEC(struct ir_vtable) vtables;
	VEC(struct ir_place) locs;
	VEC(struct ir_source_file) files;
	unsigned attr_noreturn, attr_sret;
};

/* A function being lowered. */
struct body {
	struct lower *l;
	uint32_t func;
	LLVMValueRef function;
	struct intmap val_of;   /* LLVMValueRef -> ir_val */
	struct intmap block_of; /* LLVMBasicBlockRef -> ir_block */
	VEC(struct ir_value) vals;
	VEC(struct ir_instruction) instrs;
	VEC(struct ir_basic_block) blocks;
	VEC(ir_val) operands;
	VEC(ir_block) phi_blocks;
	VEC(ir_block) succs;
	ir_block block; /* being filled */
	ir_loc last_loc;
	const char *skipped_why; /* NULL: all well */
};

/* An address computation, folded. */
struct gep {
	int64_t offset;
	LLVMValueRef index; /* NULL: none; the base is operand 0 */
	uint32_t scale;
	bool several;       /* more than one variable index: `scale` divides all of them */
	LLVMTypeRef record; /* the struct type it goes into, or NULL */
};

/* initialisers.c: local variables are initialised value by value. */
void spell_initialisers(LLVMModuleRef module);
/* passes.c: the passes before lowering. False with a malloc'ed text when LLVM refuses. */
bool run_passes(struct shim_unit *shim, LLVMModuleRef module, const struct frontend_job *job, char **error);

void lower_name(struct shim_unit *shim, LLVMValueRef function, struct frontend_name *out);
/* Does a model describe it? `holds_tokens` (may be NULL): only because of what its class is made for. */
bool lower_is_described(struct shim_unit *shim, const struct frontend_job *job, LLVMValueRef function,
                        bool *holds_tokens);

/* prune.c: makes declarations of the functions of system headers that a model describes, and drops what only they need. */
void prune_described(struct shim_unit *shim, LLVMModuleRef module, const struct frontend_job *job);

/* lower.c */
void lower_unit(struct lower *l, const struct frontend_job *job);
uint32_t lower_func(struct lower *l, LLVMValueRef function);

/* lower_global.c */
void lower_globals(struct lower *l);
bool constant_text(struct lower *l, LLVMValueRef global, const char **text);

/* lower_formats.c: functions that print their variable arguments, once all functions are known */
void lower_formats(struct lower *l);

/* lower_virtual.c: tables of virtual functions, and the class whose function a call is of */
void lower_vtables(struct lower *l);
uint32_t lower_class_called(struct lower *l, LLVMValueRef callee);

/* lower_place.c */
ir_file lower_file(struct lower *l, const char *path);
ir_loc lower_loc(struct lower *l, LLVMMetadataRef place);
ir_loc lower_shim_place(struct lower *l, struct shim_place p);
/* The file of a scope of the debug information, absolute and normalised; "" if it has none. */
const char *lower_scope_path(struct shim_unit *shim, LLVMMetadataRef scope);
void lower_source_facts(struct lower *l);

/* lower.c: moves what was gathered into the unit */
void lower_finish(struct lower *l);
/* lower_written.c: names of arguments; finishes the unit, too */
void lower_written(struct lower *l);
/* lower_handlers.c */
void lower_handlers(struct lower *l);
void place_handlers(struct body *b); /* gives each call that begins a handler the place of its `catch` */

/* lower_body.c */
void lower_body(struct lower *l, uint32_t func, LLVMValueRef function);
ir_instr emit(struct body *b, enum ir_op op, LLVMValueRef inst);
void add_operand(struct body *b, ir_val v);
void add_value_operand(struct body *b, LLVMValueRef v);
void add_succ(struct body *b, LLVMBasicBlockRef to);

/* lower_value.c */
enum ir_type_kind type_kind(LLVMTypeRef type);
uint64_t size_of_type(struct lower *l, LLVMTypeRef type); /* 0: only the machine that runs it knows */
ir_val value_of(struct body *b, LLVMValueRef v);
ir_val callee_value(struct body *b, LLVMValueRef v);
ir_val new_value(struct body *b, LLVMValueRef v, struct ir_value val);
struct gep fold_gep(struct lower *l, LLVMValueRef gep);

/* lower_instr.c, lower_call.c */
void lower_instr(struct body *b, LLVMValueRef inst);
void lower_call(struct body *b, LLVMValueRef inst);

#define FUNC_NAME(v) (LLVMGetValueName2((v), &(size_t){0}))

#endif
