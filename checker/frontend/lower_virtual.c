/*
 * lower_virtual.c - which functions a virtual call may be of: clang tells, where it is asked to, the class of
 * the object at each call, and of each table which classes it is for.
 */
#include "lower.h"
#include "str.h"

#include <string.h>

/* Tables have one entry for pointers to members, too. */
static bool is_for_members(LLVMMetadataRef class, LLVMContextRef ctx)
{
	unsigned len = 0;
	LLVMValueRef v = LLVMMetadataAsValue(ctx, class);
	const char *text = LLVMIsAMDString(v) ? LLVMGetMDString(v, &len) : NULL;
	return text && len > 8 && memcmp(text + len - 8, ".virtual", 8) == 0;
}

static uint32_t class_number(struct lower *l, LLVMMetadataRef class)
{
	uint64_t n;
	if (!intmap_get(&l->class_of, (uintptr_t) class, &n)) {
		n = l->class_of.len + 1u;
		intmap_set(&l->class_of, (uintptr_t) class, n);
	}
	return (uint32_t)n;
}

static void add_entry(struct lower *l, LLVMContextRef ctx, uint32_t global, LLVMMetadataRef node)
{
	LLVMValueRef parts[2], entry = LLVMMetadataAsValue(ctx, node);
	if (!LLVMIsAMDNode(entry) || LLVMGetMDNodeNumOperands(entry) != 2)
		return;
	LLVMGetMDNodeOperands(entry, parts);
	if (!parts[0] || !parts[1] || !LLVMIsAConstantInt(parts[0]))
		return;
	LLVMMetadataRef class = LLVMValueAsMetadata(parts[1]);
	uint64_t offset = LLVMConstIntGetZExtValue(parts[0]);
	if (offset > UINT32_MAX || is_for_members(class, ctx))
		return;
	vec_push(&l->vtables, (struct ir_vtable){.of = class_number(l, class),
	                                         .global = global,
	                                         .offset = (uint32_t)offset});
}

void lower_vtables(struct lower *l)
{
	LLVMContextRef ctx = LLVMGetModuleContext(l->module);
	unsigned kind = LLVMGetMDKindIDInContext(ctx, "type", 4);
	for (LLVMValueRef g = LLVMGetFirstGlobal(l->module); g; g = LLVMGetNextGlobal(g)) {
		uint64_t global;
		size_t n = 0;
		if (LLVMIsDeclaration(g) || !intmap_get(&l->global_of, (uintptr_t)g, &global))
			continue;
		LLVMValueMetadataEntry *all = LLVMGlobalCopyAllMetadata(g, &n);
		for (unsigned k = 0; k < n; k++)
			if (LLVMValueMetadataEntriesGetKind(all, k) == kind)
				add_entry(l, ctx, (uint32_t)global,
				          LLVMValueMetadataEntriesGetMetadata(all, k));
		LLVMDisposeValueMetadataEntries(all);
	}
}

/* The pointer to the table that a function is loaded from. */
static LLVMValueRef table_behind(LLVMValueRef callee)
{
	if (!LLVMIsALoadInst(callee))
		return NULL;
	LLVMValueRef at = LLVMGetOperand(callee, 0);
	if (LLVMIsAGetElementPtrInst(at))
		at = LLVMGetOperand(at, 0);
	return LLVMIsALoadInst(at) ? at : NULL;
}

uint32_t lower_class_called(struct lower *l, LLVMValueRef callee)
{
	LLVMValueRef table = l->vtables.len ? table_behind(callee) : NULL;
	for (LLVMUseRef use = table ? LLVMGetFirstUse(table) : NULL; use; use = LLVMGetNextUse(use)) {
		LLVMValueRef test = LLVMGetUser(use);
		LLVMValueRef by = LLVMIsACallInst(test) ? LLVMGetCalledValue(test) : NULL;
		uint64_t n = 0;
		if (by && LLVMIsAFunction(by) && strstr(FUNC_NAME(by), "type.test") &&
		    intmap_get(&l->class_of, (uintptr_t)LLVMValueAsMetadata(LLVMGetOperand(test, 1)), &n))
			return (uint32_t)n;
	}
	return 0;
}
