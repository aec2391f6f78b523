// pkg-config: libpq libmariadb hiredis libcurl
// models: ctx
/*
 * no-deadline: calls on handles without a limit. `want` stands at the call that waits.
 */
#include "ctx.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <mysql.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

void use(void *x);
bool configured(void);
CURL *given_handle(void);

/* ---- libcurl ---- */

int no_option_bad(void)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_URL, "http://a/");
	int rc = curl_easy_perform(h); // want: CURLOPT_TIMEOUT is not set
	curl_easy_cleanup(h);
	return rc;
}

int zero_is_none_bad(void)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 0L);
	int rc = curl_easy_perform(h); // want: CURLOPT_TIMEOUT is not set
	curl_easy_cleanup(h);
	return rc;
}

int milliseconds_ok(void)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 5000L);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

int low_speed_ok(void)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, 30L);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

static int stop_it(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	return *(bool *)data;
}

int aborting_callback_ok(bool *stop)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, stop_it);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, stop);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

static void limit(CURL *h)
{
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 10L);
}

int by_helper_ok(void)
{
	CURL *h = curl_easy_init();
	limit(h);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

static CURL *new_handle(const char *url)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_URL, url);
	return h;
}

int from_maker_bad(void)
{
	CURL *h = new_handle("http://a/");
	int rc = curl_easy_perform(h); // want: CURLOPT_TIMEOUT is not set
	curl_easy_cleanup(h);
	return rc;
}

static CURL *new_limited(const char *url)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_URL, url);
	limit(h);
	return h;
}

int from_limited_maker_ok(void)
{
	CURL *h = new_limited("http://a/");
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

static int run(CURL *h)
{
	return curl_easy_perform(h);
}

int in_helper_bad(void)
{
	CURL *h = curl_easy_init();
	int rc = run(h); // want: run -> curl_easy_perform
	curl_easy_cleanup(h);
	return rc;
}

int from_elsewhere_ok(void)
{
	return curl_easy_perform(given_handle());
}

int parameter_ok(CURL *h)
{
	return curl_easy_perform(h);
}

int shown_to_others_ok(void)
{
	CURL *h = curl_easy_init();
	use(h);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

int any_option_ok(CURLoption option, long value)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, option, value);
	int rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

void multi_ok(CURLM *multi)
{
	CURL *h = curl_easy_init();
	int running = 0;
	curl_multi_add_handle(multi, h);
	curl_multi_perform(multi, &running);
	curl_multi_remove_handle(multi, h);
	curl_easy_cleanup(h);
}

void stop_service(void)
{
	CURL *h = curl_easy_init();
	curl_easy_perform(h);
	curl_easy_cleanup(h);
}

/* ---- fields ---- */

struct page {
	CURL *curl;
	CURL *limited;
	CURL *filled;
};

int page_init(struct page *p, CURL *from)
{
	p->curl = curl_easy_init();
	p->limited = curl_easy_init();
	p->filled = configured() ? from : curl_easy_init();
	curl_easy_setopt(p->limited, CURLOPT_TIMEOUT, 10L);
	return 0;
}

int page_read_bad(struct page *p)
{
	return curl_easy_perform(p->curl); // want: CURLOPT_TIMEOUT is not set
}

int page_read_limited_ok(struct page *p)
{
	return curl_easy_perform(p->limited);
}

int page_read_filled_ok(struct page *p)
{
	return curl_easy_perform(p->filled);
}

static redisContext *shared;

void shared_open(const struct timeval *tv)
{
	shared = redisConnectWithTimeout("a", 6379, *tv);
}

void *shared_get_bad(const char *key)
{
	return redisCommand(shared, "GET %s", key); // want: covers connecting only
}

/* ---- hiredis ---- */

redisContext *connect_bad(void)
{
	return redisConnect("a", 6379); // want: redisConnectWithTimeout
}

void *command_bad(struct timeval tv)
{
	redisContext *c = redisConnectWithTimeout("a", 6379, tv);
	if (!c || c->err) {
		redisFree(c);
		return NULL;
	}
	void *reply = redisCommand(c, "PING"); // want: redisSetTimeout is not set
	redisFree(c);
	return reply;
}

void *command_ok(struct timeval tv)
{
	redisContext *c = redisConnectWithTimeout("a", 6379, tv);
	if (!c || c->err || redisSetTimeout(c, tv) != REDIS_OK) {
		redisFree(c);
		return NULL;
	}
	void *reply = redisCommand(c, "PING");
	redisFree(c);
	return reply;
}

/* ---- libpq ---- */

PGconn *literal_bad(void)
{
	return PQconnectdb("host=db dbname=a"); // want: connect_timeout is not set
}

PGconn *literal_ok(void)
{
	return PQconnectdb("host=db dbname=a connect_timeout=5");
}

/* 0 means none. */
PGconn *timeout_of_zero_bad(void)
{
	return PQconnectdb("host=db connect_timeout=0 dbname=a"); // want: connect_timeout is not set
}

PGconn *conninfo_ok(const char *conninfo)
{
	return PQconnectdb(conninfo);
}

/* ---- MySQL ---- */

int query_bad(void)
{
	unsigned t = 5;
	MYSQL *m = mysql_init(NULL);
	mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &t);
	if (!mysql_real_connect(m, "db", "u", "p", "d", 0, NULL, 0)) {
		mysql_close(m);
		return -1;
	}
	int rc = mysql_query(m, "SELECT 1"); // want: covers connecting only
	mysql_close(m);
	return rc;
}

