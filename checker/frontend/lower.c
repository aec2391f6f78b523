#include "lower.h"
#include "frontend.h"
#include "shim_prototypes.h"
#include "arena.h"
#include "intern.h"
#include "str.h"

#include <string.h>

static const char *save(struct lower *l, const char *s)
{
	return intern(l->unit->strings, s);
}

/* ---- parameters ---- */

static void params_from_source(struct lower *l, struct ir_func *f, const struct shim_function *facts)
{
	for (uint32_t k = 0; k < f->nparams && k < facts->nparams; k++) {
		f->params[k].name = save(l, facts->params[k].name);
		f->params[k].ctype = save(l, facts->params[k].type.spelling);
		f->params[k].pointee = facts->params[k].type.pointee;
		/* What is called is found by its type, whether it is given by reference or copied. */
		if (str_ends(f->params[k].ctype, "(lambda)"))
			f->params[k].pointee = facts->params[k].type.record;
	}
}

static void kinds_from_source(struct ir_func *f, const struct shim_kinds *kinds, uint32_t n)
{
	for (uint32_t k = 0; k < f->nparams && k < n; k++) {
		f->params[k].kind = kinds[k].kind;
		f->params[k].to = kinds[k].to;
	}
}

static void add_params(struct lower *l, struct ir_func *f, uint32_t n)
{
	f->nparams = n;
	f->params = ARENA_ARRAY(l->unit->arena, struct ir_param, n + 1);
	for (uint32_t k = 0; k < n; k++)
		f->params[k] = (struct ir_param){.name = save(l, ""), .ctype = save(l, "")};
}

static struct arg_order copy_order(struct lower *l, const struct shim_function *facts)
{
	struct arg_order o = {.n = facts->norder};
	if (!facts->order)
		return (struct arg_order){0};
	uint32_t *places = ARENA_ARRAY(l->unit->arena, uint32_t, facts->norder);
	memcpy(places, facts->order, facts->norder * sizeof *places);
	o.places = places;
	o.nhidden = facts->norder - facts->nparams;
	return o;
}

/* ---- functions ---- */

static uint32_t flags_of(struct lower *l, LLVMValueRef v)
{
	uint32_t flags = LLVMIsDeclaration(v) ? 0 : IR_FUNC_DEFINED;
	LLVMLinkage linkage = LLVMGetLinkage(v);
	if (linkage == LLVMInternalLinkage || linkage == LLVMPrivateLinkage)
		flags |= IR_FUNC_STATIC;
	if (LLVMIsFunctionVarArg(LLVMGlobalGetValueType(v)))
		flags |= IR_FUNC_VARIADIC;
	if (LLVMGetEnumAttributeAtIndex(v, LLVMAttributeFunctionIndex, l->attr_noreturn))
		flags |= IR_FUNC_NORETURN;
	return flags;
}

/* A definition outside of the main file is a header's; a place that #line made up belongs to the main file.
 */
static uint32_t place_flags(struct lower *l, ir_loc loc)
{
	if (!loc)
		return 0;
	const struct ir_source_file *file = &l->files.data[l->locs.data[loc].file];
	bool read = false;
	for (uint32_t i = 0; i < l->unit->ndeps && !read; i++)
		read = l->unit->deps[i] == file->path;
	if (file->main || !read)
		return 0;
	return IR_FUNC_INLINE | (file->system ? (uint32_t)IR_FUNC_SYSTEM : 0);
}

static void describe_from_source(struct lower *l, struct ir_func *f, const struct shim_function *facts)
{
	f->display = save(l, facts->display);
	f->usr = save(l, facts->usr);
	f->plain = save(l, facts->name.plain);
	f->nsource = facts->name.nparams;
	f->flags |= facts->name.cplusplus ? (uint32_t)IR_FUNC_CPLUSPLUS : 0;
	f->flags |= facts->name.is_template ? (uint32_t)IR_FUNC_TEMPLATE : 0;
	f->ret_ctype = save(l, facts->ret.spelling);
	f->loc = lower_shim_place(l, facts->place);
	if (!facts->variadic)
		f->flags &= ~(uint32_t)IR_FUNC_VARIADIC;
	f->flags |= facts->formats ? (uint32_t)IR_FUNC_FORMATS : 0;
	f->flags |= facts->formats_list ? (uint32_t)IR_FUNC_FORMATS_LIST : 0;
	if (facts->artificial && (f->flags & IR_FUNC_DEFINED))
		f->flags |= IR_FUNC_GENERATED;
	f->flags |= place_flags(l, f->loc);
	f->nannotations = facts->nannotations;
	f->annotations = ARENA_ARRAY(l->unit->arena, const char *, facts->nannotations + 1);
	for (uint32_t k = 0; k < facts->nannotations; k++)
		f->annotations[k] = save(l, facts->annotations[k]);
}

