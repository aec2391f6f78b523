#include "server.h"

#include "worker.h"

#include <string.h>

const char *const command_names[] = {COMMAND_EXPLAIN, COMMAND_CHECK, NULL};

/* In a window of its own where the client has such a thing, else as a message. */
static void explain(struct lsp *l, const json_t *id, const char *rule)
{
	const char *text = page_text(rule);
	char *uri = page_uri(l, rule);
	if (!text) {
		rpc_error(l, id, RPC_PARAMS, "the first argument is no rule; 'cancelint rules' lists them");
	} else if (uri && l->client.show_document) {
		rpc_call(
		        l, "window/showDocument", "cancelint/page",
		        json_pack("{s:o, s:b, s:b}", "uri", worker_text(uri), "external", 0, "takeFocus", 1));
		rpc_result(l, id, NULL);
	} else {
		rpc_show(l, 3, text);
		rpc_result(l, id, NULL);
	}
	mem_release(uri);
}

static void say_found(struct lsp *l, struct doc *d, const json_t *id, const json_t *params)
{
	if (d->failure)
		rpc_error(l, id, RPC_FAILED, d->failure);
	else
		rpc_result(l, id,
		           json_pack("{s:I}", "findings", (json_int_t)(d->view ? d->view->nshown : 0)));
}

static void check(struct lsp *l, const json_t *id, const json_t *params, const char *uri)
{
	struct doc *d = doc_named(l, uri);
	if (!d || !d->path) {
		rpc_error(l, id, RPC_PARAMS, "the first argument is no open file");
		return;
	}
	refresh_workspace(l);
	jobs_demand(l, d);
	wait_for(l, id, params, d, say_found, true);
}

void on_command(struct lsp *l, const json_t *id, const json_t *params)
{
	const char *name = json_text_at(params, "command");
	const char *argument = json_string_value(json_array_get(json_object_get(params, "arguments"), 0));
	if (strcmp(name, COMMAND_EXPLAIN) == 0)
		explain(l, id, argument ? argument : "");
	else if (strcmp(name, COMMAND_CHECK) == 0)
		check(l, id, params, argument ? argument : "");
	else
		rpc_error(l, id, RPC_PARAMS, "this command is not known");
}
