#include "parts.h"
#include "str.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#define DATABASE_MAX ((size_t)1024 * 1024 * 1024)
#define MALFORMED_SHOWN 10

static const char how_to_make[] = "write one with 'cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON ...', 'meson setup' or "
				  "'bear -- make'";

static void note_risky(struct build *b, const char *const *dropped, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		bool known = false;
		for (uint32_t k = 0; k < b->risky.len && !known; k++)
			known = strcmp(b->risky.data[k], dropped[i]) == 0;
		if (!known && b->risky.len < 100)
			vec_push(&b->risky, dropped[i]);
	}
}

void build_add(struct build *b, const char *file, const char *directory, const char *const *args, uint32_t nargs)
{
	const char **dropped = NULL;
	uint32_t ndropped = 0;
	struct unit u = {.file = file, .directory = directory};
	u.args = project_sanitise(b->project->arena, args, nargs, &u.nargs, &dropped, &ndropped);
	note_risky(b, dropped, ndropped);
	vec_push(&b->units, u);
}

/* The language given by -x, if any: the last one, as the file follows it. */
static const char *explicit_language(const char *const *args, uint32_t n)
{
	const char *x = NULL;
	for (uint32_t i = 0; i < n; i++) {
		if (str_starts(args[i], "-X")) { /* what follows is for another program */
			i++;
			continue;
		}
		if (!str_starts(args[i], "-x"))
			continue;
		x = args[i] + 2;
		if (!*x && i + 1 < n)
			x = args[++i];
	}
	return x && *x && strcmp(x, "none") != 0 ? x : NULL;
}

static bool is_c_or_cplusplus(const char *file, const char *const *args, uint32_t n)
{
	const char *x = explicit_language(args, n);
	return x ? language_option_ok(x) : language_of(file) == LANGUAGE_SOURCE;
}

/* ---- one entry ---- */

/* The line on which an array's element begins: jansson keeps no places. */
static int line_of_element(const char *text, size_t index)
{
	int line = 1, depth = 0;
	size_t seen = 0;
	bool quoted = false;
	for (const char *p = text; *p; p++) {
		line += *p == '\n';
		if (quoted) {
			if (*p == '\\' && p[1])
				p++;
			else if (*p == '"')
				quoted = false;
			continue;
		}
		quoted = *p == '"';
		if (strchr("{[\"", *p) || (depth == 1 && strchr("0123456789-tfn", *p))) {
			if (depth == 1 && seen++ == index)
				return line;
		}
		depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		if (depth == 1 && strchr("0123456789-tfn", *p))
			p += strcspn(p, ",]\n") - 1;
	}
	return 0;
}

struct entry {
	struct build *build;
	const char *database, *text;
	size_t index;
	json_t *json;
};

static bool malformed(struct entry *e, const char *what)
{
	struct build *b = e->build;
	if (b->malformed++ < MALFORMED_SHOWN)
		problem_add(b->problems, PROBLEM_WARNING, e->database, line_of_element(e->text, e->index), 0,
			    "entry %zu of the compile database is ignored: %s", e->index + 1, what);
	return false;
}

static bool words_of_arguments(struct entry *e, const json_t *list, strings *words)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item) {
		if (!json_is_string(item))
			return malformed(e, "'arguments' holds something that is not a string");
		vec_push(words, arena_strdup(e->build->project->arena, json_string_value(item)));
	}
	return true;
}

static bool words_of_entry(struct entry *e, strings *words)
{
	const json_t *list = json_object_get(e->json, "arguments"), *command = json_object_get(e->json, "command");
	if (json_is_array(list))
		return words_of_arguments(e, list, words);
	if (list)
		return malformed(e, "'arguments' is not a list");
	if (!json_is_string(command))
		return malformed(e, "it has neither 'arguments' nor 'command'");
	if (!command_split(e->build->project->arena, json_string_value(command), words))
		return malformed(e, "a quote in 'command' is not closed");
	return true;
}

