/* A request to cancel that cannot be forwarded drops both ends; the caller takes the refusal for its own to
 * clean up. */
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct sock {
	struct sock *link;
	int fd;
	bool ready;
	char *host;
};

struct pool {
	struct sock *waiting;
};

static void disconnect_server(struct sock *server)
{
	close(server->fd);
	free(server->host);
	free(server);
}

static void disconnect_client(struct pool *pool, struct sock *client)
{
	if (client->link) {
		struct sock *server = client->link;
		server->link = NULL;
		client->link = NULL;
		disconnect_server(server);
	}
	pool->waiting = NULL;
	close(client->fd);
	free(client);
}

static bool forward_first(struct pool *pool, struct sock *server, const char *key)
{
	struct sock *request = pool->waiting;
	server->link = request;
	request->link = server;
	if (send(server->fd, key, 8, 0) != 8) {
		disconnect_client(pool, request);
		return false;
	}
	return true;
}

static void forward_second(struct pool *pool, struct sock *server, const char *key)
{
	struct sock *request = pool->waiting;
	server->link = request;
	request->link = server;
	if (send(server->fd, key, 8, 0) != 8) {
		disconnect_client(pool, request);
		return;
	}
	server->ready = true;
}

bool server_ready_bad(struct pool *pool, struct sock *server, const char *key)
{
	if (!forward_first(pool, server, key)) {
		disconnect_server(server); // want double-cancel: server
		return false;
	}
	return true;
}

bool server_ready_ok(struct pool *pool, struct sock *server, const char *key)
{
	forward_second(pool, server, key);
	return true;
}
