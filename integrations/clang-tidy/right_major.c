/* In each plugin: for who loads it by its own name into another clang-tidy. */
#include "guard.h"

__attribute__((constructor(101))) static void check(void)
{
	unsigned major = guard_host_major();
	if (major != CANCELINT_TIDY_MAJOR)
		guard_refuse("this is the plugin for clang-tidy %u, and this clang-tidy is of LLVM %u: load "
		             "cancelint-tidy.so, which takes the one that fits",
		             CANCELINT_TIDY_MAJOR, major);
}
