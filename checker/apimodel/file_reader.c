#include "file_reader.h"

#include "arena.h"
#include "intern.h"
#include "names.h"
#include "problem.h"
#include "role_reader.h"
#include "vocabulary.h"
#include "yaml_ready.h"
#include "yaml_tree.h"

#include <stdlib.h>
#include <string.h>

struct file_reader {
	struct apimodel *m;
	const char *file;
	enum origin origin;
	struct problem_list *problems;
	struct api_library library;
	VEC(struct api_role) roles; /* of the description that is being read */
	bool ok;
};

static struct problem *complain(struct file_reader *r, int line, int col, const char *fmt,
                                const char *subject)
{
	r->ok = false;
	return problem_add(r->problems, PROBLEM_ERROR, r->file, line, col, fmt, subject);
}

/* ---- the head of a file ---- */

static const char *checked_text(struct file_reader *r, const struct yaml_node *n, bool (*valid)(const char *),
                                const char *complaint)
{
	if (n->kind == YAML_SCALAR && valid(n->text))
		return intern(r->m->strings, n->text);
	complain(r, n->line, n->col, complaint, n->kind == YAML_SCALAR ? n->text : "...");
	return NULL;
}

/* A sequence of texts, or one text. */
static const char **text_list(struct file_reader *r, const struct yaml_node *n, bool (*valid)(const char *),
                              const char *complaint, uint32_t *len)
{
	uint32_t max = !n ? 0 : n->kind == YAML_SEQ ? n->len : 1;
	const char **out = ARENA_ARRAY(r->m->arena, const char *, max + 1);
	*len = 0;
	for (uint32_t i = 0; i < max; i++) {
		const char *text = checked_text(r, n->kind == YAML_SEQ ? n->items[i] : n, valid, complaint);
		if (text)
			out[(*len)++] = text;
	}
	return out;
}

static void read_head(struct file_reader *r, const struct yaml_node *root)
{
	struct api_library *l = &r->library;
	const struct yaml_node *name = yaml_get(root, "library"), *cplusplus = yaml_get(root, "c++");
	l->file = r->file;
	l->project = r->origin == FROM_PROJECT;
	l->name = name ? checked_text(r, name, name_is_word, "'%s' is not a library's name") : NULL;
	if (!name)
		problem_hint(complain(r, 1, 1, "the file does not say which library it describes%s", ""),
		             "begin it with 'library: NAME'");
	if (!l->name)
		l->name = "";
	if (cplusplus && !yaml_bool(cplusplus, &l->cplusplus))
		complain(r, cplusplus->line, cplusplus->col, "'%s' is not true or false", "c++");
	l->headers = text_list(r, yaml_get(root, "headers"), name_is_header,
	                       "'%s' is not the name of a header", &l->nheaders);
	l->pkg_config = text_list(r, yaml_get(root, "pkg-config"), name_is_package,
	                          "'%s' is not the name of a pkg-config package", &l->npkg_config);
	l->defines = text_list(r, yaml_get(root, "defines"), name_is_define, "'%s' is not NAME or NAME=VALUE",
	                       &l->ndefines);
	l->tokens =
	        text_list(r, yaml_get(root, "tokens"), name_is_ctype, "'%s' is not a C type", &l->ntokens);
	for (uint32_t i = 0; i < l->ntokens; i++)
		model_add_token_type(r->m, l->tokens[i]);
	l->errors =
	        text_list(r, yaml_get(root, "errors"), name_is_ctype, "'%s' is not a C type", &l->nerrors);
	l->booleans = text_list(r, yaml_get(root, "booleans"), name_is_ctype, "'%s' is not a C type",
	                        &l->nbooleans);
	l->exceptions = text_list(r, yaml_get(root, "exceptions"), name_is_ctype, "'%s' is not a C type",
	                          &l->nexceptions);
	l->outcomes = text_list(r, yaml_get(root, "outcomes"), name_is_ctype, "'%s' is not a C type",
	                        &l->noutcomes);
	l->mutables = text_list(r, yaml_get(root, "mutables"), name_is_ctype, "'%s' is not a C type",
	                        &l->nmutables);
	l->callbacks = text_list(r, yaml_get(root, "callbacks"), name_is_ctype, "'%s' is not a C type",
	                         &l->ncallbacks);
	l->seconds =
	        text_list(r, yaml_get(root, "seconds"), name_is_ctype, "'%s' is not a C type", &l->nseconds);
	l->milliseconds = text_list(r, yaml_get(root, "milliseconds"), name_is_ctype, "'%s' is not a C type",
	                            &l->nmilliseconds);
	l->microseconds = text_list(r, yaml_get(root, "microseconds"), name_is_ctype, "'%s' is not a C type",
	                            &l->nmicroseconds);
	l->nanoseconds = text_list(r, yaml_get(root, "nanoseconds"), name_is_ctype, "'%s' is not a C type",
	                           &l->nnanoseconds);
	l->teardown_slots = text_list(r, yaml_get(root, "teardown-slots"), name_is_slot,
	                              "'%s' is not STRUCT.FIELD", &l->nteardown_slots);
}

