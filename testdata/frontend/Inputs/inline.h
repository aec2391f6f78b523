#ifndef INLINE_H
#define INLINE_H
typedef struct node {
	struct node *next;
	int stop;
} node;

void node_free(node *n);

static inline int node_stopped(const node *n)
{
	return n->stop;
}

static inline node *node_take(node **at)
{
	node *n = *at;
	*at = 0;
	return n;
}

/* Calls itself: stays a call. */
static inline int node_count(const node *n)
{
	return n ? 1 + node_count(n->next) : 0;
}

static inline void node_done(node **n)
{
	if (*n)
		node_free(*n);
}

/* Each level doubles: not all of this may be merged into its callers. */
static inline int d0(int n) { return n + 1; }
static inline int d1(int n) { return d0(n) + d0(n); }
static inline int d2(int n) { return d1(n) + d1(n); }
static inline int d3(int n) { return d2(n) + d2(n); }
static inline int d4(int n) { return d3(n) + d3(n); }
static inline int d5(int n) { return d4(n) + d4(n); }
static inline int d6(int n) { return d5(n) + d5(n); }
static inline int d7(int n) { return d6(n) + d6(n); }
static inline int d8(int n) { return d7(n) + d7(n); }
static inline int d9(int n) { return d8(n) + d8(n); }
#endif