MYSQL *connected_bad(void)
{
	unsigned t = 5;
	MYSQL *m = mysql_init(NULL);
	mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &t);
	mysql_real_connect(m, "db", "u", "p", "d", 0, NULL, 0); // want: MYSQL_OPT_READ_TIMEOUT
	return m;
}

int on_stack_bad(void)
{
	MYSQL m;
	mysql_init(&m);
	if (!mysql_real_connect(&m, "db", "u", "p", "d", 0, NULL, 0)) // want: MYSQL_OPT_CONNECT_TIMEOUT
		return -1;
	mysql_close(&m);
	return 0;
}

int query_ok(void)
{
	unsigned t = 5;
	MYSQL *m = mysql_init(NULL);
	mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &t);
	mysql_options(m, MYSQL_OPT_READ_TIMEOUT, &t);
	mysql_options(m, MYSQL_OPT_WRITE_TIMEOUT, &t);
	mysql_real_connect(m, "db", "u", "p", "d", 0, NULL, 0);
	int rc = mysql_query(m, "SELECT 1");
	mysql_close(m);
	return rc;
}

/* ---- sockets ---- */

ssize_t receive_bad(const struct sockaddr_in *to, char *buf, size_t n)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)to, sizeof *to) < 0)
		return -1;
	ssize_t got = recv(fd, buf, n, 0); // want: SO_RCVTIMEO
	close(fd);
	return got;
}

ssize_t receive_ok(const struct sockaddr_in *to, char *buf, size_t n)
{
	struct timeval tv = {5, 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	if (fd < 0 || connect(fd, (const struct sockaddr *)to, sizeof *to) < 0)
		return -1;
	ssize_t got = recv(fd, buf, n, 0);
	close(fd);
	return got;
}

ssize_t polled_ok(const struct sockaddr_in *to, char *buf, size_t n)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd p = {fd, POLLIN, 0};
	if (fd < 0 || connect(fd, (const struct sockaddr *)to, sizeof *to) < 0 || poll(&p, 1, 5000) <= 0)
		return -1;
	ssize_t got = recv(fd, buf, n, 0);
	close(fd);
	return got;
}

ssize_t non_blocking_ok(char *buf, size_t n)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	ssize_t got = recv(fd, buf, n, 0);
	close(fd);
	return got;
}

ssize_t server_ok(const struct sockaddr_in *at, char *buf, size_t n)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(fd, (const struct sockaddr *)at, sizeof *at) < 0)
		return -1;
	ssize_t got = recvfrom(fd, buf, n, 0, NULL, NULL);
	close(fd);
	return got;
}

/* ---- tokens ---- */

