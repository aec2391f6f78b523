#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "guard.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define EXIT_USAGE 2

unsigned guard_host_major(void)
{
	void (*version)(unsigned *, unsigned *, unsigned *);
	unsigned major = 0;
	*(void **)&version = dlsym(RTLD_DEFAULT, "LLVMGetVersion");
	if (version)
		version(&major, NULL, NULL);
	return major;
}

void guard_refuse(const char *fmt, ...)
{
	va_list args;
	fputs("cancelint: error: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(EXIT_USAGE);
}
