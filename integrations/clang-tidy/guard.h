/*
 * guard.h - which LLVM the program has that loads this code. clang-tidy takes any file with --load, and goes
 * on without the checks of one that does not fit; so who does not fit ends the program.
 */
#ifndef CANCELINT_TIDY_GUARD_H
#define CANCELINT_TIDY_GUARD_H

/* The major version; 0: none that a plugin can use. */
unsigned guard_host_major(void);
_Noreturn void guard_refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
