/* cancel-under-lock: callbacks that a function of the program's own registers, whatever it is given. */
#include <pthread.h>
#include <stdlib.h>

struct token;
struct link {
	void (*fn)(void *data);
	void *data;
	struct link *next;
};
struct entry {
	void (*fn)(void *data);
	void *data;
};
struct token {
	pthread_mutex_t lock;
	struct link *links;
	struct entry entries[8];
	int n, done;
};
struct request {
	struct token *token;
	int ended;
};

int token_connect(struct token *t, void (*fn)(void *), void *data)
{
	struct link *l = malloc(sizeof *l);
	if (!l)
		return -1;
	l->fn = fn;
	l->data = data;
	pthread_mutex_lock(&t->lock);
	l->next = t->links;
	t->links = l;
	pthread_mutex_unlock(&t->lock);
	return 0;
}

void token_add(struct token *t, void (*fn)(void *), void *data)
{
	pthread_mutex_lock(&t->lock);
	if (t->n < 8)
		t->entries[t->n++] = (struct entry){fn, data};
	pthread_mutex_unlock(&t->lock);
}

static void request_cancelled(void *data)
{
	struct request *r = data;
	pthread_mutex_lock(&r->token->lock);
	r->ended = 1;
	pthread_mutex_unlock(&r->token->lock);
}

int request_watch(struct request *r)
{
	token_add(r->token, request_cancelled, r);
	return token_connect(r->token, request_cancelled, r);
}

void token_cancel_bad(struct token *t)
{
	pthread_mutex_lock(&t->lock);
	t->done = 1;
	for (struct link *l = t->links; l; l = l->next)
		l->fn(l->data); // want: the callback request_cancelled takes it
	pthread_mutex_unlock(&t->lock);
}

void token_cancel_entries_bad(struct token *t)
{
	pthread_mutex_lock(&t->lock);
	t->done = 1;
	for (int i = 0; i < t->n; i++)
		t->entries[i].fn(t->entries[i].data); // want: the callback request_cancelled takes it
	pthread_mutex_unlock(&t->lock);
}

void token_cancel_ok(struct token *t)
{
	struct entry entries[8];
	pthread_mutex_lock(&t->lock);
	t->done = 1;
	int n = t->n;
	for (int i = 0; i < n; i++)
		entries[i] = t->entries[i];
	pthread_mutex_unlock(&t->lock);
	for (int i = 0; i < n; i++)
		entries[i].fn(entries[i].data);
}

/* The callback gets the token itself. */
static void token_seen(void *data)
{
	struct token *t = data;
	pthread_mutex_lock(&t->lock);
	t->n = 0;
	pthread_mutex_unlock(&t->lock);
}

struct single {
	pthread_mutex_t lock;
	void (*fn)(void *data);
	void *data;
};

void single_set(struct single *s, void (*fn)(void *), void *data)
{
	pthread_mutex_lock(&s->lock);
	s->fn = fn;
	s->data = data;
	pthread_mutex_unlock(&s->lock);
}

static void single_ended(void *data)
{
	struct single *s = data;
	pthread_mutex_lock(&s->lock);
	s->fn = NULL;
	pthread_mutex_unlock(&s->lock);
}

void single_watch(struct single *s)
{
	single_set(s, single_ended, s);
}

void single_cancel_bad(struct single *s)
{
	pthread_mutex_lock(&s->lock);
	if (s->fn)
		s->fn(s->data); // want: the callback single_ended takes it
	pthread_mutex_unlock(&s->lock);
}

void (*seen)(void *) = token_seen;
