#include "cli.h"

#include "str.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SMALL_FILE ((size_t)64 * 1024)
#define PACKED_FILE ((size_t)64 * 1024 * 1024)

/* The first line of DIR/NAME, or NULL. Malloc'ed. */
static char *first_line(const char *dir, const char *name)
{
	struct str path = {0};
	str_addf(&path, "%s/%s", dir, name);
	char *text = str_read_file(path.data, SMALL_FILE, NULL);
	str_release(&path);
	if (text)
		text[strcspn(text, "\r\n")] = 0;
	return text;
}

static bool is_hash(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)s[i]))
			return false;
	return n == 40 || n == 64;
}

static bool take_hash(struct git_state *out, const char *s)
{
	size_t n = strcspn(s, " \t\r\n");
	if (!is_hash(s, n))
		return false;
	memcpy(out->commit, s, n);
	out->commit[n] = 0;
	return true;
}

/* PATH, taken from a file in DIR. */
static char *resolve(const char *dir, const char *path)
{
	struct str s = {0};
	if (path[0] == '/')
		str_add(&s, path);
	else
		str_addf(&s, "%s/%s", dir, path);
	return s.data;
}

/* DIR/.git, or the directory that it names (a worktree, a submodule). Malloc'ed, or NULL. */
static char *git_dir_in(const char *dir)
{
	struct stat st;
	struct str path = {0};
	str_addf(&path, "%s/.git", dir);
	if (stat(path.data, &st) == 0 && S_ISDIR(st.st_mode))
		return path.data;
	str_release(&path);
	char *line = first_line(dir, ".git");
	char *found = line && str_starts(line, "gitdir: ") ? resolve(dir, line + strlen("gitdir: ")) : NULL;
	mem_release(line);
	return found;
}

static char *find_git_dir(const char *root)
{
	char *dir = mem_strdup(root), *found = NULL;
	for (;;) {
		found = git_dir_in(dir);
		char *slash = strrchr(dir, '/');
		if (found || !slash || slash == dir)
			break;
		*slash = 0;
	}
	mem_release(dir);
	return found;
}

/* A line of packed-refs is "HASH NAME". */
static bool find_packed(struct git_state *out, const char *common, const char *ref)
{
	struct str path = {0};
	str_addf(&path, "%s/packed-refs", common);
	char *text = str_read_file(path.data, PACKED_FILE, NULL);
	bool found = false;
	for (char *line = text; line && *line && !found; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t hash = strcspn(line, " \n"), whole = strcspn(line, "\n");
		if (line[hash] == ' ' && whole - hash - 1 == strlen(ref) &&
		    strncmp(line + hash + 1, ref, whole - hash - 1) == 0)
			found = take_hash(out, line);
	}
	mem_release(text);
	str_release(&path);
	return found;
}

static bool find_loose(struct git_state *out, const char *dir, const char *ref)
{
	char *line = first_line(dir, ref);
	bool ok = line && take_hash(out, line);
	mem_release(line);
	return ok;
}

/* Branch names cannot have ".." or begin with a slash; a file that says so is not git's. */
static bool is_ref(const char *ref)
{
	return str_starts(ref, "refs/") && !strstr(ref, "..");
}

static void read_head(struct git_state *out, const char *git_dir, const char *head)
{
	if (!str_starts(head, "ref: ")) {
		take_hash(out, head);
		return;
	}
	const char *ref = head + strlen("ref: ");
	if (!is_ref(ref))
		return;
	if (str_starts(ref, "refs/heads/") && strlen(ref + strlen("refs/heads/")) < sizeof out->branch)
		strcpy(out->branch, ref + strlen("refs/heads/"));
	char *line = first_line(git_dir, "commondir");
	char *common = line ? resolve(git_dir, line) : mem_strdup(git_dir);
	if (!find_loose(out, git_dir, ref) && !find_loose(out, common, ref))
		find_packed(out, common, ref);
	mem_release(line);
	mem_release(common);
}

void git_read(const char *root, struct git_state *out)
{
	*out = (struct git_state){0};
	char *dir = find_git_dir(root);
	char *head = dir ? first_line(dir, "HEAD") : NULL;
	if (head)
		read_head(out, dir, head);
	mem_release(head);
	mem_release(dir);
}
