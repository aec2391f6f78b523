#include "unit.h"

#include "arena.h"
#include "str.h"

#include <string.h>

#define MAIN_C "cancelint-headers.c"
#define MAIN_CC "cancelint-headers.cc"

static char *take(struct arena *a, CXString s)
{
	const char *text = clang_getCString(s);
	char *copy = arena_strdup(a, text ? text : "");
	clang_disposeString(s);
	return copy;
}

/* One line per header, then one per token type: a diagnostic's line tells which. */
static void write_source(const struct api_library *l, struct str *out)
{
	for (uint32_t i = 0; i < l->nheaders; i++)
		str_addf(out, "#include <%s>\n", l->headers[i]);
	for (uint32_t i = 0; i < l->ntokens; i++)
		str_addf(out, "typedef __typeof__(%s) cancelint_token_%u;\n", l->tokens[i], i);
}

static void add_flags(struct unit *u, const struct api_library *l, const flag_vec *flags, flag_vec *args)
{
	vec_push(args, l->cplusplus ? "-xc++" : "-xc");
	vec_push(args, l->cplusplus ? "-std=c++20" : "-std=gnu17");
	vec_push(args, "-w");
	vec_push(args, "-resource-dir=" CANCELINT_RESOURCE_DIR);
	for (uint32_t i = 0; i < l->ndefines; i++)
		vec_push(args, arena_printf(u->arena, "-D%s", l->defines[i]));
	for (uint32_t i = 0; i < flags->len; i++)
		vec_push(args, flags->data[i]);
}

/* ---- declarations ---- */

struct scope { /* of the visit: where we are */
	struct unit *u;
	const char *prefix; /* "", or the namespaces and classes around it, with "::" behind each */
};

static void add_function(struct scope *s, CXCursor c)
{
	struct unit *u = s->u;
	char *spelling = take(u->arena, clang_getCursorSpelling(c));
	char *args = strncmp(spelling, "operator", 8) ? strchr(spelling, '<') : NULL;
	if (args) /* constructors of class templates */
		*args = 0;
	const char *name = s->prefix[0] ? arena_printf(u->arena, "%s%s", s->prefix, spelling) : spelling;
	uint64_t first = 0;
	strmap_get(&u->by_name, name, &first);
	vec_push(&u->functions, (struct declared){c, (uint32_t)first});
	strmap_set(&u->by_name, name, u->functions.len);
}

static enum CXChildVisitResult visit(CXCursor c, CXCursor parent, CXClientData data)
{
	struct scope *s = data, inner = *s;
	switch (clang_getCursorKind(c)) {
	case CXCursor_FunctionDecl:
	case CXCursor_CXXMethod:
	case CXCursor_Constructor:
	case CXCursor_Destructor:
	case CXCursor_ConversionFunction:
	case CXCursor_FunctionTemplate:
		add_function(s, c);
		return CXChildVisit_Continue;
	case CXCursor_MacroDefinition:
		strmap_set(&s->u->macros, take(s->u->arena, clang_getCursorSpelling(c)), 1);
		return CXChildVisit_Continue;
	case CXCursor_LinkageSpec:
	case CXCursor_UnexposedDecl: /* extern "C" { } in older versions */
		clang_visitChildren(c, visit, s);
		return CXChildVisit_Continue;
	case CXCursor_StructDecl: /* in C it declares no function */
	case CXCursor_Namespace:
	case CXCursor_ClassDecl:
	case CXCursor_ClassTemplate:
		if (!clang_Cursor_isInlineNamespace(c)) {
			const char *name = take(s->u->arena, clang_getCursorSpelling(c));
			strmap_set(&s->u->classes, arena_printf(s->u->arena, "%s%s", s->prefix, name), 1);
			inner.prefix = arena_printf(s->u->arena, "%s%s::", s->prefix, name);
		}
		clang_visitChildren(c, visit, &inner);
		return CXChildVisit_Continue;
	default:
		return CXChildVisit_Continue;
	}
}