static const char *symbol(struct lower *l, LLVMValueRef v)
{
	size_t len;
	const char *name = LLVMGetValueName2(v, &len);
	if (len && name[0] == '\1') /* LLVM's mark of a name that is not to be mangled */
		name++, len--;
	return intern_n(l->unit->strings, name, len);
}

uint32_t lower_func(struct lower *l, LLVMValueRef v)
{
	uint64_t known;
	if (intmap_get(&l->func_of, (uintptr_t)v, &known))
		return (uint32_t)known;
	struct ir_func f = {.flags = flags_of(l, v)};
	struct arg_order order = {0};
	struct shim_function facts;
	f.name = f.display = symbol(l, v);
	f.usr = f.ret_ctype = f.skipped_why = f.plain = save(l, "");
	if (!LLVMGetIntrinsicID(v) && shim_describe_function(l->shim, v, &facts)) {
		describe_from_source(l, &f, &facts);
		bool holds_tokens;
		lower_is_described(l->shim, l->job, v, &holds_tokens);
		f.flags |= holds_tokens ? (uint32_t)IR_FUNC_HOLDS_TOKENS : 0;
		order = copy_order(l, &facts);
		uint32_t n = order.places ? order.n : LLVMCountParams(v);
		add_params(l, &f, n < facts.nparams && !(f.flags & IR_FUNC_DEFINED) ? facts.nparams : n);
		params_from_source(l, &f, &facts);
		const struct shim_kinds *kinds;
		uint32_t nkinds = shim_kinds_of(l->shim, v, &kinds);
		kinds_from_source(&f, kinds, nkinds);
	} else {
		f.flags |= f.flags & IR_FUNC_DEFINED ? (uint32_t)IR_FUNC_GENERATED : 0;
		add_params(l, &f, LLVMCountParams(v));
		f.nsource = f.nparams;
	}
	uint32_t n = l->funcs.len;
	vec_push(&l->funcs, f);
	vec_push(&l->orders, order);
	intmap_set(&l->func_of, (uintptr_t)v, n);
	return n;
}

/* ---- prototypes ---- */

static uint32_t mention_of(struct lower *l, const char *linkage_name)
{
	LLVMValueRef v = LLVMGetNamedFunction(l->module, linkage_name);
	uint64_t n = 0;
	return v && intmap_get(&l->func_of, (uintptr_t)v, &n) ? (uint32_t)n : 0;
}

static void lower_prototype(struct lower *l, const struct shim_prototype *from)
{
	uint32_t mention = mention_of(l, from->linkage);
	struct ir_func f = {.flags = IR_FUNC_PROTOTYPE};
	if (mention)
		f.flags |= l->funcs.data[mention].flags & IR_FUNC_ADDRESS_TAKEN;
	if (from->facts.variadic)
		f.flags |= IR_FUNC_VARIADIC;
	f.name = save(l, from->linkage);
	f.skipped_why = save(l, "");
	describe_from_source(l, &f, &from->facts);
	add_params(l, &f, from->facts.nparams);
	params_from_source(l, &f, &from->facts);
	kinds_from_source(&f, from->kinds, f.nparams);
	vec_push(&l->funcs, f);
}

static void lower_prototypes(struct lower *l, const struct frontend_job *job)
{
	const struct shim_prototype *all;
	uint32_t n = job->token ? shim_prototypes(l->shim, job->token, job->keep_ctx, &all) : 0;
	for (uint32_t i = 0; i < n; i++)
		lower_prototype(l, &all[i]);
}

/* ---- records ---- */

