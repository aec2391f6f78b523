#include "role_reader.h"

#include "intern.h"
#include "path.h"
#include "problem.h"
#include "str.h"
#include "vocabulary.h"
#include "yaml_tree.h"

#include <ctype.h>
#include <string.h>

struct slot_value { /* one `key: value` of a role entry */
	const struct role_reader *r;
	const struct slot_info *slot;
	enum api_slot id;
	enum api_role_kind role;
	const struct yaml_node *node;
	struct api_role *out;
};

static struct problem *wrong(const struct slot_value *v, const char *expected)
{
	const char *shown = v->node->kind == YAML_SCALAR ? v->node->text
	                    : v->node->kind == YAML_MAP  ? "{...}"
	                                                 : "[...]";
	return problem_add(v->r->problems, PROBLEM_ERROR, v->r->file, v->node->line, v->node->col,
	                   "'%s: %s' is not %s", v->slot->key, shown, expected);
}

static bool text_of(const struct slot_value *v, const char *expected)
{
	if (v->node->kind == YAML_SCALAR && v->node->text[0])
		return true;
	wrong(v, expected);
	return false;
}

static bool arg_exists(const struct slot_value *v, unsigned arg)
{
	const struct role_reader *r = v->r;
	if (r->nparams < 0 || r->variadic || arg < (unsigned)r->nparams || v->role == API_ROLE_VARIANT)
		return true;
	struct problem *p = problem_add(r->problems, PROBLEM_ERROR, r->file, v->node->line, v->node->col,
	                                "'%s' has no arg%u: it has %d parameter%s", r->function, arg,
	                                r->nparams, r->nparams == 1 ? "" : "s");
	problem_hint(p, r->nparams > 0 ? "arguments are counted from 0: arg0 is the first of them"
	                               : "correct 'params', or the path");
	return false;
}

static bool read_path(const struct slot_value *v)
{
	struct api_path *out = (struct api_path *)((char *)v->out + v->slot->offset);
	if (!text_of(v, "a path"))
		return false;
	if (!api_path_parse(v->node->text, v->r->strings, out)) {
		problem_hint(wrong(v, "a path"), "paths are return, argN, *argN, argN[K], argN->field, "
		                                 "*argN->field, *return and return->field");
		return false;
	}
	return out->base != API_PATH_ARG || arg_exists(v, out->arg);
}

/* The value's word, checked against those of the slot. */
static bool read_word(const struct slot_value *v, unsigned *value)
{
	if (v->node->kind == YAML_SCALAR && word_value(v->id, v->node->text, value))
		return true;
	const char *known[WORDS_MAX];
	size_t n = word_list(v->id, known);
	struct problem *p = wrong(v, "one of its values");
	const char *near = v->node->kind == YAML_SCALAR ? str_nearest(v->node->text, known, n) : NULL;
	if (near) {
		problem_hint(p, "did you mean '%s'?", near);
		return false;
	}
	struct str all = {0};
	for (size_t i = 0; i < n; i++)
		str_addf(&all, "%s%s", i ? ", " : "", known[i]);
	problem_hint(p, "'%s' is one of: %s", v->slot->key, str_c(&all));
	str_release(&all);
	return false;
}

static bool read_bool(const struct slot_value *v)
{
	if (yaml_bool(v->node, (bool *)((char *)v->out + v->slot->offset)))
		return true;
	wrong(v, "true or false");
	return false;
}

static bool read_name(const struct slot_value *v)
{
	if (!text_of(v, "a name"))
		return false;
	for (const char *s = v->node->text; *s; s++)
		if (isspace((unsigned char)*s)) {
			wrong(v, "one name");
			return false;
		}
	*(const char **)((char *)v->out + v->slot->offset) = intern(v->r->strings, v->node->text);
	return true;
}

