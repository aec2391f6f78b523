#include "yaml_ready.h"

#include "arena.h"

struct reader {
	struct arena *arena;
	const struct yaml_step *at;
	const char *texts;
};

static struct yaml_node *read_node(struct reader *r);

static void read_pairs(struct reader *r, struct yaml_node *map)
{
	map->pairs = ARENA_ARRAY(r->arena, struct yaml_pair, map->len);
	for (uint32_t i = 0; i < map->len; i++) {
		const struct yaml_step *key = r->at++;
		map->pairs[i] =
		        (struct yaml_pair){r->texts + key->value, (int)key->line, key->col, read_node(r)};
	}
}

static void read_items(struct reader *r, struct yaml_node *seq)
{
	seq->items = ARENA_ARRAY(r->arena, struct yaml_node *, seq->len);
	for (uint32_t i = 0; i < seq->len; i++)
		seq->items[i] = read_node(r);
}

/* Only as deep as what was parsed. */
static struct yaml_node *read_node(struct reader *r)
{
	const struct yaml_step *s = r->at++;
	struct yaml_node *n = ARENA_NEW(r->arena, struct yaml_node);
	*n = (struct yaml_node){
	        .kind = (enum yaml_kind)s->kind, .line = (int)s->line, .col = s->col, .quoted = s->quoted};
	if (n->kind == YAML_SCALAR) {
		n->text = r->texts + s->value;
		return n;
	}
	n->len = s->value;
	if (n->len && n->kind == YAML_MAP)
		read_pairs(r, n);
	else if (n->len)
		read_items(r, n);
	return n;
}

struct yaml_node *yaml_ready_tree(struct arena *a, const struct yaml_ready_table *t, const char *text,
                                  size_t len)
{
	struct hash128 h = hash128(text, len);
	for (uint32_t i = 0; i < t->n; i++)
		if (t->all[i].text.low == h.low && t->all[i].text.high == h.high)
			return read_node(&(struct reader){a, t->all[i].steps, t->texts});
	return NULL;
}
