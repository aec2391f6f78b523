// flags: %glib_flags %curl_flags
// models: ctx
/*
 * ineffective-cancel: what is set up and can have no effect. `want` stands where it is set up.
 */
#include "ctx.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

void use(int n);
int work(void);
void keep(ctx *c);

/* ---- tokens that nobody looks at ---- */

int timeout_for_nobody_bad(ctx *c)
{
	ctx_canceller *h;
	ctx *limited = ctx_with_timeout(c, 500, &h); // want: nothing looks at `limited`
	if (!limited)
		return -1;
	int rc = db_exec(c, "delete from jobs");
	ctx_cancel(h);
	return rc;
}

int nested_for_nobody_bad(ctx *c)
{
	ctx_canceller *h, *k;
	ctx *outer = ctx_with_timeout(c, 500, &h); // want: nothing looks at `outer`
	if (!outer)
		return -1;
	ctx *inner = ctx_with_timeout(outer, 100, &k); // want: nothing looks at `inner`
	int rc = db_exec_plain("delete from jobs");
	ctx_cancel(k);
	ctx_cancel(h);
	return rc;
}

int outer_for_each_bad(ctx *c, int n)
{
	int rc = 0;
	for (int i = 0; i < n && rc == 0; i++) {
		ctx_canceller *h;
		ctx *item = ctx_with_cancel(c, &h); // want: nothing looks at `item`
		if (!item)
			return -1;
		rc = rpc_call(c, "item", NULL, NULL);
		ctx_cancel(h);
	}
	return rc;
}

static gboolean end_it(gpointer data)
{
	g_cancellable_cancel(data);
	return FALSE;
}

gboolean timer_for_nobody_bad(GFile *file, GError **error)
{
	GCancellable *cancellable = g_cancellable_new();
	guint id = g_timeout_add(1000, end_it, cancellable); // want: nothing looks at `cancellable`
	gboolean ok = g_file_delete(file, NULL, error);
	g_source_remove(id);
	g_object_unref(cancellable);
	return ok;
}

int timeout_for_call_ok(ctx *c)
{
	ctx_canceller *h;
	ctx *limited = ctx_with_timeout(c, 500, &h);
	if (!limited)
		return -1;
	int rc = db_exec(limited, "delete from jobs");
	ctx_cancel(h);
	return rc;
}

int timeout_is_polled_ok(ctx *c)
{
	ctx_canceller *h;
	ctx *limited = ctx_with_timeout(c, 500, &h);
	if (!limited)
		return -1;
	while (!ctx_is_done(limited))
		use(work());
	ctx_cancel(h);
	return 0;
}

void timeout_is_kept_ok(ctx *c)
{
	ctx_canceller *h;
	ctx *limited = ctx_with_timeout(c, 500, &h);
	keep(limited);
	use(work());
	ctx_cancel(h);
}

static int helper(ctx *c)
{
	return db_exec(c, "delete from jobs");
}
int timeout_in_helper_ok(ctx *c)
{
	ctx_canceller *h;
	ctx *limited = ctx_with_timeout(c, 500, &h);
	int rc = limited ? helper(limited) : -1;
	ctx_cancel(h);
	return rc;
}

int nested_and_used_ok(ctx *c)
{
	ctx_canceller *h, *k;
	ctx *outer = ctx_with_timeout(c, 500, &h);
	if (!outer)
		return -1;
	ctx *inner = ctx_with_timeout(outer, 100, &k);
	int rc = inner ? db_exec(inner, "delete from jobs") : -1;
	ctx_cancel(k);
	ctx_cancel(h);
	return rc;
}

gboolean timer_for_call_ok(GFile *file, GError **error)
{
	GCancellable *cancellable = g_cancellable_new();
	guint id = g_timeout_add(1000, end_it, cancellable);
	gboolean ok = g_file_delete(file, cancellable, error);
	g_source_remove(id);
	g_object_unref(cancellable);
	return ok;
}

/* ---- groups ---- */

void empty_group_bad(void)
{
	wait_group *group = wg_new(); // want: nothing is started
	if (!group)
		return;
	use(work());
	wg_wait(group);
	wg_free(group);
}

static int part(ctx *c, void *group)
{
	int rc = db_exec(c, "delete from jobs");
	wg_done(group);
	return rc;
}

void group_ok(ctx *c)
{
	wait_group *group = wg_new();
	if (!group)
		return;
	wg_add(group, 1);
	if (ctx_go(c, part, group) != 0)
		wg_done(group);
	wg_wait(group);
	wg_free(group);
}

/* ---- off ---- */

static int progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	return ctx_is_done(data);
}

CURLcode progress_is_off_bad(ctx *c, const char *url)
{
	CURL *curl = curl_easy_init();
	if (!curl)
		return CURLE_FAILED_INIT;
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress); // want: never enabled
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, c);
	CURLcode rc = curl_easy_perform(curl);
	curl_easy_cleanup(curl);
	return rc;
}

