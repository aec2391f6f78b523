/* What the rules' pages say, as HTML. They come with cancelint; cmark leaves out what would be markup in
 * them. */
#include "html_internal.h"

#include "rule.h"
#include "str.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

static const char *page_of(const char *id)
{
	const struct rule_entry *rule = rule_find(id);
	const struct finding_builtin *builtin = finding_builtin_find(id);
	return rule ? rule->page : builtin ? builtin->help : NULL;
}

static void add_page(struct str *to, const char *id, const char *page)
{
	char *html = cmark_markdown_to_html(page, strlen(page), CMARK_OPT_DEFAULT);
	str_addf(to, "<template id=\"help-%s\">%s</template>\n", id, html);
	free(html);
}

void html_add_help(struct str *to, const struct html_report *r)
{
	struct strmap seen = {0};
	for (uint32_t i = 0; i < r->nfindings; i++) {
		const char *id = r->findings[i].row->rule, *page = page_of(id);
		if (!page || strmap_get(&seen, id, NULL))
			continue;
		strmap_set(&seen, id, 1);
		add_page(to, id, page);
	}
	strmap_release(&seen);
}
