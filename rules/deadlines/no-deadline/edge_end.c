/* no-deadline: a call that is itself the end of something, and that has a form with a limit. */
#define SAYS(text) __attribute__((annotate("cancelint:" text)))

struct server;
SAYS("block(waits=network,timeout=arg1,unit=ms)")
SAYS("cleanup") void server_drain_until(struct server *s, long ms);
SAYS("block(waits=network,name=server_drain_until)")
SAYS("cleanup") void server_drain(struct server *s);
SAYS("block(waits=network,name=server_ask_until)") int server_ask(struct server *s);
SAYS("block(waits=network)") SAYS("cleanup") void server_farewell(struct server *s);
void server_free(struct server *s);

void server_stop_bad(struct server *s)
{
	server_drain(s); // want: server_drain_until
	server_free(s);
}

void drain_behind_a_label_bad(struct server *s)
{
	if (server_ask(s)) // want: server_ask_until
		goto out;
	server_free(s);
out:
	server_drain(s); // want: server_drain_until
}

void server_stop_ok(struct server *s)
{
	server_drain_until(s, 1000);
	server_free(s);
}

/* Another call in clean-up may wait; and this end has no form with a limit. */
void server_close_ok(struct server *s)
{
	server_ask(s);
	server_farewell(s);
}

/* Which of the two is up to the caller. */
void server_leave_ok(struct server *s, int gently)
{
	if (gently)
		server_drain(s);
	else
		server_drain_until(s, 0);
}
