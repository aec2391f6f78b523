/* cancelint dump: what a stage makes of one file. For the tests of the stages. */
#include "single.h"

#include "str.h"

#include <string.h>

static const char *const stages[] = {"ir", "facts", "cfg", "calls", "summaries"};
#define NSTAGES (sizeof stages / sizeof *stages)

static const struct option options[] = {
        SINGLE_OPTIONS,
        {0, "function", OPTION_TEXT, SINGLE_FIELD(function), "NAME", "only this function", 0, 0},
        {0, "kept", OPTION_FLAG, SINGLE_FIELD(kept), NULL,
         "of the unit as it is read back from what is kept of it", 0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "dump",
        .usage = "dump ir|facts|cfg|calls|summaries FILE [-- COMPILER FLAGS]",
        .about = "Shows what a stage of the analysis makes of a file. For tests and for work on cancelint: "
                 "the output\n"
                 "changes from version to version.",
        .options = options,
        .min_operands = 2,
        .max_operands = 2,
        .operand = "a stage and a file",
        .flags_after_dash = true,
};

static bool is_stage(const char *name)
{
	for (size_t i = 0; i < NSTAGES; i++)
		if (strcmp(stages[i], name) == 0)
			return true;
	return false;
}

int cmd_dump(struct session *s, int argc, char **argv)
{
	struct single_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	if (p == PARSED_OK && !is_stage(operands.list.data[0]))
		session_fail(s, "the stages are ir, facts, cfg, calls and summaries",
		             "there is no stage '%s'", operands.list.data[0]);
	else if (p == PARSED_OK)
		code = single_show(s, &o, operands.list.data[0], o.function, operands.list.data[1],
		                   &operands);
	vec_release(&o.models);
	operands_release(&operands);
	return code;
}
