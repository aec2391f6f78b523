#include "server.h"

#include <string.h>

const json_t *json_at(const json_t *j, const char *path)
{
	char key[64];
	while (j && *path) {
		size_t n = strcspn(path, ".");
		if (n >= sizeof key)
			return NULL;
		memcpy(key, path, n);
		key[n] = 0;
		j = json_object_get(j, key);
		path += n + (path[n] == '.');
	}
	return j;
}

const char *json_text_at(const json_t *j, const char *path)
{
	const char *text = json_string_value(json_at(j, path));
	return text ? text : "";
}

static bool has(const json_t *list, const char *word)
{
	size_t i;
	const json_t *j;
	json_array_foreach((json_t *)list, i,
	                   j) if (json_is_string(j) && strcmp(json_string_value(j), word) == 0) return true;
	return false;
}

static bool is(const json_t *capabilities, const char *path)
{
	return json_is_true(json_at(capabilities, path));
}

void client_read(struct client *c, const json_t *params)
{
	const json_t *can = json_object_get(params, "capabilities");
	const json_t *pid = json_object_get(params, "processId");
	json_int_t number = json_integer_value(pid);
	*c = (struct client){
	        .encoding = has(json_at(can, "general.positionEncodings"), "utf-8") ? ENCODING_UTF8
	                                                                            : ENCODING_UTF16,
	        .pid = number > 0 && number < INT32_MAX ? (pid_t)number : 0,
	        .show_document = is(can, "window.showDocument.support"),
	        .progress = is(can, "window.workDoneProgress"),
	        .document_changes = is(can, "workspace.workspaceEdit.documentChanges"),
	        .action_literals =
	                json_is_object(json_at(can, "textDocument.codeAction.codeActionLiteralSupport")),
	        .markdown = has(json_at(can, "textDocument.hover.contentFormat"), "markdown"),
	        .watches = is(can, "workspace.didChangeWatchedFiles.dynamicRegistration"),
	        .related = is(can, "textDocument.publishDiagnostics.relatedInformation")};
}