static void lower_fields(struct lower *l, struct ir_record *r, const struct shim_record *from)
{
	r->nfields = from->nfields;
	r->fields = ARENA_ARRAY(l->unit->arena, struct ir_field, from->nfields + 1);
	for (uint32_t k = 0; k < from->nfields; k++) {
		const struct shim_field *f = &from->fields[k];
		r->fields[k] = (struct ir_field){.offset = f->offset, .size = f->type.size};
		r->fields[k].name = save(l, f->name);
		r->fields[k].ctype = save(l, f->type.spelling);
		r->fields[k].record = f->type.record;
		r->fields[k].pointee = f->type.pointee;
		r->fields[k].elem_size = f->type.elem_size;
		r->fields[k].atomic = f->type.atomic;
		r->fields[k].is_volatile = f->type.is_volatile;
	}
}

static uint32_t func_named(struct lower *l, const char *linkage_name)
{
	LLVMValueRef f = *linkage_name ? LLVMGetNamedFunction(l->module, linkage_name) : NULL;
	uint64_t n = 0;
	return f && intmap_get(&l->func_of, (uintptr_t)f, &n) ? (uint32_t)n : 0;
}

static void lower_records(struct lower *l)
{
	const struct shim_record *from;
	struct ir_unit *u = l->unit;
	u->nrecords = shim_records(l->shim, &from);
	u->records = ARENA_ARRAY(u->arena, struct ir_record, u->nrecords);
	for (uint32_t i = 0; i < u->nrecords; i++) {
		u->records[i] = (struct ir_record){.size = from[i].size, .is_union = from[i].is_union};
		u->records[i].name = save(l, from[i].name);
		u->records[i].local = from[i].local;
		u->records[i].system = from[i].system;
		u->records[i].own_destructor = from[i].own_destructor;
		u->records[i].own_copy = from[i].own_copy;
		u->records[i].call = func_named(l, from[i].call);
		lower_fields(l, &u->records[i], &from[i]);
	}
}

/* ---- the unit ---- */

#define MOVE(unit, from, to, count, type)                                                                    \
	do {                                                                                                 \
		(unit)->count = (from).len;                                                                  \
		(unit)->to = ARENA_ARRAY((unit)->arena, type, (from).len + 1);                               \
		if ((from).len)                                                                              \
			memcpy((unit)->to, (from).data, (from).len * sizeof(type));                          \
		vec_release(&(from));                                                                        \
	} while (0)

void lower_finish(struct lower *l)
{
	struct ir_unit *u = l->unit;
	MOVE(u, l->funcs, funcs, nfuncs, struct ir_func);
	MOVE(u, l->globals, globals, nglobals, struct ir_global);
	MOVE(u, l->vtables, vtables, nvtables, struct ir_vtable);
	MOVE(u, l->locs, locs, nlocs, struct ir_place);
	MOVE(u, l->files, files, nfiles, struct ir_source_file);
	vec_release(&l->orders);
	intmap_release(&l->func_of);
	intmap_release(&l->global_of);
	intmap_release(&l->loc_of);
	intmap_release(&l->class_of);
	strmap_release(&l->file_of);
}

static bool is_intrinsic(LLVMValueRef f)
{
	return LLVMGetIntrinsicID(f) != 0;
}

void lower_unit(struct lower *l, const struct frontend_job *job)
{
	l->layout = LLVMGetModuleDataLayout(l->module);
	l->attr_noreturn = LLVMGetEnumAttributeKindForName("noreturn", strlen("noreturn"));
	l->attr_sret = LLVMGetEnumAttributeKindForName("sret", strlen("sret"));
	l->unit->cplusplus = shim_cplusplus(l->shim);
	l->unit->atomic_waits = shim_atomic_waits(l->shim);
	lower_source_facts(l);
	vec_push(&l->funcs, (struct ir_func){0});
	vec_push(&l->orders, (struct arg_order){0});
	for (LLVMValueRef f = LLVMGetFirstFunction(l->module); f; f = LLVMGetNextFunction(f))
		if (!is_intrinsic(f))
			lower_func(l, f);
	lower_globals(l);
	lower_vtables(l);
	lower_formats(l);
	for (LLVMValueRef f = LLVMGetFirstFunction(l->module); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f))
			lower_body(l, lower_func(l, f), f);
	lower_prototypes(l, job);
	lower_records(l);
	lower_written(l);
}
