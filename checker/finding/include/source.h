/*
 * source.h - the text of source files, for showing lines and counting columns; and UTF-8.
 */
#ifndef CANCELINT_SOURCE_H
#define CANCELINT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

struct source {
	const char *text;
	size_t len;
	const uint32_t *starts; /* offset of each line */
	uint32_t nlines;
};

/* Text that stands for what a file holds: an editor's that is not saved. */
struct source_text {
	const char *file; /* absolute */
	const char *text; /* NUL-terminated */
	size_t len;
};

/* Keeps what was read, within a bound. Relative paths are looked up below `root` (NULL: in the current
 * directory). */
struct source_cache;
struct source_cache *source_cache_new(const char *root);
void source_cache_free(struct source_cache *c); /* NULL is accepted */
/* These are not read but taken from here, whichever path leads to the file; they must outlive the cache. */
void source_cache_lay(struct source_cache *c, const struct source_text *texts, uint32_t n);
/* NULL if the file cannot be read, is larger than 16 MiB or is no regular file. Valid until the next call. */
const struct source *source_get(struct source_cache *c, const char *file);
/* The line (1-based) without its end. False if there is none; `s` may be NULL. */
bool source_line(const struct source *s, uint32_t line, const char **text, size_t *len);
/* The last line of the function whose name is on this one; 0 if the text shows no body. `s` may be NULL. */
uint32_t source_body_end(const struct source *s, uint32_t line);
/* A hash of the line's text, white space aside, in 16 hexadecimal digits: equal while nobody changes what the line says.
 * "" if there is no such line. `s` may be NULL. */
void source_line_hash(const struct source *s, uint32_t line, char out[17]);

/* A call as the text has it: offsets into the text, [begin, end). */
struct source_span {
	uint32_t begin, end;
};
enum { SOURCE_CALL_ARGS = 32 };
struct source_call {
	struct source_span name, args[SOURCE_CALL_ARGS]; /* without the white space around them */
	uint32_t nargs;
	uint32_t end;       /* behind its closing parenthesis */
	bool is_statement;  /* nothing stands before it in its statement, and a semicolon behind it */
	uint32_t after;     /* is_statement: behind that */
};
/* The call of the function `name` that begins at this line and column (bytes, 1-based). False if the text says something
 * else: the call comes out of a macro, goes through a pointer, or holds what is not read here. `s` may be NULL. */
bool source_call(const struct source *s, uint32_t line, uint32_t col, const char *name, struct source_call *out);
/* Appends what of a text matters to who looks at it from places of its code: where two texts have this in common, and the
 * same places, all of the above finds the same, as do suppressions. That is every line with code, or within the parentheses of
 * a call; of comments that stand alone between statements only that they are there. The places: `marks[line]`, for lines below
 * `nmarks`. The whole text, where it may be read in more than one way. */
enum source_mark {
	SOURCE_PLACE = 1 << 0,   /* somebody looks at this line */
	SOURCE_GOES_ON = 1 << 1, /* and at the `//` comments behind it */
};
void source_essence(const char *text, size_t len, const unsigned char *marks, uint32_t nmarks, struct str *out);
/* Line and column of an offset. */
void source_position(const struct source *s, uint32_t offset, uint32_t *line, uint32_t *col);

#endif
