/* overwritten-handle: functions that fill a variable of their caller's. */
#include <sys/eventfd.h>
#include <unistd.h>

struct claim {
	int fd;
};

int claim_stake(struct claim *c)
{
	c->fd = eventfd(0, 0);
	return c->fd;
}

void claim_leave(struct claim *c)
{
	close(c->fd);
	c->fd = -1;
}

int dig_ok(void)
{
	struct claim c;
	if (claim_stake(&c) < 0)
		return -1;
	int failed = eventfd_write(c.fd, 1);
	claim_leave(&c);
	return failed;
}

int dig_twice_bad(void)
{
	struct claim c;
	if (claim_stake(&c) < 0) // want: made by claim_stake is overwritten
		return -1;
	int failed = eventfd_write(c.fd, 1);
	if (failed) {
		if (claim_stake(&c) < 0)
			return -1;
		failed = eventfd_write(c.fd, 1);
	}
	claim_leave(&c);
	return failed;
}

/* ---- an object that stays ---- */

struct mine {
	int lamp;
	int depth;
};

void mine_light(struct mine *m) // the lamp may burn already
{
	m->lamp = eventfd(0, 0); // want: `lamp` gets a new file descriptor from eventfd
}

void mine_dark(struct mine *m)
{
	close(m->lamp);
	m->lamp = -1;
}

/* ---- a part of an object that its maker fills ---- */

#include <stdlib.h>

struct lift {
	struct claim up, down;
};

int cable_ok(struct claim *c)
{
	c->fd = eventfd(0, EFD_CLOEXEC);
	return c->fd < 0 ? -1 : 0;
}

void cable_cut(struct claim *c)
{
	close(c->fd);
}

struct lift *lift_ok(void)
{
	struct lift *l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	if (cable_ok(&l->up) < 0) {
		free(l);
		return NULL;
	}
	if (cable_ok(&l->down) < 0) {
		cable_cut(&l->up);
		free(l);
		return NULL;
	}
	return l;
}
