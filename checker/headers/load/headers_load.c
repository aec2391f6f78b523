#include "headers.h"

#include "problem.h"
#include "self.h"
#include "str.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#define MODULE "cancelint-headers.so"

/* Never from the working directory or a search path: only from where cancelint itself was installed. */
static bool find_module(struct str *path)
{
	static const char *const places[] = {"", "../lib/cancelint/", "../lib/"};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		str_clear(path);
		if (!self_directory(path))
			return false;
		str_addf(path, "%s%s", places[i], MODULE);
		if (access(path->data, R_OK) == 0)
			return true;
	}
	return false;
}

static headers_check_fn *open_module(const char *path, struct problem_list *problems)
{
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!module) {
		problem_hint(problem_add(problems, PROBLEM_ERROR, path, 0, 0, "cannot load the module: %s",
		                         dlerror()),
		             "libclang of the LLVM that cancelint was built with must be installed");
		return NULL;
	}
	const unsigned *abi = dlsym(module, "headers_abi");
	void *check = dlsym(module, "headers_check");
	if (!abi || !check || *abi != HEADERS_ABI) {
		problem_add(problems, PROBLEM_ERROR, path, 0, 0,
		            "the module belongs to another version of cancelint");
		dlclose(module);
		return NULL;
	}
	headers_check_fn *fn;
	memcpy(&fn, &check, sizeof fn); /* ISO C has no cast from an object pointer */
	return fn;
}

headers_check_fn *headers_open(const char *path, struct problem_list *problems)
{
	if (path)
		return open_module(path, problems);
	struct str found = {0};
	headers_check_fn *fn = NULL;
	if (find_module(&found))
		fn = open_module(found.data, problems);
	else
		problem_hint(problem_add(problems, PROBLEM_ERROR, NULL, 0, 0,
		                         "the module '%s' is not installed", MODULE),
		             "it belongs beside the program, or into ../lib/cancelint");
	str_release(&found);
	return fn;
}
