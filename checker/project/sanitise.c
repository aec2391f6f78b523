/*
 * Compile commands come from repositories nobody trusts and from compilers that are not clang: an argument passes only if
 * it is on the list in flags.def, and only in the form given there.
 */
#include "parts.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

enum form { EXACT, SEP, JOIN, JOINSEP };
enum verdict { KEEP, PATH, MACRO, LANG, DROP, RISKY };

struct flag {
	const char *text;
	enum form form;
	enum verdict verdict;
};

static const struct flag flags[] = {
#define FLAG(text, form, verdict) {text, form, verdict},
#include "flags.def"
#undef FLAG
};

struct filter {
	struct arena *arena;
	const char *const *args;
	uint32_t nargs, at; /* `at`: the argument in hand */
	strings kept, dropped;
};

static bool matches(const struct flag *f, const char *arg)
{
	if (f->text[0] != arg[0] || (f->text[1] && f->text[1] != arg[1])) /* nearly always */
		return false;
	size_t n = strlen(f->text);
	if (strncmp(arg, f->text, n) != 0)
		return false;
	return arg[n] == 0 || f->form == JOIN || f->form == JOINSEP;
}

static const struct flag *find_flag(const char *arg)
{
	const struct flag *best = NULL;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (matches(&flags[i], arg) && (!best || strlen(flags[i].text) > strlen(best->text)))
			best = &flags[i];
	return best;
}

/* Instruction sets: they decide which intrinsics the headers declare. */
static bool is_instruction_set(const char *arg)
{
	static const char *const names[] = {
		"sse",   "ssse3",  "avx",     "aes",    "pclmul",   "fma",    "bmi",   "popcnt", "lzcnt",   "f16c",
		"fxsr",  "xsave",  "rdrnd",   "rdseed", "cx16",     "adx",    "sha",   "gfni",   "vaes",    "vpclmulqdq",
		"mmx",   "3dnow",  "fsgsbase", "waitpkg", "crc32",  "crc",    "movbe", "movdir", "enqcmd",  "tsxldtrk",
		"rtm",   "prfchw", "clflushopt", "clwb", "cldemote", "pku",   "ptwrite", "rdpid", "serialize", "shstk",
		"tbm",   "xop",    "lwp",     "amx-",   "kl",       "widekl", "uintr", "hreset", "sm3",     "sm4",
		"altivec", "vsx",  "power",   "neon",   "crypto",   "red-zone", "relax"};
	if (!str_starts(arg, "-m"))
		return false;
	const char *name = arg + 2 + (str_starts(arg, "-mno-") ? 3 : 0);
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != strlen(name))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_starts(name, names[i]))
			return true;
	return false;
}

/* A fortified header replaces the calls by checking twins under other names, which no model describes. */
static bool hides_names(const char *macro)
{
	return str_starts(macro, "_FORTIFY_SOURCE") && (macro[15] == 0 || macro[15] == '=');
}

static bool is_precompiled(const char *path)
{
	return str_ends(path, ".gch") || str_ends(path, ".pch") || str_ends(path, ".pcm");
}

/* clang's driver replaces `-include x` by x.pch or x.gch when there is one, made by whatever compiler. Given past the
 * driver, -include means the text of the file. */
static void keep_include(struct filter *f, const char *path)
{
	vec_push(&f->kept, "-Xclang");
	vec_push(&f->kept, "-include");
	vec_push(&f->kept, "-Xclang");
	vec_push(&f->kept, path);
}

static void drop_risky(struct filter *f, const char *arg, const char *value)
{
	vec_push(&f->dropped, value ? arena_printf(f->arena, "%s %s", arg, value) : arg);
}

static bool value_ok(struct filter *f, enum verdict verdict, const char *arg, const char *value)
{
	switch (verdict) {
	case MACRO:
		return *value && !hides_names(value);
	case LANG:
		return language_option_ok(value);
	case PATH:
		if (!is_precompiled(value))
			return true;
		drop_risky(f, arg, value);
		return false;
	default:
		return true;
	}
}

