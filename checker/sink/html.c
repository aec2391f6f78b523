/* The page itself: its parts put together. */
#include "html_internal.h"

#include "mem.h"
#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* html_template, html_style, html_chart, html_script, and the hashes of the last three as a content security
 * policy writes them: see html/embed.py. */
#include "html_assets.inc"

bool html_has_charts(void)
{
	return html_chart[0] != 0;
}

static void add_escaped(struct str *to, const char *text)
{
	struct str shown = {0};
	escape_terminal(&shown, text);
	for (const char *p = str_c(&shown); *p; p++)
		if (strchr("<>&\"'", *p))
			str_addf(to, "&#%d;", *p);
		else
			str_addc(to, *p);
	str_release(&shown);
}

/* Inside a script element nothing but "</script" and "<!--" has a meaning to HTML. */
static bool add_data(struct str *to, const struct html_report *r)
{
	json_t *j = html_data(r);
	char *text = json_dumps(j, JSON_COMPACT);
	for (const char *p = text; p && *p; p++)
		if (*p == '<')
			str_add(to, "\\u003c");
		else
			str_addc(to, *p);
	bool ok = text != NULL;
	free(text);
	json_decref(j);
	return ok;
}

static bool add_part(struct str *to, const char *name, size_t n, const struct html_report *r)
{
	static const struct {
		const char *name, *text;
	} fixed[] = {{"style", html_style},           {"chart", html_chart},
	             {"script", html_script},         {"style-hash", html_style_hash},
	             {"chart-hash", html_chart_hash}, {"script-hash", html_script_hash}};
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (strlen(fixed[i].name) == n && memcmp(fixed[i].name, name, n) == 0) {
			str_add(to, fixed[i].text);
			return true;
		}
	if (n == strlen("project") && memcmp(name, "project", n) == 0)
		add_escaped(to, r->project);
	else if (n == strlen("help") && memcmp(name, "help", n) == 0)
		html_add_help(to, r);
	else if (n == strlen("data") && memcmp(name, "data", n) == 0)
		return add_data(to, r);
	else
		BUG("the template names a part that is not there");
	return true;
}

bool html_write(const struct html_report *r, FILE *to)
{
	struct str page = {0};
	bool ok = true;
	const char *p = html_template;
	for (const char *mark; ok && (mark = strstr(p, "{{")) != NULL;) {
		const char *end = strstr(mark, "}}");
		str_addn(&page, p, (size_t)(mark - p));
		ok = add_part(&page, mark + 2, (size_t)(end - mark - 2), r);
		p = end + 2;
	}
	str_add(&page, p);
	if (!ok)
		errno = ENOMEM;
	ok = ok && fwrite(page.data, 1, page.len, to) == page.len && fflush(to) == 0;
	str_release(&page);
	return ok;
}
