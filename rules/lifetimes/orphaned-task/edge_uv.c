// flags: %uv_flags
/* Threads of libuv whose data begins with a handle of libuv. */
#include <uv.h>
#include <stdlib.h>

struct service {
	uv_tcp_t server;
	uv_thread_t thread;
};

static void closes_first_member(void *arg)
{
	struct service *s = arg;
	uv_close((uv_handle_t *)&s->server, NULL);
}

int closes_first_member_ok(struct service *s)
{
	int r = uv_thread_create(&s->thread, closes_first_member, s);
	return r < 0 ? r : uv_thread_join(&s->thread);
}

static void frees_data(void *arg)
{
	free(arg);
}

int frees_data_bad(struct service *s)
{
	return uv_thread_create(&s->thread, frees_data, s); // want: frees the memory
}
