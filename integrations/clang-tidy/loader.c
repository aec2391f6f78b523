/* cancelint-tidy.so: what clang-tidy is given with --load. Loads the plugin that was built for the LLVM of
 * this clang-tidy. */
#define _GNU_SOURCE /* dladdr */
#include "guard.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void plugin_path(char *path, size_t n, unsigned major)
{
	Dl_info self;
	const char *slash = NULL;
	if (dladdr((void *)plugin_path, &self) && self.dli_fname)
		slash = strrchr(self.dli_fname, '/');
	snprintf(path, n, "%.*scancelint-tidy-%u.so", slash ? (int)(slash - self.dli_fname + 1) : 0,
	         slash ? self.dli_fname : "", major);
}

__attribute__((constructor)) static void load(void)
{
	char path[PATH_MAX];
	unsigned major = guard_host_major();
	if (!major)
		guard_refuse("this program has no LLVM that a plugin could use: take a clang-tidy that loads "
		             "libLLVM.so, as "
		             "Debian's do");
	plugin_path(path, sizeof path, major);
	if (access(path, R_OK) != 0)
		guard_refuse("this clang-tidy is of LLVM %u, for which there is no '%s': install cancelint "
		             "for it, or take a "
		             "clang-tidy of one of the versions in that directory",
		             major, path);
	if (!dlopen(path, RTLD_NOW | RTLD_GLOBAL))
		guard_refuse("the plugin for LLVM %u cannot be loaded: %s", major, dlerror());
}
