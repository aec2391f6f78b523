/*
 * apimodel.h - what is known about APIs: roles of functions and their arguments.
 *
 * APIs are data (rules/models/<library>/x.yaml, a project's own models, annotations in the source); this layer turns them
 * into tables that rules and engines ask by role. Nothing else in the program spells an API's name.
 * Precedence when a function is described more than once: source annotations > project > shipped; the higher one
 * replaces the whole entry.
 *
 * A model file (docs/formats/models.md is the whole format):
 *
 *     library: gio
 *     headers: [gio/gio.h]          # checked against by `models test`; include order
 *     pkg-config: [gio-2.0]         # flags for those headers
 *     tokens:                       # C types whose values are tokens
 *       - "GCancellable *"
 *     families:                     # kinds of owed handles
 *       cancellable: {noun: "cancellable", release: "g_object_unref"}
 *     functions:
 *       g_cancellable_new:
 *         params: 0
 *         create: {handle: return, family: cancellable, when: always}
 *       pipe:
 *         params: 1
 *         create:                   # a role may be given several times, as a sequence
 *           - {handle: "arg0[0]", family: fd, when: zero}
 *           - {handle: "arg0[1]", family: fd, when: zero}
 *       g_object_unref, g_clear_thing: {params: 1, release: {handle: arg0}}   # several names, one description
 *
 * `params` is the number of declared parameters (variadic functions: `params: 2+`). A described function neither keeps nor
 * ends an argument unless a role says so; a function without an entry, body or summary may do anything.
 * A project's own stop flags are not listed: atomics and volatile sig_atomic_t are recognised by their type.
 *
 * Paths: `return`, `argN`, `*argN` (what the pointer argument points to), `argN[K]` (element K), `argN->field`,
 * `*argN->field` (the field of what *argN points to), `*return`, `return->field`.
 * Conditions on the returned value: always, null, nonnull, zero, nonzero, negative, nonnegative, positive, minus-one, never.
 */
#ifndef CANCELINT_APIMODEL_H
#define CANCELINT_APIMODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct problem_list;

enum api_slot {
	API_HANDLE, API_FAMILY, API_WHEN, API_TOKEN, API_FROM, API_TO, API_INTO, API_VALUE, API_ENTRY, API_DATA, API_DESTROY,
	API_RUNS, API_ID, API_TIMEOUT, API_INFINITE, API_UNIT, API_ABSOLUTE, API_COVERS, API_FDS, API_COUNT, API_FDS_KIND,
	API_WAITS, API_UNLESS, API_BOUNDED, API_NULL_IS, API_NULL_OK, API_IDEMPOTENT, API_LATER, API_VALUES_ONLY, API_NAME,
	API_MEANS, API_DEADLINE, API_ENDS, API_BOUND, API_ZEROED, API_ONLY, API_SHARED, API_RECURSIVE,
	API_RECORD, API_HAZARD, API_TELLS, API_GIVES, API_NONE, API_LASTING, API_ATOMIC, API_IS, API_TELLS_POSITIVE, API_NSLOTS
};

enum api_role_kind {
#define S(slot) 0
#define ROLE(id, name, slots, text) API_ROLE_##id,
#include "roles.def"
#undef ROLE
#undef S
	API_NROLES
};
const char *api_role_name(enum api_role_kind k);
const char *api_role_text(enum api_role_kind k);

enum api_base { API_PATH_NONE, API_PATH_RETURN, API_PATH_ARG };
struct api_path {
	uint8_t base;       /* enum api_base */
	uint8_t arg;        /* API_PATH_ARG */
	bool deref;         /* the object the value points to: `*arg1`, `arg0[1]`, `arg0->field` */
	bool deref_again;   /* `*arg1->field`: the pointer found at *arg1 is followed, too */
	int32_t index;      /* element; 0 without one */
	const char *field;  /* NULL: none */
	const char *text;   /* as written; "" for API_PATH_NONE */
};

