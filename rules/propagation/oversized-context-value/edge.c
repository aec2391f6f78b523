// flags: %glib_flags %hiredis_flags
// models: ctx
#include "ctx.h"
#include <glib.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char key;
struct profile {
	int id;
	char blob[5000];
};
struct user {
	int id;
	char name[32];
};
struct text {
	char *bytes;
	size_t len, cap;
};
struct request {
	struct profile *profile;
	struct user *user;
	const char *trace_id;
	redisContext *redis;
	GHashTable *headers;
};
static struct profile everybody;
static const struct profile nobody = {0};

/* ---- large ---- */

ctx *local_profile_bad(ctx *c)
{
	static struct profile p;
	return ctx_with_value(c, &key, &p); // want: bytes large
}

int on_the_stack_bad(ctx *c)
{
	struct profile p = {.id = 3};
	ctx *inner = ctx_with_value(c, &key, &p); // want: 5004 bytes
	return rpc_call(inner, "x", NULL, NULL);
}

ctx *global_bad(ctx *c)
{
	return ctx_with_value(c, &key, &everybody); // want: everybody
}

ctx *field_bad(ctx *c, struct request *r)
{
	return ctx_with_value(c, &key, r->profile); // want: profile
}

ctx *heap_bad(ctx *c)
{
	struct profile *p = calloc(1, sizeof *p);
	if (!p)
		return c;
	return ctx_with_value(c, &key, p); // want: bytes large
}

int scratch_bad(ctx *c)
{
	char page[4096] = "";
	ctx *inner = ctx_with_value(c, &key, page); // want: 4096 bytes
	return rpc_call(inner, "x", NULL, NULL);
}

ctx *part_bad(ctx *c, struct profile *p)
{
	return ctx_with_value(c, &key, p->blob); // want: 5000 bytes
}

ctx *small_part_ok(ctx *c, struct profile *p)
{
	return ctx_with_value(c, &key, &p->id);
}

ctx *constant_ok(ctx *c)
{
	return ctx_with_value(c, &key, (void *)&nobody);
}

ctx *behind_const_ok(ctx *c, const struct profile *p)
{
	return ctx_with_value(c, &key, (void *)p);
}

/* ---- small ---- */

ctx *id_ok(ctx *c, int id)
{
	return ctx_with_value(c, &key, GINT_TO_POINTER(id));
}

ctx *literal_ok(ctx *c)
{
	return ctx_with_value(c, &key, "GET");
}

ctx *trace_ok(ctx *c, struct request *r)
{
	return ctx_with_value(c, &key, (void *)r->trace_id);
}

ctx *user_ok(ctx *c, struct request *r)
{
	return ctx_with_value(c, &key, r->user);
}

ctx *text_ok(ctx *c, char *name)
{
	return ctx_with_value(c, &key, name);
}

ctx *nothing_ok(ctx *c)
{
	return ctx_with_value(c, &key, NULL);
}

/* ---- what changes ---- */

ctx *table_bad(ctx *c, struct request *r)
{
	return ctx_with_value(c, &key, r->headers); // want: headers
}

ctx *string_bad(ctx *c)
{
	GString *s = g_string_new("");
	return ctx_with_value(c, &key, s); // want: GString
}

ctx *client_bad(ctx *c, struct request *r)
{
	return ctx_with_value(c, &key, r->redis); // want: redisContext
}

ctx *reply_bad(ctx *c, redisReply *cached)
{
	return ctx_with_value(c, &key, cached); // want: cached
}

ctx *buffer_bad(ctx *c, struct text *t)
{
	return ctx_with_value(c, &key, t); // want: struct text
}

ctx *queue_bad(ctx *c, chan *q, void *first)
{
	chan_send(q, first);
	return ctx_with_value(c, &key, q); // want: changes
}

ctx *either_bad(ctx *c, struct request *r, bool all)
{
	void *what = all ? (void *)r->headers : (void *)r->user;
	return ctx_with_value(c, &key, what); // want: what
}

/* ---- heap memory ---- */

ctx *copied_text_bad(ctx *c, const char *name)
{
	return ctx_with_value(c, &key, strdup(name)); // want: nothing frees it
}

ctx *formatted_bad(ctx *c, int id)
{
	char *text = malloc(16);
	if (text)
		snprintf(text, 16, "%d", id);
	return ctx_with_value(c, &key, text); // want: text
}

int freed_later_ok(ctx *c, const char *name)
{
	char *copy = strdup(name);
	int rc = rpc_call(ctx_with_value(c, &key, copy), "x", NULL, NULL);
	free(copy);
	return rc;
}

ctx *kept_by_the_request_ok(ctx *c, struct request *r, const char *id)
{
	r->trace_id = strdup(id);
	return ctx_with_value(c, &key, (void *)r->trace_id);
}

ctx *kept_too_ok(ctx *c, struct request *r, const char *id)
{
	char *copy = strdup(id);
	r->trace_id = copy;
	return ctx_with_value(c, &key, copy);
}

/* ---- other ways to say it ---- */

typedef struct profile profile_t;
typedef struct profile *profile_ref;
typedef char page_t[4096];
struct session {
	struct profile profile;
	struct user user;
};

ctx *named_pointer_bad(ctx *c, profile_ref p)
{
	return ctx_with_value(c, &key, p); // want: bytes large
}

ctx *named_array_bad(ctx *c)
{
	static page_t page;
	return ctx_with_value(c, &key, page); // want: bytes large
}

ctx *nested_part_bad(ctx *c, struct session *s)
{
	return ctx_with_value(c, &key, &s->profile); // want: bytes large
}

ctx *nested_part_ok(ctx *c, struct session *s)
{
	return ctx_with_value(c, &key, &s->user);
}

/* The helper's own parameter says nothing; its callers know. */
static ctx *with_anything(ctx *c, void *value)
{
	return ctx_with_value(c, &key, value);
}

static ctx *with_more(ctx *c, void *value)
{
	return with_anything(c, value);
}

ctx *helper_bad(ctx *c, profile_t *p)
{
	return with_anything(c, p); // want: `p`, 5004 bytes large
}

ctx *two_helpers_bad(ctx *c, profile_t *p)
{
	return with_more(c, p); // want: `p`, 5004 bytes large
}

ctx *helper_ok(ctx *c, struct user *u)
{
	return with_more(c, u);
}

static ctx *with_profile_bad(ctx *c, profile_t *p)
{
	return ctx_with_value(c, &key, p); // want: bytes large
}

/* Told in the helper. */
ctx *helper_with_a_type_ok(ctx *c, profile_t *p)
{
	return with_profile_bad(c, p);
}

/* Pointers to arrays: the type says how much there is. */
ctx *rows_of_numbers_bad(ctx *c, int (*table)[1000])
{
	return ctx_with_value(c, "t", table); // want: 4000 bytes
}

ctx *few_numbers_ok(ctx *c, int (*table)[4])
{
	return ctx_with_value(c, "t", table);
}

ctx *constant_numbers_ok(ctx *c, const int (*table)[1000])
{
	return ctx_with_value(c, "t", (void *)table);
}
