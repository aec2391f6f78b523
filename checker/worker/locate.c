#include "mem.h"
#include "str.h"
#include "worker.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

char *worker_program(void)
{
	static const char *const places[] = {"cancelint-worker", "../libexec/cancelint/cancelint-worker"};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = 0;
	char *slash = strrchr(self, '/');
	if (slash)
		slash[1] = 0;
	struct str path = {0};
	for (size_t i = 0; i < 2; i++) {
		str_clear(&path);
		str_addf(&path, "%s%s", self, places[i]);
		if (access(path.data, X_OK) == 0)
			return path.data;
	}
	str_clear(&path);
	str_addf(&path, "%s%s", self, places[0]);
	return path.data;
}
