#include "parts.h"
#include "str.h"

#include <string.h>

static bool listed(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

/* Extensions are case-sensitive: .C is C++, .S assembler. */
enum language language_of(const char *file)
{
	static const char *const source[] = {"c", "cc", "cp", "cpp", "cxx", "c++", "C", "CC", "CPP", "i", "ii"};
	static const char *const header[] = {"h", "hh", "hpp", "hxx", "h++", "H", "HPP", "inl", "inc", "ipp", "tcc"};
	const char *base = path_base(file);
	const char *dot = strrchr(base, '.');
	if (!dot || dot == base)
		return LANGUAGE_OTHER;
	if (listed(dot + 1, source, sizeof source / sizeof *source))
		return LANGUAGE_SOURCE;
	return listed(dot + 1, header, sizeof header / sizeof *header) ? LANGUAGE_HEADER : LANGUAGE_OTHER;
}

bool language_option_ok(const char *x)
{
	static const char *const ok[] = {"c", "c++", "cpp-output", "c++-cpp-output", "c-header", "c++-header"};
	return listed(x, ok, sizeof ok / sizeof *ok);
}
