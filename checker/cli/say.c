/* Output for people that is neither a report nor a problem. */
#include "cli.h"

#include "sink.h"
#include "str.h"

void say(FILE *to, const char *fmt, ...)
{
	struct str text = {0}, clean = {0};
	va_list ap;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	sink_escape_lines(&clean, str_c(&text));
	fwrite(str_c(&clean), 1, clean.len, to);
	str_release(&text);
	str_release(&clean);
}
