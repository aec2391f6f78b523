/* copied-cancel-state: the dull cases. `want` stands at the copy. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stop {
	atomic_bool requested;
	int reason;
};

struct job {
	volatile sig_atomic_t stop;
	int n;
	char name[40];
};

struct guarded {
	pthread_mutex_t lock;
	int count;
};

struct counter {
	atomic_int left;
};

struct plain {
	int x, y;
	char text[32];
};

/* ---- given by value ---- */

static void wait_by_value(struct stop s)
{
	while (!s.requested)
		usleep(10);
}

static void wait_by_pointer(struct stop *s)
{
	while (!s->requested)
		usleep(10);
}

void argument_bad(struct stop *s)
{
	wait_by_value(*s); // want: `stop` is copied with its `requested`
}

void argument_ok(struct stop *s)
{
	wait_by_pointer(s);
}

static void work(struct job job, struct counter left)
{
	while (!job.stop)
		job.n++;
	atomic_fetch_sub(&left.left, 1);
}

void two_arguments_bad(struct job *job, struct counter *left)
{
	work(*job, *left); // want: `job` is copied with its `stop` ; copied-cancel-state: `counter` is copied with its `left`
}

static void count_down(struct counter left)
{
	atomic_fetch_sub(&left.left, 1);
}

void counter_bad(struct counter *left)
{
	count_down(*left); // want: `counter` is copied with its `left`
}

static int sum(struct plain p)
{
	return p.x + p.y;
}

/* What the caller has is handed over as it stands. */
int handed_bad(struct job job)
{
	work(job, (struct counter){0}); // want: work gets `job` by value with its `stop`
	return job.n;
}

int plain_ok(struct plain *p)
{
	return sum(*p);
}

/* ---- returned, assigned ---- */

struct job returned_bad(struct job *job)
{
	return *job; // want: `job` is copied with its `stop`
}

void count(struct guarded *g)
{
	pthread_mutex_lock(&g->lock);
	g->count++;
	pthread_mutex_unlock(&g->lock);
}

void assigned_bad(struct guarded *a, struct guarded *b)
{
	*a = *b; // want: `guarded` is copied with its `lock`
}

int local_bad(struct job *job)
{
	struct job mine = *job; // want: `job` is copied with its `stop`
	while (!mine.stop)
		mine.n++;
	return mine.n;
}

int local_ok(struct job *job)
{
	struct job *mine = job;
	while (!mine->stop)
		mine->n++;
	return mine->n;
}

/* Before it is shared. */
static const struct job template = {0, 1, "new"};

void from_template_ok(struct job *job)
{
	*job = template;
}

void from_literal_ok(struct job *job, int n)
{
	*job = (struct job){.n = n};
}

struct job made_here_ok(int n)
{
	struct job job = {.n = n};
	return job;
}

void cleared_ok(struct guarded *g)
{
	*g = (struct guarded){.lock = PTHREAD_MUTEX_INITIALIZER};
}

/* ---- a flag that is read once ---- */

struct server {
	bool stop;
	bool verbose;
	atomic_bool quit;
	int served;
};

void server_stop(struct server *s)
{
	s->stop = true;
	s->verbose = true;
	s->quit = true;
}

void flag_bad(struct server *s)
{
	bool stop = s->stop; // want: `stop` is read once, and the loop looks at the copy
	while (!stop)
		s->served++;
}

void atomic_flag_bad(struct server *s)
{
	bool end = s->quit; // want: `quit` is read once
	for (;;) {
		if (end)
			break;
		s->served++;
	}
}

void one_of_several_bad(struct server *s, int limit)
{
	bool stop = s->stop; // want: `stop` is read once
	while (!stop && s->served < limit)
		s->served++;
}

void one_of_several_ok(struct server *s, int limit)
{
	while (!s->stop && s->served < limit)
		s->served++;
}

/* How the work is done does not change in the loop. */
void setting_of_several_ok(struct server *s, int limit)
{
	bool verbose = s->verbose;
	while (verbose && s->served < limit)
		s->served++;
}

void flag_ok(struct server *s)
{
	while (!s->stop)
		s->served++;
}

void reread_ok(struct server *s)
{
	bool stop = s->stop;
	while (!stop) {
		s->served++;
		stop = s->stop;
	}
}

/* Says how, not when to end. */
void setting_ok(struct server *s)
{
	bool verbose = s->verbose;
	do {
		s->served++;
	} while (verbose && s->served < 10);
}

