#include "builder.h"

#include "arena.h"
#include "map.h"
#include "problem.h"

#include <string.h>

#define MAX_DUPLICATES 20 /* reported per file */

static struct builder_frame *top(const struct builder *b)
{
	return b->stack.len ? &b->stack.data[b->stack.len - 1] : NULL;
}

bool builder_wants_key(const struct builder *b)
{
	const struct builder_frame *f = top(b);
	return f && f->node->kind == YAML_MAP && !f->has_key;
}

static void attach(struct builder *b, struct yaml_node *n)
{
	struct builder_frame *f = top(b);
	if (!f) {
		b->root = n;
	} else if (f->node->kind == YAML_SEQ) {
		vec_push(&f->items, n);
	} else {
		f->pairs.data[f->pairs.len - 1].value = n;
		f->has_key = false;
	}
}

static bool count(struct builder *b, const yaml_mark_t *at)
{
	if (++b->nodes <= b->limits.max_nodes)
		return true;
	problem_add(b->problems, PROBLEM_ERROR, b->name, (int)at->line + 1, (int)at->column + 1,
	            "the file has more than %u values", b->limits.max_nodes);
	return false;
}

struct yaml_node *builder_node(struct builder *b, enum yaml_kind kind, const yaml_mark_t *at)
{
	if (!count(b, at))
		return NULL;
	struct yaml_node *n = ARENA_NEW(b->arena, struct yaml_node);
	n->kind = kind;
	n->line = (int)at->line + 1;
	n->col = (int)at->column + 1;
	attach(b, n);
	return n;
}

bool builder_key(struct builder *b, const yaml_mark_t *at, const char *text, size_t len, bool quoted)
{
	int line = (int)at->line + 1, col = (int)at->column + 1;
	if (!quoted && strcmp(text, "<<") == 0) {
		problem_add(b->problems, PROBLEM_ERROR, b->name, line, col,
		            "merge keys ('<<') are not allowed here");
		return false;
	}
	if (len == 0) {
		problem_add(b->problems, PROBLEM_ERROR, b->name, line, col, "a key is empty");
		return false;
	}
	if (!count(b, at))
		return false;
	struct builder_frame *f = top(b);
	vec_push(&f->pairs,
	         (struct yaml_pair){.key = arena_strndup(b->arena, text, len), .line = line, .col = col});
	f->has_key = true;
	return true;
}

bool builder_open(struct builder *b, enum yaml_kind kind, const yaml_mark_t *at)
{
	if (b->stack.len >= b->limits.max_depth) {
		problem_add(b->problems, PROBLEM_ERROR, b->name, (int)at->line + 1, (int)at->column + 1,
		            "nested more than %u levels deep", b->limits.max_depth);
		return false;
	}
	struct yaml_node *n = builder_node(b, kind, at);
	if (!n)
		return false;
	vec_push(&b->stack, (struct builder_frame){.node = n});
	return true;
}

static void report_duplicate(struct builder *b, const struct yaml_pair *again, const struct yaml_pair *first)
{
	b->failed = true;
	if (b->duplicates++ >= MAX_DUPLICATES)
		return;
	struct problem *p = problem_add(b->problems, PROBLEM_ERROR, b->name, again->line, again->col,
	                                "duplicate key '%s'", again->key);
	problem_hint(p, "it is already given on line %d", first->line);
}

static void check_duplicates(struct builder *b, const struct yaml_node *map)
{
	struct strmap seen = {0};
	for (uint32_t i = 0; i < map->len; i++) {
		const struct yaml_pair *p = &map->pairs[i], *first = strmap_ptr(&seen, p->key);
		if (first)
			report_duplicate(b, p, first);
		else
			strmap_set(&seen, p->key, (uint64_t)(uintptr_t)p);
	}
	strmap_release(&seen);
}

static void frame_release(struct builder_frame *f)
{
	vec_release(&f->pairs);
	vec_release(&f->items);
}

void builder_close(struct builder *b)
{
	struct builder_frame *f = top(b);
	struct yaml_node *n = f->node;
	if (n->kind == YAML_MAP && f->pairs.len) {
		n->len = f->pairs.len;
		n->pairs = ARENA_ARRAY(b->arena, struct yaml_pair, n->len);
		memcpy(n->pairs, f->pairs.data, n->len * sizeof *n->pairs);
		check_duplicates(b, n);
	} else if (f->items.len) {
		n->len = f->items.len;
		n->items = ARENA_ARRAY(b->arena, struct yaml_node *, n->len);
		memcpy(n->items, f->items.data, n->len * sizeof *n->items);
	}
	frame_release(f);
	b->stack.len--;
}

void builder_release(struct builder *b)
{
	while (b->stack.len)
		frame_release(&b->stack.data[--b->stack.len]);
	vec_release(&b->stack);
}
