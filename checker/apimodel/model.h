/*
 * model.h - the tables behind struct apimodel: what is added to them, and who may replace what. Private to apimodel/.
 */
#ifndef CANCELINT_APIMODEL_MODEL_H
#define CANCELINT_APIMODEL_MODEL_H

#include "apimodel.h"
#include "map.h"
#include "mem.h"
#include "str.h"

/* Ascending precedence. */
enum origin { FROM_SHIPPED, FROM_PROJECT, FROM_SOURCE };

struct place {
	const char *file;
	int line, col;
};
struct family_use { /* checked when everything is loaded: a family may be declared in another file */
	const char *family;
	struct place at;
};

/* The public arrays of struct apimodel are views of these. */
struct model_state {
	const struct apimodel *base; /* of an overlay */
	VEC(struct api_func) funcs;
	VEC(enum origin) func_origins;
	VEC(struct api_family) families;
	VEC(struct place) family_places;
	VEC(enum origin) family_origins;
	VEC(struct api_library) libraries;
	VEC(const char *) token_types;
	VEC(struct family_use) family_uses;
	struct strmap func_index, family_index, token_index;
	uint64_t token_marks[4]; /* marks of their types, as bits: most types have none of them */
	struct strmap counted;   /* "library family" of which there are `ref` roles */
	struct strmap in_place;  /* families whose handles are made in memory of the caller's -> 1 */
	struct strmap plain_names; /* of entries for overloads and templates: the plain name -> 1 */
	struct strmap loaded;    /* real paths of files */
	struct strmap annotated; /* "function text" of annotations */
	struct str digest;
	char fingerprint[33];
};

void model_init(struct apimodel *m, const struct apimodel *base);
/* After adding: makes the public arrays show what the state holds. */
void model_publish(struct apimodel *m);

/* False, with a problem, when an entry of the same rank is there already. */
bool model_add_func(struct apimodel *m, struct api_func *f, enum origin origin, int col,
                    struct problem_list *problems);
/* Adds or replaces without asking. */
void model_put_func(struct apimodel *m, struct api_func *f, enum origin origin);
bool model_add_family(struct apimodel *m, const struct api_family *f, enum origin origin,
                      const struct place *at, struct problem_list *problems);
void model_add_token_type(struct apimodel *m, const char *ctype);
/* Reports every use of a family that no file declares. */
bool model_check_families(struct apimodel *m, struct problem_list *problems);
/* One more file becomes part of the fingerprint. */
void model_digest(struct apimodel *m, const char *name, const char *bytes, size_t len);

#endif
