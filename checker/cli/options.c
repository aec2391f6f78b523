#include "options.h"

#include "problem.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

#define HELP_COLUMN 28

struct parser {
	const struct option_spec *spec;
	char **argv;
	int argc, at;
	char *into;
	struct operands *operands;
	struct problem_list *problems;
};

/* ---- help ---- */

static void print_indented(const char *text, int column)
{
	for (const char *p = text; *p; p++) {
		putchar(*p);
		if (*p == '\n' && p[1] != '\n')
			printf("%*s", column, "");
	}
	putchar('\n');
}

static void print_option(const struct option *o)
{
	struct str left = {0};
	if (o->letter)
		str_addf(&left, "  -%c, ", o->letter);
	else
		str_add(&left, "      ");
	str_addf(&left, "--%s", o->name);
	if (o->arg)
		str_addf(&left, " %s", o->arg);
	printf("%-*s", HELP_COLUMN, str_c(&left));
	if (left.len + 1 >= HELP_COLUMN)
		printf("\n%*s", HELP_COLUMN, "");
	print_indented(o->help, HELP_COLUMN);
	str_release(&left);
}

static void print_help(const struct option_spec *spec)
{
	printf("usage: cancelint ");
	print_indented(spec->usage, (int)strlen("usage: "));
	printf("\n%s\n\noptions:\n", spec->about);
	for (const struct option *o = spec->options; o->name; o++)
		print_option(o);
	print_option(&(struct option){.letter = 'h', .name = "help", .help = "show this text"});
	if (spec->footer)
		printf("\n%s\n", spec->footer);
}

/* ---- errors ---- */

static bool bad_usage(struct parser *p, struct problem *problem)
{
	if (!problem->hint)
		problem_hint(problem, "see 'cancelint %s --help'", p->spec->command);
	return false;
}

static bool unknown_option(struct parser *p, const char *word)
{
	VEC(const char *) names = {0};
	const char *bare = word + strspn(word, "-");
	char *name = mem_strdup(bare);
	name[strcspn(name, "=")] = 0;
	for (const struct option *o = p->spec->options; o->name; o++)
		vec_push(&names, o->name);
	vec_push(&names, "help");
	const char *near = str_nearest(name, names.data, names.len);
	struct problem *problem =
	        problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0, "unknown option '%s'", word);
	if (near)
		problem_hint(problem, "did you mean '--%s'?", near);
	mem_release(name);
	vec_release(&names);
	return bad_usage(p, problem);
}

/* ---- values ---- */

static bool set_number(struct parser *p, const struct option *o, const char *value)
{
	unsigned long n = 0;
	bool ok = value[0] != 0 && strlen(value) < 10;
	for (const char *c = value; *c && ok; c++) {
		ok = isdigit((unsigned char)*c) != 0;
		n = n * 10 + (unsigned long)(*c - '0');
	}
	if (!ok || n < o->min || n > o->max)
		return bad_usage(p, problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
		                                "'%s' is not a number from %u to %u, which --%s needs", value,
		                                o->min, o->max, o->name));
	*(unsigned *)(p->into + o->offset) = (unsigned)n;
	return true;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t n = strlen(value);
	for (const char *c = choices; n && c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
		if (strncmp(c, value, n) == 0 && (c[n] == 0 || c[n] == '|'))
			return true;
	return false;
}

static bool set_value(struct parser *p, const struct option *o, const char *value)
{
	void *field = p->into + o->offset;
	switch (o->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return true;
	case OPTION_NUMBER:
		return set_number(p, o, value);
	case OPTION_LIST:
		vec_push((struct text_list *)field, value);
		return true;
	case OPTION_CHOICE:
		if (!is_choice(o->arg, value))
			return bad_usage(p, problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
			                                "'%s' is not a value of --%s: it takes %s", value,
			                                o->name, o->arg));
		break;
	case OPTION_TEXT:
		if (!value[0])
			return bad_usage(p, problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
			                                "--%s needs a value", o->name));
		break;
	}
	*(const char **)field = value;
	return true;
}

/* `attached` is the text after '=' or the letter, NULL if there is none. */
static bool take_option(struct parser *p, const struct option *o, const char *attached)
{
	if (o->kind == OPTION_FLAG) {
		if (attached)
			return bad_usage(p, problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
			                                "--%s takes no value", o->name));
		return set_value(p, o, "");
	}
	if (!attached && p->at + 1 >= p->argc)
		return bad_usage(p, problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
		                                "--%s needs a value: %s", o->name, o->arg));
	return set_value(p, o, attached ? attached : p->argv[++p->at]);
}

static bool parse_long(struct parser *p, const char *word)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	size_t n = equals ? (size_t)(equals - name) : strlen(name);
	for (const struct option *o = p->spec->options; o->name; o++)
		if (strlen(o->name) == n && strncmp(o->name, name, n) == 0)
			return take_option(p, o, equals ? equals + 1 : NULL);
	return unknown_option(p, word);
}

static bool parse_short(struct parser *p, const char *word)
{
	for (const struct option *o = p->spec->options; o->name; o++)
		if (o->letter == word[1])
			return take_option(p, o, word[2] ? word + 2 : NULL);
	return unknown_option(p, word);
}

/* ---- the whole line ---- */

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static void take_rest(struct parser *p)
{
	p->operands->dashed = true;
	p->operands->flags = p->argv + p->at + 1;
	p->operands->nflags = (uint32_t)(p->argc - p->at - 1);
	if (p->spec->flags_after_dash)
		return;
	for (uint32_t i = 0; i < p->operands->nflags; i++)
		vec_push(&p->operands->list, p->operands->flags[i]);
	p->operands->nflags = 0;
}

static bool check_operands(struct parser *p)
{
	const struct text_list *l = &p->operands->list;
	if (l->len < p->spec->min_operands)
		return bad_usage(p,
		                 problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
		                             "'cancelint %s' needs %s", p->spec->command, p->spec->operand));
	if (l->len > p->spec->max_operands)
		return bad_usage(p, problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0,
		                                "'%s' is one argument too many",
		                                l->data[p->spec->max_operands]));
	return true;
}

enum parsed options_parse(const struct option_spec *spec, int argc, char **argv, void *into,
                          struct operands *operands, struct problem_list *problems)
{
	struct parser p = {.spec = spec,
	                   .argv = argv,
	                   .argc = argc,
	                   .into = into,
	                   .operands = operands,
	                   .problems = problems};
	bool ok = true;
	for (p.at = 1; p.at < argc && ok; p.at++) {
		const char *word = argv[p.at];
		if (is_help(word)) {
			print_help(spec);
			return PARSED_HELP;
		}
		if (strcmp(word, "--") == 0) {
			take_rest(&p);
			break;
		}
		if (word[0] == '-' && word[1] == '-')
			ok = parse_long(&p, word);
		else if (word[0] == '-' && word[1])
			ok = parse_short(&p, word);
		else
			vec_push(&operands->list, word);
	}
	return ok && check_operands(&p) ? PARSED_OK : PARSED_BAD;
}

void operands_release(struct operands *o)
{
	vec_release(&o->list);
}