/* ---- diagnostics ---- */

static bool in_main_file(CXSourceLocation at, unsigned *line)
{
	CXFile file;
	clang_getSpellingLocation(at, &file, line, NULL, NULL);
	return clang_Location_isFromMainFile(at) != 0;
}

static void note_error(struct unit *u, const struct api_library *l, CXDiagnostic d)
{
	unsigned line = 0;
	bool here = in_main_file(clang_getDiagnosticLocation(d), &line);
	const char *text = take(u->arena, clang_getDiagnosticSpelling(d));
	if (here && line > l->nheaders && line <= l->nheaders + l->ntokens)
		u->bad_tokens[line - l->nheaders - 1] = true;
	else if (here && line >= 1 && line <= l->nheaders && !u->missing[0])
		u->missing = l->headers[line - 1];
	else if (!here && !u->error[0])
		u->error = take(u->arena, clang_formatDiagnostic(d, CXDiagnostic_DisplaySourceLocation));
	else if (!u->error[0])
		u->error = text;
}

static void read_diagnostics(struct unit *u, const struct api_library *l)
{
	unsigned n = clang_getNumDiagnostics(u->tu);
	u->bad_tokens = ARENA_ARRAY(u->arena, bool, l->ntokens + 1);
	for (unsigned i = 0; i < n; i++) {
		CXDiagnostic d = clang_getDiagnostic(u->tu, i);
		if (clang_getDiagnosticSeverity(d) >= CXDiagnostic_Error)
			note_error(u, l, d);
		clang_disposeDiagnostic(d);
	}
}

bool unit_parse(struct unit *u, const struct api_library *l, const flag_vec *flags)
{
	struct str source = {0};
	flag_vec args = {0};
	const char *name = l->cplusplus ? MAIN_CC : MAIN_C;
	*u = (struct unit){.arena = arena_new(), .missing = "", .error = ""};
	write_source(l, &source);
	add_flags(u, l, flags, &args);
	struct CXUnsavedFile file = {name, str_c(&source), source.len};
	u->index = clang_createIndex(0, 0);
	enum CXErrorCode e = clang_parseTranslationUnit2(
	        u->index, name, args.data, (int)args.len, &file, 1,
	        CXTranslationUnit_SkipFunctionBodies | CXTranslationUnit_DetailedPreprocessingRecord |
	                CXTranslationUnit_KeepGoing,
	        &u->tu);
	vec_release(&args);
	str_release(&source);
	if (e != CXError_Success)
		return false;
	struct scope top = {u, ""};
	read_diagnostics(u, l);
	clang_visitChildren(clang_getTranslationUnitCursor(u->tu), visit, &top);
	return true;
}

void unit_release(struct unit *u)
{
	if (u->tu)
		clang_disposeTranslationUnit(u->tu);
	if (u->index)
		clang_disposeIndex(u->index);
	vec_release(&u->functions);
	strmap_release(&u->by_name);
	strmap_release(&u->classes);
	strmap_release(&u->macros);
	arena_free(u->arena);
	*u = (struct unit){0};
}

const struct declared *unit_find(const struct unit *u, const char *name)
{
	uint64_t at;
	return strmap_get(&u->by_name, name, &at) ? &u->functions.data[at - 1] : NULL;
}

bool unit_has_destructor(const struct unit *u, const char *name)
{
	const char *tilde = strstr(name, "::~");
	size_t len = tilde ? (size_t)(tilde - name) : 0;
	const char *class = tilde ? arena_strndup(u->arena, name, len) : "";
	const char *last = strrchr(class, ':');
	return tilde && strcmp(last ? last + 1 : class, tilde + 3) == 0 &&
	       strmap_get(&u->classes, class, NULL);
}

const struct declared *unit_overload(const struct unit *u, const struct declared *d)
{
	return d->next ? &u->functions.data[d->next - 1] : NULL;
}
