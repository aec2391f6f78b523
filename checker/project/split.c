#include "parts.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

/* Reads one word into `out` and moves on; NULL when a quote is not closed. */
static const char *take_word(const char *p, struct str *out)
{
	char quote = 0;
	for (; *p && (quote || !isspace((unsigned char)*p)); p++) {
		if (quote == '\'' && *p != '\'') {
			str_addc(out, *p);
		} else if (*p == '\\' && p[1] && (quote != '"' || strchr("\"\\$`\n", p[1]))) {
			if (*++p != '\n')
				str_addc(out, *p);
		} else if (quote && *p == quote) {
			quote = 0;
		} else if (!quote && (*p == '"' || *p == '\'')) {
			quote = *p;
		} else {
			str_addc(out, *p);
		}
	}
	return quote ? NULL : p;
}

bool command_split(struct arena *a, const char *command, strings *words)
{
	struct str word = {0};
	const char *p = command;
	while (p) {
		while (isspace((unsigned char)*p))
			p++;
		if (!*p)
			break;
		str_clear(&word);
		p = take_word(p, &word);
		if (p)
			vec_push(words, arena_strdup(a, str_c(&word)));
	}
	str_release(&word);
	return p != NULL;
}

static bool is_assignment(const char *w)
{
	size_t n = strspn(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
	return n > 0 && w[n] == '=' && !isdigit((unsigned char)w[0]);
}

static bool is_launcher(const char *w)
{
	static const char *const names[] = {"ccache",     "sccache", "distcc", "icecc",   "buildcache", "env",
					    "cachepot",   "gomacc",  "libtool", "nice",  "time",       "rewrapper"};
	const char *base = path_base(w);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(base, names[i]) == 0)
			return true;
	return false;
}

uint32_t command_prefix(const char *const *words, uint32_t n)
{
	uint32_t i = 0;
	for (;;) {
		while (i < n && is_assignment(words[i]))
			i++;
		if (i >= n || !is_launcher(words[i]))
			break;
		for (i++; i < n && words[i][0] == '-'; i++)
			;
	}
	return i < n ? i + 1 : n;
}
