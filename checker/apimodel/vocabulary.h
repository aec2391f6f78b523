/*
 * vocabulary.h - the tables made from roles.def, slots.def and words.def. Private to apimodel/.
 */
#ifndef CANCELINT_APIMODEL_VOCABULARY_H
#define CANCELINT_APIMODEL_VOCABULARY_H

#include "apimodel.h"

#define SLOT_BIT(slot) (UINT64_C(1) << (slot))
_Static_assert(API_NSLOTS <= 64, "slots are bits of a 64-bit word");

enum slot_kind { SLOT_PATH, SLOT_WORD, SLOT_TEXT, SLOT_BOOL, SLOT_NAME, SLOT_NULL_IS, SLOT_UNLESS, SLOT_NUMBER };

struct slot_info {
	const char *key;
	enum slot_kind kind;
	size_t offset; /* of the member of struct api_role */
};
const struct slot_info *slot_info(enum api_slot slot);
/* API_NSLOTS: no such key. */
enum api_slot slot_find(const char *key);

uint64_t role_slots(enum api_role_kind k);
/* API_NROLES: no such role. */
enum api_role_kind role_find(const char *name);
/* What an entry of this role must have; of `any`, when not 0, at least one. */
struct role_needs {
	uint64_t all, any;
};
struct role_needs role_needs(enum api_role_kind k);
/* The slot an annotation on a parameter speaks of; API_NSLOTS: the role is not for parameters. */
enum api_slot role_subject(enum api_role_kind k);
/* Roles that give a token or an object give it as the returned value unless `to` says otherwise. */
bool role_returns(enum api_role_kind k);

/* The words of a slot; returns how many. `out` has room for WORDS_MAX. */
#define WORDS_MAX 16
size_t word_list(enum api_slot slot, const char **out);
bool word_value(enum api_slot slot, const char *word, unsigned *value);
const char *word_text(enum api_slot slot, unsigned value); /* NULL: none has that value */

#endif
