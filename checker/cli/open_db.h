/*
 * open_db.h - the database of findings, for commands that look at it or take care of it.
 */
#ifndef CANCELINT_CLI_OPEN_DB_H
#define CANCELINT_CLI_OPEN_DB_H

#include "cli.h"
#include "store.h"

struct history {
	char *path;
	struct store *store;
};
/* `db`, else the database of the configuration, else the nearest one. False after a problem. */
bool history_open(struct session *s, const char *db, const char *config, enum store_access access,
                  struct history *out);
void history_close(struct history *h);

/* The one finding whose id begins so, or NULL after a problem. Allocated in `a`. */
struct arena;
const struct store_found *history_find(struct session *s, struct history *h, struct arena *a, const char *id);

/* --db and --config, for the tables of options. */
#define HISTORY_OPTIONS(type)                                                                                \
	{0,                                                                                                  \
	 "db",                                                                                               \
	 OPTION_TEXT,                                                                                        \
	 offsetof(type, db),                                                                                 \
	 "FILE",                                                                                             \
	 "this database (default: that of .cancelint.yaml, or the nearest\n"                                 \
	 ".cancelint/findings.db)",                                                                          \
	 0,                                                                                                  \
	 0},                                                                                                 \
	{                                                                                                    \
		0, "config", OPTION_TEXT, offsetof(type, config), "FILE",                                    \
		        "read this instead of the nearest .cancelint.yaml", 0, 0                             \
	}
#define END_OF_OPTIONS                                                                                       \
	{                                                                                                    \
		0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0                                                    \
	}

#endif