enum api_cond { /* on the value the call returns */
	API_ALWAYS, API_NULL_, API_NONNULL, API_ZERO, API_NONZERO, API_NEGATIVE, API_NONNEGATIVE, API_POSITIVE, API_MINUS_ONE,
	API_NEVER
};
enum api_infinite { /* which value of the timeout means "no limit" */
	API_INF_UNSET, API_INF_NULL, API_INF_NEGATIVE, API_INF_MINUS_ONE, API_INF_ZERO, API_INF_MAX, API_INF_NOT_POSITIVE
};
enum api_runs { API_RUNS_UNSET, API_RUNS_THREAD, API_RUNS_LOOP, API_RUNS_HANDLER, API_RUNS_INLINE, API_RUNS_POOL, API_RUNS_SIGNAL };
enum api_fds_kind { API_FDS_UNSET, API_FDS_POLLFD, API_FDS_FD_SET, API_FDS_EPOLL, API_FDS_FD, API_FDS_CASES };
/* What a block call waits for, which ranks it: network, process, bus, disk, lock, event, queue, time, thread, loop. */
enum api_waits { API_WAITS_UNSET, API_WAITS_NETWORK, API_WAITS_PROCESS, API_WAITS_BUS, API_WAITS_DISK, API_WAITS_LOCK,
	API_WAITS_EVENT, API_WAITS_QUEUE, API_WAITS_TIME, API_WAITS_THREAD, API_WAITS_LOOP };

/* `{arg: N, has: VALUE}`: argument N has these bits; `is:` has this value; `begins:` is a text that begins so. */
struct api_test {
	bool given;
	uint8_t arg;
	int64_t bits;
	bool equals; /* `is:` instead of `has:` */
	const char *begins; /* `begins:`; else NULL */
};

struct api_role {
	enum api_role_kind kind;
	const char *family; /* interned in the model; "" if none */
	struct api_path handle, token, from, to, into, value, entry, data, destroy, id, timeout, fds, count;
	struct api_path deadline; /* derive: the limit given to the child; `unit` and `absolute` say how */
	enum api_cond when;
	enum api_cond ends; /* spawn: the entry runs no more once it returned this; API_ALWAYS: it runs once */
	enum api_infinite infinite;
	enum api_runs runs;
	enum api_fds_kind fds_kind;
	enum api_waits waits;
	const char *unit, *covers, *name, *means, *hazard; /* "" if none */
	struct api_test unless; /* does not block when it holds (WNOHANG, MSG_DONTWAIT) */
	struct api_test only;   /* the outcome means this only when it holds */
	bool null_ok, idempotent, later, values_only, bounded, absolute;
	bool bound; /* connect: ends by itself with `data` */
	bool zeroed; /* make: memory that is all zero */
	bool shared; /* lock: with others that share it; spawn: it takes a reference of its own to `data` */
	bool recursive; /* lock: who has it may take it again */
	struct api_path tells, gives; /* spawn: argument of the entry that is negative when the operation has failed, and the one that is
					 NULL then */
	bool positive;  /* spawn: `tells` is positive then, and not negative */
	int64_t is;     /* result: this very value */
	bool lasting;   /* block: as long as there is content to go through, wherever it lies */
	bool atomic;    /* block: until an atomic variable changes */
	bool none;      /* background: no token at all, as NULL is one */
	bool record;    /* spawn: the library itself works with the data, too */
	bool null_forbidden; /* null-is: forbidden; else uncancellable */
	uint64_t given;      /* bits 1 << enum api_slot: what the entry spells out; the rest are defaults */
	int line;
};

/* A set of kinds of roles. */
struct api_kinds {
	uint64_t bits[(API_NROLES + 63) / 64];
};
static inline void api_kinds_add(struct api_kinds *k, enum api_role_kind kind)
{
	k->bits[kind / 64] |= UINT64_C(1) << kind % 64;
}
static inline void api_kinds_unite(struct api_kinds *k, const struct api_kinds *more)
{
	for (size_t i = 0; i < sizeof k->bits / sizeof *k->bits; i++)
		k->bits[i] |= more->bits[i];
}
static inline bool api_kinds_have(const struct api_kinds *k, enum api_role_kind kind)
{
	return k->bits[kind / 64] >> kind % 64 & 1;
}

