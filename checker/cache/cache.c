#include "parts.h"

#include "arena.h"
#include "str.h"

#include <dirent.h>
#include <fcntl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x636c6163 /* "clac" */
#define VERSION 2
#define FLUSH_NS 2000000000
#define DAY_NS ((int64_t)86400 * 1000000000)
#define BUSY_MS 2000

static const char schema[] =
        "CREATE TABLE file(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, mtime "
        "INTEGER NOT NULL,"
        " ctime INTEGER NOT NULL, inode INTEGER NOT NULL, device INTEGER NOT NULL, looked INTEGER NOT NULL,"
        " content BLOB NOT NULL) STRICT;"
        "CREATE TABLE unit(command BLOB PRIMARY KEY, inputs BLOB NOT NULL, code BLOB NOT NULL, files BLOB "
        "NOT NULL, "
        "used INTEGER NOT NULL)"
        " STRICT, WITHOUT ROWID;"
        "CREATE TABLE answer(question BLOB PRIMARY KEY, owner BLOB NOT NULL, sum INTEGER NOT NULL, used "
        "INTEGER NOT NULL,"
        " text TEXT NOT NULL) STRICT;"
        "CREATE INDEX answer_owner ON answer(owner);";

/* ---- statements ---- */

sqlite3_stmt *cache_prepare(struct cache *c, const char *sql)
{
	sqlite3_stmt *q = NULL;
	if (c->broken || sqlite3_prepare_v2(c->db, sql, -1, &q, NULL) != SQLITE_OK) {
		c->broken = true;
		return NULL;
	}
	return q;
}

/* Prepared once; who asks resets it. */
static sqlite3_stmt *prepared(struct cache *c, sqlite3_stmt **q, const char *sql)
{
	if (!*q)
		*q = cache_prepare(c, sql);
	return c->broken ? NULL : *q;
}

