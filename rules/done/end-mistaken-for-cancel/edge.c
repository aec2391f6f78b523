// flags: %glib_flags %pq_flags
// models: ctx
/*
 * end-mistaken-for-cancel: loops that end when a source gives no more. `want` stands at the call that gives the next
 * piece.
 */
#include "ctx.h"

#include <dirent.h>
#include <errno.h>
#include <gio/gio.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void use(const void *data, size_t n);
int finish(rows *r);

/* ---- the result tells, and nobody looks ---- */

int counts_rows_bad(ctx *c)
{
	int n = 0;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while (rows_next(r) > 0) // want: rows_next
		n++;
	rows_close(r);
	return n;
}

int leaves_in_the_middle_bad(ctx *c)
{
	int n = 0;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	for (;;) {
		int more = rows_next(r); // want: rows_next
		if (more <= 0)
			break;
		n++;
	}
	rows_close(r);
	return n;
}

int with_a_limit_bad(ctx *c, int limit)
{
	int n = 0;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while (n < limit && rows_next(r) > 0) // want: rows_next
		n++;
	rows_close(r);
	return n;
}

size_t reads_all_bad(int fd, char *to, size_t size)
{
	size_t have = 0;
	ssize_t n;
	while ((n = read(fd, to + have, size - have)) > 0) // want: read
		have += (size_t)n;
	return have;
}

void receives_bad(int fd)
{
	char buf[512];
	for (;;) {
		ssize_t n = recv(fd, buf, sizeof buf, 0); // want: recv
		if (n < 1)
			break;
		use(buf, (size_t)n);
	}
	close(fd);
}

/* A stop flag ends the loop, too; that says nothing of the read. */
void with_a_flag_bad(int fd, const volatile int *stop)
{
	char buf[512];
	ssize_t n;
	while (!*stop && (n = read(fd, buf, sizeof buf)) > 0) // want: read
		use(buf, (size_t)n);
}

int tests_behind_the_loop_ok(ctx *c)
{
	int n = 0, more;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while ((more = rows_next(r)) > 0)
		n++;
	rows_close(r);
	return more < 0 ? more : n;
}

int hands_the_answer_on_ok(ctx *c, int *n)
{
	int more;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while ((more = rows_next(r)) > 0)
		(*n)++;
	rows_close(r);
	return more;
}

int asks_once_more_ok(ctx *c)
{
	int n = 0;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while (rows_next(r) > 0)
		n++;
	if (rows_next(r) < 0)
		n = -1;
	rows_close(r);
	return n;
}

int asks_the_token_ok(ctx *c)
{
	int n = 0;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while (rows_next(r) > 0)
		n++;
	rows_close(r);
	return ctx_err(c) ? -1 : n;
}

/* Whoever made it may ask it. */
int somebody_elses_ok(rows *r)
{
	int n = 0;
	while (rows_next(r) > 0)
		n++;
	return n;
}

int goes_elsewhere_ok(ctx *c)
{
	int n = 0;
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	while (rows_next(r) > 0)
		n++;
	return finish(r) + n;
}

int no_loop_ok(ctx *c)
{
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	int found = rows_next(r) > 0;
	rows_close(r);
	return found;
}

/* Each turn makes its own: the loop does not iterate. */
int one_each_turn_ok(ctx *c, int turns)
{
	int n = 0;
	while (turns-- > 0) {
		rows *r = db_query(c, "select 1");
		if (!r)
			return -1;
		if (rows_next(r) > 0)
			n++;
		rows_close(r);
	}
	return n;
}

size_t ignores_it_on_purpose_ok(int fd, char *to, size_t size)
{
	size_t have = 0;
	ssize_t n;
	while ((n = read(fd, to + have, size - have)) > 0)
		have += (size_t)n;
	if (n < 0) {
		/* what we have will do */
	}
	return have;
}

int tests_in_the_loop_ok(int fd)
{
	char buf[512];
	for (;;) {
		ssize_t n = read(fd, buf, sizeof buf);
		if (n == 0)
			return 0;
		if (n < 0)
			return -errno;
		use(buf, (size_t)n);
	}
}

