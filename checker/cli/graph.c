/* cancelint graph: control flow or calls of one file. */
#include "single.h"

#include <string.h>

static const struct option options[] = {
        SINGLE_OPTIONS,
        {0, "dot", OPTION_FLAG, SINGLE_FIELD(dot), NULL, "for Graphviz instead of text", 0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "graph",
        .usage = "graph calls|cfg [FUNCTION] FILE [-- COMPILER FLAGS]",
        .about = "Shows the calls of a file, those through callbacks included, or the control flow of its "
                 "functions.\n"
                 "FUNCTION restricts it: calls to what that function reaches, cfg to that function.",
        .options = options,
        .min_operands = 2,
        .max_operands = 3,
        .operand = "'calls' or 'cfg', and a file",
        .flags_after_dash = true,
        .footer = "example:\n  cancelint graph cfg --dot serve_client src/server.c | dot -Tsvg > cfg.svg",
};

int cmd_graph(struct session *s, int argc, char **argv)
{
	struct single_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	if (p == PARSED_OK) {
		const char **w = operands.list.data;
		bool three = operands.list.len == 3;
		if (strcmp(w[0], "calls") != 0 && strcmp(w[0], "cfg") != 0)
			session_fail(s, "it is 'calls' or 'cfg'", "there is no graph '%s'", w[0]);
		else
			code = single_show(s, &o, w[0], three ? w[1] : NULL, w[three ? 2 : 1], &operands);
	}
	vec_release(&o.models);
	operands_release(&operands);
	return code;
}
