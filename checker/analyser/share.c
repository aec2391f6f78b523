#include "analyse.h"

#include "frontend.h"
#include "mem.h"
#include "worker.h"

#include <string.h>

/* ---- what a unit could share ---- */

static json_t *texts(const char *const *list, uint32_t n)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(out, worker_text(list[i]));
	return out;
}

void analyse_wish(json_t *reply, const struct shared_wish *wish)
{
	json_object_set_new(reply, "headers", texts(wish->headers, wish->nheaders));
	json_object_set_new(reply, "unfit", texts(wish->unfit, wish->nunfit));
	json_object_set_new(reply, "bytes", json_integer((json_int_t)wish->bytes));
	json_object_set_new(reply, "macros", texts(wish->macros, wish->nmacros));
}

/* ---- using it ---- */

static struct shared_known *find(struct analysis *a, const char *path)
{
	for (uint32_t i = 0; i < a->nshared; i++)
		if (strcmp(a->shared[i].path, path) == 0)
			return &a->shared[i];
	a->shared = mem_resize(a->shared, (a->nshared + 1) * sizeof *a->shared);
	a->shared[a->nshared] = (struct shared_known){mem_strdup(path), shared_read(path)};
	return &a->shared[a->nshared++];
}

const struct shared *analyse_shared(struct analysis *a, const json_t *request)
{
	const char *path = json_string_value(json_object_get(request, "shared"));
	return path ? find(a, path)->table : NULL;
}

void analyse_release(struct analysis *a)
{
	for (uint32_t i = 0; i < a->nshared; i++) {
		shared_free(a->shared[i].table);
		mem_release(a->shared[i].path);
	}
	mem_release(a->shared);
	a->nshared = 0;
}

/* ---- making it ---- */

static void describe(struct analysis *a, const char *path, json_t *reply)
{
	const struct shared *table = find(a, path)->table;
	uint32_t nfound = 0, nabsent = 0;
	const char *const *found = table ? shared_looked(table, true, &nfound) : NULL,
	                  *const *absent = table ? shared_looked(table, false, &nabsent) : NULL;
	json_object_set_new(reply, "found", analyse_lines(found, nfound));
	json_object_set_new(reply, "absent", analyse_lines(absent, nabsent));
	json_object_set_new(reply, "ok", json_true());
}

void analyse_share(struct analysis *a, const json_t *request, json_t *reply)
{
	const char *path = json_string_value(json_object_get(request, "path"));
	struct frontend_job job = analyse_job(a, request);
	struct shared_wish wish = {0};
	char *why = NULL;
	wish.headers = analyse_strings(json_object_get(request, "headers"), &wish.nheaders);
	wish.nsure = (uint32_t)json_integer_value(json_object_get(request, "sure"));
	wish.macros = analyse_strings(json_object_get(request, "macros"), &wish.nmacros);
	if (path && frontend_share(&job, &wish, path, &why))
		describe(a, path, reply);
	else
		analyse_fail(reply, why ? why : "no path");
	json_object_set_new(reply, "unfit", texts(wish.unfit, wish.nunfit));
	mem_release(why);
	mem_release((void *)wish.unfit);
	mem_release((void *)wish.headers);
	mem_release((void *)wish.macros);
	analyse_job_release(&job);
}
