#include "names.h"

#include <ctype.h>
#include <string.h>

static bool is_alnum(char c)
{
	return isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

/* Every character is a letter, a digit or one of `extra`, and there is at least one. */
static bool made_of(const char *s, size_t n, const char *extra)
{
	for (size_t i = 0; i < n; i++)
		if (!is_alnum(s[i]) && !strchr(extra, s[i]))
			return false;
	return n > 0;
}

static bool is_identifier(const char *s, size_t n)
{
	return made_of(s, n, "_") && !isdigit((unsigned char)s[0]);
}

bool name_is_word(const char *s)
{
	return made_of(s, strlen(s), "-_.+") && is_alnum(s[0]);
}

bool name_is_header(const char *s)
{
	return made_of(s, strlen(s), "_.+-/") && s[0] != '/' && s[0] != '-' && !strstr(s, "..");
}

bool name_is_package(const char *s)
{
	return made_of(s, strlen(s), ".+-_") && s[0] != '-';
}

bool name_is_define(const char *s)
{
	const char *eq = strchr(s, '=');
	if (!is_identifier(s, eq ? (size_t)(eq - s) : strlen(s)))
		return false;
	return !eq || !eq[1] || made_of(eq + 1, strlen(eq + 1), "_.");
}

bool name_is_slot(const char *s)
{
	const char *dot = strchr(s, '.');
	return dot && is_identifier(s, (size_t)(dot - s)) && is_identifier(dot + 1, strlen(dot + 1));
}

bool name_is_ctype(const char *s)
{
	return made_of(s, strlen(s), "_ *&:<>,") && (is_alnum(s[0]) || s[0] == '_');
}

bool name_is_function(const char *s, size_t n, bool cplusplus)
{
	if (!cplusplus)
		return is_identifier(s, n);
	return made_of(s, n, "_:~<>=!+-*/%&|^()[], ") && !isdigit((unsigned char)s[0]) && s[0] != ' ';
}
