/* Each connection gets a joinable thread; a session that ends by itself takes its id with it, so nobody joins
 * it. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct server;

struct session {
	struct session *prev, *next;
	struct server *server;
	pthread_t tid;
	int sock;
	char *msg;
};

struct server {
	pthread_mutex_t lock;
	struct session *sessions;
	int listener;
};

static pthread_attr_t detached;

static void session_free(struct session *s)
{
	pthread_mutex_lock(&s->server->lock);
	if (s->prev)
		s->prev->next = s->next;
	else
		s->server->sessions = s->next;
	if (s->next)
		s->next->prev = s->prev;
	pthread_mutex_unlock(&s->server->lock);
	free(s->msg);
	free(s);
}

static void *session_main(void *arg)
{
	struct session *s = arg;
	while (recv(s->sock, s->msg, 1024, 0) > 0)
		;
	close(s->sock);
	session_free(s);
	return NULL;
}

static struct session *session_new(struct server *server, int sock)
{
	struct session *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->msg = malloc(1024);
	if (!s->msg) {
		free(s);
		return NULL;
	}
	s->server = server;
	s->sock = sock;
	pthread_mutex_lock(&server->lock);
	s->next = server->sessions;
	if (server->sessions)
		server->sessions->prev = s;
	server->sessions = s;
	pthread_mutex_unlock(&server->lock);
	return s;
}

int add_session_bad(struct server *server, int sock)
{
	struct session *s = session_new(server, sock);
	if (!s)
		return -1;
	pthread_create(&s->tid, NULL, session_main, s); // want orphaned-task: pthread_create
	return 0;
}

int add_session_ok(struct server *server, int sock)
{
	struct session *s = session_new(server, sock);
	if (!s)
		return -1;
	pthread_create(&s->tid, &detached, session_main, s);
	return 0;
}

int sessions_init(void)
{
	return pthread_attr_init(&detached) ||
	       pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
}

void server_shutdown(struct server *server)
{
	struct session *s = server->sessions;
	while (s) {
		pthread_t tid = s->tid;
		s = s->next;
		pthread_join(tid, NULL);
	}
	pthread_attr_destroy(&detached);
}