static bool exec(struct cache *c, const char *sql)
{
	return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

void cache_bind_hash(sqlite3_stmt *q, int i, const struct hash128 *h)
{
	sqlite3_bind_blob(q, i, h, sizeof *h, SQLITE_TRANSIENT);
}

bool cache_column_hash(sqlite3_stmt *q, int i, struct hash128 *h)
{
	if (sqlite3_column_bytes(q, i) != (int)sizeof *h)
		return false;
	memcpy(h, sqlite3_column_blob(q, i), sizeof *h);
	return true;
}

static bool same_hash(struct hash128 a, struct hash128 b)
{
	return a.low == b.low && a.high == b.high;
}

/* ---- opening ---- */

static int64_t integer(struct cache *c, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t v = -1;
	if (sqlite3_prepare_v2(c->db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return v;
}

/* Two runs may make it at the same moment: the second finds it made. */
static bool make(struct cache *c)
{
	struct str sql = {0};
	str_addf(&sql, "%s PRAGMA application_id = %d; PRAGMA user_version = %d;", schema, APPLICATION,
	         VERSION);
	bool ok = exec(c, "PRAGMA journal_mode = WAL;") && exec(c, "BEGIN IMMEDIATE;");
	if (ok && integer(c, "PRAGMA user_version") == 0)
		ok = exec(c, sql.data);
	ok = exec(c, ok ? "COMMIT;" : "ROLLBACK;") && ok;
	str_release(&sql);
	return ok;
}

static bool is_ours(struct cache *c)
{
	return integer(c, "PRAGMA user_version") == VERSION &&
	       integer(c, "PRAGMA application_id") == APPLICATION &&
	       integer(c, "SELECT count(*) FROM unit") >= 0;
}

static bool open_database(struct cache *c)
{
	struct str path = {0};
	str_addf(&path, "%s/cache.db", c->directory);
	bool ok = sqlite3_open_v2(path.data, &c->db,
	                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW,
	                          NULL) == SQLITE_OK;
	if (ok) {
		/* It may have come with a repository: its schema is not trusted to call anything. */
		sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
		sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
		sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
		sqlite3_busy_timeout(c->db, BUSY_MS);
		ok = make(c) && is_ours(c) && exec(c, "PRAGMA synchronous = NORMAL;");
	}
	str_release(&path);
	return ok;
}

/* One that another version made, or that is damaged, is made anew. */
static bool open_or_replace(struct cache *c)
{
	static const char *const parts[] = {"cache.db", "cache.db-wal", "cache.db-shm"};
	if (open_database(c))
		return true;
	int rc = sqlite3_errcode(c->db) & 0xff;
	sqlite3_close(c->db);
	c->db = NULL;
	if (rc == SQLITE_BUSY || rc == SQLITE_CANTOPEN || rc == SQLITE_READONLY || rc == SQLITE_PERM)
		return false;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct str path = {0};
		str_addf(&path, "%s/%s", c->directory, parts[i]);
		unlink(path.data);
		str_release(&path);
	}
	return open_database(c);
}

static void load_files(struct cache *c)
{
	sqlite3_stmt *q = cache_prepare(
	        c, "SELECT id, path, size, mtime, ctime, inode, device, looked, content FROM file");
	while (q && sqlite3_step(q) == SQLITE_ROW) {
		const char *path = (const char *)sqlite3_column_text(q, 1);
		struct seen_file *f = file_named(c, path ? path : "");
		f->id = sqlite3_column_int64(q, 0);
		f->size = sqlite3_column_int64(q, 2);
		f->mtime = sqlite3_column_int64(q, 3);
		f->ctime = sqlite3_column_int64(q, 4);
		f->inode = sqlite3_column_int64(q, 5);
		f->device = sqlite3_column_int64(q, 6);
		f->looked = cache_column_hash(q, 8, &f->content) ? sqlite3_column_int64(q, 7) : 0;
		f->dirty = false;
		intmap_set(&c->by_id, (uint64_t)f->id, (uint64_t)(f - c->files.data) + 1);
	}
	sqlite3_finalize(q);
}

static bool make_folder(struct cache *c)
{
	struct str path = {0};
	struct stat st;
	str_addf(&path, "%s/facts", c->directory);
	bool ok = (mkdir(path.data, 0777) == 0 || errno == EEXIST) && lstat(path.data, &st) == 0 &&
	          S_ISDIR(st.st_mode) && access(path.data, W_OK) == 0;
	str_release(&path);
	return ok;
}

struct cache *cache_open(const char *directory, const char **why)
{
	struct cache *c = mem_alloc(sizeof *c);
	c->arena = arena_new();
	c->directory = mem_strdup(directory);
	errno = 0;
	if (!make_folder(c)) {
		*why = errno ? strerror(errno) : "it cannot be written";
	} else if (!open_or_replace(c)) {
		*why = "its database cannot be opened";
	} else {
		load_files(c);
		c->flushed = cache_clock();
		return c;
	}
	c->broken = true;
	cache_close(c);
	return NULL;
}

struct hash128 cache_content(struct cache *c, const char *path)
{
	struct seen_file *f = file_named(c, path);
	file_check(f);
	return f->content;
}

/* ---- facts files ---- */

const char *cache_facts(const struct cache *c, struct arena *a, struct hash128 inputs)
{
	char name[33];
	hash128_hex(inputs, name);
	return arena_printf(a, "%s/facts/%s", c->directory, name);
}

const char *cache_facts_draft(struct cache *c, struct arena *a, uint32_t number)
{
	return arena_printf(a, "%s/facts/draft.%ld.%u", c->directory, (long)getpid(), number);
}

/* Ours, and those of runs that were killed long ago. */
static void remove_drafts(struct cache *c)
{
	char own[64];
	struct stat st;
	struct dirent *e;
	struct str path = {0};
	str_addf(&path, "%s/facts", c->directory);
	snprintf(own, sizeof own, "draft.%ld.", (long)getpid());
	DIR *d = opendir(path.data);
	while (d && (e = readdir(d)))
		if (str_starts(e->d_name, own) ||
		    (str_starts(e->d_name, "draft.") &&
		     fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		     (int64_t)st.st_mtime * 1000000000 < cache_clock() - DAY_NS))
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	str_release(&path);
}

/* ---- units ---- */

static void add_number(struct str *s, uint64_t v)
{
	str_addn(s, (const char *)&v, sizeof v);
}

static struct hash128 inputs_of(struct cache *c, struct hash128 command, const uint32_t *files, uint32_t n)
{
	struct str all = {0};
	add_number(&all, command.low);
	add_number(&all, command.high);
	for (uint32_t i = 0; i < n; i++) {
		struct seen_file *f = &c->files.data[files[i]];
		file_check(f);
		str_addn(&all, f->path, strlen(f->path) + 1);
		add_number(&all, f->content.low);
		add_number(&all, f->content.high);
	}
	struct hash128 h = hash128(str_c(&all), all.len);
	str_release(&all);
	return h;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

struct row {
	struct cache_unit unit;
	uint32_t *files, nfiles;
	int64_t used;
};

static bool find_row(struct cache *c, struct hash128 command, struct row *r)
{
	sqlite3_stmt *q =
	        prepared(c, &c->find_unit, "SELECT inputs, code, files, used FROM unit WHERE command = ?");
	*r = (struct row){0};
	if (!q)
		return false;
	cache_bind_hash(q, 1, &command);
	bool ok = sqlite3_step(q) == SQLITE_ROW && cache_column_hash(q, 0, &r->unit.inputs) &&
	          cache_column_hash(q, 1, &r->unit.code);
	uint32_t n = ok ? (uint32_t)sqlite3_column_bytes(q, 2) / sizeof(uint32_t) : 0;
	const char *ids = ok ? sqlite3_column_blob(q, 2) : NULL;
	r->files = mem_alloc((n + 1) * sizeof *r->files);
	for (; ok && ids && r->nfiles < n; r->nfiles++) {
		uint32_t id;
		uint64_t at = 0;
		memcpy(&id, ids + r->nfiles * sizeof id, sizeof id);
		ok = intmap_get(&c->by_id, id, &at);
		r->files[r->nfiles] = ok ? (uint32_t)at - 1 : 0;
	}
	r->used = ok ? sqlite3_column_int64(q, 3) : 0;
	sqlite3_reset(q);
	return ok && n;
}

bool cache_find_unit(struct cache *c, struct hash128 command, struct cache_unit *found)
{
	struct row r;
	bool ok = find_row(c, command, &r) &&
	          same_hash(inputs_of(c, command, r.files, r.nfiles), r.unit.inputs);
	if (ok) {
		*found = r.unit;
		cache_note_use(c, true, command, r.used);
		vec_push(&c->units, (struct pending){.owner = command, .files = r.files, .nfiles = r.nfiles});
	} else {
		mem_release(r.files);
	}
	return ok;
}

/* One file goes by several names, as headers are found by different ways. */
static bool *names_of(struct cache *c, const char *path)
{
	struct seen_file now = {0};
	bool *named = mem_alloc(c->files.len + 1);
	if (!file_look(path, &now))
		return named;
	for (uint32_t i = 0; i < c->files.len; i++) {
		const struct seen_file *f = &c->files.data[i];
		struct seen_file there = {0};
		named[i] = strcmp(f->path, path) == 0 ||
		           (strcmp(base_of(f->path), base_of(path)) == 0 && file_look(f->path, &there) &&
		            there.inode == now.inode && there.device == now.device);
	}
	return named;
}

bool cache_find_reader(struct cache *c, const char *path, const struct hash128 *commands, uint32_t n,
                       uint32_t *found)
{
	bool *named = names_of(c, path), ok = false;
	for (uint32_t i = 0; i < n && !ok; i++) {
		struct row r;
		bool there = find_row(c, commands[i], &r);
		for (uint32_t k = 0; there && k < r.nfiles && !ok; k++)
			ok = named[r.files[k]];
		mem_release(r.files);
		*found = i;
	}
	mem_release(named);
	return ok;
}

static bool add_files(struct cache *c, struct pending *p, const char *const *paths, uint32_t n, bool there,
                      int64_t began)
{
	for (uint32_t i = 0; i < n; i++) {
		struct seen_file *f = file_named(c, paths[i]);
		file_check(f);
		bool is_there = f->content.low || f->content.high;
		if (is_there != there || (there && (file_touched_since(f, began) || !f->looked)))
			return false;
		p->files[p->nfiles++] = (uint32_t)(f - c->files.data);
	}
	return true;
}

static void push(struct cache *c, struct pending p);

bool cache_keep_unit(struct cache *c, struct hash128 command, int64_t began, const char *const *read,
                     uint32_t nread, const char *const *absent, uint32_t nabsent, const char *draft,
                     struct cache_unit *unit)
{
	struct pending p = {.owner = command};
	p.files = mem_alloc(((size_t)nread + nabsent + 1) * sizeof *p.files);
	bool ok = !c->broken && nread && add_files(c, &p, read, nread, true, began) &&
	          add_files(c, &p, absent, nabsent, false, began);
	if (ok) {
		unit->inputs = p.key = inputs_of(c, command, p.files, p.nfiles);
		if (!unit->code.low && !unit->code.high)
			unit->code = unit->inputs;
		p.code = unit->code;
		struct arena *scratch = arena_new();
		ok = !draft || rename(draft, cache_facts(c, scratch, p.key)) == 0;
		arena_free(scratch);
	}
	if (!ok) {
		mem_release(p.files);
		return false;
	}
	push(c, p);
	vec_push(&c->units, p); /* which owns the files */
	return true;
}

/* ---- answers ---- */

static int64_t sum_of(const char *text)
{
	return (int64_t)hash64(text, strlen(text));
}

static char *pending_answer(struct cache *c, struct hash128 question)
{
	for (uint32_t i = 0; i < c->pending.len; i++)
		if (c->pending.data[i].text && same_hash(c->pending.data[i].key, question))
			return mem_strdup(c->pending.data[i].text);
	return NULL;
}

static char *find_answer(struct cache *c, struct hash128 question, bool recent)
{
	char *found = pending_answer(c, question);
	if (found)
		return found;
	sqlite3_stmt *q =
	        prepared(c, &c->find_answer, "SELECT text, sum, used FROM answer WHERE question = ?");
	if (!q)
		return NULL;
	cache_bind_hash(q, 1, &question);
	if (sqlite3_step(q) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(q, 0);
		int64_t used = sqlite3_column_int64(q, 2);
		if (text && sum_of(text) == sqlite3_column_int64(q, 1) && !(recent && cache_is_due(used)))
			found = mem_strdup(text);
		if (found)
			cache_note_use(c, false, question, used);
	}
	sqlite3_reset(q);
	return found;
}

char *cache_find_answer(struct cache *c, struct hash128 question)
{
	return find_answer(c, question, false);
}

char *cache_find_recent_answer(struct cache *c, struct hash128 question)
{
	return find_answer(c, question, true);
}

void cache_keep_answer(struct cache *c, const struct cache_answer *a)
{
	struct hash128 *units = ARENA_ARRAY(c->arena, struct hash128, a->nunits + 1);
	for (uint32_t i = 0; i < a->nunits; i++)
		units[i] = a->units[i];
	push(c, (struct pending){.owner = a->owner,
	                         .key = a->question,
	                         .text = mem_strdup(a->text),
	                         .units = units,
	                         .nunits = a->nunits,
	                         .late = a->late});
}

/* ---- writing ---- */

static void write_file(struct cache *c, sqlite3_stmt *q, struct seen_file *f)
{
	sqlite3_reset(q);
	sqlite3_bind_text(q, 1, f->path, -1, SQLITE_STATIC);
	int64_t numbers[] = {f->size, f->mtime, f->ctime, f->inode, f->device, f->looked};
	for (int i = 0; i < 6; i++)
		sqlite3_bind_int64(q, 2 + i, numbers[i]);
	cache_bind_hash(q, 8, &f->content);
	if (sqlite3_step(q) == SQLITE_ROW)
		f->id = sqlite3_column_int64(q, 0);
	c->broken |= !f->id;
}

/* Ids that another run has given meanwhile are found again by the path. */
static void write_files(struct cache *c)
{
	sqlite3_stmt *q = cache_prepare(c, "INSERT INTO file(path, size, mtime, ctime, inode, device, "
	                                   "looked, content) VALUES(?,?,?,?,?,?,?,?)"
	                                   " ON CONFLICT(path) DO UPDATE SET size = excluded.size, mtime = "
	                                   "excluded.mtime, ctime = excluded.ctime,"
	                                   " inode = excluded.inode, device = excluded.device, looked = "
	                                   "excluded.looked, content = excluded.content"
	                                   " RETURNING id");
	for (uint32_t i = 0; q && i < c->files.len; i++)
		if (c->files.data[i].dirty)
			write_file(c, q, &c->files.data[i]);
	sqlite3_finalize(q);
}

static void remove_answers(struct cache *c, struct hash128 owner)
{
	sqlite3_stmt *q = cache_prepare(c, "DELETE FROM answer WHERE owner = ?");
	if (q) {
		cache_bind_hash(q, 1, &owner);
		sqlite3_step(q);
	}
	sqlite3_finalize(q);
}

/* The version before goes, with its facts and answers; those that came out of its code stay where that does.
 */
static void replace_unit(struct cache *c, const struct pending *p)
{
	struct row old;
	bool there = find_row(c, p->owner, &old);
	c->grown |= !there;
	if (there && !same_hash(old.unit.inputs, p->key)) {
		struct arena *scratch = arena_new();
		remove_answers(c, p->owner);
		if (!same_hash(old.unit.code, p->code))
			remove_answers(c, old.unit.code);
		unlink(cache_facts(c, scratch, old.unit.inputs));
		arena_free(scratch);
	}
	mem_release(old.files);
}

static void write_unit(struct cache *c, const struct pending *p, int64_t now)
{
	uint32_t *ids = mem_alloc((p->nfiles + 1) * sizeof *ids);
	replace_unit(c, p);
	sqlite3_stmt *q = cache_prepare(
	        c, "INSERT OR REPLACE INTO unit(command, inputs, code, files, used) VALUES(?,?,?,?,?)");
	for (uint32_t i = 0; i < p->nfiles; i++)
		ids[i] = (uint32_t)c->files.data[p->files[i]].id;
	if (q) {
		cache_bind_hash(q, 1, &p->owner);
		cache_bind_hash(q, 2, &p->key);
		cache_bind_hash(q, 3, &p->code);
		sqlite3_bind_blob(q, 4, ids, (int)(p->nfiles * sizeof *ids), SQLITE_TRANSIENT);
		sqlite3_bind_int64(q, 5, now);
		sqlite3_step(q);
	}
	sqlite3_finalize(q);
	mem_release(ids);
}

static void write_answer(struct cache *c, const struct pending *p, int64_t now)
{
	sqlite3_stmt *q = cache_prepare(
	        c, "INSERT OR REPLACE INTO answer(question, owner, sum, used, text) VALUES(?,?,?,?,?)");
	if (q) {
		cache_bind_hash(q, 1, &p->key);
		cache_bind_hash(q, 2, &p->owner);
		sqlite3_bind_int64(q, 3, sum_of(p->text));
		sqlite3_bind_int64(q, 4, now);
		sqlite3_bind_text(q, 5, p->text, -1, SQLITE_STATIC);
		sqlite3_step(q);
	}
	sqlite3_finalize(q);
}

static void forget_pending(struct cache *c, bool late)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < c->pending.len; i++)
		if (late || !c->pending.data[i].late)
			mem_release(c->pending.data[i].text);
		else
			c->pending.data[kept++] = c->pending.data[i];
	c->pending.len = kept;
}

static bool all_still(struct cache *c, const struct pending *unit)
{
	bool same = true;
	for (uint32_t k = 0; same && k < unit->nfiles; k++)
		same = file_still(&c->files.data[unit->files[k]], c->flushes);
	return same;
}

static bool still(struct cache *c, struct hash128 command)
{
	for (uint32_t i = 0; i < c->units.len; i++)
		if (same_hash(c->units.data[i].owner, command) && all_still(c, &c->units.data[i]))
			return true;
	return false;
}

/* Is what a late answer came out of as it was? */
static bool all_units_still(struct cache *c, const struct pending *answer)
{
	bool same = true;
	for (uint32_t i = 0; same && i < answer->nunits; i++)
		same = still(c, answer->units[i]);
	return same;
}

static bool is_dropped(const struct cache *c, struct hash128 command)
{
	for (uint32_t i = 0; i < c->dropped.len; i++)
		if (same_hash(c->dropped.data[i], command))
			return true;
	return false;
}

/* The unit is, or one that the answer came out of. */
static bool is_any_dropped(const struct cache *c, const struct pending *p)
{
	bool dropped = !p->text && is_dropped(c, p->owner);
	for (uint32_t i = 0; !dropped && i < p->nunits; i++)
		dropped = is_dropped(c, p->units[i]);
	return dropped;
}

/* A source has changed since it was first looked at in this run: the unit may have been compiled from either.
 * Its answers come behind it. */
static void drop_changed(struct cache *c)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < c->pending.len; i++) {
		struct pending p = c->pending.data[i];
		if (!p.text && !all_still(c, &p))
			vec_push(&c->dropped, p.owner);
		if (is_any_dropped(c, &p))
			mem_release(p.text);
		else
			c->pending.data[kept++] = p;
	}
	c->pending.len = kept;
}

