#ifndef OWN_H
#define OWN_H

struct own;
struct own_options {
	int timeout_ms;
};
typedef struct own own_token;

int own_open(const struct own_options *o, struct own **out, int flags);
void own_close(struct own *o);
struct own *own_find(own_token *t, unsigned timeout_ms);
int own_run(void (*task)(void *), void *data, double share);
#define own_shut(o) own_close(o)

#ifdef OWN_MORE
int own_more(own_token *t, ...);
#endif

#endif
