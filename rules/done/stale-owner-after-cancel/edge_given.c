// flags: %uv_flags %hiredis_flags
/* stale-owner-after-cancel: callbacks that get the outcome as arguments. */
#include <uv.h>
#include <hiredis/hiredis.h>
#include <hiredis/async.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct user {
	int n;
	char name[64];
	redisAsyncContext *ac;
	uv_getaddrinfo_t req;
};
static void a_bad(redisAsyncContext *ac, void *reply, void *data)
{
	redisReply *r = reply;
	struct user *u = data;
	if (ac->err)
		fprintf(stderr, "%s\n", ac->errstr);
	if (r->type == REDIS_REPLY_INTEGER) // want: uses the result it is given
		u->n = (int)r->integer;
}
static void b_ok(redisAsyncContext *ac, void *reply, void *data)
{
	redisReply *r = reply;
	struct user *u = data;
	if (ac->err || !r || r->type == REDIS_REPLY_ERROR) {
		fprintf(stderr, "%s\n", r ? r->str : ac->errstr);
		return;
	}
	u->n = (int)r->integer;
}
static int valid(const redisReply *r)
{
	return r && r->type == REDIS_REPLY_STRING;
}
static void c_ok(redisAsyncContext *ac, void *reply, void *data)
{
	redisReply *r = reply;
	struct user *u = data;
	if (!valid(r))
		return;
	snprintf(u->name, sizeof u->name, "%s", r->str);
}
static void d_ok(redisAsyncContext *ac, void *reply, void *data)
{
	redisReply *r = reply;
	if (ac->err)
		return;
	printf("%s\n", r->str);
}
static void e_bad(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct user *u = req->data;
	char b[64];
	if (status == UV_ECANCELED)
		return;
	uv_ip4_name((struct sockaddr_in *)res->ai_addr, b, sizeof b); // want: uses the result it is given
	memcpy(u->name, b, sizeof b);
	uv_freeaddrinfo(res);
}
static void f_ok(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct user *u = req->data;
	if (status != 0) {
		if (status != UV_ECANCELED)
			fprintf(stderr, "%s\n", uv_strerror(status));
		free(u);
		return;
	}
	u->n = res->ai_family;
	uv_freeaddrinfo(res);
}
static void g_ok(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct user *u = req->data;
	for (struct addrinfo *a = res; a; a = a->ai_next)
		u->n++;
	if (status >= 0)
		u->n = res->ai_family;
	uv_freeaddrinfo(res);
}
static void h_ok(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct user *u = req->data;
	if (status)
		goto out;
	switch (res->ai_family) {
	case 2:
		u->n = 4;
		break;
	default:
		u->n = 6;
	}
out:
	uv_freeaddrinfo(res);
	free(u);
}
static void i_bad(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct user *u = req->data;
	if (status < 0)
		fprintf(stderr, "%s: %s\n", u->name, uv_err_name(status));
	u->n = res->ai_family; // want: uses the result it is given
	uv_freeaddrinfo(res);
}
int start(uv_loop_t *l, struct user *u, int k)
{
	u->req.data = u;
	redisAsyncCommand(u->ac, a_bad, u, "GET a");
	redisAsyncCommand(u->ac, b_ok, u, "GET a");
	redisAsyncCommand(u->ac, c_ok, u, "GET a");
	redisAsyncCommand(u->ac, d_ok, u, "GET a");
	switch (k) {
	case 0:
		return uv_getaddrinfo(l, &u->req, e_bad, "a", NULL, NULL);
	case 1:
		return uv_getaddrinfo(l, &u->req, f_ok, "a", NULL, NULL);
	case 2:
		return uv_getaddrinfo(l, &u->req, g_ok, "a", NULL, NULL);
	case 3:
		return uv_getaddrinfo(l, &u->req, h_ok, "a", NULL, NULL);
	default:
		return uv_getaddrinfo(l, &u->req, i_bad, "a", NULL, NULL);
	}
}
