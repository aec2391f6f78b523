/* Keys of many hosts are collected: each connection has a packet layer, which waits for ever unless it is told not to. */
#define SAYS(text) __attribute__((annotate("cancelint:" text)))

struct packets;
SAYS("create(handle=return,family=packets,when=nonnull)")
struct packets *packets_new(int in, int out);
SAYS("release(handle=arg0,family=packets,null-ok)")
void packets_free(struct packets *p);
SAYS("deadline(handle=arg0,timeout=arg1,unit=s,covers=everything)")
void packets_set_timeout(struct packets *p, int seconds, int count);
SAYS("block(handle=arg0,waits=network,name=packets_set_timeout)")
int packets_read(struct packets *p);

int greet_bad(int fd)
{
	struct packets *p = packets_new(fd, fd);
	if (!p)
		return -1;
	int type = packets_read(p); // want no-deadline: packets_set_timeout is not set
	packets_free(p);
	return type;
}

int greet_ok(int fd, int timeout)
{
	struct packets *p = packets_new(fd, fd);
	if (!p)
		return -1;
	packets_set_timeout(p, timeout, 1);
	int type = packets_read(p);
	packets_free(p);
	return type;
}
