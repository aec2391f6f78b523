#include "model.h"

#include "arena.h"
#include "hash.h"
#include "intern.h"
#include "problem.h"

#include <ctype.h>
#include <string.h>

#define MAX_CTYPE 512

void model_init(struct apimodel *m, const struct apimodel *base)
{
	*m = (struct apimodel){.arena = arena_new(), .strings = intern_new()};
	m->state = mem_alloc(sizeof *m->state);
	m->state->base = base;
	if (!base)
		return;
	m->libraries = base->libraries;
	m->nlibraries = base->nlibraries;
	m->families = base->families;
	m->nfamilies = base->nfamilies;
	m->token_types = base->token_types;
	m->ntoken_types = base->ntoken_types;
}

void model_publish(struct apimodel *m)
{
	struct model_state *s = m->state;
	m->funcs = s->funcs.data;
	m->nfuncs = s->funcs.len;
	if (s->families.len) {
		m->families = s->families.data;
		m->nfamilies = s->families.len;
	}
	if (s->base)
		return;
	m->libraries = s->libraries.data;
	m->nlibraries = s->libraries.len;
	m->token_types = s->token_types.data;
	m->ntoken_types = s->token_types.len;
}

void apimodel_release(struct apimodel *m)
{
	struct model_state *s = m->state;
	if (s) {
		vec_release(&s->funcs);
		vec_release(&s->func_origins);
		vec_release(&s->families);
		vec_release(&s->family_places);
		vec_release(&s->family_origins);
		vec_release(&s->libraries);
		vec_release(&s->token_types);
		vec_release(&s->family_uses);
		strmap_release(&s->func_index);
		strmap_release(&s->plain_names);
		strmap_release(&s->family_index);
		strmap_release(&s->token_index);
		strmap_release(&s->counted);
		strmap_release(&s->in_place);
		strmap_release(&s->loaded);
		strmap_release(&s->annotated);
		str_release(&s->digest);
		mem_release(s);
	}
	intern_free(m->strings);
	arena_free(m->arena);
	*m = (struct apimodel){0};
}

struct apimodel *apimodel_overlay(const struct apimodel *base)
{
	struct apimodel *m = mem_alloc(sizeof *m);
	model_init(m, base);
	return m;
}

void apimodel_overlay_free(struct apimodel *overlay)
{
	if (!overlay)
		return;
	apimodel_release(overlay);
	mem_release(overlay);
}

/* ---- functions ---- */

static bool twice(const struct api_func *old, const struct api_func *again, int col,
                  struct problem_list *problems)
{
	struct problem *p = problem_add(problems, PROBLEM_ERROR, again->file, again->line, col,
	                                "'%s' is described twice", again->name);
	problem_hint(p, "it is already described at %s:%d", old->file, old->line);
	return false;
}

/* ---- counted references ---- */

static const char *counted_key(const char *library, const char *family, char out[MAX_CTYPE])
{
	snprintf(out, MAX_CTYPE, "%s %s", library, family ? family : "");
	return out;
}

static void note_counted(struct apimodel *m, const struct api_func *f)
{
	char key[MAX_CTYPE];
	for (uint32_t i = 0; i < f->nroles; i++)
		if (f->roles[i].kind == API_ROLE_REF)
			strmap_set(&m->state->counted,
			           intern(m->strings, counted_key(f->library, f->roles[i].family, key)), 1);
}

bool apimodel_counted(const struct apimodel *m, const struct api_func *f, const struct api_role *release)
{
	char key[MAX_CTYPE];
	counted_key(f->library, release->family, key);
	for (; m; m = m->state->base)
		if (strmap_get(&m->state->counted, key, NULL))
			return true;
	return false;
}

/* ---- memory of handles ---- */

static void note_in_place(struct apimodel *m, const struct api_func *f)
{
	for (uint32_t i = 0; i < f->nroles; i++) {
		const struct api_role *r = &f->roles[i];
		if (r->kind == API_ROLE_CREATE && r->family[0] && r->handle.base == API_PATH_ARG &&
		    !r->handle.deref)
			strmap_set(&m->state->in_place, intern(m->strings, r->family), 1);
	}
}

