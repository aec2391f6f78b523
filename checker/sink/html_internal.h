/* html_internal.h - between the files that make the HTML report. */
#ifndef CANCELINT_SINK_HTML_INTERNAL_H
#define CANCELINT_SINK_HTML_INTERNAL_H

#include "html.h"
#include "internal.h"

/* Text of the project as the page may show it: hidden characters become visible escapes. */
json_t *html_text(const char *text);

/* html_data.c: all that the page shows. */
json_t *html_data(const struct html_report *r);
/* html_findings.c: its members "findings", "files" and "grounds". */
void html_add_findings(json_t *data, const struct html_report *r);

/* html_trace.c */
struct html_sources {
	const char *root; /* real path; "": no sources */
	struct source_cache *cache;
	json_t *files;   /* path -> line -> text: the lines that pages show */
	json_t *grounds; /* what model entries say, each once */
	struct strmap ground_index;
};
/* The functions that the path goes through, from that of the finding on. */
json_t *html_call_path(const struct finding *f);
/* The steps; the lines around them are added to the sources. */
json_t *html_steps(struct html_sources *s, const struct html_finding *f);
/* How the line of the finding itself stands, with the same effect. */
json_t *html_place(struct html_sources *s, const struct html_finding *f);

/* html_help.c: <template> elements with the pages of the rules that have findings. */
void html_add_help(struct str *to, const struct html_report *r);

#endif
