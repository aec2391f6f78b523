#include "lower.h"
#include "frontend.h"
#include "shim_prototypes.h"
#include "str.h"

#include <llvm-c/Transforms/PassBuilder.h>
#include <string.h>

/* What a header's inline function may hold to be merged into its callers, by itself and with all that is
 * merged into it. */
#define MAX_INLINE 60
#define MAX_EXPANDED 300
#define MAX_CHAIN 40
#define MAX_ACCESSOR 16

#define NOT_INLINED UINT32_MAX

struct inliner {
	struct shim_unit *shim;
	const struct frontend_job *job;
	struct strmap headers; /* normalised path -> 1: a header of the unit */
	struct intmap size;    /* LLVMValueRef of a function -> its expanded size, or NOT_INLINED */
	unsigned noinline, alwaysinline, optnone;
};

static unsigned attribute(const char *name)
{
	return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

static bool has_attribute(LLVMValueRef f, unsigned kind)
{
	return LLVMGetEnumAttributeAtIndex(f, LLVMAttributeFunctionIndex, kind) != NULL;
}

static bool in_header(struct inliner *in, LLVMValueRef f)
{
	LLVMMetadataRef sp = LLVMGetSubprogram(f);
	return sp && strmap_get(&in->headers, lower_scope_path(in->shim, sp), NULL);
}

/* What the C++ ABI puts in front of a thread-local variable: gives its address, once it is initialised. */
static bool is_thread_local_wrapper(LLVMValueRef f)
{
	return str_starts(FUNC_NAME(f), "_ZTW");
}

static bool only_reads(LLVMValueRef i)
{
	switch (LLVMGetInstructionOpcode(i)) {
	case LLVMAlloca:
	case LLVMStore: /* of the parameters, to their variables */
	case LLVMLoad:
	case LLVMGetElementPtr:
	case LLVMBitCast:
	case LLVMTrunc:
	case LLVMZExt:
	case LLVMRet:
		return !LLVMIsALoadInst(i) || !LLVMGetVolatile(i);
	case LLVMCall:
		return LLVMIsADbgInfoIntrinsic(i) != NULL;
	default:
		return false;
	}
}

/* `return self->field;`, wherever it is: what a caller gets is then the field itself, and no answer of a
 * call. */
static bool is_accessor(LLVMValueRef f)
{
	LLVMBasicBlockRef b = LLVMCountBasicBlocks(f) == 1 ? LLVMGetFirstBasicBlock(f) : NULL;
	LLVMTypeRef type = LLVMGetReturnType(LLVMGlobalGetValueType(f));
	uint32_t n = 0, stores = 0;
	if (!b || !LLVMCountParams(f) || LLVMGetTypeKind(type) != LLVMPointerTypeKind)
		return false;
	for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
		stores += LLVMIsAStoreInst(i) != NULL;
		if (!only_reads(i) || ++n > MAX_ACCESSOR)
			return false;
	}
	return stores <= LLVMCountParams(f);
}

static bool inlinable(struct inliner *in, LLVMValueRef f)
{
	if (LLVMIsDeclaration(f) || LLVMIsFunctionVarArg(LLVMGlobalGetValueType(f)))
		return false;
	if (is_thread_local_wrapper(f))
		return true;
	if (has_attribute(f, in->optnone) || (!in_header(in, f) && !is_accessor(f)))
		return false;
	return !lower_is_described(in->shim, in->job, f, NULL);
}

static uint32_t expanded_size(struct inliner *in, LLVMValueRef f, int depth);

static uint32_t callee_size(struct inliner *in, LLVMValueRef inst, int depth)
{
	LLVMValueRef callee =
	        LLVMIsACallInst(inst) || LLVMIsAInvokeInst(inst) ? LLVMGetCalledValue(inst) : NULL;
	if (!callee || !LLVMIsAFunction(callee))
		return 1;
	uint32_t n = expanded_size(in, callee, depth + 1);
	return n == NOT_INLINED ? 1 : n;
}

static uint32_t measure(struct inliner *in, LLVMValueRef f, int depth)
{
	uint32_t own = 0, all = 0;
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			if (++own > MAX_INLINE)
				return NOT_INLINED;
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			if ((all += callee_size(in, i, depth)) > MAX_EXPANDED)
				return NOT_INLINED;
	return all;
}