bool apimodel_in_place(const struct apimodel *m, const char *family)
{
	for (; m; m = m->state->base)
		if (strmap_get(&m->state->in_place, family, NULL))
			return true;
	return false;
}

static void note_kinds(struct api_func *f)
{
	f->kinds = (struct api_kinds){0};
	for (uint32_t i = 0; i < f->nroles; i++)
		api_kinds_add(&f->kinds, f->roles[i].kind);
}

/* What is started by a call that makes one handle is that handle's, unless the entry says otherwise. */
static void own_handle(struct api_func *f)
{
	const struct api_role *made = api_role_of(f, API_ROLE_CREATE);
	if (!made || api_role_next(f, API_ROLE_CREATE, made))
		return;
	for (uint32_t i = 0; i < f->nroles; i++) {
		struct api_role *r = &f->roles[i];
		if (r->kind == API_ROLE_SPAWN && r->handle.base == API_PATH_NONE)
			r->handle = made->handle;
	}
}

static void note_overload(struct apimodel *m, const char *name)
{
	size_t n = apimodel_plain_name(name, NULL, NULL);
	if (name[n])
		strmap_set(&m->state->plain_names, intern_n(m->strings, name, n), 1);
}

void model_put_func(struct apimodel *m, struct api_func *f, enum origin origin)
{
	struct model_state *s = m->state;
	uint64_t at;
	note_counted(m, f);
	note_in_place(m, f);
	note_overload(m, f->name);
	note_kinds(f);
	own_handle(f);
	if (strmap_get(&s->func_index, f->name, &at)) {
		s->funcs.data[at] = *f;
		s->func_origins.data[at] = origin;
		return;
	}
	strmap_set(&s->func_index, f->name, s->funcs.len);
	vec_push(&s->funcs, *f);
	vec_push(&s->func_origins, origin);
}

bool model_add_func(struct apimodel *m, struct api_func *f, enum origin origin, int col,
                    struct problem_list *problems)
{
	struct model_state *s = m->state;
	uint64_t at;
	if (strmap_get(&s->func_index, f->name, &at) && s->func_origins.data[at] >= origin)
		return twice(&s->funcs.data[at], f, col, problems);
	model_put_func(m, f, origin);
	return true;
}

const struct api_func *apimodel_find(const struct apimodel *m, const char *name)
{
	for (; m; m = m->state->base) {
		uint64_t at;
		if (strmap_get(&m->state->func_index, name, &at))
			return &m->state->funcs.data[at];
	}
	return NULL;
}

const struct api_role *api_role_after(const struct api_func *f, enum api_role_kind kind,
                                      const struct api_role *after)
{
	for (uint32_t i = after ? (uint32_t)(after - f->roles) + 1 : 0; i < f->nroles; i++)
		if (f->roles[i].kind == kind)
			return &f->roles[i];
	return NULL;
}

/* ---- families ---- */

/* An overlay that declares families begins with those of its base. */
static void copy_base_families(struct model_state *s)
{
	if (!s->base || s->families.len)
		return;
	for (uint32_t i = 0; i < s->base->nfamilies; i++) {
		const struct api_family *f = &s->base->families[i];
		strmap_set(&s->family_index, f->name, s->families.len);
		vec_push(&s->families, *f);
		vec_push(&s->family_origins, FROM_PROJECT);
		vec_push(&s->family_places, (struct place){.file = ""});
	}
}

bool model_add_family(struct apimodel *m, const struct api_family *f, enum origin origin,
                      const struct place *at, struct problem_list *problems)
{
	struct model_state *s = m->state;
	uint64_t i;
	copy_base_families(s);
	if (!strmap_get(&s->family_index, f->name, &i)) {
		strmap_set(&s->family_index, f->name, s->families.len);
		vec_push(&s->families, *f);
		vec_push(&s->family_origins, origin);
		vec_push(&s->family_places, *at);
		return true;
	}
	if (s->family_origins.data[i] >= origin) {
		struct problem *p = problem_add(problems, PROBLEM_ERROR, at->file, at->line, at->col,
		                                "family '%s' is declared twice", f->name);
		problem_hint(p, "it is already declared at %s:%d", s->family_places.data[i].file,
		             s->family_places.data[i].line);
		return false;
	}
	s->families.data[i] = *f;
	s->family_origins.data[i] = origin;
	s->family_places.data[i] = *at;
	return true;
}

