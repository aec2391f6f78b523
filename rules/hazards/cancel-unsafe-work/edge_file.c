// flags: %glib_flags
// models: ctx
/* cancel-unsafe-work: files that are written in their place. */
#include "ctx.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int save_bad(ctx *c, const char *name, int from)
{
	char buf[512];
	ssize_t n;
	int r = 0, fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		return -1;
	while (r == 0 && (n = ctx_read(c, from, buf, sizeof buf)) != 0) // want: save_bad leaves the file that open made half written when it is cancelled in ctx_read
		if (n < 0 || write(fd, buf, (size_t)n) != n)
			r = -1;
	close(fd);
	return r;
}

int dump_bad(ctx *c, const char *const *lines, const char *name)
{
	FILE *f = fopen(name, "w");
	if (!f)
		return -1;
	for (; *lines; lines++) {
		if (ctx_is_done(c)) { // want: dump_bad leaves the file that fopen made half written when it gives up after ctx_is_done
			fclose(f);
			return -1;
		}
		fprintf(f, "%s\n", *lines);
	}
	return fclose(f);
}

gboolean export_gio_bad(GFile *file, GInputStream *in, GCancellable *cancellable, GError **error)
{
	g_autoptr(GFileOutputStream) out = g_file_create(file, G_FILE_CREATE_NONE, NULL, error);
	if (!out)
		return FALSE;
	return g_output_stream_splice(G_OUTPUT_STREAM(out), in, G_OUTPUT_STREAM_SPLICE_NONE, cancellable, error) >= 0; // want: export_gio_bad leaves the file that g_file_create made
}

static int copy(ctx *c, int from, int to)
{
	char buf[512];
	ssize_t n;
	while ((n = ctx_read(c, from, buf, sizeof buf)) > 0)
		if (write(to, buf, (size_t)n) != n)
			return -1;
	return (int)n;
}

int copy_by_helper_bad(ctx *c, int from, const char *name)
{
	int to = creat(name, 0600);
	if (to < 0)
		return -1;
	int r = copy(c, from, to); // want: copy_by_helper_bad leaves the file that creat made
	close(to);
	return r;
}

/* ---- settled ---- */

int renamed_ok(ctx *c, const char *name, const char *part, int from)
{
	int fd = creat(part, 0600);
	int r = copy(c, from, fd);
	close(fd);
	return r < 0 ? r : rename(part, name);
}

int removed_ok(ctx *c, const char *name, int from)
{
	int fd = creat(name, 0600);
	int r = copy(c, from, fd);
	close(fd);
	if (r < 0)
		unlink(name);
	return r;
}

static void discard(const char *name)
{
	remove(name);
}

int removed_by_helper_ok(ctx *c, const char *name, int from)
{
	int fd = creat(name, 0600);
	int r = copy(c, from, fd);
	close(fd);
	if (r < 0)
		discard(name);
	return r;
}

static int write_part_ok(ctx *c, const char *name, int from)
{
	int fd = creat(name, 0600);
	int r = copy(c, from, fd);
	close(fd);
	return r;
}

int caller_renames_ok(ctx *c, const char *name, const char *part, int from)
{
	return write_part_ok(c, part, from) < 0 ? -1 : rename(part, name);
}

gboolean deleted_gio_ok(GFile *file, GInputStream *in, GCancellable *cancellable)
{
	g_autoptr(GFileOutputStream) out = g_file_create(file, G_FILE_CREATE_NONE, NULL, NULL);
	if (!out)
		return FALSE;
	if (g_output_stream_splice(G_OUTPUT_STREAM(out), in, 0, cancellable, NULL) >= 0)
		return TRUE;
	g_file_delete(file, NULL, NULL);
	return FALSE;
}

/* What it was is there until it is closed. */
gboolean replaced_gio_ok(GFile *file, GInputStream *in, GCancellable *cancellable)
{
	g_autoptr(GFileOutputStream) out = g_file_replace(file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);
	return out && g_output_stream_splice(G_OUTPUT_STREAM(out), in, 0, cancellable, NULL) >= 0;
}

/* ---- nothing is cancelled in between ---- */

int whole_ok(ctx *c, const char *name)
{
	FILE *f = fopen(name, "w");
	if (!f)
		return -1;
	fputs("whole", f);
	fclose(f);
	return rpc_call(c, "saved", name, NULL);
}

int one_after_the_other_ok(ctx *c, const char *const *names)
{
	for (; *names; names++) {
		FILE *f = fopen(*names, "w");
		if (!f)
			return -1;
		fputs("whole", f);
		fclose(f);
		if (rpc_call(c, "saved", *names, NULL) < 0)
			return -1;
	}
	return 0;
}

int appended_ok(ctx *c, const char *name, int from)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0644);
	int r = copy(c, from, fd);
	close(fd);
	return r;
}

int opened_as_it_is_ok(ctx *c, const char *name, int from)
{
	FILE *f = fopen(name, "r+");
	char buf[64];
	if (!f || ctx_read(c, from, buf, sizeof buf) < 0)
		return -1;
	fputs(buf, f);
	return fclose(f);
}

int temporary_ok(ctx *c, int from)
{
	char name[] = "/tmp/workXXXXXX";
	int fd = mkstemp(name);
	int r = copy(c, from, fd);
	close(fd);
	return r;
}

int device_ok(ctx *c, int from)
{
	int fd = open("/dev/tty", O_WRONLY | O_TRUNC);
	int r = copy(c, from, fd);
	close(fd);
	return r;
}
