/*
 * yaml_tree.h - restricted YAML with exact places: mappings, sequences and scalars. No anchors, aliases, tags, merge keys
 * or several documents; depth, size and number of nodes are capped; a duplicate key is an error. Built on libyaml's events.
 */
#ifndef CANCELINT_YAML_TREE_H
#define CANCELINT_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct problem_list;

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_SEQ };

struct yaml_node {
	enum yaml_kind kind;
	int line, col;     /* 1-based */
	const char *text;  /* scalar; NUL-free */
	bool quoted;       /* scalar: was quoted, so it is a string whatever it looks like */
	struct yaml_pair { /* map, in file order */
		const char *key;
		int line, col;
		struct yaml_node *value;
	} *pairs;
	struct yaml_node **items; /* seq */
	uint32_t len;             /* of pairs or items */
};

struct yaml_limits {
	size_t max_bytes; /* default 4 MiB */
	uint32_t max_depth, max_nodes;
};
/* NULL on error, with a problem that names file:line:column. `limits` may be NULL. An empty file is an empty map. */
struct yaml_node *yaml_load(struct arena *a, const char *path, const struct yaml_limits *limits, struct problem_list *problems);
struct yaml_node *yaml_parse(struct arena *a, const char *name, const char *text, size_t len,
			     const struct yaml_limits *limits, struct problem_list *problems);

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key); /* NULL if absent */
/* Reports every key of `map` that is not in `known`, with a suggestion. False if there was one. */
bool yaml_known_keys(const struct yaml_node *map, const char *file, const char *const *known, size_t n,
		     struct problem_list *problems);
bool yaml_bool(const struct yaml_node *n, bool *out); /* true/false only */
bool yaml_int(const struct yaml_node *n, int64_t *out);

#endif
