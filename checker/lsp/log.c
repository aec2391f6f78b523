#include "server.h"

#include "str.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

double lsp_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void log_line(const struct lsp *l, const char *fmt, ...)
{
	if (l->options->log < 0)
		return;
	char stamp[40];
	struct timespec t;
	struct tm tm;
	clock_gettime(CLOCK_REALTIME, &t);
	strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", localtime_r(&t.tv_sec, &tm));
	struct str s = {0};
	str_addf(&s, "%s.%03ld ", stamp, t.tv_nsec / 1000000);
	va_list ap;
	va_start(ap, fmt);
	str_addv(&s, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] < ' ' || s.data[i] == 0x7f)
			s.data[i] = ' ';
	str_addc(&s, '\n');
	ssize_t ignored = write(l->options->log, s.data, s.len);
	(void)ignored;
	str_release(&s);
}
