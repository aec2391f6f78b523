// What a function prints, it does not keep: one with printf's format attribute gets the number of a descriptor, not the
// descriptor; so does one whose code hands the list of its arguments to such functions alone.
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) void app_log(int level, const char *format, ...);
static void vnote(const char *format, va_list args)
{
	va_list twice;
	va_copy(twice, args);
	vfprintf(stderr, format, args);
	vsyslog(LOG_DEBUG, format, twice);
	va_end(twice);
}
static void note(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vnote(format, args);
	va_end(args);
}
static int kept;
static void keep(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	kept = va_arg(args, int);
	va_end(args);
}
__attribute__((format(scanf, 1, 2))) void app_scan(const char *format, ...);
void app_set(const char *names, ...);
__attribute__((format(printf, 2, 3))) void app_keep(int fd, const char *format, ...);

int printed_elsewhere_bad(void)
{
	int p[2];
	if (pipe(p) != 0) // want: close is missing
		return -1;
	app_log(1, "reads from %d", p[0]);
	close(p[1]);
	return 0;
}

int printed_here_bad(void)
{
	int p[2];
	if (pipe(p) != 0) // want: close is missing
		return -1;
	note("reads from %d", p[0]);
	close(p[1]);
	return 0;
}

/* These may keep what they get. */
int not_printed_ok(void)
{
	int p[2];
	if (pipe(p) != 0)
		return -1;
	app_set("in", p[0]);
	close(p[1]);
	return 0;
}

int taken_out_ok(void)
{
	int p[2];
	if (pipe(p) != 0)
		return -1;
	keep("in", p[0]);
	close(p[1]);
	return 0;
}

int before_the_format_ok(void)
{
	int p[2];
	if (pipe(p) != 0)
		return -1;
	app_keep(p[0], "reads from %d", p[0]);
	close(p[1]);
	return 0;
}

int scanned_ok(void)
{
	int p[2];
	if (pipe(p) != 0)
		return -1;
	app_scan("%d", &p[0]);
	close(p[1]);
	return 0;
}
