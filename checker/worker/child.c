#define _GNU_SOURCE /* pipe2 */
#include "child.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_BYTES ((rlim_t)64 << 20)
#define GRACE_MS 2000

struct pipes {
	int to[2], from[2], errors[2], exec[2]; /* `exec` carries the errno of a failed start */
};

static void close_pair(int p[2])
{
	for (int i = 0; i < 2; i++)
		if (p[i] >= 0)
			close(p[i]);
}

static void pipes_close(struct pipes *p)
{
	close_pair(p->to);
	close_pair(p->from);
	close_pair(p->errors);
	close_pair(p->exec);
}

static int pipes_open(struct pipes *p)
{
	*p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
	if (pipe2(p->to, O_CLOEXEC) == 0 && pipe2(p->from, O_CLOEXEC) == 0 && pipe2(p->errors, O_CLOEXEC) == 0 &&
	    pipe2(p->exec, O_CLOEXEC) == 0)
		return 0;
	int error = errno;
	pipes_close(p);
	return error;
}

static bool limit(int what, rlim_t value)
{
	struct rlimit r;
	if (getrlimit(what, &r) != 0)
		return false;
	r.rlim_cur = r.rlim_max != RLIM_INFINITY && r.rlim_max < value ? r.rlim_max : value;
	if (what != RLIMIT_STACK)
		r.rlim_max = r.rlim_cur;
	return setrlimit(what, &r) == 0;
}

/* AddressSanitizer reserves terabytes of address space, which no limit may forbid. */
static bool limit_memory(unsigned memory_mb)
{
#if defined(__SANITIZE_ADDRESS__)
	(void)memory_mb;
	return true;
#else
	return limit(RLIMIT_AS, (rlim_t)memory_mb << 20);
#endif
}

static void restore_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int s = 1; s < 32; s++)
		signal(s, SIG_DFL);
}

/* Between fork and exec: only what is safe there. */
static _Noreturn void become(const struct pipes *p, const char *path, char *const *argv, unsigned memory_mb, pid_t parent)
{
	restore_signals();
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bool ok = getppid() == parent && dup2(p->to[0], 0) == 0 && dup2(p->from[1], 1) == 1 && dup2(p->errors[1], 2) == 2 &&
		  limit(RLIMIT_CORE, 0) && limit(RLIMIT_STACK, STACK_BYTES) && limit_memory(memory_mb);
	if (ok)
		execv(path, argv);
	int error = errno;
	ssize_t ignored = write(p->exec[1], &error, sizeof error);
	(void)ignored;
	_exit(127);
}

static char **argv_of(const char *path, const char *const *args)
{
	size_t n = 0;
	while (args && args[n])
		n++;
	char **argv = mem_alloc((n + 2) * sizeof *argv);
	argv[0] = (char *)path;
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = (char *)args[i];
	return argv;
}

/* 0 once the program runs; else the errno of what failed in the child. */
static int started(int fd)
{
	int error = 0;
	ssize_t n;
	do
		n = read(fd, &error, sizeof error);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof error ? (error ? error : EIO) : 0;
}

static void unblock(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int child_start(struct child *c, const char *path, const char *const *args, unsigned memory_mb)
{
	struct pipes p;
	int error = pipes_open(&p);
	if (error)
		return error;
	char **argv = argv_of(path, args);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become(&p, path, argv, memory_mb, parent);
	error = pid < 0 ? errno : 0;
	mem_release(argv);
	if (error) {
		pipes_close(&p);
		return error;
	}
	setpgid(pid, pid); /* in both processes: whichever comes first, it is done before anyone is killed */
	*c = (struct child){.pid = pid, .to = p.to[1], .from = p.from[0], .errors = p.errors[0]};
	close(p.to[0]);
	close(p.from[1]);
	close(p.errors[1]);
	close(p.exec[1]);
	unblock(c->to);
	unblock(c->from);
	unblock(c->errors);
	error = started(p.exec[0]);
	close(p.exec[0]);
	if (error)
		child_reap(c);
	return error;
}

void child_kill(struct child *c)
{
	if (c->pid > 0 && kill(-c->pid, SIGKILL) != 0)
		kill(c->pid, SIGKILL);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The kernel counts what a child shared with us before its exec as the child's: a peak not above ours says nothing. */
static long own_peak_kb(void)
{
	struct rusage usage = {0};
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

struct child_end child_reap(struct child *c)
{
	struct child_end end = {.status = -1};
	struct rusage usage = {0};
	int status = 0;
	pid_t got;
	do
		got = wait4(c->pid, &status, 0, &usage);
	while (got < 0 && errno == EINTR);
	if (got > 0 && WIFEXITED(status))
		end.status = WEXITSTATUS(status);
	if (got > 0 && WIFSIGNALED(status))
		end.signal = WTERMSIG(status);
	end.max_rss_kb = usage.ru_maxrss > own_peak_kb() ? usage.ru_maxrss : 0;
	close_fd(&c->to);
	close_fd(&c->from);
	close_fd(&c->errors);
	c->pid = 0;
	return end;
}

void child_dismiss(struct child *c)
{
	close_fd(&c->to);
}

void child_finish(struct child *c)
{
	if (c->pid <= 0)
		return;
	child_dismiss(c);
	struct pollfd p = {.fd = c->from, .events = POLLIN};
	char scrap[4096];
	for (int i = 0; i < 64 && poll(&p, 1, GRACE_MS) > 0; i++)
		if (read(c->from, scrap, sizeof scrap) <= 0)
			break;
	child_kill(c);
	child_reap(c);
}

void child_memory(const struct child *c, long *max_rss_kb, long *address_kb)
{
	char path[64], line[256];
	*max_rss_kb = *address_kb = 0;
	snprintf(path, sizeof path, "/proc/%ld/status", (long)c->pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		if (strncmp(line, "VmHWM:", 6) == 0)
			*max_rss_kb = strtol(line + 6, NULL, 10);
		if (strncmp(line, "VmSize:", 7) == 0)
			*address_kb = strtol(line + 7, NULL, 10);
	}
	if (f)
		fclose(f);
}
