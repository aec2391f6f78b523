#include "path.h"

#include "intern.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

/* Reads digits into `out`; false when there are none, or a leading zero, or more than `max`. */
static bool number(const char **at, unsigned max, unsigned *out)
{
	const char *s = *at;
	unsigned v = 0;
	if (!isdigit((unsigned char)*s) || (s[0] == '0' && isdigit((unsigned char)s[1])))
		return false;
	for (; isdigit((unsigned char)*s); s++) {
		v = v * 10 + (unsigned)(*s - '0');
		if (v > max)
			return false;
	}
	*at = s;
	*out = v;
	return true;
}

static bool base(const char **at, struct api_path *out)
{
	if (str_starts(*at, "return")) {
		*at += strlen("return");
		out->base = API_PATH_RETURN;
		return true;
	}
	unsigned n;
	if (!str_starts(*at, "arg"))
		return false;
	*at += strlen("arg");
	if (!number(at, PATH_MAX_ARG, &n))
		return false;
	out->base = API_PATH_ARG;
	out->arg = (uint8_t)n;
	return true;
}

static bool element(const char *s, struct api_path *out)
{
	unsigned k;
	s++;
	if (out->deref || out->base != API_PATH_ARG || !number(&s, 1 << 20, &k) || strcmp(s, "]") != 0)
		return false;
	out->deref = true;
	out->index = (int32_t)k;
	return true;
}

static bool field(const char *s, struct intern *strings, struct api_path *out)
{
	s += 2;
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	for (const char *c = s; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return false;
	out->deref_again = out->deref;
	out->deref = true;
	out->field = intern(strings, s);
	return true;
}

bool api_path_parse(const char *text, struct intern *strings, struct api_path *out)
{
	const char *s = text;
	*out = (struct api_path){0};
	if (*s == '*') {
		out->deref = true;
		s++;
	}
	if (!base(&s, out))
		return false;
	if (*s == '[' ? !element(s, out) : str_starts(s, "->") ? !field(s, strings, out) : *s != 0)
		return false;
	out->text = intern(strings, text);
	return true;
}
