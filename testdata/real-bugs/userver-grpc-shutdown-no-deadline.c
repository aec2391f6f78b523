/* A server is shut down: the form without a limit waits for every call in flight. */
#define SAYS(text) __attribute__((annotate("cancelint:" text)))

struct server;
void server_shutdown_until(struct server *s, long deadline_ms);
SAYS("block(waits=network,name=server_shutdown_until)")
void server_shutdown(struct server *s);

void stop_bad(struct server *s)
{
	server_shutdown(s); // miss no-deadline: server_shutdown_until
}

void stop_ok(struct server *s)
{
	server_shutdown_until(s, 1000);
}
