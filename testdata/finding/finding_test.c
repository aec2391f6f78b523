/*
 * finding_test - runs the finding layer on what it is given, for the tests in this folder.
 *
 *   finding_test comments FILE [NAME_LINE[-END_LINE]...]   suppressions of the comments in FILE, with
 * functions there finding_test report ROOT JSON [all] [reverse]   findings and suppressions, as workers send
 * them, finished; "all": all rules ran; "reverse": they arrive in the opposite order finding_test hashes FILE
 * the hash of every line
 *   finding_test match ROOT FILE [reverse]   which findings of FILE are which: see match.test
 *   finding_test paths ROOT PATH... finding_test fuzz SEED N     random mutations of
 * comments and of JSON; says "done"
 *   finding_test alike SEED N   see alike.c
 */
#include "internal.h"

#include "alike.h"
#include "comments_of.h"

#include "arena.h"
#include "match.h"
#include "mem.h"
#include "str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show_suppression(const struct suppression *s)
{
	printf("%u:%u-%u covers %u-%u %s", s->at.line, s->at.col, s->at.end_col, s->first_line, s->last_line,
	       s->nolint ? "NOLINT" : "allow");
	for (uint32_t i = 0; i < s->nrules; i++)
		printf("%s%s", i ? "," : " ", s->rules[i]);
	if (s->reason[0])
		printf(" reason: %s", s->reason);
	if (s->problem[0])
		printf(" problem: %s", s->problem);
	printf("\n");
}

static int run_comments(int argc, char **argv)
{
	size_t n;
	char *text = str_read_file(argv[0], (size_t)16 << 20, &n);
	if (!text)
		return 1;
	struct arena *a = arena_new();
	struct source_function *functions = ARENA_ARRAY(a, struct source_function, argc);
	for (int i = 1; i < argc; i++) {
		functions[i - 1].file = argv[0];
		sscanf(argv[i], "%" SCNu32 "-%" SCNu32, &functions[i - 1].line, &functions[i - 1].end_line);
	}
	uint32_t ncomments, count;
	struct source_comment *c = comments_of(a, argv[0], text, n, &ncomments);
	struct source_cache *sources = source_cache_new(NULL);
	struct suppression *s =
	        suppressions_from_comments(a, sources, c, ncomments, functions, (uint32_t)argc - 1, &count);
	source_cache_free(sources);
	for (uint32_t i = 0; i < count; i++)
		show_suppression(&s[i]);
	free(text);
	arena_free(a);
	return 0;
}

static const json_t *element(const json_t *array, size_t i, bool reverse)
{
	return json_array_get(array, reverse ? json_array_size(array) - 1 - i : i);
}

static bool load(struct finding_set *s, struct arena *a, const json_t *j, bool reverse)
{
	const json_t *findings = json_object_get(j, "findings"), *sups = json_object_get(j, "suppressions");
	bool ok = true;
	for (size_t i = 0; i < json_array_size(findings); i++) {
		struct finding f;
		if (finding_from_json(a, element(findings, i, reverse), &f))
			finding_set_add(s, &f);
		else
			ok = false;
	}
	for (size_t i = 0; i < json_array_size(sups); i++) {
		struct suppression p;
		if (suppression_from_json(a, element(sups, i, reverse), &p))
			finding_set_suppress(s, &p);
		else
			ok = false;
	}
	return ok;
}

static void show_finding(const struct finding *f)
{
	printf("%s:%u:%u %s %s %s: %s", f->at.file, f->at.line, f->at.col, severity_name(f->severity),
	       confidence_name(f->confidence), f->rule, f->message);
	for (uint32_t i = 0; i < f->nalso; i++)
		printf(" also=%s", f->also[i]);
	if (f->suppressed)
		printf(" suppressed=%s:'%s'", f->suppression_kind, f->suppressed);
	printf(" ordinal=%u id=%s hash=%s anchor=[%s]\n", f->ordinal, f->id, f->line_hash, f->anchor);
}

