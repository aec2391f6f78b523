// flags: %glib_flags
/* missing-cancel: arrays that copy what lies at an address. */
#include <gio/gio.h>
#include <unistd.h>

struct launcher {
	GArray *fds;
	GPtrArray *words;
	int last;
};

static void add_fd(struct launcher *l, int fd)
{
	if (!l->fds)
		l->fds = g_array_new(FALSE, TRUE, sizeof(int));
	g_array_append_val(l->fds, fd);
}

static void add_option(struct launcher *l, const char *option, int fd)
{
	add_fd(l, fd);
	g_ptr_array_add(l->words, g_strdup_printf("%s=%d", option, fd));
}

static void show_fd(struct launcher *l, int fd)
{
	g_ptr_array_add(l->words, g_strdup_printf("%d", fd));
}

gboolean both_are_kept_ok(struct launcher *app, struct launcher *proxy)
{
	int fds[2];
	if (pipe(fds) < 0)
		return FALSE;
	add_option(app, "--sync-fd", fds[0]);
	add_fd(proxy, fds[1]);
	return TRUE;
}

gboolean one_is_only_shown_bad(struct launcher *app, struct launcher *proxy)
{
	int fds[2];
	if (pipe(fds) < 0) // want: pipe
		return FALSE;
	add_option(app, "--sync-fd", fds[0]);
	show_fd(proxy, fds[1]);
	return TRUE;
}

/* ---- both ends of a pipe ---- */

int hand_on(int fd);
int prepared(void);

/* One is told of, though it is the other that is forgotten on every way. */
int both_ends_bad(void)
{
	int fds[2];
	if (pipe(fds) < 0) // want: pipe
		return -1;
	if (!prepared())
		return -1;
	if (hand_on(fds[0]) < 0) {
		close(fds[1]);
		return -1;
	}
	return 0;
}
