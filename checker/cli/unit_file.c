#include "unit_file.h"

#include "arena.h"
#include "facts.h"
#include "file.h"
#include "hash.h"
#include "str.h"
#include "worker.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Magic, version of the format (u32), of the facts (u32), length of the head (u64), its XXH3 (u64); numbers
 * are little-endian. Then the head, as JSON, and the facts file. */
#define MAGIC "CIUNIT\0"
#define FORMAT 2
#define FRAME 32
#define HEAD_MAX_BYTES ((size_t)256 << 20)

static void put(char *at, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (char)(v >> (8 * i));
}

static uint64_t get(const char *at, int bytes)
{
	uint64_t v = 0;
	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)at[i] << (8 * i);
	return v;
}

/* ---- writing ---- */

static json_t *head_of(const struct unit_file *u)
{
	json_t *args = json_array();
	for (uint32_t i = 0; i < u->unit.nargs; i++)
		json_array_append_new(args, worker_text(u->unit.args[i]));
	json_t *j = json_pack("{ss so ss so so so so ss so}", "version", CANCELINT_VERSION, "root",
	                      worker_text(u->root), "models", u->models, "file", worker_text(u->unit.file),
	                      "directory", worker_text(u->unit.directory), "display",
	                      worker_text(u->unit.display), "args", args, "outcome", u->outcome, "reason",
	                      worker_text(u->reason));
	if (u->reply)
		json_object_set(j, "reply", u->reply);
	return j;
}

bool unit_file_write(const struct unit_file *u, const char *facts, size_t nfacts, FILE *to)
{
	json_t *head = head_of(u);
	char *text = head ? json_dumps(head, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	size_t n = text ? strlen(text) : 0;
	char frame[FRAME] = MAGIC;
	put(frame + 8, FORMAT, 4);
	put(frame + 12, FACTS_VERSION, 4);
	put(frame + 16, n, 8);
	put(frame + 24, hash64(text ? text : "", n), 8);
	bool ok = text && fwrite(frame, 1, FRAME, to) == FRAME && fwrite(text, 1, n, to) == n &&
	          (!facts || fwrite(facts, 1, nfacts, to) == nfacts);
	mem_release(text);
	json_decref(head);
	return ok;
}

/* ---- reading ---- */

static bool refuse(struct session *s, const char *path, const char *why)
{
	problem_hint(problem_add(&s->problems, PROBLEM_ERROR, path, 0, 0, "%s", why),
	             "extract the unit again with this version: cancelint extract FILE -o %s", path);
	return false;
}

static const char *text_of(const json_t *j)
{
	return json_is_string(j) ? json_string_value(j) : "";
}

static const char *text_in(const json_t *object, const char *key)
{
	return text_of(json_object_get(object, key));
}

static bool take_head(struct arena *a, struct unit_file *u)
{
	const json_t *args = json_object_get(u->head, "args");
	uint32_t n = (uint32_t)json_array_size(args);
	const char **list = ARENA_ARRAY(a, const char *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		list[i] = text_of(json_array_get(args, i));
	u->unit = (struct unit){.file = text_in(u->head, "file"),
	                        .directory = text_in(u->head, "directory"),
	                        .args = list,
	                        .nargs = n,
	                        .display = text_in(u->head, "display")};
	u->root = text_in(u->head, "root");
	u->models = text_in(u->head, "models");
	u->outcome = text_in(u->head, "outcome");
	u->reason = text_in(u->head, "reason");
	u->reply = json_object_get(u->head, "reply");
	return u->unit.file[0] == '/' && u->unit.directory[0] == '/' && u->root[0] == '/' &&
	       u->unit.display[0] && unit_outcome_is_name(u->outcome) &&
	       (!u->reply || json_is_array(json_object_get(u->reply, "notes")));
}

static bool read_head(struct session *s, struct arena *a, FILE *f, struct unit_file *u)
{
	char frame[FRAME];
	if (fread(frame, 1, FRAME, f) != FRAME || memcmp(frame, MAGIC, 8) != 0)
		return refuse(s, u->path, "this is not what 'cancelint extract' writes");
	if (get(frame + 8, 4) != FORMAT || get(frame + 12, 4) != FACTS_VERSION)
		return refuse(s, u->path, "another version of cancelint wrote this");
	uint64_t n = get(frame + 16, 8);
	struct stat st;
	bool there = fstat(fileno(f), &st) == 0 && st.st_size >= FRAME && n <= (uint64_t)st.st_size - FRAME;
	char *text = there && n <= HEAD_MAX_BYTES ? mem_alloc(n + 1) : NULL;
	bool whole = text && fread(text, 1, n, f) == n && hash64(text, n) == get(frame + 24, 8);
	u->head = whole ? json_loadb(text, n, 0, NULL) : NULL;
	mem_release(text);
	if (!u->head || !take_head(a, u))
		return refuse(s, u->path, "this is damaged");
	if (strcmp(text_in(u->head, "version"), CANCELINT_VERSION) != 0)
		return refuse(s, u->path, "another version of cancelint wrote this");
	u->facts_at = fgetc(f) == EOF ? 0 : FRAME + n;
	return true;
}

bool unit_file_read(struct session *s, struct arena *a, const char *path, struct unit_file *out)
{
	*out = (struct unit_file){.path = path};
	FILE *f = file_read(path);
	if (!f) {
		problem_hint(problem_add(&s->problems, PROBLEM_ERROR, path, 0, 0, "cannot be read: %s",
		                         strerror(errno)),
		             "name the files that 'cancelint extract' has written");
		return false;
	}
	bool ok = read_head(s, a, f, out);
	fclose(f);
	return ok;
}

bool unit_file_copy_facts(const struct unit_file *u, const char *to)
{
	char buffer[1 << 16];
	errno = 0;
	FILE *from = u->facts_at ? fopen(u->path, "rbe") : NULL, *out = from ? fopen(to, "wbe") : NULL;
	bool ok = out && fseeko(from, (off_t)u->facts_at, SEEK_SET) == 0;
	for (size_t n; ok && (n = fread(buffer, 1, sizeof buffer, from));)
		ok = fwrite(buffer, 1, n, out) == n;
	ok = ok && !ferror(from);
	if (from)
		fclose(from);
	if (out)
		ok = fclose(out) == 0 && ok;
	return ok;
}

void unit_file_release(struct unit_file *u)
{
	json_decref(u->head);
	u->head = NULL;
}