static int run_report(int argc, char **argv)
{
	json_error_t e;
	json_t *j = json_load_file(argv[1], 0, &e);
	if (!j) {
		fprintf(stderr, "%s:%d: %s\n", argv[1], e.line, e.text);
		return 1;
	}
	struct arena *a = arena_new();
	struct finding_set s;
	finding_set_init(&s, argv[0]);
	bool all = false, reverse = false;
	for (int i = 2; i < argc; i++) {
		all |= strcmp(argv[i], "all") == 0;
		reverse |= strcmp(argv[i], "reverse") == 0;
	}
	if (!load(&s, a, j, reverse))
		printf("malformed\n");
	finding_set_finish(&s, all);
	for (uint32_t i = 0; i < s.len; i++)
		show_finding(&s.items[i]);
	finding_set_release(&s);
	arena_free(a);
	json_decref(j);
	return 0;
}

static int run_hashes(const char *file)
{
	size_t n;
	char *text = str_read_file(file, (size_t)16 << 20, &n);
	if (!text)
		return 1;
	uint32_t max = (uint32_t)n + 1, *wanted = mem_alloc(max * sizeof *wanted);
	char(*out)[40] = mem_alloc(max * sizeof *out);
	for (uint32_t i = 0; i < max; i++)
		wanted[i] = i + 1;
	line_hashes(text, n, wanted, max, out);
	for (uint32_t i = 0; i < max && out[i][0]; i++)
		printf("%u %s\n", i + 1, out[i]);
	mem_release(out);
	mem_release(wanted);
	free(text);
	return 0;
}

static int run_paths(int argc, char **argv)
{
	struct arena *a = arena_new();
	const char *root = place_path_normalise(a, argv[0]);
	for (int i = 1; i < argc; i++)
		printf("%s -> %s\n", argv[i], place_path(a, root, argv[i]));
	arena_free(a);
	return 0;
}

/* ---- matching ---- */

/* Cuts at '|' in place. */
static const char *field(char **rest)
{
	char *f = strsep(rest, "|");
	return f ? f : "";
}

static struct match_side read_side(char *rest)
{
	struct match_side s = {.looked = rest[0] != '?'};
	rest += !s.looked;
	s.id = field(&rest);
	s.rule = field(&rest);
	s.file = field(&rest);
	s.line = (uint32_t)strtoul(field(&rest), NULL, 10);
	s.usr = field(&rest);
	s.function = field(&rest);
	s.line_hash = field(&rest);
	s.anchor = field(&rest);
	s.ordinal = (uint32_t)strtoul(field(&rest), NULL, 10);
	return s;
}

static struct match_rename read_rename(char *rest)
{
	const char *from = field(&rest);
	return (struct match_rename){from, field(&rest)};
}

static void reverse_sides(struct match_side *sides, uint32_t n)
{
	for (uint32_t i = 0; i < n / 2; i++) {
		struct match_side s = sides[i];
		sides[i] = sides[n - 1 - i];
		sides[n - 1 - i] = s;
	}
}

static void show_matches(const struct match_input *in, const struct match *m)
{
	for (uint32_t i = 0; i < in->nnew; i++)
		if (m[i].step)
			printf("%s is %s: %s\n", in->new[i].id, in->old[m[i].old].id,
			       match_step_name(m[i].step));
		else
			printf("%s is new\n", in->new[i].id);
	for (uint32_t k = 0; k < in->nold; k++) {
		bool found = false;
		for (uint32_t i = 0; i < in->nnew; i++)
			found |= m[i].step && m[i].old == k;
		if (!found)
			printf("%s is gone\n", in->old[k].id);
	}
}

