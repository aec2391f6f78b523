#include "lib.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int kept[16], nkept;

static int finish(int fd)
{
	return close(fd);
}

void bell_end(int fd)
{
	finish(fd);
}

int bell_try_end(int fd, int now)
{
	if (!now)
		return 0;
	close(fd);
	return 1;
}

void bell_show(int fd)
{
	char byte = 0;
	if (write(fd, &byte, 1) != 1)
		perror("bell");
}

void bell_keep(int fd)
{
	if (nkept < 16)
		kept[nkept++] = fd;
	else
		close(fd);
}

_Noreturn void give_up(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(1);
}

void quit(int code)
{
	close(0);
	exit(code);
}