static bool read_entry(struct entry *e, strings *words)
{
	struct arena *a = e->build->project->arena;
	if (!json_is_object(e->json))
		return malformed(e, "it is not an object");
	const char *file = json_string_value(json_object_get(e->json, "file"));
	const char *directory = json_string_value(json_object_get(e->json, "directory"));
	if (!file || !*file)
		return malformed(e, "it has no 'file'");
	if (!words_of_entry(e, words))
		return false;
	if (!words->len)
		return malformed(e, "its command is empty");
	const char *beside = path_dir(a, e->database);
	directory = directory ? path_absolute(a, beside, directory) : beside;
	uint32_t skip = command_prefix(words->data, words->len);
	const char *const *args = words->data + skip;
	if (!is_c_or_cplusplus(file, args, words->len - skip)) {
		e->build->skipped++;
		return true;
	}
	build_add(e->build, path_absolute(a, directory, file), directory, args, words->len - skip);
	return true;
}

/* ---- the file ---- */

static void read_entries(struct build *b, const char *file, const char *text, const json_t *root)
{
	struct entry e = {.build = b, .database = file, .text = text};
	strings words = {0};
	json_array_foreach(root, e.index, e.json) {
		vec_clear(&words);
		read_entry(&e, &words);
	}
	vec_release(&words);
	if (b->malformed > MALFORMED_SHOWN)
		problem_add(b->problems, PROBLEM_WARNING, file, 0, 0, "%u more entries of the compile database are ignored",
			    b->malformed - MALFORMED_SHOWN);
}

static bool complain(struct build *b, const char *file, const char *text)
{
	problem_hint(problem_add(b->problems, PROBLEM_ERROR, file, 0, 0, "%s", text), "%s", how_to_make);
	return false;
}

static bool cannot_read(struct build *b, const char *file)
{
	struct problem *p = problem_add(b->problems, PROBLEM_ERROR, file, 0, 0, "cannot read the compile database: %s",
					errno == EINVAL ? "not a regular file" : strerror(errno));
	if (errno == ENOENT)
		problem_hint(p, "%s", how_to_make);
	else if (errno == EFBIG)
		problem_hint(p, "at most %zu MiB are read: split it", DATABASE_MAX >> 20);
	return false;
}

static json_t *parse(struct build *b, const char *file, const char *text, size_t len)
{
	json_error_t error;
	json_t *root = json_loadb(text, len, 0, &error);
	if (root)
		return root;
	struct problem *p = problem_add(b->problems, PROBLEM_ERROR, file, error.line, error.column,
					"the compile database is not JSON: %s", error.text);
	problem_hint(p, "it may be cut off: %s", how_to_make);
	return NULL;
}

static bool read_root(struct build *b, const char *file, const char *text, const json_t *root)
{
	if (!json_is_array(root))
		return complain(b, file, "the compile database is not a list of entries");
	if (json_array_size(root) == 0)
		return complain(b, file, "the compile database has no entries");
	read_entries(b, file, text, root);
	if (b->units.len > 0)
		return true;
	if (b->skipped > 0)
		return complain(b, file, "the compile database has no C or C++ file");
	return complain(b, file, "no entry of the compile database can be used");
}

bool database_read(struct build *b, const char *file)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t len = 0;
	char *text = str_read_file(file, DATABASE_MAX, &len);
	if (!text)
		return cannot_read(b, file);
	size_t skip = len >= 3 && memcmp(text, bom, 3) == 0 ? 3 : 0;
	bool ok = false;
	if (strspn(text + skip, " \t\r\n") == len - skip) {
		complain(b, file, "the compile database is empty");
	} else {
		json_t *root = parse(b, file, text + skip, len - skip);
		ok = root && read_root(b, file, text + skip, root);
		json_decref(root);
	}
	mem_release(text);
	return ok;
}
