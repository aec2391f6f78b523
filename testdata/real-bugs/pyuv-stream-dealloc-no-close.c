// pkg-config: libuv
/* The memory of a libuv handle is freed, its loop still has it. */
#include <stdlib.h>
#include <uv.h>

static void closed(uv_handle_t *handle)
{
	free(handle);
}

int listen_bad(uv_loop_t *loop, uv_connection_cb accepted)
{
	uv_tcp_t *tcp = malloc(sizeof *tcp);
	if (!tcp || uv_tcp_init(loop, tcp)) { // want missing-cancel: uv_tcp_init
		free(tcp);
		return -1;
	}
	int status = uv_listen((uv_stream_t *)tcp, 16, accepted);
	free(tcp);
	return status;
}

int listen_ok(uv_loop_t *loop, uv_connection_cb accepted)
{
	uv_tcp_t *tcp = malloc(sizeof *tcp);
	if (!tcp || uv_tcp_init(loop, tcp)) {
		free(tcp);
		return -1;
	}
	int status = uv_listen((uv_stream_t *)tcp, 16, accepted);
	uv_close((uv_handle_t *)tcp, closed);
	return status;
}
