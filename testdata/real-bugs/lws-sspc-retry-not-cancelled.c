/* The timer in a stream is cancelled early in its end; telling the user may arm it again before the memory
 * goes. */
#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct late {
	struct late *next;
	uint64_t due;
	void (*fn)(struct late *);
} late_t;

struct loop;

__attribute__((annotate("cancelint:create(handle=arg1,family=late-timer,when=always)"),
               annotate("cancelint:spawn(entry=arg2,data=arg1,runs=loop)"))) void
late_schedule(struct loop *loop, late_t *late, void (*fn)(late_t *), uint64_t us);
__attribute__((annotate("cancelint:release(handle=arg0,family=late-timer,idempotent)"))) void
late_cancel(late_t *late);

enum state { CREATING, DISCONNECTED, DESTROYING };

struct stream {
	late_t retry;
	struct loop *loop;
	int (*on_state)(void *user, enum state state);
	void *user;
	void *backlog;
	int destroying;
	int dangling;
};

static void try_again(late_t *late)
{
	struct stream *s = (struct stream *)((char *)late - offsetof(struct stream, retry));
	if (s->on_state(s->user, CREATING))
		late_schedule(s->loop, &s->retry, try_again, 1000000);
}

static int tell(struct stream *s, enum state state)
{
	int r = s->on_state(s->user, state);
	if (r > 0)
		late_schedule(s->loop, &s->retry, try_again, 1000);
	return r;
}

void stream_connect(struct stream *s)
{
	tell(s, CREATING);
}

void stream_destroy_bad(struct stream **ps) // want field-never-cancelled: retry
{
	struct stream *s = *ps;
	if (!s || s->destroying)
		return;
	s->destroying = 1;
	if (s->dangling) {
		tell(s, DISCONNECTED);
		s->dangling = 0;
	}
	late_cancel(&s->retry);
	free(s->backlog);
	tell(s, DESTROYING);
	*ps = NULL;
	free(s);
}

void stream_destroy_ok(struct stream **ps)
{
	struct stream *s = *ps;
	if (!s || s->destroying)
		return;
	s->destroying = 1;
	if (s->dangling) {
		tell(s, DISCONNECTED);
		s->dangling = 0;
	}
	late_cancel(&s->retry);
	free(s->backlog);
	tell(s, DESTROYING);
	*ps = NULL;
	late_cancel(&s->retry);
	free(s);
}