/* ---- families ---- */

static const char *family_text(struct file_reader *r, const struct yaml_node *map, const char *key,
                               const char *otherwise)
{
	const struct yaml_node *n = yaml_get(map, key);
	if (!n)
		return otherwise;
	if (n->kind == YAML_SCALAR && n->text[0])
		return intern(r->m->strings, n->text);
	complain(r, n->line, n->col, "'%s' is not a text", key);
	return otherwise;
}

static void family_flag(struct file_reader *r, const struct yaml_node *map, const char *key, bool *out)
{
	const struct yaml_node *n = yaml_get(map, key);
	if (n && !yaml_bool(n, out))
		complain(r, n->line, n->col, "'%s' is not true or false", key);
}

static void read_family(struct file_reader *r, const struct yaml_pair *pair)
{
	static const char *const keys[] = {"noun",  "release", "cancel-needed", "claim", "weak",
	                                   "timer", "ends",    "lexical",       "task",  "masks-cancel"};
	struct api_family f = {.name = intern(r->m->strings, pair->key), .library = r->library.name};
	struct place at = {r->file, pair->line, pair->col};
	if (!name_is_word(pair->key)) {
		complain(r, pair->line, pair->col, "'%s' is not a family's name", pair->key);
		return;
	}
	if (pair->value->kind != YAML_MAP) {
		problem_hint(complain(r, pair->line, pair->col, "family '%s' is not described", pair->key),
		             "write {noun: \"...\", release: \"...\"}");
		return;
	}
	r->ok &= yaml_known_keys(pair->value, r->file, keys, sizeof keys / sizeof *keys, r->problems);
	f.noun = family_text(r, pair->value, "noun", f.name);
	f.release = family_text(r, pair->value, "release", "");
	family_flag(r, pair->value, "cancel-needed", &f.cancel_needed);
	family_flag(r, pair->value, "claim", &f.claim);
	family_flag(r, pair->value, "weak", &f.weak);
	family_flag(r, pair->value, "timer", &f.timer);
	family_flag(r, pair->value, "lexical", &f.lexical);
	family_flag(r, pair->value, "masks-cancel", &f.masks_cancel);
	family_flag(r, pair->value, "task", &f.task);
	r->ok &= model_add_family(r->m, &f, r->origin, &at, r->problems);
}

/* ---- functions ---- */

static void read_params(struct file_reader *r, const struct yaml_pair *pair, const struct yaml_node *n,
                        struct api_func *f)
{
	f->nparams = -1;
	if (!n) {
		if (!r->library.cplusplus)
			problem_hint(complain(r, pair->line, pair->col,
			                      "'%s' does not say how many parameters it has", pair->key),
			             "add 'params: N', or 'params: N+' for a variadic function");
		return;
	}
	char *end = NULL;
	const char *text = n->kind == YAML_SCALAR ? n->text : "";
	long v = strtol(text, &end, 10);
	bool plus = *end == '+';
	if (end == text || text[0] < '0' || text[0] > '9' || v < 0 || v > 250 || end[plus]) {
		complain(r, n->line, n->col, "'params: %s' is not a number of parameters", text);
		return;
	}
	f->nparams = (int)v;
	f->variadic = plus;
}

static const char *read_since(struct file_reader *r, const struct yaml_node *n)
{
	if (!n)
		return "";
	if (n->kind == YAML_SCALAR && name_is_word(n->text))
		return intern(r->m->strings, n->text);
	complain(r, n->line, n->col, "'since: %s' is not a version",
	         n->kind == YAML_SCALAR ? n->text : "...");
	return "";
}