/* `value` is the argument's own or the next one's; NULL: it takes none. */
static void decide(struct filter *f, const struct flag *flag, const char *arg, const char *value, bool separate)
{
	if (flag->verdict == RISKY) {
		drop_risky(f, arg, separate ? value : NULL);
		return;
	}
	if (flag->verdict == DROP || (value && !value_ok(f, flag->verdict, arg, value)))
		return;
	if (flag->verdict == PATH) {
		keep_include(f, value);
		return;
	}
	vec_push(&f->kept, arg);
	if (separate)
		vec_push(&f->kept, value);
}

/* `-Wp,a,b` hands a and b to the preprocessor. Macros are taken from it; the rest are outputs and worse. */
static void take_wp(struct filter *f, const char *list)
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, ",");
		const char *piece = arena_strndup(f->arena, p, n);
		p += n + (p[n] == ',');
		if (!str_starts(piece, "-D") && !str_starts(piece, "-U"))
			continue;
		if (!piece[2]) {
			n = strcspn(p, ",");
			piece = arena_printf(f->arena, "%s%.*s", piece, (int)n, p);
			p += n + (p[n] == ',');
		}
		if (piece[2] && !hides_names(piece + 2))
			vec_push(&f->kept, piece);
	}
}

/* CMake hands precompiled headers to clang as `-Xclang -include-pch -Xclang x.pch -Xclang -include -Xclang x`: the text of
 * x is what the unit needs. Returns how many arguments that took; 0: this is something else. */
static uint32_t take_xclang_include(struct filter *f)
{
	const char *const *a = f->args + f->at;
	if (f->nargs - f->at < 4 || strcmp(a[0], "-Xclang") != 0 || strcmp(a[2], "-Xclang") != 0)
		return 0;
	if (strcmp(a[1], "-include-pch") == 0)
		return 4;
	if (strcmp(a[1], "-include") != 0 || is_precompiled(a[3]))
		return 0;
	keep_include(f, a[3]);
	return 4;
}

static void take_argument(struct filter *f)
{
	const char *arg = f->args[f->at];
	uint32_t taken = take_xclang_include(f);
	if (taken) {
		f->at += taken;
		return;
	}
	f->at++;
	if (str_starts(arg, "-Wp,")) {
		take_wp(f, arg + 4);
		return;
	}
	const struct flag *flag = find_flag(arg);
	if (!flag) {
		if (is_instruction_set(arg))
			vec_push(&f->kept, arg);
		return;
	}
	const char *value = flag->form == EXACT ? NULL : arg + strlen(flag->text);
	bool separate = value && !*value && (flag->form == SEP || flag->form == JOINSEP);
	if (separate && f->at == f->nargs)
		return; /* its value is missing: the compiler would have refused */
	if (separate)
		value = f->args[f->at++];
	decide(f, flag, arg, value, separate);
}

const char *const *project_sanitise(struct arena *arena, const char *const *args, uint32_t nargs, uint32_t *kept,
				    const char ***dropped, uint32_t *ndropped)
{
	struct filter f = {.arena = arena, .args = args, .nargs = nargs};
	while (f.at < nargs && strcmp(args[f.at], "--") != 0)
		take_argument(&f);
	const char **out = ARENA_ARRAY(arena, const char *, f.kept.len + 1);
	for (uint32_t i = 0; i < f.kept.len; i++)
		out[i] = f.kept.data[i];
	*kept = f.kept.len;
	if (dropped) {
		*dropped = ARENA_ARRAY(arena, const char *, f.dropped.len + 1);
		for (uint32_t i = 0; i < f.dropped.len; i++)
			(*dropped)[i] = f.dropped.data[i];
		*ndropped = f.dropped.len;
	}
	vec_release(&f.kept);
	vec_release(&f.dropped);
	return out;
}
