// models: ctx
/* broken-propagation: the dull cases. `want` stands at the call of the function that takes no token. */
#include "ctx.h"

static int fetch(const char *key)
{
	return rpc_call(ctx_background(), key, NULL, NULL);
}

static int load(const char *key)
{
	return fetch(key) + 1;
}

int one_level_bad(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return fetch(key); // want: `c` does not reach what may wait: one_level_bad -> fetch: rpc_call(ctx_background())
}

int two_levels_bad(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return load(key); // want: two_levels_bad -> load -> fetch: rpc_call(ctx_background())
}

/* Functions that call each other. */
static int odd(int n, const char *key);
static int even(int n, const char *key)
{
	return n ? odd(n - 1, key) : rpc_call(ctx_background(), key, NULL, NULL);
}
static int odd(int n, const char *key)
{
	return n ? even(n - 1, key) : 1;
}

int recursive_bad(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return even(4, key); // want: recursive_bad -> even: rpc_call(ctx_background())
}

int recursive_from_the_other_end_bad(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return odd(4, key); // want: odd -> even: rpc_call(ctx_background())
}

/* The callee has a token of its own. */
struct client {
	ctx *c;
};

static int client_load(struct client *client, const char *key)
{
	return rpc_call(client->c, key, NULL, NULL);
}

int carrier_ok(ctx *c, struct client *client, const char *key)
{
	return ctx_is_done(c) ? -1 : client_load(client, key);
}

/* A callee with a token is judged there. */
static int takes_one(ctx *c, const char *key)
{
	return rpc_call(c, key, NULL, NULL);
}

int takes_one_ok(ctx *c, const char *key)
{
	return takes_one(c, key);
}

/* After the end. */
int after_the_end_ok(ctx *c, const char *key)
{
	int rc = rpc_call(c, key, NULL, NULL);
	if (rc == CTX_ECANCELED)
		fetch("abort");
	return rc;
}

/* Clean-up, whatever it does. */
static void session_close(const char *key)
{
	rpc_call(ctx_background(), key, NULL, NULL);
}

int cleanup_ok(ctx *c, const char *key)
{
	int rc = rpc_call(c, key, NULL, NULL);
	session_close(key);
	return rc;
}

/* No token at hand. */
int no_token_ok(const char *key)
{
	return load(key);
}

/* Waits for a moment only. */
static void nap(void)
{
	ctx_sleep(ctx_background(), 10);
}

int bounded_ok(ctx *c)
{
	nap();
	return ctx_is_done(c);
}

/* A submit function runs what it is given on a root. */
static int work(ctx *c, void *arg)
{
	return rpc_call(c, arg, NULL, NULL);
}

static int submit(ctx_task task, void *arg)
{
	return ctx_go(ctx_background(), task, arg);
}

static int submit_on(ctx *c, ctx_task task, void *arg)
{
	return ctx_go(c, task, arg);
}

int submits_bad(ctx *c, char *key)
{
	if (ctx_is_done(c))
		return -1;
	return submit(work, key); // want: submit: ctx_go(ctx_background())
}

int submits_ok(ctx *c, char *key)
{
	if (ctx_is_done(c))
		return -1;
	return submit_on(c, work, key);
}

/* ---- several ways to one call ---- */

static int ask_registry(const char *key)
{
	return rpc_call(ctx_background(), key, NULL, NULL);
}

static int ask_index(const char *key)
{
	return ask_registry(key);
}

static int ask_store(const char *key)
{
	return ask_index(key);
}

int near_handler(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	return ask_index(key); // want: near_handler -> ask_index -> ask_registry
}

/* Told with low confidence, for the nearer one says it. */
int far_handler(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	return ask_store(key); // want: far_handler -> ask_store -> ask_index -> ask_registry
}
