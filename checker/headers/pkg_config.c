#define _GNU_SOURCE /* pipe2 */
#include "pkg_config.h"

#include "arena.h"
#include "str.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_OUTPUT ((size_t)64 * 1024)
#define MAX_PACKAGES 16

extern char **environ;

/* The packages' names were checked when the model was loaded: none begins with '-'. */
static bool spawn(const char *const *names, uint32_t n, int out, pid_t *child)
{
	const char *argv[MAX_PACKAGES + 4] = {"pkg-config", "--cflags", "--silence-errors"};
	posix_spawn_file_actions_t actions;
	if (n > MAX_PACKAGES || posix_spawn_file_actions_init(&actions) != 0)
		return false;
	for (uint32_t i = 0; i < n; i++)
		argv[3 + i] = names[i];
	bool ok = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) == 0 &&
	          posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
	          posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
	          posix_spawnp(child, argv[0], &actions, NULL, (char *const *)argv, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

static void read_all(int fd, struct str *out)
{
	char buf[4096];
	for (;;) {
		ssize_t n = read(fd, buf, sizeof buf);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		if (out->len < MAX_OUTPUT) /* the rest is read, so that the child can end, and dropped */
			str_addn(out, buf, (size_t)n);
	}
}

static bool run(const char *const *names, uint32_t n, struct str *out)
{
	int fds[2], status = 0;
	pid_t child;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	bool started = spawn(names, n, fds[1], &child);
	close(fds[1]);
	if (started)
		read_all(fds[0], out);
	close(fds[0]);
	if (!started)
		return false;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_harmless(const char *flag)
{
	return str_starts(flag, "-I") || str_starts(flag, "-D") || str_starts(flag, "-U") ||
	       strcmp(flag, "-pthread") == 0;
}

/* Takes one word off, with the shell's quoting as pkg-config writes it: a backslash before what is special. */
static const char *next_word(const char *s, struct str *word)
{
	str_clear(word);
	while (isspace((unsigned char)*s))
		s++;
	for (; *s && !isspace((unsigned char)*s); s++) {
		if (*s == '\\' && s[1])
			s++;
		str_addc(word, *s);
	}
	return s;
}

bool pkg_config_flags(struct arena *a, const char *const *names, uint32_t n, flag_vec *flags)
{
	struct str out = {0}, word = {0};
	if (n == 0)
		return true;
	bool ok = run(names, n, &out);
	for (const char *s = str_c(&out); ok && *s;) {
		s = next_word(s, &word);
		if (is_harmless(str_c(&word)))
			vec_push(flags, arena_strdup(a, str_c(&word)));
	}
	str_release(&out);
	str_release(&word);
	return ok;
}