const struct api_family *apimodel_family(const struct apimodel *m, const char *name)
{
	for (; m; m = m->state->base) {
		uint64_t at;
		if (strmap_get(&m->state->family_index, name, &at))
			return &m->state->families.data[at];
	}
	return NULL;
}

static void unknown_family(struct apimodel *m, const struct family_use *use, struct problem_list *problems)
{
	struct problem *p = problem_add(problems, PROBLEM_ERROR, use->at.file, use->at.line, use->at.col,
	                                "family '%s' is not declared in any loaded model", use->family);
	VEC(const char *) names = {0};
	for (uint32_t i = 0; i < m->nfamilies; i++)
		vec_push(&names, m->families[i].name);
	const char *near = str_nearest(use->family, names.data, names.len);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "declare it under 'families:', as %s: {noun: \"...\", release: \"...\"}",
		             use->family);
	vec_release(&names);
}

bool model_check_families(struct apimodel *m, struct problem_list *problems)
{
	bool ok = true;
	for (uint32_t i = 0; i < m->state->family_uses.len; i++) {
		const struct family_use *use = &m->state->family_uses.data[i];
		if (apimodel_family(m, use->family))
			continue;
		unknown_family(m, use, problems);
		ok = false;
	}
	return ok;
}

/* ---- token types ---- */

