// pkg-config: libevent
/* A listener that is only asked for: nobody can end it. */
#include <event2/event.h>
#include <event2/listener.h>

struct server {
	struct event_base *base;
	struct evconnlistener *main;
};
void accepted(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *at, int n, void *data);

int only_tested_bad(struct server *s, const struct sockaddr *at, int n)
{
	if (!evconnlistener_new_bind(s->base, accepted, s, LEV_OPT_CLOSE_ON_FREE, 16, at, n)) // want: listener
		return -1;
	return 0;
}

int kept_ok(struct server *s, const struct sockaddr *at, int n)
{
	s->main = evconnlistener_new_bind(s->base, accepted, s, LEV_OPT_CLOSE_ON_FREE, 16, at, n);
	return s->main ? 0 : -1;
}

void end(struct server *s)
{
	evconnlistener_free(s->main);
}