static int run_match(int argc, char **argv)
{
	size_t size;
	char *text = str_read_file(argv[1], (size_t)1 << 20, &size), *rest = text, *line;
	VEC(struct match_side) old = {0}, new = {0};
	VEC(struct match_rename) files = {0}, rules = {0};
	bool sparse = false;
	while (rest && (line = strsep(&rest, "\n"))) {
		if (line[0] == '-')
			vec_push(&old, read_side(line + 1));
		else if (line[0] == '+')
			vec_push(&new, read_side(line + 1));
		else if (line[0] == 'f')
			vec_push(&files, read_rename(line + 1));
		else if (line[0] == 'r')
			vec_push(&rules, read_rename(line + 1));
		sparse |= strcmp(line, "sparse") == 0;
	}
	if (argc > 2) {
		reverse_sides((struct match_side *)old.data, old.len);
		reverse_sides((struct match_side *)new.data, new.len);
	}
	struct match_input in = {old.data,   new.data,  old.len,   new.len, files.data,
	                         rules.data, files.len, rules.len, argv[0], sparse};
	struct match *m = mem_alloc((new.len + 1) * sizeof *m);
	findings_match(&in, m);
	show_matches(&in, m);
	mem_release(m);
	vec_release(&old);
	vec_release(&new);
	vec_release(&files);
	vec_release(&rules);
	free(text);
	return 0;
}

/* ---- fuzzing ---- */

static uint32_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void mutate(struct str *s, uint64_t *seed)
{
	static const char *const bits[] = {"cancelint-allow",
	                                   "-begin",
	                                   "-end",
	                                   "(",
	                                   ")",
	                                   ":",
	                                   ",",
	                                   "*/",
	                                   "/*",
	                                   "//",
	                                   "\n",
	                                   "NOLINT",
	                                   "NEXTLINE",
	                                   "BEGIN",
	                                   "END",
	                                   "missing-cancel",
	                                   "*",
	                                   "\\",
	                                   "\"",
	                                   "{",
	                                   "}",
	                                   "null",
	                                   "-1",
	                                   "1e9",
	                                   "99999999999",
	                                   "[",
	                                   "]",
	                                   "true",
	                                   "\xff",
	                                   "\xe2\x82",
	                                   "\\u0000",
	                                   "'",
	                                   "#"};
	for (uint32_t times = next(seed) % 8; times > 0; times--) {
		size_t at = s->len ? next(seed) % (s->len + 1) : 0;
		struct str out = {0};
		str_addn(&out, str_c(s), at);
		if (next(seed) % 2)
			str_add(&out, bits[next(seed) % (sizeof bits / sizeof *bits)]);
		size_t drop = next(seed) % 4 ? 0 : next(seed) % 12;
		at = at + drop < s->len ? at + drop : s->len;
		str_addn(&out, str_c(s) + at, s->len - at);
		str_release(s);
		*s = out;
	}
}

static void fuzz_comment(const char *file, uint64_t *seed)
{
	struct arena *a = arena_new();
	struct str s = {0};
	str_add(&s,
	        "x();\n// cancelint-allow-begin(missing-cancel): why\nint f(void) {\n/* "
	        "NOLINTBEGIN(cancelint-*)\n * "
	        "cancelint-allow(a, b): two */ g();\n// NOLINTEND(cancelint-*)\n} // cancelint-allow-end\n");
	mutate(&s, seed);
	FILE *f = fopen(file, "w");
	if (!f || fwrite(str_c(&s), 1, s.len, f) != s.len || fclose(f) != 0)
		exit(1);
	uint32_t ncomments, count;
	struct source_comment *c = comments_of(a, file, str_c(&s), s.len, &ncomments);
	const struct source_function functions[] = {{file, 3, 0}, {file, 2 + next(seed) % 90, 0}};
	struct source_cache *sources = source_cache_new(NULL);
	struct suppression *sup = suppressions_from_comments(a, sources, c, ncomments, functions, 2, &count);
	source_cache_free(sources);
	struct finding_set set;
	finding_set_init(&set, "/");
	for (uint32_t i = 0; i < count; i++) {
		json_t *j = suppression_to_json(&sup[i]);
		struct suppression back;
		BUG_IF(!suppression_from_json(a, j, &back));
		json_t *again = suppression_to_json(&back);
		BUG_IF(!json_equal(j, again));
		finding_set_suppress(&set, &back);
		json_decref(again);
		json_decref(j);
	}
	finding_set_finish(&set, true);
	finding_set_release(&set);
	str_release(&s);
	arena_free(a);
}

