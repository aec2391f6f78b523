#include "open_db.h"

#include "project.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

bool history_open(struct session *s, const char *db, const char *config, enum store_access access,
                  struct history *out)
{
	struct config c;
	*out = (struct history){0};
	if (!config_load(&c, config, NULL, &s->problems))
		return false;
	const char *named = db ? db : c.database;
	out->path = named ? mem_strdup(named) : nearest_database();
	config_release(&c);
	if (!out->path)
		return session_fail(s, "'cancelint check' makes one; name another with --db FILE",
		                    "no .cancelint/findings.db here or above");
	/* What is not there is not made: only a run has something to say in a new one. */
	struct store *there =
	        store_open(out->path, access == STORE_WRITE ? STORE_AS_IS : access, &s->problems);
	if (access == STORE_WRITE && there) {
		store_close(there);
		there = store_open(out->path, STORE_WRITE, &s->problems);
	}
	out->store = there;
	return out->store != NULL;
}

void history_close(struct history *h)
{
	store_close(h->store);
	mem_release(h->path);
	*h = (struct history){0};
}

static bool is_id(const char *word)
{
	size_t n = strlen(word);
	return n >= 4 && n <= 32 && strspn(word, "0123456789abcdefABCDEF") == n;
}

const struct store_found *history_find(struct session *s, struct history *h, struct arena *a, const char *id)
{
	struct store_found *found;
	uint32_t n;
	char key[33] = "";
	if (!is_id(id)) {
		session_fail(s, "an id has 4 to 32 hexadecimal digits; reports show it",
		             "'%s' is no id of a finding", id);
		return NULL;
	}
	for (size_t i = 0; id[i]; i++)
		key[i] = (char)tolower((unsigned char)id[i]);
	if (!store_find(h->store, key, a, &found, &n, &s->problems))
		return NULL;
	if (n == 1)
		return &found[0];
	if (n)
		session_fail(s, "give more of its digits", "'%s' is the beginning of %u findings", id, n);
	else
		session_fail(s, "reports show the ids; the text report behind 'explain:'",
		             "no finding '%s' in %s", id, h->path);
	return NULL;
}
