/* missing-cancel: functions that fill what their caller gives them, or make an object for it. */
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

/* ---- it may fail in more than one way ---- */

struct spy {
	int fd, tries;
};

static int spy_open(struct spy *s, int urgent)
{
	s->fd = inotify_init1(0);
	if (s->fd < 0) {
		if (urgent)
			return -2;
		return -1;
	}
	return 0;
}

static int spy_insist(struct spy *s, const char *why)
{
	s->tries = 0;
	while ((s->fd = inotify_init1(why ? IN_CLOEXEC : 0)) < 0)
		if (++s->tries > 5)
			return 0;
	return 1;
}

static void spy_close(struct spy *s)
{
	close(s->fd);
}

int look_bad(int urgent)
{
	struct spy s;
	char c;
	if (spy_open(&s, urgent) < 0) // want: made by spy_open is not released
		return -1;
	if (read(s.fd, &c, 1) != 1)
		return -1;
	spy_close(&s);
	return c;
}

int look_ok(int urgent)
{
	struct spy s;
	char c = 0;
	int failed = spy_open(&s, urgent);
	if (failed)
		return failed;
	if (read(s.fd, &c, 1) != 1)
		c = 0;
	spy_close(&s);
	return c;
}

int insist_ok(const char *why)
{
	struct spy s;
	if (!spy_insist(&s, why))
		return -1;
	int tries = s.tries;
	spy_close(&s);
	return tries;
}

/* ---- an object that is put where the caller says ---- */

struct desk {
	int wake, set;
};

static int desk_create(struct desk **out)
{
	struct desk *d = malloc(sizeof *d);
	if (!d)
		return -1;
	d->wake = eventfd(0, 0);
	if (d->wake < 0) {
		free(d);
		return -1;
	}
	d->set = epoll_create1(0);
	if (d->set < 0) {
		close(d->wake);
		free(d);
		return -1;
	}
	*out = d;
	return 0;
}

static void desk_destroy(struct desk **d)
{
	if (!*d)
		return;
	close((*d)->wake);
	close((*d)->set);
	free(*d);
	*d = NULL;
}

int sit_bad(void)
{
	struct desk *d = NULL;
	if (desk_create(&d) < 0) // want: made by desk_create is not released
		return -1;
	if (eventfd_write(d->wake, 1) < 0)
		return -1;
	desk_destroy(&d);
	return 0;
}

int sit_ok(void)
{
	struct desk *d = NULL;
	int failed = desk_create(&d);
	if (!failed)
		failed = eventfd_write(d->wake, 1);
	desk_destroy(&d);
	return failed;
}

/* ---- a loop that is left in the middle ---- */

static struct desk *desk_new(void)
{
	struct desk *d = NULL;
	return desk_create(&d) == 0 ? d : NULL;
}

static int desk_step(struct desk *d)
{
	eventfd_t n;
	return eventfd_read(d->wake, &n);
}

int count_bad(int max)
{
	struct desk *d = desk_new(); // want: made by desk_new is not released
	if (!d)
		return -1;
	int n = 0;
	while (desk_step(d) == 0)
		if (++n >= max)
			return n;
	desk_destroy(&d);
	return n;
}
