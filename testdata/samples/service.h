/*
 * service.h - a small order service: an HTTP front, an RPC client, a Redis cache, a PostgreSQL database, a
 * worker pool.
 *
 * Each function that ends in _bad has a mistake that its comment explains; the one that ends in _ok is its
 * repair. What is to be reported is written on its line, as a comment `want RULE: text`.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "ctx.h"

#include <gio/gio.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <uv.h>

#define REPLY_MAX 512

struct order {
	int id, user, quantity;
};

struct request {
	ctx *c;
	int sock;
	char id[24];
	char reply[REPLY_MAX];
};

struct job {
	ctx *c;
	int (*run)(ctx *c, void *data);
	void *data;
};

/* audit.c */
void audit_init(void);
int audit_begin_bad(ctx *c, char *id);
int audit_begin_ok(ctx *c, char *id);
int audit_step_bad(ctx *c, char *id, const char *step);
int audit_step_ok(ctx *c, char *id, const char *step);
int audit_retry_bad(ctx *c, const char *record);
int audit_retry_ok(ctx *c, const char *record);

/* cache.c */
void cache_init(pool *connections);
int cache_get_bad(ctx *c, redisContext *redis, const char *key, char *value, size_t n);
int cache_get_ok(ctx *c, redisContext *redis, const char *key, char *value, size_t n);
int cache_follow_bad(ctx *c, redisContext *redis);
int cache_follow_ok(ctx *c, redisContext *redis);
int cache_lookup_bad(ctx *c, const char *key, char *value, size_t n);
int cache_lookup_ok(ctx *c, const char *key, char *value, size_t n);
int cache_borrow_bad(ctx *c, const char *key);
int cache_borrow_ok(ctx *c, const char *key);

/* database.c */
int db_run_bad(ctx *c, PGconn *conn, const char *sql);
int db_run_ok(ctx *c, PGconn *conn, const char *sql);
int db_stop_query_bad(PGconn *conn);
int db_stop_query_ok(PGconn *conn);
int db_listen_bad(ctx *c, PGconn *conn);
int db_listen_ok(ctx *c, PGconn *conn);
int db_count_orders_bad(ctx *c, int *count);
int db_count_orders_ok(ctx *c, int *count);

/* events.c */
struct events {
	uv_loop_t *loop;
	uv_poll_t *wake;
	uv_thread_t thread;
	uv_sem_t ticks;
};
int events_init(uv_loop_t *loop);
int events_open_bad(struct events *e, int fd);
int events_open_ok(struct events *e, int fd);
int events_count_forever(struct events *e);
int events_count_ok(struct events *e);
void events_attach_bad(ctx *c);
void events_attach_ok(struct request *request, uv_async_t *async);

/* front.c */
struct front {
	GSocketListener *listener;
	GCancellable *stop;
	GThread *thread;
};
void front_start_without_stop(struct front *front);
void front_start_ok(struct front *front);
void front_stop(struct front *front);
gboolean front_forward_bad(GCancellable *stop, GFile *page, GOutputStream *to, GError **error);
gboolean front_forward_ok(GCancellable *stop, GFile *page, GOutputStream *to, GError **error);
gboolean front_expire_bad(GFile *page, gboolean dry_run, GError **error);
gboolean front_expire_ok(GFile *page, gboolean dry_run, GError **error);
gboolean front_handle_bad(GInputStream *in, GCancellable *cancellable, GError **error);
gboolean front_handle_ok(GInputStream *in, GCancellable *cancellable, GError **error);
void front_abort(void);
void front_render(GInputStream *in, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data);

/* rpc_client.c */
int rpc_load_user_bad(ctx *parent, int user, void *reply);
int rpc_load_user_ok(ctx *parent, int user, void *reply);
int rpc_hedge_bad(ctx *parent, const struct order *order, void *reply);
int rpc_hedge_ok(ctx *parent, const struct order *order, void *reply);
int rpc_wait_for_leader_bad(ctx *c, char *leader);
int rpc_wait_for_leader_ok(ctx *c, char *leader);
int rpc_notify_bad(ctx *parent);
int rpc_notify_ok(ctx *parent);
int rpc_prefetch(ctx *c, struct order *order);

/* workers.c */
struct workers {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	GQueue jobs;
	bool stopping; /* guarded by lock, like jobs */
	pthread_t thread;
	int wake;
};
int workers_start_without_stop(struct workers *w);
int workers_start_ok(struct workers *w);
void workers_stop(struct workers *w);
int workers_open_bad(struct workers *w);
int workers_open_ok(struct workers *w);
int workers_run_bad(struct job *job);
int workers_run_ok(struct job *job);
int workers_dispatch_bad(ctx *c, chan *in);
int workers_dispatch_ok(ctx *c, chan *in);
int workers_mirror(struct request *live, struct request *copy);

#endif
