/* What the files of this project offer each other. */
#ifndef LIB_H
#define LIB_H
#include "ctx.h"

/* make.c */
int bell_new(void);              /* a descriptor, or -1 */
int bell_new_named(const char *name);
struct pair {
	int in, out;
};
int pair_open(struct pair *p);    /* 0, or -1 */

/* end.c */
void bell_end(int fd);
int bell_try_end(int fd, int now); /* 1 when it is closed */
void bell_show(int fd);
void bell_keep(int fd);
_Noreturn void give_up(const char *why);
void quit(int code);

/* middle.c */
int middle_new(void);
void middle_end(int fd);

/* wait.c */
int wait_for_reply(ctx *c, int fd);
int wait_blindly(int fd);
int wait_deaf_bad(ctx *c, int fd);

/* ring_a.c, ring_b.c */
int ring_a(int fd, int turns);
int ring_b(int fd, int turns);

static inline void bell_end_inline(int fd)
{
	bell_end(fd);
}
#endif