int asks_errno_ok(int fd)
{
	char buf[512];
	ssize_t n;
	errno = 0;
	while ((n = read(fd, buf, sizeof buf)) > 0)
		use(buf, (size_t)n);
	return errno;
}

int goes_on_after_interruption_ok(int fd)
{
	char buf[512];
	for (;;) {
		ssize_t n = read(fd, buf, sizeof buf);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		use(buf, (size_t)n);
	}
	return 0;
}

/* Here the end is no better than a failure. */
int reads_a_line_ok(int fd, char *to, int size)
{
	for (int i = 0; i < size; i++) {
		if (read(fd, to + i, 1) < 1)
			return -1;
		if (to[i] == '\n')
			return i;
	}
	return size;
}

bool reads_exactly_ok(int fd, char *to, size_t size)
{
	while (size > 0) {
		ssize_t n = read(fd, to, size);
		if (n <= 0)
			return false;
		to += n;
		size -= (size_t)n;
	}
	return true;
}

/* What wakes us is thrown away. */
void drains_the_pipe_ok(int fd)
{
	char buf[64];
	while (read(fd, buf, sizeof buf) > 0)
		;
}

void keeps_the_result_ok(int fd, ssize_t *last)
{
	char buf[64];
	while ((*last = read(fd, buf, sizeof buf)) > 0)
		use(buf, (size_t)*last);
}

/* ---- the reason lies elsewhere ---- */

guint counts_files_bad(GFile *dir, GCancellable *cancellable)
{
	guint n = 0;
	GFileInfo *info;
	GFileEnumerator *e = g_file_enumerate_children(dir, "*", G_FILE_QUERY_INFO_NONE, cancellable, NULL);
	if (!e)
		return 0;
	while ((info = g_file_enumerator_next_file(e, cancellable, NULL)) != NULL) { // want: cancelled
		n++;
		g_object_unref(info);
	}
	g_object_unref(e);
	return n;
}

guint stores_and_never_reads_bad(GFileEnumerator *e, GCancellable *cancellable)
{
	guint n = 0;
	GFileInfo *info;
	g_autoptr(GError) error = NULL;
	while ((info = g_file_enumerator_next_file(e, cancellable, &error))) { // want: g_file_enumerator_next_file
		n++;
		g_object_unref(info);
	}
	return n;
}

gsize reads_stream_bad(GInputStream *in, GCancellable *cancellable)
{
	char buf[64];
	gsize have = 0;
	gssize n;
	while ((n = g_input_stream_read(in, buf, sizeof buf, cancellable, NULL)) > 0) // want: g_input_stream_read
		have += (gsize)n;
	return have;
}

guint asks_the_error_ok(GFileEnumerator *e, GCancellable *cancellable, gboolean *whole)
{
	guint n = 0;
	GFileInfo *info;
	g_autoptr(GError) error = NULL;
	while ((info = g_file_enumerator_next_file(e, cancellable, &error))) {
		n++;
		g_object_unref(info);
	}
	*whole = error == NULL;
	return n;
}

guint passes_the_error_on_ok(GFileEnumerator *e, GCancellable *cancellable, GError **error)
{
	guint n = 0;
	GFileInfo *info;
	while ((info = g_file_enumerator_next_file(e, cancellable, error))) {
		n++;
		g_object_unref(info);
	}
	return n;
}

guint asks_its_token_ok(GFileEnumerator *e, GCancellable *cancellable)
{
	guint n = 0;
	GFileInfo *info;
	while ((info = g_file_enumerator_next_file(e, cancellable, NULL))) {
		n++;
		g_object_unref(info);
	}
	return g_cancellable_is_cancelled(cancellable) ? 0 : n;
}

int counts_entries_bad(const char *path)
{
	int n = 0;
	DIR *dir = opendir(path);
	if (!dir)
		return -1;
	while (readdir(dir)) // want: readdir
		n++;
	closedir(dir);
	return n;
}

int counts_lines_bad(const char *path)
{
	char *line = NULL;
	size_t size = 0;
	int n = 0;
	FILE *f = fopen(path, "r");
	if (!f)
		return -1;
	while (getline(&line, &size, f) != -1) // want: getline
		n++;
	free(line);
	fclose(f);
	return n;
}