/* A pattern that nobody writes to has no other state than the one it begins with. */
static struct job pattern = {.n = 3};

int from_pattern_ok(struct job *to)
{
	*to = pattern;
	return to->n;
}

static struct job current;

void on_signal(int sig)
{
	current.stop = sig;
}

int from_current_bad(void)
{
	struct job mine = current; // want: job
	return mine.stop ? -1 : mine.n;
}

/* ---- what is no copy of state ---- */

struct list {
	struct job **jobs;
	size_t n;
};

void pointers_moved_ok(struct list *l, size_t i)
{
	memmove(&l->jobs[i], &l->jobs[i + 1], (l->n - i - 1) * sizeof *l->jobs);
	l->n--;
	while (!l->jobs[0]->stop)
		usleep(10);
}

int pointers_copied_ok(struct job **into, const struct list *l)
{
	memcpy(into, l->jobs, l->n * sizeof *into);
	return into[0]->stop;
}

/* ---- more copies ---- */

struct held {
	struct counter *left;
};

void through_pointer_bad(struct held *h)
{
	count_down(*h->left); // want: `counter` is copied with its `left`
}

static struct stop stops[4];

void ask_all(void)
{
	for (int i = 0; i < 4; i++)
		stops[i].requested = true;
}

void only_copies_asked_bad(void)
{
	for (int i = 0; i < 4; i++) {
		struct stop one = stops[i]; // want: `stop` is copied with its `requested`
		one.requested = true;
	}
}

static void turn_until(bool stop)
{
	while (!stop)
		usleep(10);
}

void flag_given_bad(struct server *s)
{
	turn_until(s->stop); // want: `stop` is read once
}

static int first_of(const int *all, int n, bool stop_at_first)
{
	int found = 0;
	for (int i = 0; i < n; i++)
		if (all[i]) {
			found++;
			if (stop_at_first)
				break;
		}
	return found;
}

struct options {
	bool stop_at_first;
};

void parse(struct options *o)
{
	o->stop_at_first = true;
}

int option_given_ok(struct options *o, const int *all, int n)
{
	return first_of(all, n, o->stop_at_first);
}

int option_read_ok(struct options *o, const int *all, int n)
{
	bool stop = o->stop_at_first;
	for (int i = 0; i < n; i++)
		if (all[i] && stop)
			return i;
	return n;
}

void constant_given_ok(void)
{
	turn_until(true);
}

/* ---- parts of objects ---- */

struct part_ctl {
	pthread_mutex_t lock;
	atomic_bool stop;
	int id;
};
struct part_job {
	int fd;
	struct part_ctl ctl;
};
struct part_arg {
	struct part_ctl ctl;
	int n;
};

void part_to_part_bad(struct part_arg *a, struct part_job *j)
{
	a->ctl = j->ctl; // want: `part_ctl` is copied with its
	a->n = j->fd;
}

/* What is of the original's own is made anew. */
void dup_ok(struct part_job *to, const struct part_job *from)
{
	*to = *from;
	pthread_mutex_init(&to->ctl.lock, NULL);
	atomic_init(&to->ctl.stop, false);
}

void dup_first_ok(struct part_arg *to, const struct part_arg *from)
{
	*to = *from;
	pthread_mutex_init(&to->ctl.lock, NULL);
}

void dup_named_bad(struct part_arg *to, const struct part_arg *from)
{
	*to = *from; // want: `part_arg` is copied with its
	to->n = 0;
}

/* ---- the address of a flag ---- */

void given_address_bad(atomic_bool *stop, int fd)
{
	bool s = atomic_load(stop); // want: `stop` is read once
	char c;
	while (!s)
		if (read(fd, &c, 1) < 0)
			break;
}

void given_volatile_bad(volatile bool *quit, int fd)
{
	bool q = *quit; // want: `quit` is read once
	char c;
	while (!q)
		if (read(fd, &c, 1) < 0)
			break;
}

void given_address_ok(atomic_bool *stop, int fd)
{
	bool s = atomic_load(stop);
	char c;
	while (!s) {
		if (read(fd, &c, 1) < 0)
			break;
		s = atomic_load(stop);
	}
}

void given_setting_ok(const bool *once, int fd)
{
	bool o = *once;
	char c;
	while (!o)
		if (read(fd, &c, 1) < 0)
			break;
}
