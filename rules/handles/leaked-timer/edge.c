// flags: %glib_flags
/* leaked-timer: the dull cases. */
#include <gio/gio.h>
#include <stdlib.h>
#include <poll.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef struct {
	GMainLoop *loop;
	guint timeout_id;
	guint other_id;
	gboolean armed;
	gboolean fired;
	int ticks;
} Self;

gboolean tick(gpointer data);
int work(int n);
int start(Self *self);

static gboolean again(gpointer data)
{
	((Self *)data)->ticks++;
	return G_SOURCE_CONTINUE;
}

static gboolean on_timeout(gpointer data)
{
	Self *self = data;
	self->fired = TRUE;
	g_main_loop_quit(self->loop);
	return G_SOURCE_REMOVE;
}

/* ---- a path that does not stop it ---- */

int repeating_one_path_bad(Self *self, int n)
{
	guint id = g_timeout_add(100, again, self); // want: id
	if (work(n) < 0)
		return -1;
	g_source_remove(id);
	return 0;
}

int repeating_unknown_callback_bad(int n)
{
	guint id = g_timeout_add(100, tick, NULL); // want: id
	int rc = work(n);
	if (rc == 0)
		g_source_remove(id);
	return rc;
}

int stopped_on_every_path_ok(Self *self, int n)
{
	guint id = g_timeout_add(100, again, self);
	int rc = work(n);
	g_source_remove(id);
	return rc;
}

int success_does_not_stop_it_bad(int n)
{
	Self self = {.loop = g_main_loop_new(NULL, FALSE)};
	guint id = g_timeout_add(1000, on_timeout, &self); // want: id
	if (work(n) < 0) {
		g_source_remove(id);
		return -1;
	}
	return 0;
}

int asks_whether_it_fired_ok(int n)
{
	Self self = {.loop = g_main_loop_new(NULL, FALSE)};
	guint id = g_timeout_add(1000, on_timeout, &self);
	g_main_loop_run(self.loop);
	if (!self.fired)
		g_source_remove(id);
	return n;
}

static gboolean sets_flag(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

int asks_a_local_flag_ok(GMainContext *context)
{
	gboolean timed_out = FALSE;
	guint id = g_timeout_add(1000, sets_flag, &timed_out);
	while (!timed_out && work(1) > 0)
		g_main_context_iteration(context, TRUE);
	if (!timed_out)
		g_source_remove(id);
	return timed_out;
}

guint id_is_returned_ok(Self *self)
{
	guint id = g_timeout_add(100, again, self);
	if (work(1) < 0) {
		g_source_remove(id);
		return 0;
	}
	return id;
}

void id_is_kept_ok(Self *self)
{
	self->timeout_id = g_timeout_add(100, again, self);
}

/* ---- descriptors and POSIX timers ---- */

int timer_descriptor_bad(int n)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); // want: timerfd_create
	if (fd < 0)
		return -1;
	if (n < 0)
		return -1;
	close(fd);
	return 0;
}

int timer_descriptor_ok(int n)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (fd < 0)
		return -1;
	struct itimerspec when = {.it_value.tv_sec = n};
	timerfd_settime(fd, 0, &when, NULL);
	struct pollfd p = {fd, POLLIN, 0};
	int rc = poll(&p, 1, 1000);
	close(fd);
	return rc;
}

int posix_timer_bad(int n)
{
	timer_t t;
	struct itimerspec when = {.it_interval.tv_sec = 1};
	if (timer_create(CLOCK_MONOTONIC, NULL, &t) < 0) // want: timer_create
		return -1;
	timer_settime(t, 0, &when, NULL);
	if (work(n) < 0)
		return -1;
	timer_delete(t);
	return 0;
}

int posix_timer_ok(int n)
{
	timer_t t;
	if (timer_create(CLOCK_MONOTONIC, NULL, &t) < 0)
		return -1;
	int rc = work(n);
	timer_delete(t);
	return rc;
}

void never_returns_ok(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	for (;;) {
		struct pollfd p = {fd, POLLIN, 0};
		poll(&p, 1, -1);
		work(1);
	}
}

void *thread_that_never_ends_ok(void *data)
{
	Self *self = data;
	guint id = g_timeout_add(100, again, self);
	for (;;) {
		g_main_context_iteration(NULL, TRUE);
		if (work((int)id) < 0)
			g_source_remove(self->other_id);
	}
}

/* ---- armed in each turn of a wait ---- */

void each_turn_arms_another_bad(Self *self)
{
	while (!self->fired) {
		g_timeout_add(1000, on_timeout, self); // want: each turn
		g_main_context_iteration(NULL, TRUE);
	}
}

