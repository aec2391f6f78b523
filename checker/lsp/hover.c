#include "server.h"

#include "str.h"

#include <string.h>

/* Length of the code in backquotes that begins here, with them; 0: none does. */
static size_t code_span(const char *p)
{
	const char *end = *p == '`' && p[1] != '`' ? strchr(p + 1, '`') : NULL;
	return end && end[1] != '`' ? (size_t)(end - p) + 1 : 0;
}

/* Text of a finding holds code in backquotes; all else in it is to be read as it is. */
static void add_plain(struct str *to, const char *text, bool markdown)
{
	for (const char *p = text; *p;) {
		size_t n = code_span(p);
		if (markdown && !n && strchr("\\`*_[]<>#!|&", *p))
			str_addc(to, '\\');
		str_addn(to, p, n ? n : 1);
		p += n ? n : 1;
	}
}

/* The page's first section, which says what the rule reports. */
static void add_help(struct str *to, const char *rule)
{
	const char *page = page_text(rule), *section = page ? strstr(page, "\n## ") : NULL;
	const char *body = section ? strchr(section + 1, '\n') : NULL;
	if (!body)
		return;
	const char *end = strstr(body, "\n## ");
	size_t n = end ? (size_t)(end - body) : strlen(body);
	while (n && body[n - 1] == '\n')
		n--;
	str_addn(to, body, n);
	str_addc(to, '\n');
}

static void add_steps(struct str *to, const struct finding *f, bool markdown)
{
	for (uint32_t i = 0; i < f->nsteps; i++) {
		str_addf(to, "%u. ", i + 1);
		if (f->steps[i].at.file[0]) {
			add_plain(to, f->steps[i].at.file, markdown);
			str_addf(to, ":%u: ", f->steps[i].at.line);
		}
		add_plain(to, f->steps[i].text, markdown);
		str_addc(to, '\n');
	}
	if (f->nsteps)
		str_addc(to, '\n');
}

static void add_finding(struct str *to, const struct finding *f, bool stale, bool markdown)
{
	if (to->len)
		str_add(to, markdown ? "\n---\n\n" : "\n\n");
	str_addf(to, markdown ? "**%s** (%s, %s confidence): " : "%s (%s, %s confidence): ", f->rule,
	         severity_name(f->severity), confidence_name(f->confidence));
	add_plain(to, f->message, markdown);
	str_add(to, stale ? " [of the last text that could be analysed]\n\n" : "\n\n");
	add_steps(to, f, markdown);
	str_addf(to, "%s.\n", page_summary(f->rule));
	add_help(to, f->rule);
}

static void answer(struct lsp *l, struct doc *d, const json_t *id, const json_t *params)
{
	struct str text = {0};
	struct range here, at = {{0, 0}, {0, 0}};
	position_from_json(json_object_get(params, "position"), &here.begin);
	here.end = here.begin;
	for (uint32_t i = 0; d->view && i < d->view->nshown; i++) {
		struct range r = view_range_now(d->view, d, d->view->shown[i].range);
		if (!ranges_touch(&r, &here))
			continue;
		at = r;
		add_finding(&text, d->view->shown[i].finding, d->behind, l->client.markdown);
	}
	json_t *result = NULL;
	if (text.len)
		result = json_pack("{s:{s:s, s:o}, s:o}", "contents", "kind",
		                   l->client.markdown ? "markdown" : "plaintext", "value",
		                   json_string(text.data), "range", range_to_json(&at));
	rpc_result(l, id, result);
	str_release(&text);
}

void on_hover(struct lsp *l, const json_t *id, const json_t *params)
{
	struct doc *d = doc_find(l, params);
	struct position p;
	if (!position_from_json(json_object_get(params, "position"), &p))
		rpc_error(l, id, RPC_PARAMS, "a position is needed");
	else if (!d)
		rpc_result(l, id, NULL);
	else
		wait_for(l, id, params, d, answer, false);
}
