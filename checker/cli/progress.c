#include "check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_terminal(void)
{
	const char *term = getenv("TERM");
	return isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

void progress_start(struct progress *p, const char *when, uint32_t total)
{
	*p = (struct progress){.total = total, .on = is_terminal()};
	if (when && strcmp(when, "auto") != 0)
		p->on = strcmp(when, "always") == 0;
}

static size_t columns(void)
{
	struct winsize w = {0};
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 80;
}

void progress_step(struct progress *p, const char *what)
{
	p->done++;
	if (!p->on)
		return;
	char line[512];
	int n = snprintf(line, sizeof line, "[%u/%u] %s", p->done, p->total, what);
	size_t room = columns() - 1;
	if (n > 0 && (size_t)n > room && room < sizeof line)
		line[room] = 0;
	for (char *c = line; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
}

void progress_clear(const struct progress *p)
{
	if (!p->on || !p->done)
		return;
	fprintf(stderr, "\r\033[K");
	fflush(stderr);
}
