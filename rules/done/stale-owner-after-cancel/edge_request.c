// pkg-config: libuv
/* stale-owner-after-cancel: requests that refer to their owner, and that its end cancels. `want` stands at the use. */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

struct conn {
	uv_loop_t *loop;
	uv_getaddrinfo_t *lookup;
	uv_work_t *work;
	int state;
	char ip[64];
};

static void uses_first_bad(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct conn *c = req->data;
	c->state = 1; // want: before it is known whether the operation was cancelled
	if (status == UV_ECANCELED) {
		free(req);
		return;
	}
	uv_freeaddrinfo(res);
	free(req);
}

static void goes_on_bad(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct conn *c = req->data;
	if (status < 0)
		fprintf(stderr, "%s\n", uv_strerror(status));
	else
		uv_freeaddrinfo(res);
	c->state = status == 0; // want: although the operation was cancelled
	free(req);
}

static void asks_first_ok(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct conn *c = req->data;
	if (status != UV_ECANCELED)
		c->state = 1;
	if (status == 0)
		uv_freeaddrinfo(res);
	free(req);
}

static int failed(struct conn *c, int status);

static void helper_asks_ok(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct conn *c = req->data;
	if (failed(NULL, status))
		return;
	c->state = 1;
	uv_freeaddrinfo(res);
	free(req);
}

static int failed(struct conn *c, int status)
{
	(void)c;
	return status != 0;
}

int conn_lookups(struct conn *c, const char *host)
{
	c->lookup = malloc(sizeof *c->lookup);
	if (!c->lookup)
		return -1;
	c->lookup->data = c;
	if (c->state == 1)
		return uv_getaddrinfo(c->loop, c->lookup, uses_first_bad, host, "80", NULL);
	if (c->state == 2)
		return uv_getaddrinfo(c->loop, c->lookup, goes_on_bad, host, "80", NULL);
	if (c->state == 3)
		return uv_getaddrinfo(c->loop, c->lookup, asks_first_ok, host, "80", NULL);
	return uv_getaddrinfo(c->loop, c->lookup, helper_asks_ok, host, "80", NULL);
}

static void work(uv_work_t *w)
{
	(void)w;
}

static void never_asks_bad(uv_work_t *w, int status)
{
	struct conn *c = w->data;
	(void)status;
	printf("%d\n", c->state); // want: nothing asks whether the operation was cancelled
	free(w);
}

int conn_work(struct conn *c)
{
	uv_work_t *w = malloc(sizeof *w);
	if (!w)
		return -1;
	w->data = c;
	c->work = w;
	return uv_queue_work(c->loop, c->work, work, never_asks_bad);
}

void conn_free(struct conn *c)
{
	if (c->lookup)
		uv_cancel((uv_req_t *)c->lookup);
	if (c->work)
		uv_cancel((uv_req_t *)c->work);
	free(c);
}

/* ---- the callback ends the owner itself, or nothing cancels ---- */

struct job {
	uv_loop_t *loop;
	uv_work_t *work;
	int sum;
};

static void ends_it_ok(uv_work_t *w, int status)
{
	struct job *j = w->data;
	(void)status;
	printf("%d\n", j->sum);
	free(j);
	free(w);
}

int job_start(struct job *j)
{
	j->work = malloc(sizeof *j->work);
	if (!j->work)
		return -1;
	j->work->data = j;
	return uv_queue_work(j->loop, j->work, work, ends_it_ok);
}

void job_cancel(struct job *j)
{
	uv_cancel((uv_req_t *)j->work);
}
