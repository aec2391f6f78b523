#include "compare.h"

#include "problem.h"
#include "str.h"

struct comparison {
	const struct apimodel *m;
	const struct api_func *f;
	const struct api_role *role;
	CXCursor decl;
	CXType type;
	bool member; /* arg0 is the object */
	struct problem_list *problems;
	bool ok;
};

/* ---- types ---- */

enum shape {
	SHAPE_OTHER,
	SHAPE_VOID,
	SHAPE_INTEGER,
	SHAPE_UNSIGNED,
	SHAPE_FLOAT,
	SHAPE_POINTER,
	SHAPE_FUNCTION,
	SHAPE_RECORD
};

static bool is_function(CXType t)
{
	enum CXTypeKind k = clang_getCanonicalType(t).kind;
	return k == CXType_FunctionProto || k == CXType_FunctionNoProto;
}

static enum shape shape_of(CXType t)
{
	t = clang_getCanonicalType(t);
	switch (t.kind) {
	case CXType_Void:
		return SHAPE_VOID;
	case CXType_Pointer:
	case CXType_BlockPointer:
	case CXType_LValueReference:
		return is_function(clang_getPointeeType(t)) ? SHAPE_FUNCTION : SHAPE_POINTER;
	case CXType_IncompleteArray:
	case CXType_ConstantArray:
		return SHAPE_POINTER;
	case CXType_FunctionProto:
	case CXType_FunctionNoProto:
		return SHAPE_FUNCTION;
	case CXType_Float:
	case CXType_Double:
	case CXType_LongDouble:
		return SHAPE_FLOAT;
	case CXType_Record:
		return SHAPE_RECORD;
	case CXType_Bool:
	case CXType_Char_U:
	case CXType_UChar:
	case CXType_UShort:
	case CXType_UInt:
	case CXType_ULong:
	case CXType_ULongLong:
	case CXType_UInt128:
		return SHAPE_UNSIGNED;
	case CXType_Enum:
		return SHAPE_INTEGER;
	default:
		return t.kind >= CXType_Char_S && t.kind <= CXType_Int128 ? SHAPE_INTEGER : SHAPE_OTHER;
	}
}

static bool is_number(enum shape s)
{
	return s == SHAPE_INTEGER || s == SHAPE_UNSIGNED;
}

static bool is_address(enum shape s)
{
	return s == SHAPE_POINTER || s == SHAPE_FUNCTION;
}

/* False: the declaration does not name that argument (the variable part of a variadic function, `...`). */
static bool type_at(const struct comparison *c, const struct api_path *p, CXType *out)
{
	int arg = (int)p->arg - c->member, n = clang_Cursor_getNumArguments(c->decl);
	if (p->base == API_PATH_RETURN) {
		*out = clang_getResultType(c->type);
		return true;
	}
	if (p->base != API_PATH_ARG || arg < 0 || arg >= n)
		return false;
	*out = clang_getCursorType(clang_Cursor_getArgument(c->decl, (unsigned)arg));
	return true;
}

/* ---- complaints ---- */

static void complain_of(struct comparison *c, const char *what, CXType t, const char *expected)
{
	CXString spelling = clang_getTypeSpelling(t);
	problem_add(c->problems, PROBLEM_ERROR, c->f->file, c->role->line, 0,
	            "%s of '%s' in '%s': '%s' is not %s", what, api_role_name(c->role->kind), c->f->name,
	            clang_getCString(spelling), expected);
	clang_disposeString(spelling);
	c->ok = false;
}

static void complain(struct comparison *c, const char *key, const struct api_path *p, CXType t,
                     const char *expected)
{
	struct str what = {0};
	str_addf(&what, "'%s: %s'", key, p->text);
	complain_of(c, what.data, t, expected);
	str_release(&what);
}

/* The type of a path's base, when it is to be checked: a dereferenced base must be an address, and that is
 * all we ask. */
static bool plain(struct comparison *c, const char *key, const struct api_path *p, CXType *t)
{
	if (p->base == API_PATH_NONE || !type_at(c, p, t))
		return false;
	enum shape s = shape_of(*t);
	if (p->deref && !is_address(s) && s != SHAPE_OTHER && s != SHAPE_RECORD)
		complain(c, key, p, *t, "a pointer");
	else if (s == SHAPE_VOID)
		complain(c, key, p, *t, "a value");
	else
		return !p->deref;
	return false;
}