int root_bad(void)
{
	return rpc_call(ctx_background(), "load", NULL, NULL); // want: nothing limits rpc_call(ctx_background())
}

int limited_root_ok(void)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_timeout(ctx_background(), 1000, &h);
	if (!c)
		return -1;
	int rc = rpc_call(c, "load", NULL, NULL);
	ctx_cancel(h);
	return rc;
}

int given_token_ok(ctx *c)
{
	return rpc_call(c, "load", NULL, NULL);
}

/* ---- what is not seen ---- */

int on_one_path_bad(bool fast)
{
	CURL *h = curl_easy_init();
	if (fast)
		curl_easy_setopt(h, CURLOPT_TIMEOUT, 5L);
	int rc = curl_easy_perform(h); // miss no-deadline: CURLOPT_TIMEOUT is not set
	curl_easy_cleanup(h);
	return rc;
}

/* ---- descriptors that are no sockets ---- */

uint64_t waits_for_a_timer_ok(const struct itimerspec *when)
{
	uint64_t n = 0;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	if (timerfd_settime(fd, 0, when, NULL) < 0 || read(fd, &n, sizeof n) != sizeof n)
		n = 0;
	close(fd);
	return n;
}

uint64_t waits_for_another_thread_ok(void)
{
	uint64_t n = 0;
	int fd = eventfd(0, 0);
	use(&fd);
	if (read(fd, &n, sizeof n) != sizeof n)
		n = 0;
	close(fd);
	return n;
}

ssize_t waits_for_a_peer_bad(void *buf, size_t n)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return read(fd, buf, n); // want: SO_RCVTIMEO
}

/* ---- made of a root ---- */

int root_with_value_bad(const char *s)
{
	return db_exec(ctx_with_value(ctx_background(), "k", NULL), s); // want: nothing limits db_exec
}

static ctx *root(void)
{
	return ctx_background();
}

int root_of_helper_bad(const char *s)
{
	return db_exec(root(), s); // want: nothing limits db_exec
}

int child_with_limit_ok(const char *s)
{
	ctx_canceller *h;
	ctx *c = ctx_with_timeout(root(), 1000, &h);
	if (!c)
		return -1;
	int rc = db_exec(c, s);
	ctx_cancel(h);
	return rc;
}

/* ---- a handle that is handed from place to place ---- */

struct first {
	CURL *h;
	int x;
};
struct second {
	CURL *h;
	long y;
};
struct third {
	CURL *h;
	char z;
};
struct fourth {
	CURL *h;
	short s;
};

void first_open(struct first *a)
{
	a->h = curl_easy_init();
}

int first_run_ok(struct first *a)
{
	return curl_easy_perform(a->h);
}

void to_second(struct first *a, struct second *b)
{
	b->h = a->h;
}

void to_third(struct second *a, struct third *b)
{
	b->h = a->h;
}

void to_fourth(struct third *a, struct fourth *b)
{
	b->h = a->h;
}

void fourth_limit(struct fourth *d)
{
	curl_easy_setopt(d->h, CURLOPT_TIMEOUT, 3L);
}

/* Nothing else is waited for here. */
int only_connect_bad(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, sizeof *to) < 0) { // want: connect on `fd`
		close(fd);
		return -1;
	}
	return fd;
}

