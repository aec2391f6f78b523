// shim_host.hh - a unit made of what another program's clang has parsed, for programs that load this code: clang-tidy. The
// only C++ interface of the shim.
#ifndef CANCELINT_FRONTEND_SHIM_HOST_HH
#define CANCELINT_FRONTEND_SHIM_HOST_HH

#include "shim.h"

#include <clang/AST/ASTConsumer.h>
#include <clang/Frontend/CompilerInstance.h>

#include <memory>

// Does the host read the source as cancelint would? Not when it optimises (then the C library's headers put checking twins in
// the place of calls), instruments, or takes declarations from a precompiled header.
bool shim_host_is_plain(const clang::CompilerInstance &host);

// To be called before the parse, when the host has a preprocessor: its comments and macros are seen from here on. The consumer
// has to be told what the parser says; it only remembers. The unit dies with it, which is before the host's AST does.
shim_unit *shim_host_follow(clang::CompilerInstance &host);
std::unique_ptr<clang::ASTConsumer> shim_host_consumer(shim_unit *u);
// To be called after the parse: makes the module. False when the unit has errors.
bool shim_host_generate(shim_unit *u);

// Parses the host's unit once more, from the same files, but as cancelint reads them. Never NULL: see shim_module().
shim_unit *shim_host_parse_again(clang::CompilerInstance &host);

#endif
