// flags: -D_GNU_SOURCE
/* missing-cancel: a scope's clean-up that ends an object with several handles in it. */
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct set {
	int poll, wake, stop;
};

static void set_free(struct set *s)
{
	if (!s)
		return;
	if (s->stop >= 0)
		close(s->stop);
	if (s->wake >= 0)
		close(s->wake);
	if (s->poll >= 0)
		close(s->poll);
	free(s);
}

static void set_freep(struct set **s)
{
	set_free(*s);
}

static void set_freep_but_one(struct set **s)
{
	if (!*s)
		return;
	close((*s)->poll);
	close((*s)->wake);
	free(*s);
}

int set_new_ok(struct set **out)
{
	__attribute__((cleanup(set_freep))) struct set *s = malloc(sizeof *s);
	if (!s)
		return -1;
	s->poll = s->wake = s->stop = -1;
	s->poll = epoll_create1(0);
	if (s->poll < 0)
		return -1;
	s->wake = eventfd(0, 0);
	if (s->wake < 0)
		return -1;
	s->stop = eventfd(0, 0);
	if (s->stop < 0)
		return -1;
	*out = s;
	s = NULL;
	return 0;
}

int set_new_bad(struct set **out, int n)
{
	__attribute__((cleanup(set_freep_but_one))) struct set *s = malloc(sizeof *s);
	if (!s)
		return -1;
	s->poll = epoll_create1(0);
	s->wake = eventfd(0, 0);
	s->stop = eventfd(0, 0); // want: eventfd
	if (n < 0)
		return -1;
	*out = s;
	s = NULL;
	return 0;
}