struct api_func {
	const char *name;    /* linkage name of a C function; qualified name of a C++ one, see struct api_decl */
	const char *library; /* "gio"; "annotation" for what the source says */
	const char *file;    /* the model file, or the header of an annotation */
	int line;
	int nparams;   /* declared parameters, -1 unknown */
	bool variadic;
	bool cplusplus; /* its headers are C++, or the project's own and compiled as either: only such an entry describes a
			   C++ function without namespace or class */
	bool for_tokens; /* describes only members of class templates that are made for tokens, or for what leads to one */
	bool by_type;    /* no model has it: what it starts shows in the types of its parameters, and it may do more */
	const char *since; /* the library version that brought it; "" if not said */
	struct api_role *roles;
	uint32_t nroles;
	struct api_kinds kinds; /* of its roles: most questions are about roles that it does not have */
};

struct api_family {
	const char *name, *library;
	const char *noun;    /* for messages: "cancellable", "file descriptor" */
	const char *release; /* for messages: the usual releasing call */
	bool cancel_needed;  /* release alone does not stop what uses it */
	bool claim;          /* a count or lock on an object that lives on: only a release of this family ends it, and it
				cannot be handed over by storing the object */
	bool weak;           /* it may be let go: it ends by itself some day, and only who wants to end it needs the handle */
	bool timer;          /* it fires later */
	bool task;           /* stands for a thread, which has to be joined or let go */
	bool masks_cancel;   /* a scope in which the thread cannot be cancelled */
	bool lexical;        /* a scope that must be closed where it was opened, in the same block of the source */
};

struct apimodel {
	struct arena *arena;
	struct intern *strings;
	struct api_library { /* one model file */
		const char *name, *file;
		const char **headers, **pkg_config;
		const char **defines; /* "_GNU_SOURCE" */
		const char **tokens;  /* the token types this file lists */
		const char **teardown_slots;
		const char **errors;   /* types of out-parameters that tell of a failure */
		const char **booleans; /* types of results that are false then */
		const char **mutables; /* types of pointers to objects that change while they are used */
		const char **callbacks; /* types of functions that are told of the end of an operation */
		const char **exceptions; /* classes that most exceptions derive from */
		const char **outcomes; /* classes whose values tell how an operation ended: well, cancelled, or else */
		const char **seconds, **milliseconds, **microseconds, **nanoseconds; /* types of durations that count these */
		uint32_t nseconds, nmilliseconds, nmicroseconds, nnanoseconds;
		uint32_t nheaders, npkg_config, ndefines, ntokens, nteardown_slots, nerrors, nbooleans, nmutables, nexceptions, ncallbacks, noutcomes;
		bool cplusplus;
		bool project; /* a project's own model, not a shipped one */
	} *libraries;
	uint32_t nlibraries;
	struct api_func *funcs;
	uint32_t nfuncs;
	struct api_family *families;
	uint32_t nfamilies;
	const char **token_types; /* "GCancellable *" */
	uint32_t ntoken_types;
	struct model_state *state; /* private */
};

/* Loads every *.yaml under the shipped directory (NULL: none) and then the project's files and directories, in sorted
 * order. False when a file is wrong; all problems of all files are reported. */
bool apimodel_load(struct apimodel *m, const char *shipped_dir, const char *const *project_paths, size_t n,
		   struct problem_list *problems);
/* The same with shipped models that are part of the program: name as below their directory, "/gio/gio.yaml". */
struct apimodel_text {
	const char *name;
	size_t len;
	const char *text;
};
bool apimodel_load_texts(struct apimodel *m, const struct apimodel_text *shipped, uint32_t nshipped,
			 const char *const *project_paths, size_t n, struct problem_list *problems);
/* Generated from rules/models, for programs that link it. */
extern const struct apimodel_text apimodel_shipped[];
extern const uint32_t apimodel_shipped_len;
void apimodel_release(struct apimodel *m);

const struct api_func *apimodel_find(const struct apimodel *m, const char *name); /* NULL: not described */
/* A declaration that asks for its entry. Of several entries for one C++ name the most exact one holds: `f<>/2` is about
 * the function template with two parameters, `f/2` about whatever has two, `f<>` about templates, `f` about all. */
