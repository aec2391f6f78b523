// flags: %glib_flags
/* end-mistaken-for-cancel: the token is asked by a function of the program's own, by the callers, or at each
 * turn. */
#include <gio/gio.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

struct job {
	GCancellable *cancellable;
	int seen;
};

static gboolean stopped(struct job *j)
{
	return g_cancellable_is_cancelled(j->cancellable);
}

static gboolean quiet(struct job *j)
{
	return j->seen == 0;
}

int by_wrapper_ok(struct job *j, GFile *dir)
{
	GFileEnumerator *e = g_file_enumerate_children(dir, "standard::name", 0, j->cancellable, NULL);
	GFileInfo *info;
	int n = 0;
	if (!e)
		return -1;
	while ((info = g_file_enumerator_next_file(e, j->cancellable, NULL))) {
		n++;
		g_object_unref(info);
	}
	g_object_unref(e);
	return stopped(j) ? -1 : n;
}

int by_other_wrapper_bad(struct job *j, GFile *dir)
{
	GFileEnumerator *e = g_file_enumerate_children(dir, "standard::name", 0, j->cancellable, NULL);
	GFileInfo *info;
	int n = 0;
	if (!e)
		return -1;
	while ((info = g_file_enumerator_next_file(e, j->cancellable, NULL))) { // want: was cancelled
		n++;
		g_object_unref(info);
	}
	g_object_unref(e);
	return quiet(j) ? -1 : n;
}

static void visit(struct job *j, GFile *dir)
{
	GFileEnumerator *e = g_file_enumerate_children(dir, "standard::name", 0, j->cancellable, NULL);
	GFileInfo *info;
	if (!e)
		return;
	while ((info = g_file_enumerator_next_file(e, j->cancellable, NULL))) {
		j->seen++;
		g_object_unref(info);
	}
	g_object_unref(e);
}

int callers_ask_ok(struct job *j, GFile **dirs, int n)
{
	for (int i = 0; i < n && !g_cancellable_is_cancelled(j->cancellable); i++)
		visit(j, dirs[i]);
	return g_cancellable_is_cancelled(j->cancellable) ? -1 : j->seen;
}

static void visit_unasked(struct job *j, GFile *dir)
{
	GFileEnumerator *e = g_file_enumerate_children(dir, "standard::name", 0, j->cancellable, NULL);
	GFileInfo *info;
	if (!e)
		return;
	while ((info = g_file_enumerator_next_file(e, j->cancellable, NULL))) { // want: was cancelled
		j->seen++;
		g_object_unref(info);
	}
	g_object_unref(e);
}

int callers_do_not(struct job *j, GFile **dirs, int n)
{
	if (stopped(j))
		return -1;
	for (int i = 0; i < n; i++)
		visit_unasked(j, dirs[i]);
	return j->seen;
}

void each_turn_asks(struct job *j, GFile *dir)
{
	GFileEnumerator *e = g_file_enumerate_children(dir, "standard::name", 0, j->cancellable, NULL);
	GFileInfo *info;
	if (!e)
		return;
	while (!stopped(j) &&
	       (info = g_file_enumerator_next_file(e, j->cancellable, NULL))) { // want: was cancelled
		j->seen++;
		g_object_unref(info);
	}
	g_object_unref(e);
}

int each_turn_asks_and_counts_bad(struct job *j, GFile *dir)
{
	GFileEnumerator *e = g_file_enumerate_children(dir, "standard::name", 0, j->cancellable, NULL);
	GFileInfo *info;
	int n = 0;
	if (!e)
		return -1;
	while (!stopped(j) &&
	       (info = g_file_enumerator_next_file(e, j->cancellable, NULL))) { // want: was cancelled
		n++;
		g_object_unref(info);
	}
	g_object_unref(e);
	return n;
}

/* What was emptied before has no end: there is more, or there is not yet more. */
struct report {
	int thread;
	char text[60];
};
extern int from_threads[2], from_others[2];
extern int ask_threads(void);
extern void show(const char *text);

void emptied_before_ok(void)
{
	char old[512];
	struct report r;
	while (read(from_threads[0], old, sizeof old) > 0)
		;
	if (!ask_threads())
		return;
	while (read(from_threads[0], &r, sizeof r) > 0)
		show(r.text);
}

void another_emptied_bad(void)
{
	char old[512];
	struct report r;
	while (read(from_others[0], old, sizeof old) > 0)
		;
	if (!ask_threads())
		return;
	while (read(from_threads[0], &r, sizeof r) > 0) // want: read
		show(r.text);
}

/* ---- what is handed on is not thrown away ---- */

int hands_on_bad(int from, int to)
{
	char buf[1024];
	for (;;) {
		ssize_t n = read(from, buf, sizeof buf); // want: read
		if (n <= 0)
			break;
		if (write(to, buf, (size_t)n) != n)
			return -1;
	}
	return 0;
}

/* It only waits for more of what it throws away. */
int throws_away_ok(int fd)
{
	char buf[1024];
	struct pollfd p = {.fd = fd, .events = POLLIN};
	while (poll(&p, 1, 100) > 0)
		if (read(fd, buf, sizeof buf) <= 0)
			break;
	return 0;
}

bool hands_on_and_says_so_bad(int from, int to)
{
	char buf[1024];
	for (;;) {
		ssize_t n = read(from, buf, sizeof buf); // want: read
		if (n <= 0)
			break;
		if (write(to, buf, (size_t)n) != n)
			return false;
	}
	return true;
}

bool any_end_is_a_failure_ok(int from, int to)
{
	char buf[1024];
	for (;;) {
		ssize_t n = read(from, buf, sizeof buf);
		if (n <= 0)
			break;
		if (buf[0] == '.')
			return true;
		if (write(to, buf, (size_t)n) != n)
			break;
	}
	return false;
}
