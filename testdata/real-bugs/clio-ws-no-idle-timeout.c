/* A set of limits that a library suggests to clients has none for idle connections: a peer that died is never noticed. */
struct limits {
	int handshake_ms, idle_ms;
};
struct stream;
struct limits suggested_for_clients(void);
void stream_set_limits(struct stream *s, struct limits l);
void stream_read(struct stream *s);

void start_bad(struct stream *s)
{
	stream_set_limits(s, suggested_for_clients());
	stream_read(s); // miss no-deadline: idle
}

void start_ok(struct stream *s)
{
	struct limits l = suggested_for_clients();
	l.idle_ms = 30000;
	stream_set_limits(s, l);
	stream_read(s);
}
