#include "server.h"

#include "arena.h"

#include <string.h>

struct method {
	const char *name;
	bool request; /* else a notification */
	void (*run)(struct lsp *l, const json_t *id, const json_t *params);
};
static const struct method methods[] = {
        {"initialize", true, on_initialize},
        {"initialized", false, on_initialized},
        {"shutdown", true, on_shutdown},
        {"exit", false, on_exit_now},
        {"$/cancelRequest", false, on_cancel},
        {"textDocument/didOpen", false, on_open},
        {"textDocument/didChange", false, on_change},
        {"textDocument/didSave", false, on_save},
        {"textDocument/didClose", false, on_close},
        {"textDocument/codeAction", true, on_code_action},
        {"textDocument/hover", true, on_hover},
        {"workspace/executeCommand", true, on_command},
        {"workspace/didChangeWatchedFiles", false, on_files_changed},
        {"window/workDoneProgress/cancel", false, on_progress_cancel},
};

/* ---- out ---- */

static void send_message(struct lsp *l, json_t *message)
{
	BUG_IF(!message);
	json_object_set_new(message, "jsonrpc", json_string("2.0"));
	transport_send(&l->transport, message);
	json_decref(message);
}

static json_t *copy_id(const json_t *id)
{
	return id ? json_incref((json_t *)id) : json_null();
}

void rpc_result(struct lsp *l, const json_t *id, json_t *result)
{
	send_message(l, json_pack("{s:o, s:o}", "id", copy_id(id), "result", result ? result : json_null()));
}

void rpc_error(struct lsp *l, const json_t *id, int code, const char *text)
{
	log_line(l, "error %d: %s", code, text);
	send_message(l, json_pack("{s:o, s:{s:i, s:o}}", "id", copy_id(id), "error", "code", code, "message",
	                          worker_text(text)));
}

void rpc_notify(struct lsp *l, const char *method, json_t *params)
{
	send_message(l, json_pack("{s:s, s:o}", "method", method, "params", params));
}

void rpc_call(struct lsp *l, const char *method, const char *id, json_t *params)
{
	send_message(l, json_pack("{s:s, s:s, s:o}", "id", id, "method", method, "params", params));
}

void rpc_show(struct lsp *l, int type, const char *text)
{
	log_line(l, "message: %s", text);
	rpc_notify(l, "window/showMessage",
	           json_pack("{s:i, s:o}", "type", type, "message", worker_text(text)));
}

void rpc_show_once(struct lsp *l, int type, const char *about, const char *text)
{
	if (strmap_get(&l->told, about, NULL))
		return;
	strmap_set(&l->told, arena_strdup(l->arena, about), 1);
	rpc_show(l, type, text);
}

/* ---- in ---- */

static const struct method *find_method(const char *name)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

static bool is_id(const json_t *id)
{
	return json_is_integer(id) || json_is_string(id);
}

/* A request before "initialize", or behind "shutdown". */
static bool refuse(struct lsp *l, const json_t *id, const char *name)
{
	bool first = strcmp(name, "initialize") == 0;
	if (l->phase == PHASE_NEW && !first)
		rpc_error(l, id, RPC_NOT_INITIALIZED, "'initialize' has to come first");
	else if (l->phase == PHASE_SHUT)
		rpc_error(l, id, RPC_INVALID, "the server was told to shut down");
	else if (l->phase == PHASE_RUNNING && first)
		rpc_error(l, id, RPC_INVALID, "'initialize' was there before");
	else
		return false;
	return true;
}

static void take_request(struct lsp *l, const json_t *id, const char *name, const json_t *params)
{
	const struct method *m = find_method(name);
	if (!is_id(id))
		rpc_error(l, NULL, RPC_INVALID, "the id of a request is a number or a text");
	else if (refuse(l, id, name))
		return;
	else if (!m || !m->request)
		rpc_error(l, id, RPC_NO_METHOD, "this method is not known");
	else if (params && !json_is_object(params) && !json_is_null(params))
		rpc_error(l, id, RPC_PARAMS, "the parameters are no object");
	else
		m->run(l, id, params);
}

static void take_notification(struct lsp *l, const char *name, const json_t *params)
{
	const struct method *m = find_method(name);
	bool over = m && m->run == on_exit_now;
	if (m && !m->request && (over || l->phase == PHASE_RUNNING))
		m->run(l, NULL, params);
}

static void take_response(struct lsp *l, const json_t *j)
{
	const json_t *id = json_object_get(j, "id");
	if (json_object_get(j, "error"))
		log_line(l, "the client answers: %s", json_text_at(j, "error.message"));
	jobs_progress_created(l, id, !json_object_get(j, "error"));
}

static void take(struct lsp *l, const json_t *j)
{
	const json_t *method = json_object_get(j, "method"), *id = json_object_get(j, "id");
	if (json_is_string(method)) {
		const char *name = json_string_value(method);
		log_line(l, "received %s", name);
		if (id)
			take_request(l, id, name, json_object_get(j, "params"));
		else
			take_notification(l, name, json_object_get(j, "params"));
	} else if (json_is_object(j) && !method && id &&
	           (json_object_get(j, "result") || json_object_get(j, "error"))) {
		take_response(l, j);
	} else {
		rpc_error(l, is_id(id) ? id : NULL, RPC_INVALID, "this is no message of JSON-RPC");
	}
}

void rpc_message(struct lsp *l, const char *body, size_t len)
{
	json_error_t error;
	json_t *j = json_loadb(body, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (j)
		take(l, j);
	else
		rpc_error(l, NULL, RPC_PARSE, error.text);
	json_decref(j);
}