static void fuzz_json(const char *seed_text, uint64_t *seed)
{
	struct arena *a = arena_new();
	struct str s = {0};
	str_add(&s, seed_text);
	mutate(&s, seed);
	json_t *j = json_loadb(str_c(&s), s.len,
	                       next(seed) % 2 ? JSON_ALLOW_NUL | JSON_DECODE_ANY : JSON_DECODE_ANY, NULL);
	struct finding_set set;
	finding_set_init(&set, "/p");
	load(&set, a, j, false);
	finding_set_finish(&set, true);
	for (uint32_t i = 0; i < set.len; i++)
		json_decref(finding_to_json(&set.items[i]));
	finding_set_release(&set);
	json_decref(j);
	str_release(&s);
	arena_free(a);
}

static int run_fuzz(const char *seed_text, const char *times)
{
	static const char report[] = "{\"findings\":[{\"id\":\"\",\"rule\":\"missing-cancel\",\"severity\":"
	                             "\"warning\",\"confidence\":\"high\","
	                             "\"message\":\"m\",\"place\":{\"file\":\"/p/"
	                             "a.c\",\"line\":3,\"column\":1,\"end_column\":9},\"steps\":[{"
	                             "\"kind\":\"event\",\"place\":{\"file\":\"/p/"
	                             "a.c\",\"line\":3,\"column\":1,\"end_column\":0},\"text\":\"t\","
	                             "\"basis\":\"b\",\"depth\":0}],\"also\":[\"x\"],\"function\":\"f\","
	                             "\"usr\":\"u\",\"anchor\":\"a ( b )\","
	                             "\"ordinal\":0,\"line_hash\":\"\",\"suppressed\":null}],"
	                             "\"suppressions\":[{\"place\":{\"file\":\"/p/a.c\","
	                             "\"line\":2,\"column\":1,\"end_column\":5},\"first_line\":2,\"last_"
	                             "line\":3,\"rules\":[\"missing-cancel\"],"
	                             "\"reason\":\"r\",\"problem\":\"\",\"nolint\":false}]}";
	uint64_t seed = strtoull(seed_text, NULL, 10);
	char file[] = "/tmp/finding-fuzz-XXXXXX";
	int fd = mkstemp(file);
	if (fd < 0)
		return 1;
	close(fd);
	for (long n = atol(times); n > 0; n--) {
		fuzz_comment(file, &seed);
		fuzz_json(report, &seed);
	}
	remove(file);
	printf("done\n");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "comments") == 0)
		return run_comments(argc - 2, argv + 2);
	if (argc >= 4 && strcmp(argv[1], "report") == 0)
		return run_report(argc - 2, argv + 2);
	if (argc == 3 && strcmp(argv[1], "hashes") == 0)
		return run_hashes(argv[2]);
	if (argc >= 4 && strcmp(argv[1], "match") == 0)
		return run_match(argc - 2, argv + 2);
	if (argc >= 4 && strcmp(argv[1], "paths") == 0)
		return run_paths(argc - 2, argv + 2);
	if (argc == 4 && strcmp(argv[1], "alike") == 0)
		return run_alike((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));
	if (argc == 4 && strcmp(argv[1], "fuzz") == 0)
		return run_fuzz(argv[2], argv[3]);
	fprintf(stderr, "usage: finding_test comments|report|hashes|match|paths|fuzz ...\n");
	return 2;
}
