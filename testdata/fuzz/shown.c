#include "shown.h"
#include "fuzz.h"

#include "source.h"
#include "utf8.h"

#include <jansson.h>

static size_t colour_length(const char *p, size_t n)
{
	size_t k = 2;
	if (n < 3 || p[0] != '\033' || p[1] != '[')
		return 0;
	while (k < n && strchr("0123456789;", p[k]))
		k++;
	return k < n && p[k] == 'm' ? k + 1 : 0;
}

static bool is_harmless(int32_t cp)
{
	/* C0 and C1, marks and overrides of direction, the byte order mark. */
	return cp == '\n' ||
	       (cp >= 0x20 && !(cp >= 0x7f && cp < 0xa0) && !(cp >= 0x200b && cp <= 0x200f) &&
	        !(cp >= 0x2028 && cp <= 0x202e) && !(cp >= 0x2060 && cp <= 0x206f) && cp != 0xfeff);
}

void shown_plain(const char *text, size_t n, bool colour)
{
	while (n > 0) {
		int32_t cp;
		size_t k = colour ? colour_length(text, n) : 0;
		if (!k) {
			k = utf8_decode(text, n, &cp);
			BUG_IF(!is_harmless(cp));
		}
		text += k, n -= k;
	}
}

void shown_json(const char *text, size_t n)
{
	json_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	BUG_IF(!j);
	json_decref(j);
	for (size_t i = 0; i < n; i++) /* those in strings are escaped */
		BUG_IF((unsigned char)text[i] < ' ' && text[i] != '\n');
}

void shown_github(const char *text, size_t n)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		BUG_IF(!str_starts(line, "::error file=") && !str_starts(line, "::warning file=") &&
		       !str_starts(line, "::notice file="));
		BUG_IF(!strchr(line, '\n'));
	}
	shown_plain(text, n, false);
}

/* ---- XML ---- */

struct xml {
	const char *p, *end;
	VEC(struct xml_tag {
		const char *name;
		size_t n;
	})
	open;
};

static void take_reference(struct xml *x)
{
	static const char *const known[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_starts(x->p, known[i])) {
			x->p += strlen(known[i]);
			return;
		}
	BUG("an unknown reference");
}

static void take_text(struct xml *x, const char *until)
{
	while (x->p < x->end && !strchr(until, *x->p))
		if (*x->p == '&')
			take_reference(x);
		else
			x->p++;
}

static size_t take_name(struct xml *x)
{
	size_t n = strspn(x->p, "abcdefghijklmnopqrstuvwxyz");
	BUG_IF(!n);
	x->p += n;
	return n;
}

static void take_attributes(struct xml *x)
{
	while (*x->p == ' ') {
		x->p++;
		take_name(x);
		BUG_IF(x->p[0] != '=' || x->p[1] != '"');
		x->p += 2;
		take_text(x, "\"<");
		BUG_IF(*x->p != '"');
		x->p++;
	}
}

static void take_end(struct xml *x)
{
	const char *name = ++x->p;
	size_t n = take_name(x);
	BUG_IF(!x->open.len);
	struct xml_tag *top = &x->open.data[--x->open.len];
	BUG_IF(top->n != n || memcmp(top->name, name, n) != 0 || *x->p++ != '>');
}

static void take_tag(struct xml *x)
{
	if (*++x->p == '/') {
		take_end(x);
		return;
	}
	struct xml_tag tag = {.name = x->p, .n = take_name(x)};
	take_attributes(x);
	bool empty = *x->p == '/';
	x->p += empty;
	BUG_IF(*x->p++ != '>');
	if (!empty)
		vec_push(&x->open, tag);
}

void shown_xml(const char *text, size_t n)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
	struct xml x = {.p = text, .end = text + n};
	shown_plain(text, n, false);
	BUG_IF(!str_starts(text, head));
	x.p += sizeof head - 1;
	while (take_text(&x, "<"), x.p < x.end)
		take_tag(&x);
	BUG_IF(x.open.len);
	vec_release(&x.open);
}
