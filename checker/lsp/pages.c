#include "server.h"

#include "rule.h"
#include "str.h"
#include "uri.h"

#include <string.h>
#include <unistd.h>

/* Pages stand beside the models: in the source tree, and where the program is installed. */
char *page_uri(const struct lsp *l, const char *rule)
{
	const struct rule_entry *e = rule_find(rule);
	const char *shipped = l->options->shipped;
	const char *slash = shipped ? strrchr(shipped, '/') : NULL;
	if (!e || !slash)
		return NULL;
	struct str path = {0};
	str_addn(&path, shipped, (size_t)(slash - shipped));
	str_addf(&path, "/%s/%s/rule.md", e->group, e->rule->id);
	char *uri = access(path.data, R_OK) == 0 ? uri_of_path(path.data) : NULL;
	str_release(&path);
	return uri;
}

const char *page_text(const char *rule)
{
	const struct rule_entry *e = rule_find(rule);
	const struct finding_builtin *b = e ? NULL : finding_builtin_find(rule);
	return e ? e->page : b ? b->help : NULL;
}

const char *page_summary(const char *rule)
{
	const struct rule_entry *e = rule_find(rule);
	const struct finding_builtin *b = e ? NULL : finding_builtin_find(rule);
	return e ? e->rule->summary : b ? b->summary : "";
}