CURLcode progress_is_left_off_bad(ctx *c, const char *url)
{
	CURL *curl = curl_easy_init();
	if (!curl)
		return CURLE_FAILED_INIT;
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress); // want: never enabled
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, c);
	CURLcode rc = curl_easy_perform(curl);
	curl_easy_cleanup(curl);
	return rc;
}

CURLcode progress_is_on_ok(ctx *c, const char *url)
{
	CURL *curl = curl_easy_init();
	if (!curl)
		return CURLE_FAILED_INIT;
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, c);
	CURLcode rc = curl_easy_perform(curl);
	curl_easy_cleanup(curl);
	return rc;
}

void progress_of_others_ok(CURL *curl)
{
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
}

ssize_t timeout_of_nonblocking_bad(char *buf, size_t n)
{
	struct timeval limit = {5, 0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit); // want: disabled
	ssize_t got = recv(fd, buf, n, 0);
	close(fd);
	return got;
}

ssize_t timeout_of_made_nonblocking_bad(int fd, char *buf, size_t n)
{
	struct timeval limit = {5, 0};
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit); // want: disabled
	return recv(fd, buf, n, 0);
}

ssize_t timeout_of_blocking_ok(char *buf, size_t n)
{
	struct timeval limit = {5, 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	ssize_t got = recv(fd, buf, n, 0);
	close(fd);
	return got;
}

/* ---- threads that do not listen ---- */

static pthread_t masked, spinning, listening, tests, bracketed;
static volatile int count;

static void *masks_all(void *data)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	for (;;)
		sleep(1);
	return data;
}
static void *spins(void *data)
{
	for (;;)
		count++;
	return data;
}
static void *sleeps(void *data)
{
	for (;;)
		sleep(1);
	return data;
}
static void *asks(void *data)
{
	for (;;) {
		count++;
		pthread_testcancel();
	}
	return data;
}
static void *masks_some(void *data)
{
	int old;
	for (;;) {
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
		count++;
		pthread_setcancelstate(old, NULL);
		sleep(1);
	}
	return data;
}

int start_threads(void)
{
	return pthread_create(&masked, NULL, masks_all, NULL) || pthread_create(&spinning, NULL, spins, NULL) ||
	       pthread_create(&listening, NULL, sleeps, NULL) || pthread_create(&tests, NULL, asks, NULL) ||
	       pthread_create(&bracketed, NULL, masks_some, NULL);
}

void ends_masked_bad(void)
{
	pthread_cancel(masked); // want: disables cancellation
	pthread_join(masked, NULL);
}
void ends_spinning_bad(void)
{
	pthread_cancel(spinning); // want: no cancellation point
	pthread_join(spinning, NULL);
}
void ends_listening_ok(void)
{
	pthread_cancel(listening);
	pthread_join(listening, NULL);
	pthread_cancel(tests);
	pthread_join(tests, NULL);
	pthread_cancel(bracketed);
	pthread_join(bracketed, NULL);
}

/* ---- too late ---- */

static void on_cancelled(GCancellable *cancellable, gpointer fd)
{
	shutdown(GPOINTER_TO_INT(fd), SHUT_RDWR);
}

ssize_t connects_too_late_bad(int fd, char *buf, size_t n, GCancellable *cancellable)
{
	ssize_t got = recv(fd, buf, n, 0);
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), GINT_TO_POINTER(fd), NULL); // want: after the call
	g_cancellable_disconnect(cancellable, id);
	return got;
}

ssize_t connects_before_ok(int fd, char *buf, size_t n, GCancellable *cancellable)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), GINT_TO_POINTER(fd), NULL);
	ssize_t got = recv(fd, buf, n, 0);
	g_cancellable_disconnect(cancellable, id);
	return got;
}

ssize_t connects_between_ok(int fd, char *buf, size_t n, GCancellable *cancellable)
{
	ssize_t got = recv(fd, buf, 1, 0);
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), GINT_TO_POINTER(fd), NULL);
	got += recv(fd, buf + 1, n - 1, 0);
	g_cancellable_disconnect(cancellable, id);
	return got;
}

/* ---- a limit around what takes no token, a cast, a late restore ---- */

unsigned limit_around_computation_bad(ctx *c, const unsigned *p, int n)
{
	ctx_canceller *h;
	unsigned sum = 0;
	ctx *t = ctx_with_timeout(c, 50, &h); // want: nothing looks at `t`
	if (!t)
		return 0;
	for (int i = 0; i < n; i++)
		sum += p[i];
	ctx_cancel(h);
	return sum;
}

static gboolean cancel_with_cast(gpointer data)
{
	g_cancellable_cancel(G_CANCELLABLE(data));
	return G_SOURCE_REMOVE;
}

gboolean timer_cancels_nothing_bad(GFile *f, GError **error)
{
	GCancellable *c = g_cancellable_new();
	guint id = g_timeout_add_seconds(5, cancel_with_cast, c); // want: nothing looks at `c`
	gboolean ok = g_file_delete(f, NULL, error);
	g_source_remove(id);
	g_object_unref(c);
	return ok;
}

