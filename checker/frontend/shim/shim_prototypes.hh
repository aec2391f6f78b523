// shim_prototypes.hh - what shim_decls.cc says of a declaration. Private to the shim.
#ifndef CANCELINT_FRONTEND_SHIM_PROTOTYPES_HH
#define CANCELINT_FRONTEND_SHIM_PROTOTYPES_HH

#include "unit.hh"

// All but the place and the order of arguments.
void shim_describe_declaration(shim_unit &u, const clang::FunctionDecl *fd, struct shim_function *out);

#endif