int only_connect_ok(const struct sockaddr_in *to)
{
	struct timeval tv = {5, 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
	if (connect(fd, (const struct sockaddr *)to, sizeof *to) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* ---- as new again ---- */

CURLcode reset_bad(const char *url)
{
	CURL *h = curl_easy_init();
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 5000L);
	curl_easy_perform(h);
	curl_easy_reset(h);
	curl_easy_setopt(h, CURLOPT_URL, url);
	CURLcode rc = curl_easy_perform(h); // want: CURLOPT_TIMEOUT
	curl_easy_cleanup(h);
	return rc;
}

CURLcode reset_ok(CURL *h, const char *url)
{
	curl_easy_reset(h);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 5L);
	return curl_easy_perform(h);
}

CURLcode reset_given_bad(CURL *h, const char *url)
{
	curl_easy_reset(h);
	curl_easy_setopt(h, CURLOPT_URL, url);
	return curl_easy_perform(h); // want: CURLOPT_TIMEOUT
}

/* ---- helpers that limit connecting ---- */

static redisContext *open_connection(const char *host)
{
	struct timeval tv = {1, 0};
	redisContext *c = redisConnectWithTimeout(host, 6379, tv);
	if (c && c->err) {
		redisFree(c);
		c = NULL;
	}
	return c;
}

int opened_by_helper_bad(const char *host)
{
	redisContext *c = open_connection(host);
	if (!c)
		return -1;
	freeReplyObject(redisCommand(c, "PING")); // want: covers connecting only
	redisFree(c);
	return 0;
}

int opened_by_helper_ok(const char *host)
{
	struct timeval tv = {1, 0};
	redisContext *c = open_connection(host);
	if (!c)
		return -1;
	redisSetTimeout(c, tv);
	freeReplyObject(redisCommand(c, "PING"));
	redisFree(c);
	return 0;
}

/* Of datagrams nobody is asked. */
int datagrams_ok(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)to, sizeof *to) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* ---- a root that a function hands on to its only call ---- */

static int store(ctx *c, const char *what)
{
	return rpc_call(c, "store", what, NULL);
}

int stores_on_root_bad(const char *what)
{
	return store(ctx_background(), what); // want: nothing limits store -> rpc_call(ctx_background())
}

int stores_in_time_ok(const char *what)
{
	ctx_canceller *h;
	ctx *c = ctx_with_timeout(ctx_background(), 1000, &h);
	if (!c)
		return -1;
	int rc = store(c, what);
	ctx_cancel(h);
	return rc;
}

static int store_in_time(ctx *parent, const char *what)
{
	ctx_canceller *h;
	ctx *c = ctx_with_timeout(parent, 1000, &h);
	if (!c)
		return -1;
	int rc = store(c, what);
	ctx_cancel(h);
	return rc;
}

int stores_with_own_limit_ok(const char *what)
{
	return store_in_time(ctx_background(), what);
}

/* ---- options as a list of names ---- */

PGconn *listed_without_bad(const char *host)
{
	const char *names[] = {"host", "dbname", NULL};
	const char *values[] = {host, "shop", NULL};
	return PQconnectdbParams(names, values, 0); // want: connect_timeout
}

PGconn *listed_ok(const char *host)
{
	const char *names[] = {"host", "dbname", "connect_timeout", NULL};
	const char *values[] = {host, "shop", "5", NULL};
	return PQconnectdbParams(names, values, 0);
}

PGconn *listed_one_by_one_bad(const char *host, const char *user)
{
	const char *names[8], *values[8];
	int n = 0;
	if (host) {
		names[n] = "host";
		values[n++] = host;
	}
	names[n] = "user";
	values[n++] = user;
	names[n] = values[n] = NULL;
	return PQconnectdbParams(names, values, 0); // want: connect_timeout
}

PGconn *listed_by_others_ok(const char *const *names, const char *const *values)
{
	return PQconnectdbParams(names, values, 0);
}

PGconn *listed_with_others_ok(const char *name, const char *value)
{
	const char *names[] = {"host", name, NULL}, *values[] = {"db", value, NULL};
	return PQconnectdbParams(names, values, 0);
}

PGconn *listed_with_conninfo_ok(const char *conninfo)
{
	const char *names[] = {"dbname", NULL}, *values[] = {conninfo, NULL};
	return PQconnectdbParams(names, values, 1);
}

void fill_names(const char **names, const char **values);

PGconn *filled_by_others_ok(void)
{
	const char *names[8] = {"host"}, *values[8] = {"db"};
	fill_names(names + 1, values + 1);
	return PQconnectdbParams(names, values, 0);
}

uint32_t waits_for_signals_ok(const sigset_t *mask)
{
	struct signalfd_siginfo info = {0};
	int fd = signalfd(-1, mask, 0);
	if (fd < 0)
		return 0;
	if (read(fd, &info, sizeof info) != sizeof info)
		info.ssi_signo = 0;
	close(fd);
	return info.ssi_signo;
}
