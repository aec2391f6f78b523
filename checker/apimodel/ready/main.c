/*
 * Part of the build: writes the trees of model files as C, so that cancelint need not parse what has not
 * changed since.
 *
 *     model-trees OUT.c FILE...
 *
 * A file that cannot be read or parsed is left out: who loads it says what is wrong.
 */
#include "file_reader.h"

#include "arena.h"
#include "hash.h"
#include "problem.h"
#include "yaml_tree.h"

#include <stdio.h>
#include <string.h>

#define MAX_FILE_BYTES ((size_t)1024 * 1024)

struct writer {
	FILE *to;
	struct arena *arena;
	struct strmap known; /* text -> where it begins */
	struct str texts;    /* each with its NUL */
};

static uint32_t text_at(struct writer *w, const char *text)
{
	uint64_t at = w->texts.len;
	if (strmap_get(&w->known, text, &at))
		return (uint32_t)at;
	strmap_set(&w->known, arena_strdup(w->arena, text), at);
	str_addn(&w->texts, text, strlen(text) + 1);
	return (uint32_t)at;
}

static void write_step(struct writer *w, enum yaml_kind kind, bool quoted, int line, int col, uint32_t value)
{
	fprintf(w->to, "{%d,%d,%d,%d,%u},\n", kind, quoted, col, line, value);
}

static void write_node(struct writer *w, const struct yaml_node *n)
{
	uint32_t value = n->kind == YAML_SCALAR ? text_at(w, n->text) : n->len;
	write_step(w, n->kind, n->quoted, n->line, n->col, value);
	for (uint32_t i = 0; i < n->len && n->kind == YAML_MAP; i++) {
		const struct yaml_pair *p = &n->pairs[i];
		write_step(w, YAML_SCALAR, false, p->line, p->col, text_at(w, p->key));
		write_node(w, p->value);
	}
	for (uint32_t i = 0; i < n->len && n->kind == YAML_SEQ; i++)
		write_node(w, n->items[i]);
}

/* Do the places fit into steps? */
static bool is_narrow(const char *text)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strcspn(text, "\n") >= UINT16_MAX)
			return false;
	return true;
}

/* True: `hash` and the steps of that number are there. */
static bool write_file(struct writer *w, const char *path, uint32_t number, struct hash128 *hash)
{
	const struct yaml_limits limits = MODEL_LIMITS;
	struct problem_list unsaid = {0};
	struct arena *scratch = arena_new();
	size_t len = 0;
	char *text = str_read_file(path, MAX_FILE_BYTES, &len);
	const struct yaml_node *root =
	        text && is_narrow(text) ? yaml_parse(scratch, path, text, len, &limits, &unsaid) : NULL;
	if (root) {
		*hash = hash128(text, len);
		fprintf(w->to, "static const struct yaml_step steps%u[] = {\n", number);
		write_node(w, root);
		fputs("};\n", w->to);
	}
	mem_release(text);
	arena_free(scratch);
	problem_list_release(&unsaid);
	return root != NULL;
}

static void write_texts(const struct writer *w)
{
	fputs("static const char texts[] =\n", w->to);
	for (size_t i = 0; i < w->texts.len; i += strlen(w->texts.data + i) + 1) {
		fputs("\t\"", w->to);
		for (const char *c = w->texts.data + i; *c; c++)
			fprintf(w->to, *c >= ' ' && *c < 0x7f && !strchr("\"\\?", *c) ? "%c" : "\\%03o",
			        (unsigned char)*c);
		fputs("\\000\"\n", w->to);
	}
	fputs("\t\"\";\n", w->to);
}

static void write_all(struct writer *w, char **paths, int n)
{
	struct str table = {0};
	fputs("#include \"file_reader.h\"\n\n#include \"yaml_ready.h\"\n\n", w->to);
	for (int i = 0; i < n; i++) {
		struct hash128 h;
		if (write_file(w, paths[i], (uint32_t)i, &h))
			str_addf(&table, "\t{{0x%llx, 0x%llx}, steps%d},\n", (unsigned long long)h.low,
			         (unsigned long long)h.high, i);
	}
	write_texts(w);
	fprintf(w->to, "static const struct yaml_ready all[] = {\n%s\t{{0, 0}, 0}};\n", str_c(&table));
	fputs("const struct yaml_ready_table model_trees = {all, sizeof all / sizeof *all - 1, texts};\n",
	      w->to);
	str_release(&table);
}

int main(int argc, char **argv)
{
	struct writer w = {.to = argc > 1 ? fopen(argv[1], "w") : NULL, .arena = arena_new()};
	if (!w.to) {
		fputs("model-trees OUT.c FILE...\n", stderr);
		return 2;
	}
	write_all(&w, argv + 2, argc - 2);
	bool ok = !ferror(w.to);
	ok = fclose(w.to) == 0 && ok;
	strmap_release(&w.known);
	str_release(&w.texts);
	arena_free(w.arena);
	return !ok;
}