/* All that is pending in one short transaction, or nothing of it. Late answers wait for the last one. */
static void flush(struct cache *c, bool last)
{
	int64_t now = cache_clock();
	c->flushed = now;
	c->flushes++;
	drop_changed(c);
	if (!c->broken && !exec(c, "BEGIN IMMEDIATE;"))
		c->broken = true;
	if (!c->broken) {
		write_files(c);
		for (uint32_t i = 0; i < c->pending.len && !c->broken; i++)
			if (!c->pending.data[i].text)
				write_unit(c, &c->pending.data[i], now);
		for (uint32_t i = 0; i < c->pending.len && !c->broken; i++)
			if (c->pending.data[i].text &&
			    (!c->pending.data[i].late || (last && all_units_still(c, &c->pending.data[i]))))
				write_answer(c, &c->pending.data[i], now);
		c->broken |= !exec(c, c->broken ? "ROLLBACK;" : "COMMIT;");
	}
	for (uint32_t i = 0; i < c->files.len && !c->broken; i++) {
		c->files.data[i].dirty = false;
		intmap_set(&c->by_id, (uint64_t)c->files.data[i].id, i + 1);
	}
	forget_pending(c, last);
}

static void push(struct cache *c, struct pending p)
{
	vec_push(&c->pending, p);
	if (cache_clock() - c->flushed > FLUSH_NS)
		flush(c, false);
}

static bool has_news(const struct cache *c)
{
	for (uint32_t i = 0; i < c->files.len; i++)
		if (c->files.data[i].dirty && c->files.data[i].id)
			return true;
	return c->pending.len || c->used.len;
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	if (c->db && !c->broken && has_news(c)) {
		flush(c, true);
		if (!c->broken && cache_wants_room(c) && exec(c, "BEGIN IMMEDIATE;")) {
			cache_evict(c);
			exec(c, c->broken ? "ROLLBACK;" : "COMMIT;");
		}
	}
	if (c->db)
		remove_drafts(c);
	forget_pending(c, true);
	for (uint32_t i = 0; i < c->units.len; i++)
		mem_release(c->units.data[i].files);
	vec_release(&c->units);
	sqlite3_finalize(c->find_unit);
	sqlite3_finalize(c->find_answer);
	sqlite3_close(c->db);
	vec_release(&c->pending);
	vec_release(&c->files);
	vec_release(&c->used);
	vec_release(&c->dropped);
	strmap_release(&c->numbers);
	intmap_release(&c->by_id);
	arena_free(c->arena);
	mem_release(c->directory);
	mem_release(c);
}
