/* cancel-under-lock: what is run with the last reference is not run while somebody holds the object's lock. */
#include <pthread.h>
#include <stdlib.h>

struct counted {
	int count;
	void (*end)(struct counted *c);
};

struct mount {
	struct counted ref; /* first */
	pthread_mutex_t lock;
	int viewers;
};

static void mount_end(struct counted *c)
{
	struct mount *m = (struct mount *)c;
	pthread_mutex_lock(&m->lock);
	m->viewers = 0;
	pthread_mutex_unlock(&m->lock);
	free(m);
}

void mount_init(struct mount *m)
{
	m->ref.count = 1;
	m->ref.end = mount_end;
}

void leaves_ok(struct mount *m)
{
	pthread_mutex_lock(&m->lock);
	m->viewers--;
	if (__atomic_sub_fetch(&m->ref.count, 1, __ATOMIC_SEQ_CST) == 0)
		m->ref.end(&m->ref);
	pthread_mutex_unlock(&m->lock);
}

struct watched {
	pthread_mutex_t lock;
	void (*changed)(struct watched *w);
	int value;
};

static void on_changed(struct watched *w)
{
	pthread_mutex_lock(&w->lock);
	w->value++;
	pthread_mutex_unlock(&w->lock);
}

void watched_init(struct watched *w)
{
	w->changed = on_changed;
}

void changes_bad(struct watched *w)
{
	pthread_mutex_lock(&w->lock);
	w->changed(w); // want: a callback is called with
	pthread_mutex_unlock(&w->lock);
}
