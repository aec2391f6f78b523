#include "vocabulary.h"

#include "mem.h"

#include <string.h>

static const struct {
	const char *name, *text;
	uint64_t slots;
} roles[API_NROLES] = {
#define S(slot) SLOT_BIT(API_##slot)
#define ROLE(id, name, slots, text) [API_ROLE_##id] = {name, text, slots},
#include "roles.def"
#undef ROLE
#undef S
};

static const struct slot_info slots[API_NSLOTS] = {
#define SLOT(id, key, kind, member) [API_##id] = {key, SLOT_##kind, offsetof(struct api_role, member)},
#include "slots.def"
#undef SLOT
};

static const struct word {
	enum api_slot slot;
	const char *text;
	unsigned value;
} words[] = {
#define WORD(slot, text, value) {API_##slot, text, value},
#include "words.def"
#undef WORD
};
#define NWORDS (sizeof words / sizeof *words)

/* Lists are searched from the front: most rows differ in the first letter. */
static bool same(const char *a, const char *b)
{
	return *a == *b && strcmp(a, b) == 0;
}

const char *api_role_name(enum api_role_kind k)
{
	BUG_IF(k >= API_NROLES);
	return roles[k].name;
}

const char *api_role_text(enum api_role_kind k)
{
	BUG_IF(k >= API_NROLES);
	return roles[k].text;
}

uint64_t role_slots(enum api_role_kind k)
{
	BUG_IF(k >= API_NROLES);
	return roles[k].slots;
}

enum api_role_kind role_find(const char *name)
{
	unsigned k = 0;
	while (k < API_NROLES && !same(roles[k].name, name))
		k++;
	return (enum api_role_kind)k;
}

const struct slot_info *slot_info(enum api_slot slot)
{
	BUG_IF(slot >= API_NSLOTS);
	return &slots[slot];
}

enum api_slot slot_find(const char *key)
{
	unsigned s = 0;
	while (s < API_NSLOTS && !same(slots[s].key, key))
		s++;
	return (enum api_slot)s;
}

#define NEED(slot) SLOT_BIT(API_##slot)

struct role_needs role_needs(enum api_role_kind k)
{
	switch (k) {
	case API_ROLE_CREATE:
		return (struct role_needs){.all = NEED(HANDLE) | NEED(FAMILY)};
	case API_ROLE_CANCEL:
		return (struct role_needs){.any = NEED(TOKEN) | NEED(HANDLE)};
	case API_ROLE_STORE:
		return (struct role_needs){.all = NEED(VALUE) | NEED(INTO)};
	case API_ROLE_SEND:
		return (struct role_needs){.all = NEED(INTO)};
	case API_ROLE_DERIVE:
	case API_ROLE_DETACH:
	case API_ROLE_VALUE:
	case API_ROLE_UNSTORE:
	case API_ROLE_GET:
	case API_ROLE_RECEIVE:
	case API_ROLE_ALIAS:
	case API_ROLE_SETTLE:
	case API_ROLE_SUBMIT:
		return (struct role_needs){.all = NEED(FROM)};
	case API_ROLE_POLL:
	case API_ROLE_DONE_FD:
	case API_ROLE_TOKEN:
		return (struct role_needs){.all = NEED(TOKEN)};
	case API_ROLE_VARIANT:
		return (struct role_needs){.all = NEED(NAME)};
	case API_ROLE_SPAWN:
	case API_ROLE_CONNECT: /* what it is attached to may be the process: signals, bus names */
		return (struct role_needs){.all = NEED(ENTRY)};
	case API_ROLE_EACH:
		return (struct role_needs){.all = NEED(ENTRY) | NEED(FAMILY)};
	case API_ROLE_DISCONNECT:
		return (struct role_needs){.any = NEED(FROM) | NEED(ID)};
	case API_ROLE_DEADLINE:
		return (struct role_needs){.any = NEED(TIMEOUT) | NEED(HANDLE)};
		return (struct role_needs){.all = NEED(TIMEOUT)};
	case API_ROLE_UNSAFE:
		return (struct role_needs){.all = NEED(HAZARD)};
	case API_ROLE_RESULT:
		return (struct role_needs){.all = NEED(WHEN) | NEED(MEANS)};
	case API_ROLE_FORBIDDEN:
		return (struct role_needs){.any = NEED(RUNS) | NEED(FAMILY)};
	case API_ROLE_WATCH:
		return (struct role_needs){.all = NEED(HANDLE) | NEED(FDS)};
	case API_ROLE_ENTER: /* without a handle: of the calling thread */
	case API_ROLE_LEAVE:
	case API_ROLE_ENABLE:
	case API_ROLE_DISABLE:
		return (struct role_needs){.any = NEED(HANDLE) | NEED(FAMILY)};
	case API_ROLE_USES:
		return (struct role_needs){.all = NEED(DATA)};
	case API_ROLE_REQUEST:
		return (struct role_needs){.all = NEED(HANDLE) | NEED(NAME)};
	case API_ROLE_BACKGROUND:
	case API_ROLE_BLOCK:
	case API_ROLE_SELF:
	case API_ROLE_CLOCK:
	case API_ROLE_AFFINITY: /* without a handle: on the thread of the program's main function */
		return (struct role_needs){0};
	case API_ROLE_PROMISE:
		return (struct role_needs){.all = NEED(HANDLE) | NEED(FAMILY)};
	default: /* the rest speak of one handle, or of nothing */
		return (struct role_needs){.all = role_slots(k) & NEED(HANDLE)};
	}
}

enum api_slot role_subject(enum api_role_kind k)
{
	uint64_t s = role_slots(k);
	if (k == API_ROLE_STORE || k == API_ROLE_SEND)
		return API_VALUE;
	if (k == API_ROLE_DEADLINE)
		return API_TIMEOUT;
	if (k == API_ROLE_SPAWN || k == API_ROLE_CONNECT)
		return API_ENTRY;
	if (k == API_ROLE_VARIANT)
		return API_NSLOTS;
	if (k != API_ROLE_CREATE && (s & SLOT_BIT(API_TOKEN)))
		return API_TOKEN;
	if (s & SLOT_BIT(API_HANDLE))
		return API_HANDLE;
	return s & SLOT_BIT(API_FROM) ? API_FROM : API_NSLOTS;
}

bool role_returns(enum api_role_kind k)
{
	switch (k) {
	case API_ROLE_BACKGROUND:
	case API_ROLE_DERIVE:
	case API_ROLE_DETACH:
	case API_ROLE_VALUE:
	case API_ROLE_DONE_FD:
	case API_ROLE_GET:
	case API_ROLE_ALIAS:
	case API_ROLE_SELF:
	case API_ROLE_CLOCK:
		return true;
	default:
		return false;
	}
}

size_t word_list(enum api_slot slot, const char **out)
{
	size_t n = 0;
	for (size_t i = 0; i < NWORDS; i++)
		if (words[i].slot == slot) {
			BUG_IF(n == WORDS_MAX);
			out[n++] = words[i].text;
		}
	return n;
}

bool word_value(enum api_slot slot, const char *word, unsigned *value)
{
	for (size_t i = 0; i < NWORDS; i++)
		if (words[i].slot == slot && same(words[i].text, word)) {
			*value = words[i].value;
			return true;
		}
	return false;
}

const char *word_text(enum api_slot slot, unsigned value)
{
	for (size_t i = 0; i < NWORDS; i++)
		if (words[i].slot == slot && words[i].value == value)
			return words[i].text;
	return NULL;
}
