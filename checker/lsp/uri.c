#include "uri.h"

#include "mem.h"
#include "str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
	                                    : -1;
}

/* False: a NUL would be in it, or an escape is none. */
static bool decode(const char *text, struct str *out)
{
	for (const char *p = text; *p && *p != '?' && *p != '#'; p++) {
		if (*p != '%') {
			str_addc(out, *p);
			continue;
		}
		int high = hex(p[1]), low = high < 0 ? -1 : hex(p[2]);
		if (low < 0 || high * 16 + low == 0)
			return false;
		str_addc(out, (char)(high * 16 + low));
		p += 2;
	}
	return true;
}

static void drop_component(struct str *s)
{
	while (s->len && s->data[--s->len] != '/')
		;
	s->data[s->len] = 0;
}

static void add_component(struct str *s, const char *part, size_t n)
{
	if (n == 0 || (n == 1 && part[0] == '.'))
		return;
	if (n == 2 && part[0] == '.' && part[1] == '.') {
		drop_component(s);
		return;
	}
	str_addc(s, '/');
	str_addn(s, part, n);
}

static char *normalised(const char *path)
{
	struct str s = {0};
	str_add(&s, "");
	for (const char *p = path; *p; p += *p == '/') {
		size_t n = strcspn(p, "/");
		add_component(&s, p, n);
		p += n;
	}
	if (!s.len)
		str_addc(&s, '/');
	return s.data;
}

char *uri_to_path(const char *uri)
{
	if (strncasecmp(uri, "file://", 7) != 0)
		return NULL;
	const char *path = uri + 7;
	if (strncasecmp(path, "localhost/", 10) == 0)
		path += 9;
	struct str s = {0};
	char *out = NULL;
	if (*path == '/' && decode(path, &s))
		out = normalised(str_c(&s));
	str_release(&s);
	return out;
}

char *uri_of_path(const char *path)
{
	struct str s = {0};
	str_add(&s, "file://");
	for (const char *p = path; *p; p++)
		if (isalnum((unsigned char)*p) || strchr("/-._~", *p))
			str_addc(&s, *p);
		else
			str_addf(&s, "%%%02X", (unsigned char)*p);
	return s.data;
}
