/*
 * cancelint.h - tell cancelint what the functions of your own headers do with tokens and handles.
 *
 * The macros stand in front of a declaration, or in front of a parameter in it. Under clang, and so under cancelint, they
 * are `annotate` attributes; elsewhere they are nothing. They generate no code. The first one on a function replaces what
 * a model file says of it; several add up. The definition of a function need not repeat them.
 *
 *     CANCELINT_CREATES(*arg1, session)
 *     int session_open(const char *name, struct session **out);
 *
 *     CANCELINT_RELEASES(arg0, session)
 *     void session_close(struct session *s);
 *
 * Paths name what a role is about: `return`, `argN` (counted from 0), `*argN` (what the pointer points to), `argN[K]`,
 * `argN->field`, `*argN->field`, `*return`, `return->field`. The object of a C++ member function is arg0.
 * Further keys follow a role as `key=value`; docs/formats/models.md lists them with the roles. Naming a family declares it.
 */
#ifndef CANCELINT_H
#define CANCELINT_H

#if defined(__clang__) && defined(__has_attribute)
#if __has_attribute(annotate)
#define CANCELINT_ANNOTATION(text) __attribute__((annotate("cancelint:" text)))
#endif
#endif
#ifndef CANCELINT_ANNOTATION
#define CANCELINT_ANNOTATION(text)
#endif

/* Any role of docs/formats/models.md, with its keys.
 *     CANCELINT_ROLE(disconnect, from=arg0, id=arg1)
 *     void bus_unsubscribe(struct bus *b, unsigned id); */
#define CANCELINT_ROLE(role, ...) CANCELINT_ANNOTATION(#role "(" #__VA_ARGS__ ")")

/* ---- handles: what is owed ---- */

/* Makes something that owes one release of its family. It succeeded when a function that returns the handle returns
 * non-NULL, and when another one returns 0.
 *     CANCELINT_CREATES(return, rows)
 *     struct rows *db_query(struct db *db, const char *sql); */
#define CANCELINT_CREATES(handle, family) CANCELINT_ANNOTATION("create(handle=" #handle ",family=" #family ")")

/* The same where success looks different: always, null, nonnull, zero, nonzero, negative, nonnegative, positive, minus-one.
 *     CANCELINT_CREATES_WHEN(*arg1, job, positive)
 *     int job_submit(struct pool *p, struct job **out); */
#define CANCELINT_CREATES_WHEN(handle, family, when)                                                                      \
	CANCELINT_ANNOTATION("create(handle=" #handle ",family=" #family ",when=" #when ")")

/* Ends what was owed; with NULL it does nothing.
 *     CANCELINT_RELEASES(arg0, rows)
 *     void rows_close(struct rows *r); */
#define CANCELINT_RELEASES(handle, family) CANCELINT_ANNOTATION("release(handle=" #handle ",family=" #family ",null-ok)")

/* The same where NULL must not be passed.
 *     CANCELINT_RELEASES_NONNULL(arg0, job)
 *     void job_free(struct job *j); */
#define CANCELINT_RELEASES_NONNULL(handle, family) CANCELINT_ANNOTATION("release(handle=" #handle ",family=" #family ")")

/* One more release is owed from now on.
 *     CANCELINT_REFS(arg0, session)
 *     struct session *session_ref(struct session *s); */
#define CANCELINT_REFS(handle, family) CANCELINT_ANNOTATION("ref(handle=" #handle ",family=" #family ")")

/* The obligation goes over to the callee.
 *     CANCELINT_TAKES(arg1)
 *     void queue_give(struct queue *q, struct job *j); */
#define CANCELINT_TAKES(handle) CANCELINT_ANNOTATION("take(handle=" #handle ")")

/* ---- tokens: what says that the work is no longer wanted ---- */

/* The argument is a token: the call ends early once it is done. NULL means a call that nothing can cancel.
 *     CANCELINT_TOKEN(arg0)
 *     int rpc_call(struct ctx *c, const char *method, void *reply); */
#define CANCELINT_TOKEN(token) CANCELINT_ANNOTATION("token(token=" #token ",null-is=uncancellable)")

/* The same for one parameter, in its place, where NULL is not allowed.
 *     int kv_get(CANCELINT_TOKEN_PARAM struct ctx *c, const char *key, char *value); */
#define CANCELINT_TOKEN_PARAM CANCELINT_ANNOTATION("token(null-is=forbidden)")

/* Returns nonzero once the token is done.
 *     CANCELINT_POLLS(arg0)
 *     bool ctx_is_done(struct ctx *c); */
#define CANCELINT_POLLS(token) CANCELINT_ANNOTATION("poll(token=" #token ")")

/* Returns a file descriptor that becomes readable when the token is done.
 *     CANCELINT_DONE_FD(arg0)
 *     int ctx_done_fd(struct ctx *c); */
#define CANCELINT_DONE_FD(token) CANCELINT_ANNOTATION("done-fd(token=" #token ")")

/* Makes the token done.
 *     CANCELINT_CANCELS(arg0)
 *     void ctx_cancel(struct ctx *c); */
#define CANCELINT_CANCELS(token) CANCELINT_ANNOTATION("cancel(token=" #token ",null-ok)")

/* Returns a token that is done when its parent is.
 *     CANCELINT_DERIVES(arg0)
 *     struct ctx *ctx_child(struct ctx *parent); */
#define CANCELINT_DERIVES(from) CANCELINT_ANNOTATION("derive(from=" #from ")")

/* Returns a token that is never done.
 *     CANCELINT_BACKGROUND
 *     struct ctx *ctx_background(void); */
#define CANCELINT_BACKGROUND CANCELINT_ANNOTATION("background")

/* ---- waiting and running ---- */

/* May block; the keys say what ends it: token, timeout and infinite, waits, unless=(arg=N,has=BITS), bounded.
 *     CANCELINT_BLOCKS(token=arg0, timeout=arg2, infinite=negative, waits=network)
 *     int link_read(struct ctx *c, struct link *l, int timeout_ms); */
#define CANCELINT_BLOCKS(...) CANCELINT_ANNOTATION("block(" #__VA_ARGS__ ")")

/* Runs `entry` with `data`, on a thread, pool, loop, handler, signal or inline.
 *     CANCELINT_SPAWNS(arg1, arg2, pool)
 *     int pool_run(struct pool *p, void (*task)(void *), void *data); */
#define CANCELINT_SPAWNS(entry, data, runs) CANCELINT_ANNOTATION("spawn(entry=" #entry ",data=" #data ",runs=" #runs ")")

/* Is clean-up: it runs to its end although the token is done.
 *     CANCELINT_CLEANUP
 *     void session_shutdown(struct session *s); */
#define CANCELINT_CLEANUP CANCELINT_ANNOTATION("cleanup")

#endif
