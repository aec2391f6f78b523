/*
 * builder.h - puts nodes together: a stack of open mappings and sequences, the caps, and duplicate keys.
 * Private to yaml/.
 */
#ifndef CANCELINT_YAML_BUILDER_H
#define CANCELINT_YAML_BUILDER_H

#include "yaml_tree.h"

#include "mem.h"

#include <yaml.h>

struct builder_frame {
	struct yaml_node *node;
	VEC(struct yaml_pair) pairs;
	VEC(struct yaml_node *) items;
	bool has_key; /* the last pair still waits for its value */
};

struct builder {
	struct arena *arena;
	const char *name;
	struct problem_list *problems;
	struct yaml_limits limits;
	VEC(struct builder_frame) stack;
	struct yaml_node *root;
	uint32_t nodes;
	uint32_t documents;
	uint32_t duplicates; /* reported so far */
	bool failed;         /* a problem was reported that did not stop the parse */
};

bool builder_wants_key(const struct builder *b);
/* Adds a node to what is open and returns it; NULL, with a problem, past a cap. */
struct yaml_node *builder_node(struct builder *b, enum yaml_kind kind, const yaml_mark_t *at);
bool builder_key(struct builder *b, const yaml_mark_t *at, const char *text, size_t len, bool quoted);
bool builder_open(struct builder *b, enum yaml_kind kind, const yaml_mark_t *at);
void builder_close(struct builder *b);
void builder_release(struct builder *b);

#endif
