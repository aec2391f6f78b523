#include "check.h"

#define FIELD(name) offsetof(struct check_options, name)

/* clang-format off: tables */

/* What both commands do with what was found. */
#define REPORT_OPTIONS \
        {'j', "jobs", OPTION_NUMBER, FIELD(jobs), "N", \
         "units analysed at a time (default: one per processor)", 1, 1024}, \
        {0, "format", OPTION_LIST, FIELD(formats), "FMT[=FILE]", \
         "text, json, sarif, gitlab, junit or github, to standard output or\n" \
         "FILE; may be given several times (default: text)", \
         0, 0}, \
        {0, "fail-on", OPTION_CHOICE, FIELD(fail_on), "any|new|none", \
         "which findings make the exit code 1; new: those that were not open\n" \
         "after the previous run in the database (default: any)", \
         0, 0}, \
        {0, "new-since", OPTION_TEXT, FIELD(new_since), "REV|RUN", \
         "report, and fail on, only findings that were not there at this\n" \
         "commit, or after the run of this number in the database", \
         0, 0}, \
        {0, "baseline", OPTION_TEXT, FIELD(baseline), "FILE", \
         "report, and fail on, only findings that are not in this file\n" \
         "('cancelint baseline update' writes it)", \
         0, 0}, \
        {0, "no-gates", OPTION_FLAG, FIELD(no_gates), NULL, \
         "report everything, whatever the configuration says of 'new-since' and\n'baseline'", 0, 0}, \
        {0, "show-known", OPTION_FLAG, FIELD(show_known), NULL, "text: with these two, show the others too", \
         0, 0}, \
        {0, "rules", OPTION_TEXT, FIELD(rules), "LIST", \
         "run only these rules: ids separated by commas, 'default' or 'all';\n" \
         "'-ID' takes one away", \
         0, 0}, \
        {0, "confidence", OPTION_CHOICE, FIELD(confidence), "low|medium|high", \
         "report findings of at least this confidence (default: medium)", 0, 0}, \
        {0, "fix", OPTION_FLAG, FIELD(fix), NULL, \
         "show the edits that are sure, as a diff; reports go to the files of\n" \
         "--format alone", \
         0, 0}, \
        {0, "write", OPTION_FLAG, FIELD(write), NULL, "with --fix: write these edits into the files instead", \
         0, 0}, \
        {0, "show-suppressed", OPTION_FLAG, FIELD(show_suppressed), NULL, \
         "text: show findings that a comment in the source silences", 0, 0}, \
        {0, "models", OPTION_LIST, FIELD(models), "FILE", \
         "describe APIs by this file or directory too; may be given several\n" \
         "times", \
         0, 0}, \
        {0, "db", OPTION_TEXT, FIELD(db), "FILE", \
         "record the run in this database (default: .cancelint/findings.db\n" \
         "below the project's root)", \
         0, 0}, \
        {0, "no-db", OPTION_FLAG, FIELD(no_db), NULL, "record nothing", 0, 0},

/* How units are analysed. */
#define RUN_OPTIONS \
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml", \
         0, 0}, \
        {0, "explain-config", OPTION_FLAG, FIELD(explain_config), NULL, \
         "show the settings and where they come from, and stop", 0, 0}, \
        {0, "together", OPTION_CHOICE, FIELD(together), "auto|off", \
         "C units that belong together are looked at as one; off: each is judged by\nitself (default: auto)", 0, 0}, \
        {0, "timeout", OPTION_NUMBER, FIELD(timeout_s), "SECONDS", "for one unit (default: 300)", 1, 86400}, \
        {0, "memory", OPTION_NUMBER, FIELD(memory_mb), "MIB", "address space for one unit (default: 4096)", \
         64, 1 << 20}, \
        {0, "progress", OPTION_CHOICE, FIELD(progress), "auto|always|never", \
         "show which unit was done last, on standard error", 0, 0}, \
        {0, "color", OPTION_CHOICE, FIELD(color), "auto|always|never", "colours in the text report", 0, 0}, \
        {'v', "verbose", OPTION_FLAG, FIELD(verbose), NULL, \
         "show time and memory of each unit, and what was recorded", 0, 0},

/* clang-format on */

static const struct option options[] = {
        {'p', "build-dir", OPTION_TEXT, FIELD(build_dir), "DIR",
         "where compile_commands.json is (default: searched in the working\n"
         "directory, its 'build' and their parents)",
         0, 0},
        REPORT_OPTIONS
        {0, "cache", OPTION_TEXT, FIELD(cache), "DIR",
         "keep what is known of unchanged units there (default:\n"
         ".cancelint/cache below the project's root, unless --no-db)",
         0, 0},
        {0, "no-cache", OPTION_FLAG, FIELD(no_cache), NULL, "analyse every unit anew, and keep nothing of it",
         0, 0},
        {0, "pch", OPTION_TEXT, FIELD(pch), "auto|off|HEADER",
         "libraries' headers that many C units include are parsed once where\n"
         "that is the same and pays; HEADER: this one, as in #include <HEADER>\n"
         "(default: auto)",
         0, 0},
        {0, "reproducers", OPTION_TEXT, FIELD(reproducers), "DIR",
         "for each unit that crashes, hangs or needs too much memory, write its\n"
         "command, its preprocessed source and the worker's last words into this\n"
         "new directory",
         0, 0},
        RUN_OPTIONS
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};

static const struct option link_options[] = {
        {0, "root", OPTION_TEXT, FIELD(root), "DIR",
         "where the sources are, which paths in reports are relative to\n"
         "(default: where they were)",
         0, 0},
        REPORT_OPTIONS
        RUN_OPTIONS
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};

const struct option_spec check_spec = {
        .command = "check",
        .usage = "check [OPTIONS] [PATHS...]\ncancelint check [OPTIONS] FILES... -- COMPILER FLAGS",
        .about = "Analyses units of the compile database: all of them, or those that are named by PATHS "
                 "(files,\n"
                 "directories or globs). With '--', analyses the named files with the flags that follow.\n"
                 "No compiler and no other program of the project is run.\n\n"
                 "The report goes to standard output, everything else to standard error.",
        .options = options,
        .min_operands = 0,
        .max_operands = UINT32_MAX,
        .flags_after_dash = true,
        .footer = EXIT_CODES "\n\n"
                             "examples:\n"
                             "  cancelint check -p build\n"
                             "  cancelint check src/net --rules missing-cancel,unchecked-done\n"
                             "  cancelint check --format text --format sarif=cancelint.sarif\n"
                             "  cancelint check --fail-on new --progress never\n"
                             "  cancelint check --new-since origin/main\n"
                             "  cancelint check src/net --fix --write\n"
                             "  cancelint check worker.c -- -Iinclude -DDEBUG",
};

const struct option_spec link_spec = {
        .command = "link",
        .usage = "link [OPTIONS] FILES...",
        .about = "Reads what 'cancelint extract' has written of each unit of a program, looks at them together, and "
                 "reports\n"
                 "what 'cancelint check' of the same units reports. '@FILE' stands for the paths in FILE, one in a\n"
                 "line. No source is parsed; those that are there are shown with the findings.",
        .options = link_options,
        .min_operands = 1,
        .max_operands = UINT32_MAX,
        .operand = "unit files",
        .footer = EXIT_CODES "\n\n"
                             "examples:\n"
                             "  cancelint link build/*.unit\n"
                             "  cancelint link @units.txt --root . --format sarif=cancelint.sarif",
};