/* ---- one check per kind of key ---- */

static void check_any(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	plain(c, key, p, &t);
}

static void check_callable(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	if (!plain(c, key, p, &t))
		return;
	enum shape s = shape_of(t);
	if (s != SHAPE_FUNCTION && s != SHAPE_RECORD && s != SHAPE_OTHER)
		complain(c, key, p, t, "a pointer to a function");
}

static void check_data(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	if (!plain(c, key, p, &t))
		return;
	enum shape s = shape_of(t);
	if (s == SHAPE_FUNCTION || s == SHAPE_FLOAT)
		complain(c, key, p, t, "a pointer or an integer");
}

static bool is_token(const struct comparison *c, CXType t)
{
	CXString as_written = clang_getTypeSpelling(t),
	         canonical = clang_getTypeSpelling(clang_getCanonicalType(t));
	bool yes = apimodel_is_token_type(c->m, clang_getCString(as_written)) ||
	           apimodel_is_token_type(c->m, clang_getCString(canonical));
	clang_disposeString(as_written);
	clang_disposeString(canonical);
	return yes;
}

static bool is_void_pointer(CXType t)
{
	return shape_of(t) == SHAPE_POINTER &&
	       clang_getCanonicalType(clang_getPointeeType(clang_getCanonicalType(t))).kind == CXType_Void;
}

static void check_token(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	if (c->role->kind == API_ROLE_POLL) { /* what is asked may be an operation that holds a token */
		check_any(c, key, p);
		return;
	}
	if (plain(c, key, p, &t) && !is_token(c, t) && !is_void_pointer(t))
		complain(c, key, p, t, "a token: no model lists that type under 'tokens:'");
}

static void check_timeout(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	if (!plain(c, key, p, &t))
		return;
	enum shape s = shape_of(t);
	enum api_infinite inf = c->role->infinite;
	if (s == SHAPE_FUNCTION)
		complain(c, key, p, t, "a time");
	else if (inf == API_INF_NULL && !is_address(s) && s != SHAPE_OTHER && s != SHAPE_RECORD)
		complain(c, key, p, t, "a pointer, so 'infinite: null' cannot be right");
	else if ((inf == API_INF_NEGATIVE || inf == API_INF_NOT_POSITIVE) &&
	         (s == SHAPE_UNSIGNED || s == SHAPE_POINTER))
		complain(c, key, p, t, "a signed number, so 'infinite' cannot be right");
}

static void check_fds(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	if (!plain(c, key, p, &t))
		return;
	enum shape s = shape_of(t);
	enum api_fds_kind k = c->role->fds_kind;
	if ((k == API_FDS_POLLFD || k == API_FDS_FD_SET || k == API_FDS_CASES) && s != SHAPE_POINTER)
		complain(c, key, p, t, "a pointer to what is waited for");
	else if ((k == API_FDS_FD || k == API_FDS_EPOLL) && !is_number(s))
		complain(c, key, p, t, "a file descriptor");
}

static void check_number(struct comparison *c, const char *key, const struct api_path *p)
{
	CXType t;
	if (plain(c, key, p, &t) && !is_number(shape_of(t)))
		complain(c, key, p, t, "an integer");
}

static void check_condition(struct comparison *c)
{
	CXType t = clang_getResultType(c->type);
	enum shape s = shape_of(t);
	enum api_cond when = c->role->when;
	if (when == API_ALWAYS || when == API_NEVER || s == SHAPE_OTHER || s == SHAPE_RECORD)
		return;
	if (s == SHAPE_VOID)
		complain_of(c, "'when'", t, "a value that a condition could be on");
	else if ((when == API_NULL_ || when == API_NONNULL) && !is_address(s))
		complain_of(c, "'when'", t, "a pointer, so it is never null");
	else if ((when == API_NEGATIVE || when == API_POSITIVE || when == API_NONNEGATIVE) &&
	         s == SHAPE_POINTER)
		complain_of(c, "'when'", t, "a number, so it has no sign");
}