static bool read_test_arg(const struct slot_value *v, struct api_test *out)
{
	const struct yaml_node *arg = yaml_get(v->node, "arg");
	int64_t n;
	if (!yaml_int(arg, &n) || n < 0 || n > PATH_MAX_ARG) {
		problem_add(v->r->problems, PROBLEM_ERROR, v->r->file, arg->line, arg->col,
		            "'arg' is not the number of an argument");
		return false;
	}
	out->arg = (uint8_t)n;
	return arg_exists(v, (unsigned)n);
}

static bool is_plain_text(const struct yaml_node *value)
{
	if (value->kind != YAML_SCALAR || !value->text[0])
		return false;
	for (const char *s = value->text; *s; s++)
		if (!isprint((unsigned char)*s))
			return false;
	return true;
}

static bool read_test_value(const struct slot_value *v, const char *key, const struct yaml_node *value,
                            struct api_test *out)
{
	bool text = strcmp(key, "begins") == 0;
	if (text ? is_plain_text(value) : yaml_int(value, &out->bits)) {
		out->begins = text ? intern(v->r->strings, value->text) : NULL;
		return true;
	}
	problem_add(v->r->problems, PROBLEM_ERROR, v->r->file, value->line, value->col, "'%s' is not a %s",
	            key, text ? "text" : "number");
	return false;
}

static bool read_unless(const struct slot_value *v)
{
	static const char *const keys[] = {"arg", "has", "is", "begins"};
	struct api_test *out = (struct api_test *)((char *)v->out + v->slot->offset);
	const struct yaml_node *value = NULL;
	const char *key = NULL;
	unsigned n = 0;
	if (!yaml_known_keys(v->node, v->r->file, keys, 4, v->r->problems))
		return false;
	for (unsigned k = 1; k < 4; k++) {
		const struct yaml_node *given = yaml_get(v->node, keys[k]);
		n += given != NULL;
		value = given ? given : value;
		key = given ? keys[k] : key;
	}
	if (!yaml_get(v->node, "arg") || n != 1) {
		problem_hint(wrong(v, "a condition on an argument"),
		             "write {arg: N, has: BITS}, {arg: N, is: VALUE} or {arg: N, begins: TEXT}");
		return false;
	}
	if (!read_test_arg(v, out) || !read_test_value(v, key, value, out))
		return false;
	out->given = true;
	out->equals = strcmp(key, "is") == 0;
	return true;
}

static bool read_slot(const struct slot_value *v)
{
	char *member = (char *)v->out + v->slot->offset;
	unsigned value = 0;
	switch (v->slot->kind) {
	case SLOT_PATH:
		return read_path(v);
	case SLOT_BOOL:
		return read_bool(v);
	case SLOT_NAME:
		return read_name(v);
	case SLOT_UNLESS:
		return read_unless(v);
	case SLOT_WORD:
		if (!read_word(v, &value))
			return false;
		memcpy(member, &value, sizeof value); /* an enum: same size and representation */
		return true;
	case SLOT_TEXT:
		if (!read_word(v, &value))
			return false;
		*(const char **)member = intern(v->r->strings, v->node->text);
		return true;
	case SLOT_NUMBER:
		if (!yaml_int(v->node, (int64_t *)member)) {
			wrong(v, "a number");
			return false;
		}
		return true;
	case SLOT_NULL_IS:
		if (!read_word(v, &value))
			return false;
		v->out->null_forbidden = value;
		return true;
	}
	return false;
}
_Static_assert(sizeof(enum api_cond) == sizeof(unsigned), "enumerated slots are read as unsigned");

static void unknown_key(const struct role_reader *r, enum api_role_kind kind, const struct yaml_pair *pair)
{
	const char *known[API_NSLOTS];
	size_t n = 0;
	for (unsigned s = 0; s < API_NSLOTS; s++)
		if (role_slots(kind) & SLOT_BIT(s))
			known[n++] = slot_info(s)->key;
	struct problem *p = problem_add(r->problems, PROBLEM_ERROR, r->file, pair->line, pair->col,
	                                "role '%s' has no key '%s'", api_role_name(kind), pair->key);
	const char *near = str_nearest(pair->key, known, n);
	if (near) {
		problem_hint(p, "did you mean '%s'?", near);
		return;
	}
	struct str all = {0};
	for (size_t i = 0; i < n; i++)
		str_addf(&all, "%s%s", i ? ", " : "", known[i]);
	problem_hint(p, n ? "it has: %s" : "it has no keys%s: write 'true'", str_c(&all));
	str_release(&all);
}