int asks_errno_of_directory_ok(const char *path)
{
	int n = 0;
	DIR *dir = opendir(path);
	if (!dir)
		return -1;
	for (;;) {
		errno = 0;
		if (!readdir(dir))
			break;
		n++;
	}
	if (errno)
		n = -1;
	closedir(dir);
	return n;
}

int asks_the_stream_ok(const char *path)
{
	char line[80];
	int n = 0;
	FILE *f = fopen(path, "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f))
		n++;
	if (ferror(f))
		n = -1;
	fclose(f);
	return n;
}

int counts_lines_of_a_stream_ok(FILE *f)
{
	char line[80];
	int n = 0;
	while (fgets(line, sizeof line, f))
		n++;
	return n;
}

/* ---- each piece may be the failure ---- */

int counts_tuples_bad(PGconn *conn)
{
	PGresult *res;
	int n = 0;
	while ((res = PQgetResult(conn)) != NULL) { // want: PQgetResult
		n += PQntuples(res);
		PQclear(res);
	}
	return n;
}

int asks_each_ok(PGconn *conn)
{
	PGresult *res;
	int n = 0;
	while ((res = PQgetResult(conn)) != NULL) {
		if (PQresultStatus(res) == PGRES_TUPLES_OK)
			n += PQntuples(res);
		PQclear(res);
	}
	return n;
}

int copies_out_bad(const char *how)
{
	PGconn *conn = PQconnectdb(how);
	char *buf;
	int n, all = 0;
	while ((n = PQgetCopyData(conn, &buf, 0)) > 0) { // want: PQgetCopyData
		all += n;
		PQfreemem(buf);
	}
	PQfinish(conn);
	return all;
}

int copies_out_ok(PGconn *conn)
{
	char *buf;
	int n, all = 0;
	while ((n = PQgetCopyData(conn, &buf, 0)) > 0) {
		all += n;
		PQfreemem(buf);
	}
	return n == -2 ? -1 : all;
}

/* Whatever ends it, the caller is told of a failure. */
void told_as_failure_ok(GDataInputStream *in, GError **error)
{
	char *line;
	while ((line = g_data_input_stream_read_line(in, NULL, NULL, NULL)) != NULL) {
		gboolean found = strcmp(line, "ready") == 0;
		g_free(line);
		if (found)
			return;
	}
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the helper is gone");
}

/* ---- local files, in a function that tells of failures ---- */

int tells_of_failures_bad(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];
	int n = 0;
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f)) // want: fgets
		n += line[0] != '#';
	printf("%d\n", n);
	fclose(f);
	return 0;
}

int tells_of_failures_ok(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];
	int n = 0;
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f))
		n += line[0] != '#';
	printf("%d\n", n);
	int bad = ferror(f);
	fclose(f);
	return bad ? -1 : 0;
}

/* A read that honours a token: what was read is taken for all there is. */
ssize_t reads_under_token_bad(ctx *c, int fd, char *buf, size_t n)
{
	ssize_t got, all = 0;
	while ((got = ctx_read(c, fd, buf, n)) > 0) // want: cancelled or failed
		all += got;
	return all;
}

ssize_t reads_under_token_ok(ctx *c, int fd, char *buf, size_t n)
{
	ssize_t got, all = 0;
	while ((got = ctx_read(c, fd, buf, n)) > 0)
		all += got;
	return got < 0 ? got : all;
}

/* What is counted in the loop is returned. */
int counts_what_came_bad(ctx *c)
{
	rows *r = db_query(c, "q");
	int n = 0, more;
	if (!r)
		return -1;
	do {
		more = rows_next(r); // want: nobody asks
		if (more > 0)
			n++;
	} while (more > 0);
	rows_close(r);
	return n;
}

/* What was counted until then is given as all there is, by a function that has failures to tell of. */
int counted_lines_bad(const char *path)
{
	char line[100];
	int n = 0;
	FILE *f = fopen(path, "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f)) // want: fgets
		n++;
	fclose(f);
	return n;
}

int counted_lines_ok(const char *path)
{
	char line[100];
	int n = 0;
	FILE *f = fopen(path, "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f))
		n++;
	if (ferror(f))
		n = -1;
	fclose(f);
	return n;
}
