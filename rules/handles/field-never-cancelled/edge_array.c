/* field-never-cancelled: several fields that go into an array, whose elements are ended one by one. */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/epoll.h>
#include <unistd.h>
struct a {
	int ep, wake;
};
struct b {
	int ep, wake, third;
};
struct c {
	int ep, wake;
};
struct a *a_new(void)
{
	struct a *a = calloc(1, sizeof *a);
	if (a) {
		a->ep = epoll_create1(0);
		a->wake = eventfd(0, 0);
	}
	return a;
}
void a_free(struct a *a)
{
	int fds[] = {a->ep, a->wake};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(a);
}
struct b *b_new(void)
{
	struct b *a = calloc(1, sizeof *a);
	if (a) {
		a->ep = epoll_create1(0);
		a->wake = eventfd(0, 0);
		a->third = eventfd(0, 0);
	}
	return a;
}
void b_free(struct b *a) // want: does not release it
{
	int fds[] = {a->ep, a->wake};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(a);
}
struct c *c_new(void)
{
	struct c *a = calloc(1, sizeof *a);
	if (a) {
		a->ep = epoll_create1(0);
		a->wake = eventfd(0, 0);
	}
	return a;
}
void show(int);
void c_free(struct c *a) // want: does not release it
{
	int fds[] = {a->ep, a->wake};
	for (int *p = fds; p < fds + 2; p++)
		show(*p > 0);
	close(a->ep);
	free(a);
}