static bool read_pair(const struct role_reader *r, enum api_role_kind kind, const struct yaml_pair *pair,
                      struct api_role *out, uint64_t *seen)
{
	enum api_slot id = slot_find(pair->key);
	if (id == API_NSLOTS || !(role_slots(kind) & SLOT_BIT(id))) {
		unknown_key(r, kind, pair);
		return false;
	}
	*seen |= SLOT_BIT(id);
	struct slot_value v = {r, slot_info(id), id, kind, pair->value, out};
	if (!read_slot(&v))
		return false;
	out->given |= SLOT_BIT(id);
	return true;
}

static void missing(const struct role_reader *r, enum api_role_kind kind, uint64_t slots, const char *joint,
                    int line, int col)
{
	struct str keys = {0};
	for (unsigned s = 0; s < API_NSLOTS; s++)
		if (slots & SLOT_BIT(s))
			str_addf(&keys, "%s'%s'", keys.len ? joint : "", slot_info(s)->key);
	problem_add(r->problems, PROBLEM_ERROR, r->file, line, col, "role '%s' of '%s' needs %s",
	            api_role_name(kind), r->function, str_c(&keys));
	str_release(&keys);
}

static bool complete(const struct role_reader *r, enum api_role_kind kind, uint64_t seen, int line, int col)
{
	struct role_needs needs = role_needs(kind);
	if (needs.all & ~seen) {
		missing(r, kind, needs.all & ~seen, " and ", line, col);
		return false;
	}
	if (needs.any && !(needs.any & seen)) {
		missing(r, kind, needs.any, " or ", line, col);
		return false;
	}
	return true;
}

static void defaults(struct api_role *role, struct intern *strings)
{
	bool when_given = role->given & SLOT_BIT(API_WHEN);
	if ((role->kind == API_ROLE_CREATE || role->kind == API_ROLE_MAKE) && !when_given)
		role->when = role->handle.base == API_PATH_RETURN ? API_NONNULL : API_ZERO;
	if (role->kind == API_ROLE_SPAWN && !(role->given & SLOT_BIT(API_ENDS)))
		role->ends = API_NEVER;
	if ((role->kind == API_ROLE_POLL || role->kind == API_ROLE_HAS_ENDED) && !when_given)
		role->when = API_NONZERO;
	if (role_returns(role->kind) && role->to.base == API_PATH_NONE)
		api_path_parse("return", strings, &role->to);
}

/* What a key is that an entry does not give. */
static const struct api_role blank = {
#define BLANK_PATH(member) .member.text = "",
#define BLANK_TEXT(member) .member = "",
#define BLANK_NAME(member) .member = "",
#define BLANK_WORD(member)
#define BLANK_BOOL(member)
#define BLANK_NULL_IS(member)
#define BLANK_UNLESS(member)
#define BLANK_NUMBER(member)
#define SLOT(id, key, kind, member) BLANK_##kind(member)
#include "slots.def"
#undef SLOT
};

bool role_read(const struct role_reader *r, enum api_role_kind kind, const struct yaml_node *map, int line,
               int col, struct api_role *out)
{
	bool ok = true;
	uint64_t seen = 0; /* right or wrong: a wrong value is not reported as a missing one, too */
	*out = blank;
	out->kind = kind;
	out->line = line;
	for (uint32_t i = 0; map && i < map->len; i++)
		ok &= read_pair(r, kind, &map->pairs[i], out, &seen);
	if (!complete(r, kind, seen, line, col))
		ok = false;
	defaults(out, r->strings);
	return ok;
}
