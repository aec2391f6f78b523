#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct lamp { /* filled in open.c, ended in close.c */
	int wire, sensor;
	int level;
};
struct lamp *lamp_open(const char *path);
void lamp_close(struct lamp *l);

struct bell_tower; /* only close.c knows what it is */
struct bell_tower *tower_build(void);
void tower_fall(struct bell_tower *t);

struct crew {
	pthread_mutex_t lock;
	pthread_t hand;
	bool over;
	long turns;
};
int crew_begin(struct crew *c);
void crew_end_bad(struct crew *c);
void crew_end_ok(struct crew *c);

static inline int both_ok(int a, int b)
{
	return a >= 0 && b >= 0;
}
