/*
 * child.h - one worker process: how it is started, limited and ended.
 */
#ifndef CANCELINT_WORKER_CHILD_H
#define CANCELINT_WORKER_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid;  /* 0: none */
	int to;     /* its stdin; non-blocking, -1 once closed */
	int from;   /* its stdout */
	int errors; /* its stderr */
};

struct child_end {
	int status;      /* exit status, -1 when a signal ended it */
	int signal;      /* 0: none */
	long max_rss_kb;
};

/* Runs `path` with `args` (without its name, NULL-terminated) in a process group of its own, with `memory_mb` of address
 * space, that dies with this process. 0, or the errno of what failed. */
int child_start(struct child *c, const char *path, const char *const *args, unsigned memory_mb);
void child_kill(struct child *c);
/* Closes the pipes and waits for its end. */
struct child_end child_reap(struct child *c);
/* Closes stdin, so that the worker ends by itself. */
void child_dismiss(struct child *c);
/* The same, and waits a moment for its end before it kills. */
void child_finish(struct child *c);
/* Peak and present memory of a living worker from /proc; zeros when unknown. */
void child_memory(const struct child *c, long *max_rss_kb, long *address_kb);

#endif
