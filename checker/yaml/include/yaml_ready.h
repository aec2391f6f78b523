/*
 * yaml_ready.h - trees of texts that were known when the program was built. Which tree a text has is a question of its
 * content alone: one that has changed since has none, and is parsed.
 */
#ifndef CANCELINT_YAML_READY_H
#define CANCELINT_YAML_READY_H

#include "hash.h"
#include "yaml_tree.h"

/* A tree in the order in which it is read: a node, then what it holds. In a map each value comes after its key. */
struct yaml_step {
	uint8_t kind; /* enum yaml_kind; of a key: YAML_SCALAR */
	bool quoted;
	uint16_t col;
	uint32_t line;
	uint32_t value; /* scalar: where in `texts` its text begins; else: how many pairs or items */
};
struct yaml_ready {
	struct hash128 text; /* what it is the tree of */
	const struct yaml_step *steps;
};
struct yaml_ready_table {
	const struct yaml_ready *all;
	uint32_t n;
	const char *texts;
};

/* The tree that yaml_parse() would make of the text; NULL: it is not in the table. Its texts are those of the table. */
struct yaml_node *yaml_ready_tree(struct arena *a, const struct yaml_ready_table *t, const char *text, size_t len);

#endif
