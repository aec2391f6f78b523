/* Shows what yaml/ and apimodel/ make of their input:
 *
 *     model_test tree FILE [MAX_DEPTH MAX_NODES]     the tree, with lines and columns
 *     model_test ready FILE...                       has the program its tree, and is it that of a parse?
 *     model_test annotate MODELS... < ANNOTATIONS    lines "FUNCTION NPARAMS TEXT"; explains each function they name
 *     model_test token-type MODEL TYPE...            is each a token?
 *     model_test fingerprint MODELS...
 *     model_test schema                              rules/models/schema.json
 *     model_test exercise FOLDER FILE [FUNCTION...]  a rule test of the model file below the folder, without those
 */
#include "model_test.h"

#include "file_reader.h"

#include "arena.h"
#include "problem.h"
#include "yaml_ready.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_tree(const struct yaml_node *n, int depth)
{
	if (n->kind == YAML_SCALAR) {
		printf("%s%s%s @%d:%d\n", n->quoted ? "\"" : "", n->text, n->quoted ? "\"" : "", n->line,
		       n->col);
		return;
	}
	printf("%s @%d:%d\n", n->kind == YAML_MAP ? "map" : "seq", n->line, n->col);
	for (uint32_t i = 0; i < n->len; i++) {
		printf("%*s", 2 * depth + 2, "");
		if (n->kind == YAML_MAP)
			printf("%s @%d:%d: ", n->pairs[i].key, n->pairs[i].line, n->pairs[i].col);
		print_tree(n->kind == YAML_MAP ? n->pairs[i].value : n->items[i], depth + 1);
	}
}

static int tree(int argc, char **argv, struct problem_list *problems)
{
	struct arena *a = arena_new();
	struct yaml_limits limits = {0};
	if (argc > 2) {
		limits.max_depth = (uint32_t)atoi(argv[1]);
		limits.max_nodes = (uint32_t)atoi(argv[2]);
	}
	const struct yaml_node *n = argc > 0 ? yaml_load(a, argv[0], &limits, problems) : NULL;
	if (n)
		print_tree(n, 0);
	arena_free(a);
	return !n;
}

static bool same_place(int line, int col, int other_line, int other_col)
{
	return line == other_line && col == other_col;
}

static bool same_tree(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->kind != b->kind || a->len != b->len || a->quoted != b->quoted ||
	    !same_place(a->line, a->col, b->line, b->col))
		return false;
	if (a->kind == YAML_SCALAR)
		return strcmp(a->text, b->text) == 0;
	for (uint32_t i = 0; i < a->len; i++) {
		if (a->kind == YAML_SEQ && !same_tree(a->items[i], b->items[i]))
			return false;
		if (a->kind == YAML_SEQ)
			continue;
		const struct yaml_pair *p = &a->pairs[i], *q = &b->pairs[i];
		if (strcmp(p->key, q->key) != 0 || !same_place(p->line, p->col, q->line, q->col) ||
		    !same_tree(p->value, q->value))
			return false;
	}
	return true;
}

static bool is_ready(const char *path, struct problem_list *problems)
{
	const struct yaml_limits limits = MODEL_LIMITS;
	struct arena *a = arena_new();
	size_t len = 0;
	char *text = str_read_file(path, (size_t)1024 * 1024, &len);
	const struct yaml_node *ready = text ? yaml_ready_tree(a, &model_trees, text, len) : NULL,
	                       *parsed = text ? yaml_parse(a, path, text, len, &limits, problems) : NULL;
	const char *slash = strrchr(path, '/');
	printf("%s: %s\n", slash ? slash + 1 : path,
	       !ready ? "not ready" : parsed && same_tree(ready, parsed) ? "the same" : "another");
	mem_release(text);
	arena_free(a);
	return ready != NULL;
}

static int all_ready(int argc, char **argv, struct problem_list *problems)
{
	bool ok = true;
	for (int i = 0; i < argc; i++)
		ok &= is_ready(argv[i], problems);
	return !ok;
}

static bool annotate_all(struct apimodel *m, struct problem_list *problems)
{
	char line[8192], function[128];
	bool ok = true;
	for (int number = 1; fgets(line, sizeof line, stdin); number++) {
		int nparams, text;
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%127s %d %n", function, &nparams, &text) == 2)
			ok &= apimodel_annotate(m, function, nparams, line + text, "own.h", number, 1,
			                        problems);
	}
	return ok;
}

static int annotate(const struct apimodel *base, struct problem_list *problems)
{
	struct apimodel *o = apimodel_overlay(base);
	bool ok = annotate_all(o, problems);
	for (uint32_t i = 0; i < o->nfuncs; i++)
		apimodel_explain(o, o->funcs[i].name, stdout, problems);
	/* The base must not have noticed. */
	for (uint32_t i = 0; i < o->nfuncs; i++)
		if (apimodel_find(base, o->funcs[i].name) == apimodel_find(o, o->funcs[i].name))
			printf("the overlay shows through at %s\n", o->funcs[i].name);
	apimodel_overlay_free(o);
	return !ok;
}

static int with_models(const char *what, int argc, char **argv, struct problem_list *problems)
{
	struct apimodel m;
	int paths = strcmp(what, "token-type") == 0 && argc > 1 ? 1 : argc, result = 0;
	bool ok = apimodel_load(&m, NULL, (const char *const *)argv, (size_t)paths, problems);
	if (strcmp(what, "annotate") == 0)
		result = annotate(&m, problems);
	else if (strcmp(what, "fingerprint") == 0)
		puts(apimodel_fingerprint(&m));
	else
		for (int i = 1; i < argc; i++)
			printf("%s: %s\n", argv[i],
			       apimodel_is_token_type(&m, argv[i]) ? "token" : "no token");
	apimodel_release(&m);
	return !ok || result;
}

static int exercise(char **argv)
{
	struct problem_list problems = {0};
	struct apimodel m;
	int result = !apimodel_load(&m, argv[0], NULL, 0, &problems) || exercise_print(&m, argv[1], argv + 2);
	problem_list_print(&problems, stderr);
	problem_list_release(&problems);
	apimodel_release(&m);
	return result;
}

int main(int argc, char **argv)
{
	struct problem_list problems = {0};
	if (argc < 2)
		return 2;
	if (strcmp(argv[1], "schema") == 0) {
		schema_print();
		return 0;
	}
	if (strcmp(argv[1], "exercise") == 0 && argc > 3)
		return exercise(argv + 2);
	int result = strcmp(argv[1], "tree") == 0    ? tree(argc - 2, argv + 2, &problems)
	             : strcmp(argv[1], "ready") == 0 ? all_ready(argc - 2, argv + 2, &problems)
	                                             : with_models(argv[1], argc - 2, argv + 2, &problems);
	fflush(stdout);
	problem_list_print(&problems, stderr);
	problem_list_release(&problems);
	return result;
}
