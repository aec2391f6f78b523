/*
 * prune.c - takes out what the model stands for: the bodies of described functions of system headers, and
 * what only they need. Half of what a C++ library's threads and futures generate is behind such a function.
 */
#include "lower.h"
#include "frontend.h"

#include "mem.h"

struct pruner {
	struct shim_unit *shim;
	const struct frontend_job *job;
	struct strmap system; /* normalised path -> 1: a system header of the unit */
	struct intmap seen;   /* LLVMValueRef -> 1 */
	VEC(LLVMValueRef) work;
};

static bool in_system_header(struct pruner *p, LLVMValueRef f)
{
	LLVMMetadataRef sp = LLVMGetSubprogram(f);
	return sp && strmap_get(&p->system, lower_scope_path(p->shim, sp), NULL);
}

static void reach(struct pruner *p, LLVMValueRef v)
{
	if (!v || intmap_get(&p->seen, (uintptr_t)v, NULL))
		return;
	intmap_set(&p->seen, (uintptr_t)v, 1);
	vec_push(&p->work, v);
}

static void reach_operands(struct pruner *p, LLVMValueRef user)
{
	int n = LLVMGetNumOperands(user);
	for (int k = 0; k < n; k++) {
		LLVMValueRef v = LLVMGetOperand(user, (unsigned)k);
		if (v && LLVMIsAConstant(v))
			reach(p, v);
	}
}

static void reach_body(struct pruner *p, LLVMValueRef f)
{
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			reach_operands(p, i);
}

static bool is_described(struct pruner *p, LLVMValueRef f)
{
	return lower_is_described(p->shim, p->job, f, NULL);
}

static void reach_all(struct pruner *p)
{
	while (p->work.len) {
		LLVMValueRef v = p->work.data[--p->work.len];
		if (!LLVMIsAFunction(v))
			reach_operands(p, v);
		else if (!LLVMIsDeclaration(v) && !(in_system_header(p, v) && is_described(p, v)))
			reach_body(p, v);
	}
}

/* What people write is read whether somebody uses it or not; so is what the linker would keep. */
static void reach_roots(struct pruner *p, LLVMModuleRef m)
{
	for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f) && !in_system_header(p, f))
			reach(p, f);
	for (LLVMValueRef g = LLVMGetFirstGlobal(m); g; g = LLVMGetNextGlobal(g))
		if (!LLVMIsDeclaration(g) && LLVMGetLinkage(g) == LLVMExternalLinkage)
			reach(p, g);
}

static void drop(struct pruner *p, LLVMModuleRef m)
{
	for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f)) {
		if (LLVMIsDeclaration(f) || !in_system_header(p, f))
			continue;
		if (!intmap_get(&p->seen, (uintptr_t)f, NULL) || is_described(p, f))
			shim_delete_body(f);
	}
}

static bool has_system_bodies(struct pruner *p, LLVMModuleRef m)
{
	for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f) && in_system_header(p, f))
			return true;
	return false;
}

void prune_described(struct shim_unit *shim, LLVMModuleRef module, const struct frontend_job *job)
{
	struct pruner p = {.shim = shim, .job = job};
	const struct shim_file *files;
	if (!job->keep)
		return;
	uint32_t n = shim_files(shim, &files);
	for (uint32_t k = 0; k < n; k++)
		if (files[k].system)
			strmap_set(&p.system, files[k].path, 1);
	if (has_system_bodies(&p, module)) {
		reach_roots(&p, module);
		reach_all(&p);
		drop(&p, module);
	}
	strmap_release(&p.system);
	intmap_release(&p.seen);
	vec_release(&p.work);
}
