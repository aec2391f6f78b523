// flags: %uv_flags
/* Objects that count their own references, in callbacks that were given one. */
#include <stdlib.h>
#include <uv.h>

struct peer {
	int refs;
	int users;
	char *name;
};

static struct peer *peer_ref(struct peer *p)
{
	p->refs++;
	return p;
}

static void peer_unref(struct peer *p)
{
	if (--p->refs > 0)
		return;
	free(p->name);
	free(p);
}

/* Nothing is freed where this one comes to zero. */
static void peer_leave(struct peer *p)
{
	if (--p->users == 0)
		p->name = NULL;
}

int log_name(const char *name);

static void used_after_bad(uv_work_t *work, int status)
{
	struct peer *p = (void *)work;
	(void)status;
	peer_unref(p);
	log_name(p->name); // want: used after peer_unref
}

static void given_to_another_bad(uv_work_t *work, int status)
{
	struct peer *p = (void *)work;
	if (status != 0)
		log_name(p->name);
	peer_unref(p);
	if (status != 0)
		peer_leave(p); // want: it may be gone
}

static void used_before_ok(uv_work_t *work, int status)
{
	struct peer *p = (void *)work;
	log_name(status ? "failed" : p->name);
	peer_unref(p);
}

static void another_one_taken_ok(uv_work_t *work, int status)
{
	struct peer *p = peer_ref((void *)work);
	(void)status;
	peer_unref(p);
	log_name(p->name);
	peer_unref(p);
}

static void in_other_branch_ok(uv_work_t *work, int status)
{
	struct peer *p = (void *)work;
	if (status != 0)
		peer_unref(p);
	else
		log_name(p->name);
}

static void only_users_ok(uv_work_t *work, int status)
{
	struct peer *p = (void *)work;
	(void)status;
	peer_leave(p);
	log_name(p->name);
}

static void no_reference_ok(uv_work_t *work, int status)
{
	struct peer *p = (void *)work;
	(void)status;
	peer_unref(p);
	log_name(p->name);
}

__attribute__((annotate("cancelint:spawn(entry=arg1,data=arg0,runs=loop)"))) void later(void *data,
                                                                                         uv_after_work_cb cb);

void start_all(struct peer *p)
{
	later(peer_ref(p), used_after_bad);
	later(peer_ref(p), given_to_another_bad);
	later(peer_ref(p), used_before_ok);
	later(peer_ref(p), another_one_taken_ok);
	later(peer_ref(p), in_other_branch_ok);
	later(peer_ref(p), only_users_ok);
}

void start_without(struct peer *p)
{
	later(p, no_reference_ok);
}

/* ---- who made it shares it with work of a pool ---- */

struct shared {
	uv_work_t work;
	int refs;
	int n;
};

static void shared_put(struct shared *s)
{
	if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(s);
}

static void shared_run(void *arg)
{
	struct shared *s = arg;
	s->n++;
	shared_put(s);
}

int shared_used_late_bad(uv_thread_t *t)
{
	struct shared *s = calloc(1, sizeof *s);
	if (!s)
		return -1;
	s->refs = 2;
	if (uv_thread_create(t, shared_run, s) < 0) {
		free(s);
		return -1;
	}
	shared_put(s);
	return s->n; // want: used after shared_put
}

int shared_used_before_ok(uv_thread_t *t)
{
	struct shared *s = calloc(1, sizeof *s);
	if (!s)
		return -1;
	s->refs = 2;
	if (uv_thread_create(t, shared_run, s) < 0) {
		free(s);
		return -1;
	}
	int n = s->n;
	shared_put(s);
	return n;
}
