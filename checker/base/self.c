#include "self.h"

#include "str.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Without /proc, as in a plain chroot, the kernel has still told the program what it was started as. */
bool self_directory(struct str *out)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	const char *started = (const char *)getauxval(AT_EXECFN); // NOLINT(performance-no-int-to-ptr)
	if (n > 0)
		self[n] = 0;
	else if (!started || !realpath(started, self))
		return false;
	str_addn(out, self, (size_t)(strrchr(self, '/') + 1 - self));
	return true;
}