struct api_decl {
	const char *linkage; /* the linker's name */
	const char *name;    /* the source's: qualified, without template arguments and inline namespaces; "" if it has none */
	uint32_t nparams;    /* in the source; the object of a member function is one */
	bool is_template;    /* an instance of a function template */
	bool cplusplus;      /* its linkage is C++ */
	bool holds_tokens;   /* a member of a class template that was made for tokens, or for what leads to one */
};
const struct api_func *apimodel_find_decl(const struct apimodel *m, const struct api_decl *d); /* NULL: not described */
/* Length of the plain name in an entry's name: all but `<>` and `/N`. *nparams (-1: any) and *is_template say what they
 * ask for; both may be NULL. */
size_t apimodel_plain_name(const char *name, int *nparams, bool *is_template);
const struct api_family *apimodel_family(const struct apimodel *m, const char *name);
/* Does this release give back one of several references, as far as the library has a `ref` for the same family? */
bool apimodel_counted(const struct apimodel *m, const struct api_func *f, const struct api_role *release);
/* Are handles of that family made in memory of the caller's, which stays when they end? */
bool apimodel_in_place(const struct apimodel *m, const char *family);
/* Types that a model lists as `errors`, `booleans`, `mutables` and `exceptions`, as clang spells them. */
bool apimodel_is_exception_base(const struct apimodel *m, const char *name);
/* By the last part of its name: libraries have names of their own for it. */
bool apimodel_is_outcome_type(const struct apimodel *m, const char *ctype);
bool apimodel_is_mutable_type(const struct apimodel *m, const char *ctype);
/* Of a type that a model lists as a duration: the nanoseconds that it counts; 0: of another. */
int64_t apimodel_duration_ns(const struct apimodel *m, const char *ctype);
/* The library whose operations tell a function of this type of their end; NULL: none. */
const char *apimodel_callback_of(const struct apimodel *m, const char *ctype);
bool apimodel_is_error_type(const struct apimodel *m, const char *ctype);
bool apimodel_is_boolean_type(const struct apimodel *m, const char *ctype);
bool apimodel_is_token_type(const struct apimodel *m, const char *ctype); /* const, spaces and references do not matter */
/* Does a function that is stored into this field of this struct end the objects of a type? */
bool apimodel_is_teardown_slot(const struct apimodel *m, const char *record, const char *field);
/* The next role of that kind after `after`, or NULL. */
const struct api_role *api_role_after(const struct api_func *f, enum api_role_kind kind, const struct api_role *after);
/* `after` NULL: the first one. */
static inline const struct api_role *api_role_next(const struct api_func *f, enum api_role_kind kind, const struct api_role *after)
{
	return api_kinds_have(&f->kinds, kind) ? api_role_after(f, kind, after) : NULL;
}
static inline const struct api_role *api_role_of(const struct api_func *f, enum api_role_kind kind)
{
	return f ? api_role_next(f, kind, NULL) : NULL;
}

/* What one unit's annotations add to a model that many units share. Lookups see the unit's own entries first, then those of
 * `base`, which must outlive the overlay and is never changed. `funcs` of an overlay holds its own entries only. */
struct apimodel *apimodel_overlay(const struct apimodel *base);
void apimodel_overlay_free(struct apimodel *overlay); /* NULL is accepted */

/* Adds what the source says: an annotation text on a declaration, "cancelint:create(handle=return,family=ctx)", or on its
 * parameter N, "argN:cancelint:token". The first annotation of a function replaces what the model said of it, further ones
 * add roles; an identical text again changes nothing. A family that nobody declared is declared by it. Texts that are not
 * ours are ignored. `nparams` -1: unknown. Invalidates what apimodel_find returned.
 * False, with a problem at file:line:col, when the text is wrong. */
bool apimodel_annotate(struct apimodel *m, const char *function, int nparams, const char *text, const char *file, int line,
		       int col, struct problem_list *problems);

/* `models explain`: everything known about one function, with where it says so. False, with a problem that
 * suggests near names, when no model describes it. */
bool apimodel_explain(const struct apimodel *m, const char *name, FILE *to, struct problem_list *problems);
/* A content hash over all loaded files, in hex: part of what findings depend on. */
const char *apimodel_fingerprint(const struct apimodel *m);
/* That of the models which apimodel_load() would load, without understanding them. False if some file cannot
 * be read. */
bool apimodel_fingerprint_files(const char *shipped_dir, const char *const *project_paths, size_t n,
                                char out[33]);

#endif
