/* evict.c - what nobody has asked for in a while goes. */
#include "parts.h"

#include "arena.h"

#include <unistd.h>

#define DAY_NS ((int64_t)86400 * 1000000000)
#define KEEP_NS (14 * DAY_NS)

bool cache_is_due(int64_t used)
{
	return used < cache_clock() - DAY_NS;
}

/* Once a day is enough to know that it is in use. */
void cache_note_use(struct cache *c, bool unit, struct hash128 key, int64_t used)
{
	if (cache_is_due(used))
		vec_push(&c->used, (struct used){key, unit});
}

static void touch(struct cache *c, const struct used *u, int64_t now)
{
	sqlite3_stmt *q = cache_prepare(c, u->unit ? "UPDATE unit SET used = ? WHERE command = ?"
	                                           : "UPDATE answer SET used = ? WHERE question = ?");
	if (q) {
		sqlite3_bind_int64(q, 1, now);
		cache_bind_hash(q, 2, &u->key);
		sqlite3_step(q);
	}
	sqlite3_finalize(q);
}

static void remove_facts(struct cache *c, int64_t before)
{
	struct arena *scratch = arena_new();
	sqlite3_stmt *q = cache_prepare(c, "SELECT inputs FROM unit WHERE used < ?");
	struct hash128 inputs;
	if (q)
		sqlite3_bind_int64(q, 1, before);
	while (q && sqlite3_step(q) == SQLITE_ROW)
		if (cache_column_hash(q, 0, &inputs))
			unlink(cache_facts(c, scratch, inputs));
	sqlite3_finalize(q);
	arena_free(scratch);
}

static void remove_rows(struct cache *c, const char *sql, int64_t before)
{
	sqlite3_stmt *q = cache_prepare(c, sql);
	if (q) {
		sqlite3_bind_int64(q, 1, before);
		sqlite3_step(q);
	}
	sqlite3_finalize(q);
}

/* All rows are looked at for it. A run that only replaces what was there need not: the first one of the next
 * day does. */
bool cache_wants_room(const struct cache *c)
{
	return c->used.len || c->grown;
}

void cache_evict(struct cache *c)
{
	int64_t now = cache_clock();
	for (uint32_t i = 0; i < c->used.len; i++)
		touch(c, &c->used.data[i], now);
	vec_clear(&c->used);
	remove_facts(c, now - KEEP_NS);
	remove_rows(c, "DELETE FROM unit WHERE used < ?", now - KEEP_NS);
	remove_rows(c, "DELETE FROM answer WHERE used < ?", now - KEEP_NS);
}
