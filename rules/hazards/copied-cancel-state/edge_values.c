/* copied-cancel-state: volatile numbers that are limits and the like, and those that are flags or counters. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct limits {
	volatile unsigned long rate;
	volatile int quota;
};
struct realm {
	char name[32];
	struct limits limits;
};

static struct realm standard;

void set_quota(struct realm *r, int quota)
{
	r->limits.quota = quota;
}

/* A limit that can be changed is copied for those who look at it later. */
void get_realm_ok(struct realm *to)
{
	memcpy(to, &standard, sizeof *to);
	struct limits none = {0, 1};
	if (to->limits.quota > 10)
		to->limits = none;
}

unsigned long rate_ok(const struct realm *r)
{
	struct limits l = r->limits;
	return l.quota > 0 ? l.rate : 0;
}

struct job {
	volatile int phase;
	int id;
	char name[32];
};

void job_end(struct job *j)
{
	j->phase = 1;
}

int phase_bad(struct job *j)
{
	struct job copy = *j; // want: `job` is copied with its `phase`
	return copy.phase;
}

struct count {
	volatile int left;
	int id;
	char name[32];
};

void count_down(struct count *c)
{
	c->left--;
}

int left_bad(struct count *c)
{
	struct count copy = *c; // want: `count` is copied with its `left`
	return copy.left;
}

struct named {
	volatile int stop;
	int id;
	char name[32];
};

int named_bad(struct named *n)
{
	struct named copy = *n; // want: `named` is copied with its `stop`
	return copy.stop;
}

struct waited {
	volatile int level;
	int id;
	char name[32];
};

int waited_bad(struct waited *w)
{
	struct waited copy = *w; // want: `waited` is copied with its `level`
	while (copy.level < 3)
		usleep(10);
	return copy.id;
}
