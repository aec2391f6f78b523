#include "model.h"

#include "arena.h"
#include "intern.h"
#include "names.h"
#include "path.h"
#include "problem.h"
#include "role_reader.h"
#include "vocabulary.h"
#include "yaml_tree.h"

#include <ctype.h>
#include <string.h>

/* An annotation becomes the mapping that a model file would have, and is read and checked like one. */

#define PREFIX "cancelint:"
#define MAX_TEXT 4096
#define MAX_PER_FUNCTION 64
#define MAX_DEPTH 4

struct annotation {
	struct apimodel *m;
	struct arena *scratch;
	struct problem_list *problems;
	struct place at;
	const char *function;
	int nparams;
	int arg; /* the parameter it stands on, -1: the function */
};

static bool wrong(struct annotation *a, const char *fmt, const char *subject)
{
	problem_add(a->problems, PROBLEM_ERROR, a->at.file, a->at.line, a->at.col, fmt, subject);
	return false;
}

/* Formatters put spaces where they like, and no value has one. */
static char *without_spaces(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, strlen(text) + 1), *w = out;
	for (; *text; text++)
		if (!isspace((unsigned char)*text))
			*w++ = *text;
	return out;
}

static struct yaml_node *node_at(struct annotation *a, enum yaml_kind kind)
{
	struct yaml_node *n = ARENA_NEW(a->scratch, struct yaml_node);
	*n = (struct yaml_node){.kind = kind, .line = a->at.line, .col = a->at.col};
	return n;
}

static struct yaml_node *scalar(struct annotation *a, const char *text, size_t n)
{
	struct yaml_node *s = node_at(a, YAML_SCALAR);
	s->text = arena_strndup(a->scratch, text, n);
	return s;
}

/* Grows by one; the mappings are a handful of keys long. */
static void put(struct annotation *a, struct yaml_node *map, const char *key, struct yaml_node *value)
{
	struct yaml_pair *pairs = ARENA_ARRAY(a->scratch, struct yaml_pair, map->len + 1);
	if (map->len)
		memcpy(pairs, map->pairs, map->len * sizeof *pairs);
	pairs[map->len++] = (struct yaml_pair){key, a->at.line, a->at.col, value};
	map->pairs = pairs;
}

static struct yaml_node *parse_map(struct annotation *a, const char **at, int depth);

/* `=value` after a key; a key without one is true. */
static struct yaml_node *parse_value(struct annotation *a, const char **at, int depth)
{
	if (**at != '=')
		return scalar(a, "true", 4);
	++*at;
	if (**at == '(')
		return depth < MAX_DEPTH ? parse_map(a, at, depth + 1) : NULL;
	size_t n = strcspn(*at, ",()");
	struct yaml_node *value = scalar(a, *at, n);
	*at += n;
	return value;
}

/* From "(" to after its ")"; NULL: malformed. */
static struct yaml_node *parse_map(struct annotation *a, const char **at, int depth)
{
	struct yaml_node *map = node_at(a, YAML_MAP);
	++*at;
	if (**at == ')') {
		++*at;
		return map;
	}
	for (;;) {
		size_t n = strcspn(*at, "=,()");
		const char *key = arena_strndup(a->scratch, *at, n);
		*at += n;
		struct yaml_node *value = parse_value(a, at, depth);
		if (!n || !value || map->len == API_NSLOTS || yaml_get(map, key))
			return NULL;
		put(a, map, key, value);
		char next = **at;
		if (next != ',' && next != ')')
			return NULL;
		++*at;
		if (next == ')')
			return map;
	}
}

/* What a parameter's annotation leaves unsaid: that it is about this parameter. */
static bool add_subject(struct annotation *a, enum api_role_kind kind, struct yaml_node *map)
{
	enum api_slot slot = role_subject(kind);
	if (a->arg < 0)
		return true;
	if (slot == API_NSLOTS)
		return wrong(a, "role '%s' is not said of a parameter", api_role_name(kind));
	if (yaml_get(map, slot_info(slot)->key))
		return true;
	const char *path = arena_printf(a->scratch, kind == API_ROLE_CREATE ? "*arg%d" : "arg%d", a->arg);
	put(a, map, slot_info(slot)->key, scalar(a, path, strlen(path)));
	return true;
}

static bool unknown_role(struct annotation *a, const char *name)
{
	const char *known[API_NROLES];
	for (unsigned k = 0; k < API_NROLES; k++)
		known[k] = api_role_name(k);
	wrong(a, "unknown role '%s' in an annotation", name);
	const char *near = str_nearest(name, known, API_NROLES);
	struct problem *p = &a->problems->data[a->problems->len - 1];
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "docs/formats/models.md lists the roles");
	return false;
}