gboolean timer_cancels_cast_token_ok(GFile *f, GError **error)
{
	GCancellable *c = g_cancellable_new();
	guint id = g_timeout_add_seconds(5, cancel_with_cast, c);
	gboolean ok = g_file_delete(f, G_CANCELLABLE(c), error);
	g_source_remove(id);
	g_object_unref(c);
	return ok;
}

static void *restores_at_the_end(void *arg)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	for (int i = 0; i < 1000; i++)
		usleep(1000);
	pthread_setcancelstate(old, NULL);
	return arg;
}

void cancels_masked_bad(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, restores_at_the_end, NULL))
		return;
	pthread_cancel(t); // want: disables cancellation
	pthread_join(t, NULL);
}

static void *restores_in_between(void *arg)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	usleep(1000);
	pthread_setcancelstate(old, NULL);
	sleep(1);
	return arg;
}

void cancels_listening_ok(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, restores_in_between, NULL))
		return;
	pthread_cancel(t);
	pthread_join(t, NULL);
}

/* Code that is not visible is not expected to turn it on again. */
void unknown_work(void);

static void *masked_worker(void *arg)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	for (int i = 0; i < 1000; i++) {
		unknown_work();
		sleep(1);
	}
	return arg;
}

void masked_worker_bad(void)
{
	pthread_t t;
	pthread_create(&t, NULL, masked_worker, NULL);
	pthread_cancel(t); // want: pthread_cancel
	pthread_join(t, NULL);
}

/* A reference is the token by another name. */
static gboolean ends_its_data(gpointer data)
{
	g_cancellable_cancel(data);
	return G_SOURCE_REMOVE;
}

gboolean timer_with_reference_bad(GFile *f, GCancellable *outer, GError **error)
{
	GCancellable *limit = g_cancellable_new();
	guint id = g_timeout_add_full(0, 500, ends_its_data, g_object_ref(limit), g_object_unref); // want: nothing looks at `limit`
	gboolean ok = g_file_delete(f, outer, error);
	g_source_remove(id);
	g_object_unref(limit);
	return ok;
}

gboolean timer_with_reference_ok(GFile *f, GError **error)
{
	GCancellable *limit = g_cancellable_new();
	guint id = g_timeout_add_full(0, 500, ends_its_data, g_object_ref(limit), g_object_unref);
	gboolean ok = g_file_delete(f, limit, error);
	g_source_remove(id);
	g_object_unref(limit);
	return ok;
}

struct kept_operation {
	GCancellable *c;
};

void reference_is_kept_ok(struct kept_operation *op)
{
	GCancellable *limit = g_cancellable_new();
	op->c = g_object_ref(limit);
	g_timeout_add_full(0, 500, ends_its_data, limit, g_object_unref);
}

/* ---- helpers, and sockets that wait again ---- */

static int stop_waiting(int fd)
{
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static int limit_receive(int fd, int seconds)
{
	struct timeval tv = {.tv_sec = seconds};
	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
}

ssize_t helper_disables_bad(char *b)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval tv = {.tv_sec = 5};
	stop_waiting(fd);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv); // want: it was disabled
	return recv(fd, b, 1, 0);
}

ssize_t helper_arms_bad(char *b)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	limit_receive(fd, 5); // want: it was disabled
	return recv(fd, b, 1, 0);
}

ssize_t helper_arms_ok(char *b)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	limit_receive(fd, 5);
	return recv(fd, b, 1, 0);
}

/* Only connecting does not wait. */
ssize_t waits_again_ok(const struct sockaddr *to, socklen_t n, char *b)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), flags = fcntl(fd, F_GETFL, 0);
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	struct timeval tv = {.tv_sec = 5};
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	if (connect(fd, to, n) && poll(&p, 1, 3000) != 1) {
		close(fd);
		return -1;
	}
	fcntl(fd, F_SETFL, flags);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	ssize_t r = recv(fd, b, 1, 0);
	close(fd);
	return r;
}

static void wait_or_not(int fd, bool wait)
{
	int flags = fcntl(fd, F_GETFL, 0);
	fcntl(fd, F_SETFL, wait ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

ssize_t helper_waits_again_ok(const struct sockaddr *to, socklen_t n, char *b)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct timeval tv = {.tv_sec = 5};
	connect(fd, to, n);
	wait_or_not(fd, true);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	ssize_t r = recv(fd, b, 1, 0);
	close(fd);
	return r;
}

void set_up(int fd);

/* Nobody knows what it does. */
ssize_t set_up_elsewhere_ok(const struct sockaddr *to, socklen_t n, char *b)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct timeval tv = {.tv_sec = 5};
	connect(fd, to, n);
	set_up(fd);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	ssize_t r = recv(fd, b, 1, 0);
	close(fd);
	return r;
}

/* ---- a helper disables cancellation ---- */

static int hold_back(void)
{
	int before;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

static void *held_back(void *arg)
{
	hold_back();
	while (read(*(int *)arg, &(char){0}, 1) == 1)
		;
	return NULL;
}

void cancels_held_back_bad(int fd)
{
	pthread_t t;
	if (pthread_create(&t, NULL, held_back, &fd))
		return;
	pthread_cancel(t); // want: disables cancellation
	pthread_join(t, NULL);
}