/* While a function is being measured it counts as one that is not inlined: so recursion ends. */
static uint32_t expanded_size(struct inliner *in, LLVMValueRef f, int depth)
{
	uint64_t known;
	if (intmap_get(&in->size, (uintptr_t)f, &known))
		return (uint32_t)known;
	if (depth > MAX_CHAIN)
		return NOT_INLINED;
	intmap_set(&in->size, (uintptr_t)f, NOT_INLINED);
	uint32_t n = inlinable(in, f) ? measure(in, f, depth) : NOT_INLINED;
	intmap_set(&in->size, (uintptr_t)f, n);
	return n;
}

void lower_name(struct shim_unit *shim, LLVMValueRef f, struct frontend_name *out)
{
	struct shim_name known = {.plain = ""};
	shim_name_function(shim, f, &known);
	*out = (struct frontend_name){FUNC_NAME(f),      known.plain,     known.nparams,
	                              known.is_template, known.cplusplus, false};
}

bool lower_is_described(struct shim_unit *shim, const struct frontend_job *job, LLVMValueRef f,
                        bool *holds_tokens)
{
	struct frontend_name name;
	if (holds_tokens)
		*holds_tokens = false;
	if (!job->keep)
		return false;
	lower_name(shim, f, &name);
	if (job->keep(job->keep_ctx, &name))
		return true;
	name.holds_tokens = true;
	bool holds = job->token && job->keep(job->keep_ctx, &name) &&
	             shim_holds(shim, f, job->token, job->keep_ctx);
	if (holds_tokens)
		*holds_tokens = holds;
	return holds;
}

static void mark(struct inliner *in, LLVMValueRef f)
{
	LLVMContextRef ctx = LLVMGetModuleContext(LLVMGetGlobalParent(f));
	bool inlined = expanded_size(in, f, 0) != NOT_INLINED;
	LLVMRemoveEnumAttributeAtIndex(f, LLVMAttributeFunctionIndex,
	                               inlined ? in->noinline : in->alwaysinline);
	if (inlined)
		LLVMAddAttributeAtIndex(f, LLVMAttributeFunctionIndex,
		                        LLVMCreateEnumAttribute(ctx, in->alwaysinline, 0));
}

static bool is_named(LLVMValueRef callee, const char *prefix)
{
	return callee && LLVMIsAFunction(callee) && str_starts(FUNC_NAME(callee), prefix);
}

/* An annotation of a local variable takes its address, and would keep it in memory. */
static void prepare_block(struct inliner *in, LLVMBasicBlockRef b)
{
	LLVMValueRef next;
	for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = next) {
		next = LLVMGetNextInstruction(i);
		if (!LLVMIsACallInst(i))
			continue;
		LLVMRemoveCallSiteEnumAttribute(i, LLVMAttributeFunctionIndex, in->alwaysinline);
		if (is_named(LLVMGetCalledValue(i), "llvm.var.annotation"))
			LLVMInstructionEraseFromParent(i);
	}
}

static void prepare(struct inliner *in, LLVMModuleRef module)
{
	const struct shim_file *files;
	uint32_t n = shim_files(in->shim, &files);
	for (uint32_t k = 0; k < n; k++)
		if (!files[k].main)
			strmap_set(&in->headers, files[k].path, 1);
	for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
			prepare_block(in, b);
	for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f))
			mark(in, f);
}

bool run_passes(struct shim_unit *shim, LLVMModuleRef module, const struct frontend_job *job, char **error)
{
	struct inliner in = {.shim = shim, .job = job};
	in.noinline = attribute("noinline");
	in.alwaysinline = attribute("alwaysinline");
	in.optnone = attribute("optnone");
	prune_described(shim, module, job);
	spell_initialisers(module);
	prepare(&in, module);
	strmap_release(&in.headers);
	intmap_release(&in.size);

	LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
	LLVMErrorRef e = LLVMRunPasses(module, "function(mem2reg),always-inline,function(mem2reg)", NULL, options);
	LLVMDisposePassBuilderOptions(options);
	if (!e)
		return true;
	char *text = LLVMGetErrorMessage(e);
	*error = mem_strdup(text);
	LLVMDisposeErrorMessage(text);
	return false;
}