void each_turn_without_data_bad(void)
{
	while (work(1) > 0) {
		g_timeout_add_once(1000, (GSourceOnceFunc)work, NULL); // want: each turn
		g_main_context_iteration(NULL, TRUE);
	}
}

void each_turn_keeps_the_id_bad(Self *self)
{
	while (work(1) > 0) {
		guint id = g_timeout_add(1000, on_timeout, self); // want: g_timeout_add
		g_main_context_iteration(NULL, TRUE);
		if (self->ticks > 3)
			g_source_remove(id);
	}
}

void each_turn_stops_it_ok(Self *self)
{
	while (!self->fired) {
		guint id = g_timeout_add(1000, again, self);
		g_main_context_iteration(NULL, TRUE);
		g_source_remove(id);
	}
}

void armed_before_the_loop_ok(Self *self)
{
	guint id = g_timeout_add(1000, again, self);
	while (!self->fired)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(id);
}

int descriptor_in_each_turn_bad(int n)
{
	for (;;) {
		int fd = timerfd_create(CLOCK_MONOTONIC, 0); // want: timerfd_create
		struct pollfd p = {fd, POLLIN, 0};
		if (poll(&p, 1, n) < 0)
			continue;
		close(fd);
	}
}

/* ---- it fires into what is gone ---- */

Self *freed_on_failure_bad(void)
{
	Self *self = g_new0(Self, 1);
	self->timeout_id = g_timeout_add(1000, tick, self); // want: freed
	if (work(3) < 0) {
		g_free(self);
		return NULL;
	}
	return self;
}

Self *freed_and_id_let_go_bad(void)
{
	Self *self = calloc(1, sizeof *self);
	if (!self)
		return NULL;
	g_timeout_add(1000, tick, self); // want: freed
	if (work(3) < 0) {
		free(self);
		return NULL;
	}
	return self;
}

Self *stopped_and_freed_ok(void)
{
	Self *self = g_new0(Self, 1);
	self->timeout_id = g_timeout_add(1000, tick, self);
	if (work(3) < 0) {
		g_source_remove(self->timeout_id);
		g_free(self);
		return NULL;
	}
	return self;
}

Self *cleared_and_freed_ok(void)
{
	Self *self = g_new0(Self, 1);
	self->timeout_id = g_timeout_add(1000, tick, self);
	if (work(3) < 0) {
		g_clear_handle_id(&self->timeout_id, g_source_remove);
		g_free(self);
		return NULL;
	}
	return self;
}

static void stop(Self *self)
{
	if (self->timeout_id)
		g_source_remove(self->timeout_id);
	self->timeout_id = 0;
}

Self *stopped_by_a_helper_ok(void)
{
	Self *self = g_new0(Self, 1);
	self->timeout_id = g_timeout_add(1000, tick, self);
	if (work(3) < 0) {
		stop(self);
		g_free(self);
		return NULL;
	}
	return self;
}

Self *stopped_by_unknown_code_ok(void)
{
	Self *self = g_new0(Self, 1);
	self->timeout_id = g_timeout_add(1000, tick, self);
	if (start(self) < 0) {
		g_free(self);
		return NULL;
	}
	return self;
}

void freed_by_its_destroy_function_ok(void)
{
	Self *self = g_new0(Self, 1);
	guint id = g_timeout_add_full(0, 1000, tick, self, g_free);
	g_source_remove(id);
}

int main(void)
{
	Self self = {0};
	guint id = g_timeout_add(100, again, &self);
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	if (fd < 0)
		return 1;
	if (work(1)) {
		g_source_remove(id);
		close(fd);
	}
	return 0;
}

/* ---- an id that is only printed ---- */

struct reply {
	gboolean got, failed;
};

static gboolean reply_late(gpointer data)
{
	struct reply *r = data;
	r->failed = TRUE;
	return G_SOURCE_REMOVE;
}

gboolean reply_wait_bad(struct reply *r)
{
	while (!r->got) {
		guint id = g_timeout_add_seconds(10, reply_late, r); // want: before the turn of the loop is over
		g_main_context_iteration(NULL, TRUE);
		if (r->failed)
			return FALSE;
		g_debug("not yet, timeout %u", id);
	}
	return TRUE;
}

void reply_each_ok(struct reply *all, guint n)
{
	for (guint i = 0; i < n; i++) {
		guint id = g_timeout_add_seconds(10, reply_late, &all[i]);
		g_debug("timeout %u", id);
	}
}
