// pkg-config: hiredis libcurl
// models: ctx
/*
 * no-deadline: what looks like a limit and is none.
 */
#include "ctx.h"

#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static atomic_int stopping;

/* ---- callbacks ---- */

static int show(void *data, curl_off_t total, curl_off_t now, curl_off_t up, curl_off_t done)
{
	(void)data, (void)up, (void)done;
	printf("%ld of %ld\n", (long)now, (long)total);
	return 0;
}

static int ask(void *data, curl_off_t total, curl_off_t now, curl_off_t up, curl_off_t done)
{
	(void)data, (void)total, (void)now, (void)up, (void)done;
	return stopping;
}

int shown_bad(const char *url)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, show);
	int rc = curl_easy_perform(h); // want: CURLOPT_TIMEOUT is not set
	curl_easy_cleanup(h);
	return rc;
}

int asked_ok(const char *url)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, ask);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

/* ---- tokens ---- */

int own_child_bad(void)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_cancel(ctx_background(), &h);
	if (!c)
		return -1;
	int rc = rpc_call(c, "migrate", NULL, NULL); // want: nothing limits rpc_call
	ctx_cancel(h);
	return rc;
}

void remember(ctx_canceller *h);

int others_may_cancel_ok(void)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_cancel(ctx_background(), &h);
	if (!c)
		return -1;
	remember(h);
	return rpc_call(c, "migrate", NULL, NULL);
}

int limited_child_ok(void)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_timeout(ctx_background(), 5000, &h);
	if (!c)
		return -1;
	int rc = rpc_call(c, "migrate", NULL, NULL);
	ctx_cancel(h);
	return rc;
}

/* ---- descriptors ---- */

ssize_t as_resolved_bad(const char *host, char *buf, size_t n)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *ai;
	int fd = -1;
	if (getaddrinfo(host, "80", &hints, &list) != 0)
		return -1;
	for (ai = list; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
		if (fd < 0)
			continue;
		if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
			break;
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	if (fd < 0)
		return -1;
	ssize_t got = recv(fd, buf, n, 0); // want: SO_RCVTIMEO is not set
	close(fd);
	return got;
}

/* The callers say of which kind; what connects a datagram socket waits for nobody. */
static int open_any(const char *host, int kind)
{
	struct addrinfo hints = {.ai_socktype = kind}, *list, *ai;
	int fd = -1;
	if (getaddrinfo(host, "323", &hints, &list) != 0)
		return -1;
	for (ai = list; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
		if (fd < 0)
			continue;
		if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
			break;
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

int open_datagrams_ok(const char *host)
{
	return open_any(host, SOCK_DGRAM);
}

ssize_t non_blocking_ok(const struct addrinfo *ai, char *buf, size_t n)
{
	int fd = socket(ai->ai_family, ai->ai_socktype | SOCK_NONBLOCK, ai->ai_protocol);
	if (fd < 0)
		return -1;
	ssize_t got = recv(fd, buf, n, 0);
	close(fd);
	return got;
}

/* ---- a socket in the file system ---- */

int local_redis_bad(const char *path)
{
	redisContext *c = redisConnectUnix(path); // want: redisConnectUnixWithTimeout
	int rc = c && !c->err ? 0 : -1;
	redisFree(c);
	return rc;
}

/* The caller says whether there is one. */
redisContext *as_asked_ok(const char *host, int port, struct timeval tv)
{
	if (!tv.tv_sec && !tv.tv_usec)
		return redisConnect(host, port);
	return redisConnectWithTimeout(host, port, tv);
}

redisContext *never_asked_bad(const char *host, int port)
{
	return redisConnect(host, port); // want: redisConnectWithTimeout
}
