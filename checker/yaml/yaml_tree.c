#include "yaml_tree.h"

#include "arena.h"
#include "builder.h"
#include "mem.h"
#include "problem.h"
#include "str.h"
#include "text_check.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

/* From libyaml's events to a tree. What this language leaves out is refused at the event that shows it. */

static const struct yaml_limits default_limits = {
        .max_bytes = (size_t)4 * 1024 * 1024,
        .max_depth = 32,
        .max_nodes = 500000,
};

static struct yaml_limits effective(const struct yaml_limits *given)
{
	struct yaml_limits l = default_limits;
	if (given && given->max_bytes)
		l.max_bytes = given->max_bytes;
	if (given && given->max_depth)
		l.max_depth = given->max_depth;
	if (given && given->max_nodes)
		l.max_nodes = given->max_nodes;
	return l;
}

static bool refuse(struct builder *b, const yaml_mark_t *at, const char *text, const char *hint)
{
	struct problem *p = problem_add(b->problems, PROBLEM_ERROR, b->name, (int)at->line + 1,
	                                (int)at->column + 1, "%s", text);
	if (hint)
		problem_hint(p, "%s", hint);
	return false;
}

static bool refuse_anchor_or_tag(struct builder *b, const yaml_event_t *e, const yaml_char_t *anchor,
                                 const yaml_char_t *tag)
{
	if (anchor)
		return refuse(b, &e->start_mark, "anchors are not allowed here", "write the value out");
	if (tag)
		return refuse(b, &e->start_mark, "tags are not allowed here",
		              "quote the value if it is meant as text");
	return true;
}

static bool document_start(struct builder *b, const yaml_event_t *e)
{
	const yaml_version_directive_t *version = e->data.document_start.version_directive;
	if (version ||
	    e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end)
		return refuse(b, &e->start_mark, "YAML directives are not allowed here",
		              "remove the line that starts with '%'");
	if (b->documents++)
		return refuse(b, &e->start_mark, "a second document starts here, and only one is allowed",
		              "remove the '---' line, or put what follows into a file of its own");
	return true;
}

static bool scalar(struct builder *b, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	bool quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;

	if (!refuse_anchor_or_tag(b, e, e->data.scalar.anchor, e->data.scalar.tag))
		return false;
	if (memchr(text, 0, len))
		return refuse(b, &e->start_mark, "a text contains a NUL character",
		              "remove the '\\0' escape");
	if (!text_is_visible(text, len))
		return refuse(b, &e->start_mark, "a text contains a control character",
		              "remove the escape that stands for it");
	if (builder_wants_key(b))
		return builder_key(b, &e->start_mark, text, len, quoted);
	struct yaml_node *n = builder_node(b, YAML_SCALAR, &e->start_mark);
	if (!n)
		return false;
	n->text = arena_strndup(b->arena, text, len);
	n->quoted = quoted;
	return true;
}

static bool collection_start(struct builder *b, const yaml_event_t *e, enum yaml_kind kind)
{
	const yaml_char_t *anchor = e->data.mapping_start.anchor, *tag = e->data.mapping_start.tag;
	if (kind == YAML_SEQ) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	}
	if (!refuse_anchor_or_tag(b, e, anchor, tag))
		return false;
	if (builder_wants_key(b))
		return refuse(b, &e->start_mark, "a key must be a plain text, not a mapping or a sequence",
		              "a value that begins with '{' or '[' and is meant as text needs quotes");
	return builder_open(b, kind, &e->start_mark);
}

static bool handle(struct builder *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return document_start(b, e);
	case YAML_ALIAS_EVENT:
		return refuse(b, &e->start_mark, "aliases are not allowed here",
		              "a value that begins with '*' needs quotes; otherwise write the value out");
	case YAML_SCALAR_EVENT:
		return scalar(b, e);
	case YAML_SEQUENCE_START_EVENT:
		return collection_start(b, e, YAML_SEQ);
	case YAML_MAPPING_START_EVENT:
		return collection_start(b, e, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		builder_close(b);
		return true;
	default:
		return true;
	}
}

static void syntax_error(struct builder *b, const yaml_parser_t *parser, const char *text, size_t len)
{
	yaml_mark_t at = parser->problem_mark;
	const char *what = parser->problem ? parser->problem : "syntax error";
	if (parser->error == YAML_MEMORY_ERROR)
		mem_die(len);
	if (text_tab_indent(text, len, at.line)) {
		refuse(b, &at, "a tab is used for indentation", "indent with spaces");
		return;
	}
	struct problem *p = problem_add(b->problems, PROBLEM_ERROR, b->name, (int)at.line + 1,
	                                (int)at.column + 1, "not valid YAML: %s", what);
	if (parser->context && parser->context_mark.line != at.line)
		problem_hint(p, "%s that begins on line %zu", parser->context, parser->context_mark.line + 1);
	else if (parser->context)
		problem_hint(p, "%s", parser->context);
}

static bool run(struct builder *b, const char *text, size_t len)
{
	yaml_parser_t parser;
	bool ok = true, more = true;
	if (!yaml_parser_initialize(&parser))
		mem_die(sizeof parser);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	while (ok && more) {
		yaml_event_t e;
		if (!yaml_parser_parse(&parser, &e)) {
			syntax_error(b, &parser, text, len);
			ok = false;
			break;
		}
		more = e.type != YAML_STREAM_END_EVENT;
		ok = handle(b, &e);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&parser);
	return ok && !b->failed;
}

struct yaml_node *yaml_parse(struct arena *a, const char *name, const char *text, size_t len,
                             const struct yaml_limits *limits, struct problem_list *problems)
{
	struct yaml_limits l = effective(limits);
	if (len > l.max_bytes) {
		problem_add(problems, PROBLEM_ERROR, name, 0, 0, "the file is larger than %zu bytes",
		            l.max_bytes);
		return NULL;
	}
	if (!text_check(name, text, len, problems))
		return NULL;
	struct builder b = {.arena = a, .name = name, .problems = problems, .limits = l};
	bool ok = run(&b, text, len);
	builder_release(&b);
	if (!ok)
		return NULL;
	if (b.root && (b.root->kind != YAML_SCALAR || b.root->quoted || b.root->text[0]))
		return b.root;
	struct yaml_node *empty = ARENA_NEW(a, struct yaml_node);
	*empty = (struct yaml_node){.kind = YAML_MAP, .line = 1, .col = 1};
	return empty;
}

struct yaml_node *yaml_load(struct arena *a, const char *path, const struct yaml_limits *limits,
                            struct problem_list *problems)
{
	size_t max = effective(limits).max_bytes, len = 0;
	char *text = str_read_file(path, max, &len);
	if (!text) {
		if (errno == EFBIG)
			problem_add(problems, PROBLEM_ERROR, path, 0, 0, "the file is larger than %zu bytes",
			            max);
		else
			problem_add(problems, PROBLEM_ERROR, path, 0, 0, "cannot read the file: %s",
			            strerror(errno));
		return NULL;
	}
	struct yaml_node *root = yaml_parse(a, path, text, len, limits, problems);
	mem_release(text);
	return root;
}