static bool read_elements(struct file_reader *r, const struct yaml_node *n)
{
	bool tokens = n && n->kind == YAML_SCALAR && strcmp(n->text, "tokens") == 0;
	if (n && !tokens)
		complain(r, n->line, n->col, "'elements: %s' is not 'tokens'",
		         n->kind == YAML_SCALAR ? n->text : "...");
	return tokens;
}

/* What a description says beside roles. */
static const char *const plain_keys[] = {"params", "since", "elements"};
#define NPLAIN_KEYS (sizeof plain_keys / sizeof *plain_keys)

static bool is_plain_key(const char *key)
{
	for (size_t i = 0; i < NPLAIN_KEYS; i++)
		if (strcmp(key, plain_keys[i]) == 0)
			return true;
	return false;
}

static void add_role(struct file_reader *r, const struct api_func *f, enum api_role_kind kind,
                     const struct yaml_node *map, int line, int col)
{
	struct role_reader reader = {r->m->strings, r->problems, r->file, f->name, f->nparams, f->variadic};
	vec_reserve(&r->roles, r->roles.len + 1);
	struct api_role *role = &r->roles.data[r->roles.len++];
	if (!role_read(&reader, kind, map, line, col, role))
		r->ok = false;
	if (role->family[0]) {
		const struct yaml_node *n = yaml_get(map, "family");
		vec_push(&r->m->state->family_uses,
		         (struct family_use){role->family, {r->file, n->line, n->col}});
	}
}

/* A role without keys stands for itself: `cleanup: true`. */
static bool stands_alone(enum api_role_kind kind, const struct yaml_node *n)
{
	return role_slots(kind) == 0 && n->kind == YAML_SCALAR && !n->quoted &&
	       (strcmp(n->text, "true") == 0 || n->text[0] == 0);
}

static void read_entry(struct file_reader *r, const struct api_func *f, enum api_role_kind kind,
                       const struct yaml_node *n, int line, int col)
{
	if (n->kind == YAML_MAP) {
		add_role(r, f, kind, n, line, col);
		return;
	}
	problem_hint(
	        complain(r, n->line, n->col, "role '%s' is not a mapping of its keys", api_role_name(kind)),
	        role_slots(kind) ? "write {key: value, ...}, or {} if it needs none" : "write 'true'");
}

static void read_role(struct file_reader *r, const struct api_func *f, enum api_role_kind kind,
                      const struct yaml_pair *pair)
{
	const struct yaml_node *n = pair->value;
	if (stands_alone(kind, n)) {
		add_role(r, f, kind, NULL, pair->line, pair->col);
		return;
	}
	if (n->kind != YAML_SEQ) {
		read_entry(r, f, kind, n, pair->line, pair->col);
		return;
	}
	if (n->len == 0)
		complain(r, n->line, n->col, "role '%s' has no entry", pair->key);
	for (uint32_t i = 0; i < n->len; i++)
		read_entry(r, f, kind, n->items[i], n->items[i]->line, n->items[i]->col);
}

static void unknown_role(struct file_reader *r, const struct yaml_pair *pair)
{
	const char *known[API_NROLES + NPLAIN_KEYS];
	memcpy(known, plain_keys, sizeof plain_keys);
	struct problem *p = complain(r, pair->line, pair->col, "unknown role '%s'", pair->key);
	for (unsigned k = 0; k < API_NROLES; k++)
		known[k + NPLAIN_KEYS] = api_role_name(k);
	const char *near = str_nearest(pair->key, known, API_NROLES + NPLAIN_KEYS);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "docs/formats/models.md lists the roles");
}

/* All that is said of a function but its name; several names may share it. */
static void read_description(struct file_reader *r, const struct yaml_pair *pair, struct api_func *f)
{
	vec_clear(&r->roles);
	read_params(r, pair, yaml_get(pair->value, "params"), f);
	f->since = read_since(r, yaml_get(pair->value, "since"));
	f->for_tokens = read_elements(r, yaml_get(pair->value, "elements"));
	for (uint32_t i = 0; i < pair->value->len; i++) {
		const struct yaml_pair *p = &pair->value->pairs[i];
		enum api_role_kind kind = role_find(p->key);
		if (kind != API_NROLES)
			read_role(r, f, kind, p);
		else if (!is_plain_key(p->key))
			unknown_role(r, p);
	}
	f->nroles = r->roles.len;
	f->roles = ARENA_ARRAY(r->m->arena, struct api_role, f->nroles);
	if (f->nroles)
		memcpy(f->roles, r->roles.data, f->nroles * sizeof *f->roles);
}