static bool is_qualifier(const char *word, size_t n)
{
	return (n == 5 && memcmp(word, "const", n) == 0) || (n == 8 && memcmp(word, "volatile", n) == 0) ||
	       (n == 8 && memcmp(word, "restrict", n) == 0) ||
	       (n == 10 && memcmp(word, "__restrict", n) == 0);
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The type without qualifiers, with single spaces between words and none elsewhere. False: too long to be
 * listed. */
static bool normalise(const char *ctype, char out[MAX_CTYPE])
{
	size_t n = 0;
	while (*ctype) {
		size_t len = 1;
		if (in_word(*ctype)) {
			while (in_word(ctype[len]))
				len++;
			if (is_qualifier(ctype, len)) {
				ctype += len;
				continue;
			}
			if (n && in_word(out[n - 1]) && n + 1 < MAX_CTYPE)
				out[n++] = ' ';
		}
		if (n + len >= MAX_CTYPE)
			return false;
		if (!isspace((unsigned char)*ctype)) {
			memcpy(out + n, ctype, len);
			n += len;
		}
		ctype += len;
	}
	out[n] = 0;
	return true;
}

/* The first two words of a type, qualifiers aside, as a small number. */
static uint8_t mark_of(const char *ctype)
{
	unsigned mark = 0, words = 0;
	while (*ctype && words < 2) {
		size_t len = 0;
		while (in_word(ctype[len]))
			len++;
		if (len && !is_qualifier(ctype, len)) {
			mark = mark * 37 + (unsigned char)ctype[0] * 7 + (unsigned char)ctype[len - 1] + (unsigned)len * 5;
			words++;
		}
		ctype += len ? len : 1;
	}
	return (uint8_t)(mark ^ mark >> 8);
}

void model_add_token_type(struct apimodel *m, const char *ctype)
{
	char key[MAX_CTYPE];
	if (!normalise(ctype, key) || strmap_get(&m->state->token_index, key, NULL))
		return;
	strmap_set(&m->state->token_index, intern(m->strings, key), 1);
	uint8_t mark = mark_of(key);
	m->state->token_marks[mark / 64] |= 1ull << mark % 64;
	vec_push(&m->state->token_types, intern(m->strings, ctype));
}

bool apimodel_is_teardown_slot(const struct apimodel *m, const char *record, const char *field)
{
	size_t n = strlen(record);
	while (m->state->base)
		m = m->state->base;
	for (uint32_t l = 0; l < m->nlibraries; l++)
		for (uint32_t i = 0; i < m->libraries[l].nteardown_slots; i++) {
			const char *slot = m->libraries[l].teardown_slots[i];
			if (strncmp(slot, record, n) == 0 && slot[n] == '.' &&
			    strcmp(slot + n + 1, field) == 0)
				return true;
		}
	return false;
}

/* A reference to an object is the object; one to a pointer is a pointer to it. */
static void strip_reference(char *ctype)
{
	size_t n = strlen(ctype), end = n;
	while (end && ctype[end - 1] == '&')
		end--;
	if (end && ctype[end - 1] != '*')
		ctype[end] = 0;
}

bool apimodel_is_token_type(const struct apimodel *m, const char *ctype)
{
	char key[MAX_CTYPE];
	while (m->state->base)
		m = m->state->base;
	uint8_t mark = mark_of(ctype);
	if (!(m->state->token_marks[mark / 64] >> mark % 64 & 1) || !normalise(ctype, key))
		return false;
	strip_reference(key);
	return strmap_get(&m->state->token_index, key, NULL);
}

static bool listed(const char *const *list, uint32_t n, const char *text)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* Does a library list the text? The list and its length are members of struct api_library. */
static bool any_lists(const struct apimodel *m, size_t list, size_t len, const char *text)
{
	while (m->state->base)
		m = m->state->base;
	for (uint32_t l = 0; l < m->nlibraries; l++) {
		const char *at = (const char *)&m->libraries[l];
		if (listed(*(const char **const *)(at + list), *(const uint32_t *)(at + len), text))
			return true;
	}
	return false;
}
#define ANY_LISTS(m, member, text)                                                                           \
	any_lists(m, offsetof(struct api_library, member), offsetof(struct api_library, n##member), text)

const char *apimodel_callback_of(const struct apimodel *m, const char *ctype)
{
	if (m->state->base)
		m = m->state->base;
	for (uint32_t l = 0; *ctype && l < m->nlibraries; l++)
		if (listed(m->libraries[l].callbacks, m->libraries[l].ncallbacks, ctype))
			return m->libraries[l].name;
	return NULL;
}

bool apimodel_is_error_type(const struct apimodel *m, const char *ctype)
{
	return ANY_LISTS(m, errors, ctype);
}

bool apimodel_is_boolean_type(const struct apimodel *m, const char *ctype)
{
	return ANY_LISTS(m, booleans, ctype);
}

bool apimodel_is_mutable_type(const struct apimodel *m, const char *ctype)
{
	return ANY_LISTS(m, mutables, ctype);
}

int64_t apimodel_duration_ns(const struct apimodel *m, const char *ctype)
{
	return ANY_LISTS(m, milliseconds, ctype)   ? 1000000
	       : ANY_LISTS(m, seconds, ctype)      ? 1000000000
	       : ANY_LISTS(m, microseconds, ctype) ? 1000
	       : ANY_LISTS(m, nanoseconds, ctype)  ? 1
	                                           : 0;
}

bool apimodel_is_exception_base(const struct apimodel *m, const char *name)
{
	return ANY_LISTS(m, exceptions, name);
}

static size_t last_part(const char **type)
{
	const char *t = strncmp(*type, "const ", 6) == 0 ? *type + 6 : *type;
	size_t n = strcspn(t, " *&<");
	for (size_t i = n; i-- > 0;)
		if (t[i] == ':') {
			*type = t + i + 1;
			return n - i - 1;
		}
	*type = t;
	return n;
}

bool apimodel_is_outcome_type(const struct apimodel *m, const char *ctype)
{
	size_t n = last_part(&ctype);
	for (uint32_t i = 0; n && i < m->nlibraries; i++)
		for (uint32_t k = 0; k < m->libraries[i].noutcomes; k++) {
			const char *own = m->libraries[i].outcomes[k];
			if (last_part(&own) == n && memcmp(own, ctype, n) == 0)
				return true;
		}
	return false;
}

/* ---- fingerprint ---- */

void model_digest(struct apimodel *m, const char *name, const char *bytes, size_t len)
{
	struct model_state *s = m->state;
	char hex[33];
	hash128_hex(hash128(bytes, len), hex);
	str_addf(&s->digest, "%s\n%s\n", name, hex);
	hash128_hex(hash128(s->digest.data, s->digest.len), s->fingerprint);
}

const char *apimodel_fingerprint(const struct apimodel *m)
{
	while (m->state->base)
		m = m->state->base;
	return m->state->fingerprint[0] ? m->state->fingerprint : "none";
}
