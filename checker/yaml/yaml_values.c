#include "yaml_tree.h"

#include "problem.h"
#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->len; i++)
		if (strcmp(map->pairs[i].key, key) == 0)
			return map->pairs[i].value;
	return NULL;
}

static bool is_known(const char *key, const char *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(key, known[i]) == 0)
			return true;
	return false;
}

static void hint_known(struct problem *p, const char *key, const char *const *known, size_t n)
{
	const char *near = str_nearest(key, known, n);
	if (near) {
		problem_hint(p, "did you mean '%s'?", near);
		return;
	}
	if (n == 0)
		return;
	struct str all = {0};
	for (size_t i = 0; i < n; i++)
		str_addf(&all, "%s%s", i ? ", " : "", known[i]);
	problem_hint(p, "known here: %s", str_c(&all));
	str_release(&all);
}

bool yaml_known_keys(const struct yaml_node *map, const char *file, const char *const *known, size_t n,
                     struct problem_list *problems)
{
	bool ok = true;
	for (uint32_t i = 0; map && map->kind == YAML_MAP && i < map->len; i++) {
		const struct yaml_pair *pair = &map->pairs[i];
		if (is_known(pair->key, known, n))
			continue;
		ok = false;
		hint_known(problem_add(problems, PROBLEM_ERROR, file, pair->line, pair->col,
		                       "unknown key '%s'", pair->key),
		           pair->key, known, n);
	}
	return ok;
}

bool yaml_bool(const struct yaml_node *n, bool *out)
{
	if (!n || n->kind != YAML_SCALAR || n->quoted)
		return false;
	bool yes = strcmp(n->text, "true") == 0;
	if (!yes && strcmp(n->text, "false") != 0)
		return false;
	*out = yes;
	return true;
}

/* Decimal or 0x; a leading zero is refused, because readers disagree on what it means. */
bool yaml_int(const struct yaml_node *n, int64_t *out)
{
	if (!n || n->kind != YAML_SCALAR || n->quoted)
		return false;
	const char *digits = n->text + (*n->text == '-' || *n->text == '+');
	bool hex = digits[0] == '0' && digits[1] == 'x';
	const char *first = hex ? digits + 2 : digits;
	if (!*first || strspn(first, hex ? "0123456789abcdefABCDEF" : "0123456789") != strlen(first))
		return false;
	if (!hex && first[0] == '0' && first[1])
		return false;
	errno = 0;
	long long v = strtoll(n->text, NULL, hex ? 16 : 10);
	if (errno)
		return false;
	*out = v;
	return true;
}
