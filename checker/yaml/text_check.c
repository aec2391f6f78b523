#include "text_check.h"

#include "problem.h"

#include <stdint.h>
#include <string.h>

/* Length of the well-formed UTF-8 sequence at s, 0 if there is none. Overlong forms and surrogates are not
 * well-formed. */
static size_t sequence(const unsigned char *s, size_t left)
{
	static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80 ? 1 : (s[0] >> 5) == 6 ? 2 : (s[0] >> 4) == 14 ? 3 : (s[0] >> 3) == 30 ? 4 : 0;
	if (n <= 1 || n > left)
		return n > left ? 0 : n;
	uint32_t c = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : n;
}

static bool is_text(unsigned char c)
{
	return (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

bool text_check(const char *name, const char *text, size_t len, struct problem_list *problems)
{
	const unsigned char *s = (const unsigned char *)text;
	int line = 1, col = 1;
	for (size_t i = 0, n; i < len; i += n, col++) {
		n = sequence(s + i, len - i);
		if (n == 0) {
			problem_hint(problem_add(problems, PROBLEM_ERROR, name, line, col,
			                         "not valid UTF-8: byte 0x%02x", s[i]),
			             "save the file as UTF-8");
			return false;
		}
		if (!is_text(s[i])) {
			problem_add(problems, PROBLEM_ERROR, name, line, col,
			            s[i] ? "control character 0x%02x" : "NUL byte", s[i]);
			return false;
		}
		if (s[i] == '\n') {
			line++;
			col = 0;
		}
	}
	return true;
}

bool text_is_visible(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	for (size_t i = 0; i < len; i++) {
		if (!is_text(s[i]) || s[i] == '\r')
			return false;
		if (s[i] == 0xc2 && i + 1 < len && s[i + 1] < 0xa0) /* U+0080 to U+009F */
			return false;
		bool general = s[i] == 0xe2 && i + 2 < len; /* U+202A to U+202E, U+2066 to U+2069 */
		if (general && s[i + 1] == 0x80 && s[i + 2] >= 0xaa && s[i + 2] <= 0xae)
			return false;
		if (general && s[i + 1] == 0x81 && s[i + 2] >= 0xa6 && s[i + 2] <= 0xa9)
			return false;
	}
	return true;
}

bool text_tab_indent(const char *text, size_t len, size_t line)
{
	const char *end = text + len;
	for (; line && text; line--) {
		text = memchr(text, '\n', (size_t)(end - text));
		text = text ? text + 1 : NULL;
	}
	for (; text && text < end && (*text == ' ' || *text == '\t'); text++)
		if (*text == '\t')
			return true;
	return false;
}
