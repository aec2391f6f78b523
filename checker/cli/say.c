/* Output for people that is neither a report nor a problem. */
#include "cli.h"

#include "str.h"
#include "utf8.h"

void say(FILE *to, const char *fmt, ...)
{
	struct str text = {0}, clean = {0};
	va_list ap;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	bool ends = text.len && text.data[text.len - 1] == '\n';
	text.len -= ends;
	if (ends)
		text.data[text.len] = 0;
	utf8_visible(&clean, str_c(&text));
	fprintf(to, "%s%s", str_c(&clean), ends ? "\n" : "");
	str_release(&text);
	str_release(&clean);
}
