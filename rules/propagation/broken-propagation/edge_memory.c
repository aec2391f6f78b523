// pkg-config: gio-2.0
/* broken-propagation: streams of the program's own class, which are made over memory. */
#include <gio/gio.h>

typedef struct {
	GDataOutputStream parent_instance;
	int kind;
} OwnCommand;
typedef struct {
	GDataOutputStreamClass parent_class;
} OwnCommandClass;

G_DEFINE_TYPE(OwnCommand, own_command, G_TYPE_DATA_OUTPUT_STREAM)

static void own_command_init(OwnCommand *c)
{
	c->kind = 0;
}

static void own_command_class_init(OwnCommandClass *c)
{
	(void)c;
}

OwnCommand *own_command_new(int kind)
{
	GOutputStream *memory = g_memory_output_stream_new(NULL, 0, g_realloc, g_free);
	OwnCommand *c = g_object_new(own_command_get_type(), "base-stream", memory, NULL);
	g_object_unref(memory);
	c->kind = kind;
	return c;
}

void own_command_put(OwnCommand *c, gint16 n)
{
	g_data_output_stream_put_int16(G_DATA_OUTPUT_STREAM(c), n, NULL, NULL);
}

gboolean sends_ok(OwnCommand *c, GCancellable *cancellable, GError **error)
{
	own_command_put(c, 7);
	return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

/* Over what the caller has: that may be a connection. */
typedef struct {
	GDataOutputStream parent_instance;
	int kind;
} OwnPeer;
typedef struct {
	GDataOutputStreamClass parent_class;
} OwnPeerClass;

G_DEFINE_TYPE(OwnPeer, own_peer, G_TYPE_DATA_OUTPUT_STREAM)

static void own_peer_init(OwnPeer *p)
{
	p->kind = 0;
}

static void own_peer_class_init(OwnPeerClass *c)
{
	(void)c;
}

OwnPeer *own_peer_new(GOutputStream *to)
{
	OwnPeer *p = g_object_new(own_peer_get_type(), "base-stream", to, NULL);
	p->kind = 1;
	return p;
}

void own_peer_put(OwnPeer *p, gint16 n)
{
	g_data_output_stream_put_int16(G_DATA_OUTPUT_STREAM(p), n, NULL, NULL);
}

gboolean sends_bad(OwnPeer *p, GCancellable *cancellable, GError **error)
{
	own_peer_put(p, 7); // want: `cancellable` does not reach
	return !g_cancellable_set_error_if_cancelled(cancellable, error);
}