/* Length of the first name in a list separated by commas; those inside <> and () separate nothing. */
static size_t name_length(const char *s)
{
	size_t n = 0;
	for (int depth = 0; s[n] && (s[n] != ',' || depth > 0); n++) {
		depth += s[n] == '<' || s[n] == '(';
		depth -= s[n] == '>' || s[n] == ')';
	}
	return n;
}

/* Takes the first name off a list; false, with a problem, when it is none. */
static bool next_name(struct file_reader *r, const struct yaml_pair *pair, const char **list,
                      const char **name)
{
	const char *s = *list + strspn(*list, " ");
	size_t n = name_length(s), used = n;
	while (used && s[used - 1] == ' ')
		used--;
	*list = s[n] ? s + n + 1 : s + n;
	*name = intern_n(r->m->strings, s, used);
	if (name_is_function(s, used, r->library.cplusplus))
		return true;
	complain(r, pair->line, pair->col, "'%s' is not the name of a function", *name);
	return false;
}

static void read_functions(struct file_reader *r, const struct yaml_pair *pair)
{
	struct api_func f = {.library = r->library.name,
	                     .file = r->file,
	                     .line = pair->line,
	                     .cplusplus = r->library.cplusplus || r->library.project};
	const char *list = pair->key;
	if (pair->value->kind != YAML_MAP) {
		problem_hint(complain(r, pair->line, pair->col, "'%s' is not described", pair->key),
		             "write {params: N, ROLE: {...}}");
		return;
	}
	if (!next_name(r, pair, &list, &f.name))
		return;
	read_description(r, pair, &f);
	r->ok &= model_add_func(r->m, &f, r->origin, pair->col, r->problems);
	while (*list && next_name(r, pair, &list, &f.name))
		r->ok &= model_add_func(r->m, &f, r->origin, pair->col, r->problems);
}

static void each_pair(struct file_reader *r, const struct yaml_node *root, const char *key,
                      void (*read)(struct file_reader *, const struct yaml_pair *))
{
	const struct yaml_node *map = yaml_get(root, key);
	if (!map)
		return;
	if (map->kind != YAML_MAP) {
		complain(r, map->line, map->col, "'%s' is not a mapping from names", key);
		return;
	}
	for (uint32_t i = 0; i < map->len; i++)
		read(r, &map->pairs[i]);
}

static const struct yaml_node *tree_of(struct arena *a, const char *file, const char *text, size_t len,
                                       struct problem_list *problems)
{
	const struct yaml_limits limits = MODEL_LIMITS;
	const struct yaml_node *ready = yaml_ready_tree(a, &model_trees, text, len);
	return ready ? ready : yaml_parse(a, file, text, len, &limits, problems);
}

bool model_read(struct apimodel *m, const char *file, const char *text, size_t len, enum origin origin,
                struct problem_list *problems)
{
	static const char *const keys[] = {
	        "library",    "headers",   "pkg-config",     "defines",      "c++",         "tokens",
	        "families",   "functions", "teardown-slots", "errors",       "booleans",    "mutables",
	        "exceptions", "seconds",   "milliseconds",   "microseconds", "nanoseconds", "callbacks",
	        "outcomes"};
	struct file_reader r = {
	        .m = m, .file = intern(m->strings, file), .origin = origin, .problems = problems, .ok = true};
	struct arena *scratch = arena_new();
	const struct yaml_node *root = tree_of(scratch, file, text, len, problems);
	if (root && root->kind != YAML_MAP)
		complain(&r, root->line, root->col, "a model file is a mapping%s", "");
	if (root && root->kind == YAML_MAP) {
		r.ok = yaml_known_keys(root, file, keys, sizeof keys / sizeof *keys, problems);
		read_head(&r, root);
		vec_push(&m->state->libraries, r.library);
		each_pair(&r, root, "families", read_family);
		each_pair(&r, root, "functions", read_functions);
	}
	vec_release(&r.roles);
	arena_free(scratch);
	return root && r.ok;
}
