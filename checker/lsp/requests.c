#include "server.h"

static void waiting_release(struct waiting *w)
{
	json_decref(w->id);
	json_decref(w->params);
	mem_release(w->uri);
}

static struct waiting take_out(struct lsp *l, uint32_t at)
{
	struct waiting w = l->waiting.data[at];
	l->waiting.len--;
	for (uint32_t i = at; i < l->waiting.len; i++)
		l->waiting.data[i] = l->waiting.data[i + 1];
	return w;
}

void wait_for(struct lsp *l, const json_t *id, const json_t *params, struct doc *d,
              void (*answer)(struct lsp *l, struct doc *d, const json_t *id, const json_t *params),
              bool demands)
{
	if (d->state == DOC_DONE) {
		answer(l, d, id, params);
		return;
	}
	struct waiting w = {.id = json_deep_copy(id),
	                    .params = json_deep_copy(params),
	                    .uri = mem_strdup(d->uri),
	                    .answer = answer,
	                    .demands = demands};
	vec_push(&l->waiting, w);
}

static bool is_for(struct lsp *l, const struct waiting *w, const struct doc *d)
{
	return !d || doc_named(l, w->uri) == d;
}

void waiting_settle(struct lsp *l, struct doc *d)
{
	for (uint32_t i = 0; i < l->waiting.len;) {
		if (!is_for(l, &l->waiting.data[i], d)) {
			i++;
			continue;
		}
		struct waiting w = take_out(l, i);
		w.answer(l, d, w.id, w.params);
		waiting_release(&w);
	}
}

void waiting_fail(struct lsp *l, struct doc *d, int code, const char *why)
{
	for (uint32_t i = 0; i < l->waiting.len;) {
		if (!is_for(l, &l->waiting.data[i], d)) {
			i++;
			continue;
		}
		struct waiting w = take_out(l, i);
		rpc_error(l, w.id, code, why);
		waiting_release(&w);
	}
}

static bool is_demanded(struct lsp *l, const struct doc *d)
{
	for (uint32_t i = 0; i < l->waiting.len; i++)
		if (l->waiting.data[i].demands && is_for(l, &l->waiting.data[i], d))
			return true;
	return false;
}

/* What was asked of the worker for this request alone is not wanted any more. */
void on_cancel(struct lsp *l, const json_t *id, const json_t *params)
{
	const json_t *which = json_object_get(params, "id");
	for (uint32_t i = 0; i < l->waiting.len; i++) {
		if (!json_equal(l->waiting.data[i].id, which))
			continue;
		struct waiting w = take_out(l, i);
		struct doc *d = doc_named(l, w.uri);
		rpc_error(l, w.id, RPC_CANCELLED, "the request was cancelled");
		if (d && d->on_demand && w.demands && !is_demanded(l, d))
			jobs_cancel(l, d);
		waiting_release(&w);
		return;
	}
}
