#define _GNU_SOURCE /* sched_getaffinity, strcasestr */
#include "outcome.h"
#include "mem.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

const char *unit_outcome_name(enum unit_outcome o)
{
	static const char *const names[] = {"ok", "failed", "crashed", "timeout", "memory", "interrupted"};
	BUG_IF((size_t)o >= sizeof names / sizeof *names);
	return names[o];
}

bool unit_outcome_is_name(const char *text)
{
	for (enum unit_outcome o = UNIT_OK; o <= UNIT_INTERRUPTED; o++)
		if (strcmp(text, unit_outcome_name(o)) == 0)
			return true;
	return false;
}

static bool says_memory(const char *text)
{
	return strcasestr(text, "out of memory") || strcasestr(text, "bad_alloc") ||
	       strcasestr(text, "cannot allocate memory");
}

enum unit_outcome outcome_of(const struct child_end *end, const char *tail)
{
	return end->status == WORKER_EXIT_MEMORY || says_memory(tail) ? UNIT_MEMORY : UNIT_CRASHED;
}

bool outcome_has_grown(const struct pool_options *o, long address_kb)
{
#if defined(__SANITIZE_ADDRESS__)
	(void)o, (void)address_kb;
	return false;
#else
	return address_kb > (long)o->memory_mb * 1024 / 2;
#endif
}

static unsigned processors(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

void pool_defaults(struct pool_options *o)
{
	o->jobs = o->jobs ? o->jobs : processors();
	o->timeout_s = o->timeout_s ? o->timeout_s : 300;
	o->memory_mb = o->memory_mb ? o->memory_mb : 4096;
}