/* "ROLE" or "ROLE(key=value,...)" */
static bool parse_role(struct annotation *a, const char *text, struct api_role *out)
{
	size_t n = strcspn(text, "(");
	const char *name = arena_strndup(a->scratch, text, n), *at = text + n;
	enum api_role_kind kind = role_find(name);
	if (kind == API_NROLES)
		return unknown_role(a, name);
	struct yaml_node *map = *at ? parse_map(a, &at, 0) : node_at(a, YAML_MAP);
	if (!map || *at) {
		wrong(a, "malformed annotation '%s'", text);
		problem_hint(&a->problems->data[a->problems->len - 1], "write %s(key=value,key=value)", name);
		return false;
	}
	if (!add_subject(a, kind, map))
		return false;
	struct role_reader r = {a->m->strings, a->problems, a->at.file, a->function, a->nparams, false};
	return role_read(&r, kind, map, a->at.line, a->at.col, out);
}

/* In-house headers have no model file: naming a family declares it. */
static bool settle_family(struct annotation *a, struct api_role *role)
{
	if (!role->family[0])
		return true;
	const struct api_family *f = apimodel_family(a->m, role->family);
	if (f) {
		role->family = f->name;
		return true;
	}
	if (!name_is_word(role->family))
		return wrong(a, "'%s' is not a family's name", role->family);
	char *noun = arena_strdup(a->m->arena, role->family);
	for (char *c = noun; *c; c++)
		if (*c == '-' || *c == '_')
			*c = ' ';
	struct api_family own = {.name = role->family, .library = "annotation", .noun = noun, .release = ""};
	return model_add_family(a->m, &own, FROM_SOURCE, &a->at, a->problems);
}

static bool add_role(struct annotation *a, const struct api_role *role)
{
	struct model_state *s = a->m->state;
	struct api_func f = {.name = intern(a->m->strings, a->function),
	                     .library = "annotation",
	                     .file = a->at.file,
	                     .line = a->at.line,
	                     .nparams = a->nparams,
	                     .since = ""};
	uint64_t at;
	if (strmap_get(&s->func_index, f.name, &at) && s->func_origins.data[at] == FROM_SOURCE)
		f = s->funcs.data[at];
	if (f.nroles == MAX_PER_FUNCTION)
		return wrong(a, "'%s' has too many annotations", f.name);
	struct api_role *roles = ARENA_ARRAY(a->m->arena, struct api_role, f.nroles + 1);
	if (f.nroles)
		memcpy(roles, f.roles, f.nroles * sizeof *roles);
	roles[f.nroles++] = *role;
	f.roles = roles;
	model_put_func(a->m, &f, FROM_SOURCE);
	return true;
}

/* "argN:" in front; false: malformed. */
static bool take_arg(struct annotation *a, const char **text)
{
	struct api_path path;
	a->arg = -1;
	if (!str_starts(*text, "arg"))
		return true;
	size_t n = strcspn(*text, ":");
	if (!api_path_parse(arena_strndup(a->scratch, *text, n), a->m->strings, &path) || path.deref ||
	    (*text)[n] != ':')
		return false;
	a->arg = path.arg;
	*text += n + 1;
	return true;
}

static bool annotate(struct annotation *a, const char *text)
{
	struct api_role role;
	text = without_spaces(a->scratch, text);
	if (!take_arg(a, &text) || !str_starts(text, PREFIX))
		return true; /* somebody else's annotation */
	const char *key = arena_printf(a->scratch, "%s %d %s", a->function, a->arg, text);
	if (strmap_get(&a->m->state->annotated, key, NULL))
		return true; /* every redeclaration repeats it */
	strmap_set(&a->m->state->annotated, intern(a->m->strings, key), 1);
	bool ok =
	        parse_role(a, text + strlen(PREFIX), &role) && settle_family(a, &role) && add_role(a, &role);
	model_publish(a->m);
	return ok;
}

bool apimodel_annotate(struct apimodel *m, const char *function, int nparams, const char *text,
                       const char *file, int line, int col, struct problem_list *problems)
{
	struct annotation a = {.m = m,
	                       .problems = problems,
	                       .at = {intern(m->strings, file), line, col},
	                       .function = function,
	                       .nparams = nparams};
	if (strlen(text) > MAX_TEXT)
		return strstr(text, PREFIX) ? wrong(&a, "an annotation of '%s' is too long", function) : true;
	a.scratch = arena_new();
	bool ok = annotate(&a, text);
	arena_free(a.scratch);
	return ok;
}
