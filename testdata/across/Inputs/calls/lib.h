#include <gio/gio.h>
#include <pthread.h>
#include <uv.h>

struct op {
	GCancellable *cancellable;
	GCancellable *other;
	gulong id;
	int n;
};
void op_stop(struct op *op);
void op_stop_other(struct op *op);
void op_stop_later(struct op *op);
void op_handler(GCancellable *c, gpointer data);
void op_note(struct op *op);

struct worker {
	pthread_mutex_t lock;
	pthread_mutex_t other;
	pthread_t thread;
	GCancellable *cancellable;
	gulong id;
	int stop;
};
void worker_join(struct worker *w);
void worker_cancel(struct worker *w);
void worker_count(struct worker *w);
void worker_count_other(struct worker *w);
void *worker_main(void *data);
void worker_cancelled(GCancellable *c, gpointer data);

struct conn {
	uv_timer_t timer;
	uv_async_t wake;
};
void conn_end(struct conn *c);
void conn_end_soon(struct conn *c);
void conn_settle(struct conn *c);
void conn_look(struct conn *c);
void conn_fired(uv_timer_t *t);

struct service {
	pthread_mutex_t lock;
	pthread_mutex_t stats;
	pthread_t thread;
	int stop;
};
int service_start(struct service *s);
void service_wait(struct service *s);
extern pthread_mutex_t service_list;

int set_cancel_type(int type);
void signal_thread(pthread_t thread, int signal);
void take_signal(int signal);
