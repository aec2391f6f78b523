/* cancelint lsp: the language server. */
#include "lsp_known.h"

#include "lsp.h"
#include "str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct server_options {
	const char *build_dir, *config, *rules, *confidence, *log, *cache;
	struct text_list models;
	unsigned timeout_s, memory_mb;
	bool no_cache, standard;
};
#define FIELD(name) offsetof(struct server_options, name)
static const struct option options[] = {
        {'p', "build-dir", OPTION_TEXT, FIELD(build_dir), "DIR",
         "where compile_commands.json is (default: searched in the client's\n"
         "folder, its 'build' and their parents)",
         0, 0},
        {0, "rules", OPTION_TEXT, FIELD(rules), "LIST",
         "run only these rules: ids separated by commas, 'default' or 'all';\n"
         "'-ID' takes one away",
         0, 0},
        {0, "confidence", OPTION_CHOICE, FIELD(confidence), "low|medium|high",
         "report findings of at least this confidence (default: medium)", 0, 0},
        {0, "models", OPTION_LIST, FIELD(models), "FILE",
         "describe APIs by this file or directory too; may be given several\n"
         "times",
         0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {0, "cache", OPTION_TEXT, FIELD(cache), "DIR",
         "what runs of 'cancelint check' know of other units (default:\n"
         ".cancelint/cache below the project's root, where there is one)",
         0, 0},
        {0, "no-cache", OPTION_FLAG, FIELD(no_cache), NULL, "look at each unit by itself", 0, 0},
        {0, "timeout", OPTION_NUMBER, FIELD(timeout_s), "SECONDS", "for one unit (default: 300)", 1, 86400},
        {0, "memory", OPTION_NUMBER, FIELD(memory_mb), "MIB", "address space for one unit (default: 4096)",
         64, 1 << 20},
        {0, "log", OPTION_TEXT, FIELD(log), "FILE",
         "append what is received, analysed and answered to this file", 0, 0},
        {0, "stdio", OPTION_FLAG, FIELD(standard), NULL,
         "nothing else: standard input and output are always used; some\n"
         "clients say so",
         0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "lsp",
        .usage = "lsp [OPTIONS]",
        .about =
                "Serves an editor that speaks the Language Server Protocol, on standard input and output: "
                "findings in\n"
                "the files that are open, as they are on the screen, with the steps that lead to them; edits "
                "that mend\n"
                "them; what a rule is about. docs/editors.md says how editors are set up.\n\n"
                "It goes to the client's folder: relative paths, but for --log, begin there.\n"
                "Each analysis runs in a worker process, which is killed when its result is no longer "
                "wanted.",
        .options = options,
        .min_operands = 0,
        .max_operands = 0,
        .footer = "exit codes:\n"
                  "  0  the client has shut the server down\n"
                  "  1  it was ended otherwise: the client is gone, or sends what is no message\n"
                  "  2  wrong usage\n"
                  "  4  a bug in cancelint\n\n"
                  "examples:\n"
                  "  cancelint lsp -p build\n"
                  "  cancelint lsp --confidence high --log cancelint-lsp.log",
};

static bool open_log(struct session *s, const char *file, int *fd)
{
	*fd = file ? open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	if (!file || *fd >= 0)
		return true;
	return session_fail(s, "name a file that can be written with --log", "cannot write '%s': %s", file,
	                    strerror(errno));
}

static int serve(struct session *s, const struct server_options *o)
{
	char *found = shipped_models(), *shipped = found ? realpath(found, NULL) : NULL;
	struct lsp_options server = {.build_dir = o->build_dir,
	                             .config = o->config,
	                             .rules = o->rules,
	                             .confidence = o->confidence,
	                             .models = o->models.data,
	                             .nmodels = o->models.len,
	                             .shipped = shipped ? shipped : found,
	                             .version = CANCELINT_VERSION,
	                             .timeout_s = o->timeout_s,
	                             .memory_mb = o->memory_mb};
	struct known_source source = {
	        .options = {.config = server.config, .rules = o->rules, .models = o->models},
	        .cache = o->cache};
	struct lsp_known known = known_from_cache(&source);
	server.known = o->no_cache ? NULL : &known;
	int code = CODE_USAGE;
	if (open_log(s, o->log, &server.log)) {
		server.stop = interrupt_watch();
		code = lsp_serve(&server) ? 0 : 1;
	}
	if (server.log >= 0)
		close(server.log);
	free(shipped);
	mem_release(found);
	return code;
}

int cmd_lsp(struct session *s, int argc, char **argv)
{
	struct server_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_OK ? serve(s, &o) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	operands_release(&operands);
	vec_release(&o.models);
	return code;
}
