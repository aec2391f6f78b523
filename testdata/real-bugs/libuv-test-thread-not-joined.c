// pkg-config: libuv
/* The function waits for what the thread writes, and not for the thread. */
#include <unistd.h>
#include <uv.h>

static int ends[2];

static void writes(void *data)
{
	ssize_t n;
	(void)data;
	do
		n = write(ends[1], "x", 1);
	while (n == -1);
}

int interrupted_bad(uv_loop_t *loop)
{
	uv_thread_t thread;
	char c;
	if (pipe(ends) != 0)
		return -1;
	if (uv_thread_create(&thread, writes, NULL) == 0) { // want orphaned-task: thread
		uv_run(loop, UV_RUN_DEFAULT);
		if (read(ends[0], &c, 1) != 1)
			c = 0;
	}
	close(ends[0]);
	close(ends[1]);
	return 0;
}

int interrupted_ok(uv_loop_t *loop)
{
	uv_thread_t thread;
	char c;
	if (pipe(ends) != 0)
		return -1;
	if (uv_thread_create(&thread, writes, NULL) == 0) {
		uv_run(loop, UV_RUN_DEFAULT);
		if (read(ends[0], &c, 1) != 1)
			c = 0;
		uv_thread_join(&thread);
	}
	close(ends[0]);
	close(ends[1]);
	return 0;
}