static void check_role(struct comparison *c)
{
	const struct api_role *r = c->role;
	if (r->kind == API_ROLE_VARIANT) /* its paths are those of the other function */
		return;
	check_any(c, "handle", &r->handle);
	check_any(c, "from", &r->from);
	check_any(c, "to", &r->to);
	check_any(c, "into", &r->into);
	check_any(c, "value", &r->value);
	check_any(c, "id", &r->id);
	check_callable(c, "entry", &r->entry);
	check_callable(c, "destroy", &r->destroy);
	check_data(c, "data", &r->data);
	check_token(c, "token", &r->token);
	check_timeout(c, "timeout", &r->timeout);
	check_timeout(c, "deadline", &r->deadline);
	check_fds(c, "fds", &r->fds);
	check_number(c, "count", &r->count);
	check_condition(c);
}

/* ---- the whole entry ---- */

static bool is_template(CXCursor c)
{
	return clang_getCursorKind(c) == CXCursor_FunctionTemplate;
}

static bool is_member(CXCursor c)
{
	enum CXCursorKind k = is_template(c) ? clang_getTemplateCursorKind(c) : clang_getCursorKind(c);
	return (k == CXCursor_CXXMethod && !clang_CXXMethod_isStatic(c)) || k == CXCursor_Constructor ||
	       k == CXCursor_Destructor || k == CXCursor_ConversionFunction;
}

static enum CXChildVisitResult count_param(CXCursor c, CXCursor parent, CXClientData data)
{
	(void)parent;
	*(int *)data += clang_getCursorKind(c) == CXCursor_ParmDecl;
	return CXChildVisit_Continue;
}

static int count_params(CXCursor c)
{
	int n = clang_Cursor_getNumArguments(c);
	if (n >= 0)
		return n + is_member(c);
	n = 0;
	clang_visitChildren(c, count_param, &n);
	return n + is_member(c);
}

/* The overload that the entry's name asks for; see struct api_decl. */
static bool is_asked_for(const struct api_func *f, CXCursor c)
{
	int n;
	bool angles;
	apimodel_plain_name(f->name, &n, &angles);
	return (!angles || is_template(c)) && (n < 0 || n == count_params(c));
}

static bool same_params(const struct api_func *f, CXCursor c)
{
	int n = count_params(c);
	if (f->nparams < 0 || is_template(c)) /* a pack may stand for any number */
		return true;
	return n == f->nparams && f->variadic == (clang_isFunctionTypeVariadic(clang_getCursorType(c)) != 0);
}

static void wrong_params(const struct api_func *f, CXCursor c, struct problem_list *problems)
{
	bool variadic = clang_isFunctionTypeVariadic(clang_getCursorType(c));
	struct problem *p =
	        problem_add(problems, PROBLEM_ERROR, f->file, f->line, 0,
	                    "'%s' has 'params: %d%s', but its header declares %d%s", f->name, f->nparams,
	                    f->variadic ? "+" : "", count_params(c), variadic ? "+" : "");
	CXType t = clang_getCursorType(c);
	CXString spelling = clang_getTypeSpelling(t);
	problem_hint(p, "its type is '%s'", clang_getCString(spelling));
	clang_disposeString(spelling);
}

bool compare_function(const struct apimodel *m, const struct unit *u, const struct api_func *f,
                      const struct declared *d, struct problem_list *problems)
{
	const struct declared *match = d;
	while (match && !(is_asked_for(f, match->cursor) && same_params(f, match->cursor)))
		match = unit_overload(u, match);
	if (!match) {
		wrong_params(f, d->cursor, problems);
		return false;
	}
	struct comparison c = {m,
	                       f,
	                       NULL,
	                       match->cursor,
	                       clang_getCursorType(match->cursor),
	                       is_member(match->cursor),
	                       problems,
	                       true};
	if (clang_Cursor_getNumArguments(match->cursor) < 0)
		return true;
	for (uint32_t i = 0; i < f->nroles; i++) {
		c.role = &f->roles[i];
		check_role(&c);
	}
	return c.ok;
}
