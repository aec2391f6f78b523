#include "check.h"

#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool unknown_format(struct session *s, const char *name)
{
	VEC(const char *) names = {0};
	struct str all = {0};
	for (const struct sink *const *k = sink_table; *k; k++) {
		vec_push(&names, (*k)->name);
		str_addf(&all, "%s%s", all.len ? ", " : "", (*k)->name);
	}
	const char *near = str_nearest(name, names.data, names.len);
	struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, NULL, 0, 0, "unknown format '%s'", name);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "the formats are %s", str_c(&all));
	vec_release(&names);
	str_release(&all);
	return false;
}

static bool parse_format(struct session *s, const char *text, struct output *o)
{
	const char *equals = strchr(text, '=');
	char *name = mem_strdup(text);
	name[strcspn(name, "=")] = 0;
	o->sink = sink_find(name);
	if (!o->sink)
		unknown_format(s, name);
	else if (equals && !equals[1])
		session_fail(s, NULL, "no file after '--format %s'", text);
	o->path = equals && strcmp(equals + 1, "-") != 0 ? equals + 1 : NULL;
	mem_release(name);
	return o->sink && !(equals && !equals[1]);
}

static bool cannot_write(struct session *s, const char *path, const char *why)
{
	struct problem *p =
	        problem_add(&s->problems, PROBLEM_ERROR, path, 0, 0, "cannot write the report: %s", why);
	problem_hint(p, "name a file in a directory that exists and can be written");
	return false;
}

/* A new file gets the permissions that open() would give it, an old one keeps its own. */
static void set_mode(int fd, const struct stat *old)
{
	mode_t mask = umask(0);
	umask(mask);
	int ignored = fchmod(fd, old ? old->st_mode & 07777 : 0666 & ~mask);
	(void)ignored;
}

static bool open_temporary(struct session *s, struct output *o, const struct stat *old)
{
	struct str name = {0};
	str_addf(&name, "%s.XXXXXX", o->target);
	o->temporary = name.data;
	int fd = mkstemp(o->temporary);
	if (fd < 0) {
		int saved = errno;
		mem_release(o->temporary);
		o->temporary = NULL;
		return cannot_write(s, o->path, strerror(saved));
	}
	set_mode(fd, old);
	o->file = fdopen(fd, "w");
	return o->file || cannot_write(s, o->path, strerror(errno));
}

/* What a path stands for, links followed. A file that does not exist yet has a directory that does. */
static char *target_of(const char *path)
{
	char *real = realpath(path, NULL);
	if (real)
		return real;
	const char *slash = strrchr(path, '/');
	char *dir = slash ? mem_strdup(path) : mem_strdup(".");
	if (slash)
		dir[slash == path ? 1 : slash - path] = 0;
	real = realpath(dir, NULL);
	struct str target = {0};
	str_addf(&target, "%s/%s", real ? real : dir, slash ? slash + 1 : path);
	mem_release(real);
	mem_release(dir);
	return target.data;
}

bool output_open(struct session *s, struct output *o)
{
	struct stat st;
	if (!o->path) {
		o->file = stdout;
		return true;
	}
	bool old = stat(o->path, &st) == 0;
	o->target = target_of(o->path);
	if (old && S_ISDIR(st.st_mode))
		return cannot_write(s, o->path, "is a directory");
	if (old && access(o->path, W_OK) != 0)
		return cannot_write(s, o->path, strerror(errno));
	if (!old || S_ISREG(st.st_mode))
		return open_temporary(s, o, old ? &st : NULL);
	o->file = fopen(o->path, "we"); /* a device or a pipe */
	return o->file || cannot_write(s, o->path, strerror(errno));
}

static bool same_place(const struct output *a, const struct output *b)
{
	if (!a->path || !b->path)
		return !a->path && !b->path;
	return a->target && b->target && strcmp(a->target, b->target) == 0;
}

static bool add_output(struct session *s, struct outputs *o, const char *format)
{
	struct output new = {0};
	if (!parse_format(s, format, &new))
		return false;
	bool ok = output_open(s, &new);
	for (uint32_t i = 0; i < o->len && ok; i++)
		if (same_place(&o->data[i], &new) && (!new.path || new.temporary))
			ok = session_fail(s, "give all but one a file: --format sarif=FILE",
			                  "two reports go to %s", new.path ? new.path : "standard output");
	vec_push(o, new);
	return ok;
}

bool outputs_open(struct session *s, struct outputs *o, const struct text_list *formats, bool fix)
{
	if (!formats->len && !fix)
		return add_output(s, o, "text");
	bool ok = true;
	for (uint32_t i = 0; i < formats->len; i++)
		ok &= add_output(s, o, formats->data[i]);
	for (uint32_t i = 0; i < o->len && fix && ok; i++)
		if (!o->data[i].path)
			ok = session_fail(s, "give the report a file: --format sarif=FILE",
			                  "a report and the diff of --fix both go to standard output");
	return ok;
}

static bool wants_colour(const struct output *o, const char *when)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return isatty(fileno(o->file)) && !(no_color && no_color[0]) && !(term && strcmp(term, "dumb") == 0);
}

bool output_publish(struct output *o)
{
	FILE *f = o->file;
	o->file = NULL;
	if (f == stdout)
		return fflush(f) == 0;
	if (fflush(f) != 0 || (o->temporary && fsync(fileno(f)) != 0)) {
		int saved = errno;
		fclose(f);
		errno = saved;
		return false;
	}
	if (fclose(f) != 0 || (o->temporary && rename(o->temporary, o->target) != 0))
		return false;
	mem_release(o->temporary);
	o->temporary = NULL;
	return true;
}

static bool write_output(struct session *s, struct output *o, const struct report *r,
                         const struct check_options *options, const char *lookup)
{
	struct sink_options how = {.colour = wants_colour(o, options->color),
	                           .show_suppressed = options->show_suppressed,
	                           .show_known = options->show_known,
	                           .explain = true,
	                           .lookup = lookup};
	errno = 0;
	if (o->sink->write(r, &how, o->file) && output_publish(o))
		return true;
	/* Whoever closed the pipe has read enough. */
	if (!o->path && errno == EPIPE)
		return true;
	return output_failed(s, o);
}

bool output_failed(struct session *s, const struct output *o)
{
	struct problem *p =
	        problem_add(&s->problems, PROBLEM_ERROR, o->path, 0, 0, "cannot write the report%s: %s",
	                    o->path ? "" : " to standard output", strerror(errno));
	if (o->temporary)
		problem_hint(p, "what was there before is unchanged");
	return false;
}

bool outputs_write(struct session *s, struct outputs *o, const struct report *r,
                   const struct check_options *options, const char *lookup)
{
	bool ok = true;
	for (uint32_t i = 0; i < o->len; i++)
		ok &= write_output(s, &o->data[i], r, options, lookup);
	return ok;
}

void output_release(struct output *o)
{
	if (o->file && o->file != stdout)
		fclose(o->file);
	if (o->temporary)
		unlink(o->temporary);
	mem_release(o->temporary);
	mem_release(o->target);
}

void outputs_release(struct outputs *o)
{
	for (uint32_t i = 0; i < o->len; i++)
		output_release(&o->data[i]);
	vec_release(o);
}
