#include "mem.h"
#include "self.h"
#include "str.h"
#include "worker.h"

#include <unistd.h>

char *worker_program(void)
{
	static const char *const places[] = {"cancelint-worker", "../libexec/cancelint/cancelint-worker"};
	struct str path = {0};
	for (size_t i = 0; i < 2; i++) {
		str_clear(&path);
		self_directory(&path);
		str_add(&path, places[i]);
		if (access(path.data, X_OK) == 0)
			return path.data;
	}
	str_clear(&path);
	self_directory(&path);
	str_add(&path, places[0]);
	return path.data;
}
