/*
 * shim_prototypes.h - what the source declares of functions, beyond what code generation needs: see shim.h.
 */
#ifndef CANCELINT_FRONTEND_SHIM_PROTOTYPES_H
#define CANCELINT_FRONTEND_SHIM_PROTOTYPES_H

#include "ir_kind.h"
#include "shim.h"

#ifdef __cplusplus
extern "C" {
#endif

struct shim_kinds { /* enum ir_kind: of a parameter's type, and of what that points or refers to */
	uint8_t kind, to;
};
/* Of the parameters of a function with this linkage name, `this` first; returns how many there are. */
uint32_t shim_kinds_of(struct shim_unit *u, LLVMValueRef function, const struct shim_kinds **out);

/* Functions that the main file declares, that are defined nowhere in the unit, and that have a parameter whose type, as it is
 * spelled, is wanted. */
struct shim_prototype {
	const char *linkage;
	struct shim_function facts; /* `place`: of the first declaration */
	const struct shim_kinds *kinds; /* parallel to its parameters */
};
typedef bool (*shim_wanted_type)(void *ctx, const char *spelling);
/* Is the function a member of an instance of a class template, and one of the types it was made for, or one that
 * lies in it, a wanted one? */
bool shim_holds(struct shim_unit *u, LLVMValueRef function, shim_wanted_type wanted, void *ctx);
uint32_t shim_prototypes(struct shim_unit *u, shim_wanted_type wanted, void *ctx, const struct shim_prototype **out);

#ifdef __cplusplus
}
#endif
#endif
