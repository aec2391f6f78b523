#include "server.h"

#include "uri.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- initialize ---- */

static char *root_of(const json_t *params)
{
	const json_t *folder = json_array_get(json_object_get(params, "workspaceFolders"), 0);
	const char *uri = folder ? json_text_at(folder, "uri") : json_text_at(params, "rootUri");
	char *path = uri_to_path(uri);
	const char *plain = json_text_at(params, "rootPath");
	return path || plain[0] != '/' ? path : mem_strdup(plain);
}

/* The compile database and the configuration are looked for from here, as `check` does from where it is
 * called. PWD tells how the client spells the place. */
static void enter(struct lsp *l, const json_t *params)
{
	char *root = root_of(params);
	if (root && chdir(root) == 0)
		setenv("PWD", root, 1);
	else if (root)
		log_line(l, "cannot go to '%s': %s", root, strerror(errno));
	mem_release(root);
}

static json_t *command_list(void)
{
	json_t *list = json_array();
	for (uint32_t i = 0; command_names[i]; i++)
		json_array_append_new(list, json_string(command_names[i]));
	return list;
}

static json_t *capabilities(const struct lsp *l)
{
	return json_pack("{s:s, s:{s:b, s:i, s:{s:b}}, s:b, s:{s:[s, s]}, s:{s:o}}", "positionEncoding",
	                 l->client.encoding == ENCODING_UTF8 ? "utf-8" : "utf-16", "textDocumentSync",
	                 "openClose", 1, "change", 2, "save", "includeText", 0, "hoverProvider", 1,
	                 "codeActionProvider", "codeActionKinds", "quickfix", "source.fixAll.cancelint",
	                 "executeCommandProvider", "commands", command_list());
}

void on_initialize(struct lsp *l, const json_t *id, const json_t *params)
{
	client_read(&l->client, params);
	enter(l, params);
	l->phase = PHASE_RUNNING;
	rpc_result(l, id,
	           json_pack("{s:o, s:{s:s, s:s}}", "capabilities", capabilities(l), "serverInfo", "name",
	                     "cancelint", "version", l->options->version));
	workspace_load(&l->workspace, l->options);
	if (!l->workspace.usable)
		rpc_show_once(l, 1, l->workspace.why, l->workspace.why);
	jobs_open(l);
}

/* What is read of the project may come, or change, without the client's doing. */
static void watch_files(struct lsp *l)
{
	rpc_call(l, "client/registerCapability", "cancelint/watch",
	         json_pack("{s:[{s:s, s:s, s:{s:[{s:s}, {s:s}]}}]}", "registrations", "id", "cancelint/files",
	                   "method", "workspace/didChangeWatchedFiles", "registerOptions", "watchers",
	                   "globPattern", "**/compile_commands.json", "globPattern", "**/.cancelint.yaml"));
}

void on_initialized(struct lsp *l, const json_t *id, const json_t *params)
{
	if (l->client.watches)
		watch_files(l);
	log_line(l, "%u units in %s", l->workspace.project.nunits, l->workspace.project.root);
}

/* ---- the end ---- */

void on_shutdown(struct lsp *l, const json_t *id, const json_t *params)
{
	waiting_fail(l, NULL, RPC_CANCELLED, "the server shuts down");
	for (uint32_t i = 0; i < l->docs.len; i++)
		jobs_forget(l, l->docs.data[i]);
	l->phase = PHASE_SHUT;
	rpc_result(l, id, NULL);
}

void on_exit_now(struct lsp *l, const json_t *id, const json_t *params)
{
	l->orderly = l->phase == PHASE_SHUT;
	l->phase = PHASE_OVER;
}
