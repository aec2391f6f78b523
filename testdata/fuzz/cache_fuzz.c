/*
 * Rows of the cache's database, with any content: a cache that has them is asked, told something, and closed.
 * It answers the same before and behind what it cannot use, and what it is told it knows.
 *
 * Input: rows, each a letter (f file, u unit, a answer) and fields; a field is its length in a byte, and that
 * many bytes.
 */
#include "fuzz.h"

#include "cache.h"

#include <sqlite3.h>

static const struct hash128 command = {0x6161616161616161, 0x6161616161616161};  /* "aaaaaaaaaaaaaaaa" */
static const struct hash128 question = {0x7171717171717171, 0x7171717171717171}; /* "qqqqqqqqqqqqqqqq" */

struct reader {
	const char *at, *end;
};

static int take(struct reader *r, const char **field)
{
	size_t n = r->at < r->end ? (unsigned char)*r->at++ : 0;
	if (n > (size_t)(r->end - r->at))
		n = (size_t)(r->end - r->at);
	*field = r->at;
	r->at += n;
	return (int)n;
}

static sqlite3 *open_rows(const char *directory)
{
	struct str path = {0};
	sqlite3 *db = NULL;
	str_addf(&path, "%s/cache.db", directory);
	BUG_IF(sqlite3_open(path.data, &db) != SQLITE_OK);
	sqlite3_exec(db, "PRAGMA synchronous = OFF; DELETE FROM file; DELETE FROM unit; DELETE FROM answer;",
	             NULL, NULL, NULL);
	str_release(&path);
	return db;
}

/* Every parameter of the statement from fields: a text, a blob, or a number (`kinds`). */
static bool add_row(sqlite3 *db, const char *sql, const char *kinds, struct reader *r)
{
	sqlite3_stmt *q = NULL;
	BUG_IF(sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK);
	for (int i = 0; kinds[i]; i++) {
		const char *field;
		int n = take(r, &field);
		if (kinds[i] == 't')
			sqlite3_bind_text(q, i + 1, field, n, SQLITE_TRANSIENT);
		else if (kinds[i] == 'b')
			sqlite3_bind_blob(q, i + 1, field, n, SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(q, i + 1, (sqlite3_int64)fuzz_get(field, n < 8 ? (unsigned)n : 8));
	}
	bool ok = sqlite3_step(q) == SQLITE_DONE;
	sqlite3_finalize(q);
	return ok;
}

static uint32_t add_rows(sqlite3 *db, const char *data, size_t n)
{
	struct reader r = {data, data + n};
	uint32_t rows = 0;
	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	while (r.at < r.end && rows < 64)
		switch (*r.at++) {
		case 'f':
			rows += add_row(db, "INSERT INTO file VALUES(?,?,?,?,?,?,?,?,?)", "ntnnnnnnb", &r);
			break;
		case 'u':
			rows += add_row(db, "INSERT INTO unit VALUES(?,?,?,?,?)", "bbbbn", &r);
			break;
		case 'a':
			rows += add_row(db, "INSERT INTO answer VALUES(?,?,?,?,?)", "bbnnt", &r);
			break;
		}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return rows;
}

static void use(const char *directory)
{
	const char *why;
	struct cache *c = cache_open(directory, &why);
	BUG_IF(!c);
	struct cache_unit unit;
	uint32_t reader;
	bool known = cache_find_unit(c, command, &unit);
	char *text = cache_find_answer(c, question), *again;
	BUG_IF(known != cache_find_unit(c, command, &unit));
	cache_find_reader(c, "/dev/null", &command, 1, &reader);
	cache_keep_answer(c, &(struct cache_answer){.question = question, .text = "{}", .owner = command});
	again = cache_find_answer(c, question);
	BUG_IF(!again || strcmp(again, "{}") != 0);
	mem_release(text);
	mem_release(again);
	cache_close(c);
}

bool fuzz_one(const char *data, size_t n)
{
	static bool made;
	const char *directory = fuzz_folder(), *why;
	if (!made)
		cache_close(cache_open(directory, &why));
	made = true;
	sqlite3 *db = open_rows(directory);
	uint32_t rows = add_rows(db, data, n);
	sqlite3_close(db);
	use(directory);
	return rows > 0;
}
