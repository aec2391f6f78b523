#include "frame.h"
#include "mem.h"
#include "worker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void frame_put_length(unsigned char head[FRAME_HEAD], size_t len)
{
	for (int i = 0; i < FRAME_HEAD; i++)
		head[i] = (unsigned char)(len >> (8 * i));
}

size_t frame_length(const unsigned char head[FRAME_HEAD])
{
	size_t len = 0;
	for (int i = 0; i < FRAME_HEAD; i++)
		len |= (size_t)head[i] << (8 * i);
	return len;
}

bool frame_encode(struct str *out, const json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;
	bool ok = text && len <= WORKER_MAX_FRAME;
	if (ok) {
		unsigned char head[FRAME_HEAD];
		frame_put_length(head, len);
		str_addn(out, (const char *)head, FRAME_HEAD);
		str_addn(out, text, len);
	}
	mem_release(text);
	return ok;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = write(fd, p, n);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		p += did;
		n -= (size_t)did;
	}
	return true;
}

static bool read_all(int fd, char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = read(fd, p, n);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		p += did;
		n -= (size_t)did;
	}
	return true;
}

bool worker_write(int fd, const json_t *j)
{
	struct str frame = {0};
	bool ok = frame_encode(&frame, j) && write_all(fd, frame.data, frame.len);
	str_release(&frame);
	return ok;
}

json_t *worker_read(int fd)
{
	unsigned char head[FRAME_HEAD];
	if (!read_all(fd, (char *)head, sizeof head))
		return NULL;
	size_t len = frame_length(head);
	if (len > WORKER_MAX_FRAME)
		return NULL;
	char *body = mem_alloc(len + 1);
	json_t *j = read_all(fd, body, len) ? json_loadb(body, len, 0, NULL) : NULL;
	mem_release(body);
	return j;
}

/* Bytes of the UTF-8 sequence at `p`, 0 if it is none. */
static size_t sequence(const unsigned char *p)
{
	size_t n = p[0] < 0x80                   ? 1
	           : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
	           : (p[0] & 0xf0) == 0xe0       ? 3
	           : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
	                                         : 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
	bool not_a_character = (p[0] == 0xed && p[1] >= 0xa0) || (p[0] == 0xf4 && p[1] >= 0x90);
	return overlong || not_a_character ? 0 : n;
}

json_t *worker_text(const char *s)
{
	json_t *plain = json_string(s ? s : "");
	if (plain)
		return plain;
	struct str clean = {0};
	for (const unsigned char *p = (const unsigned char *)s; *p;) {
		size_t n = sequence(p);
		str_addn(&clean, n ? (const char *)p : "\xef\xbf\xbd", n ? n : 3);
		p += n ? n : 1;
	}
	json_t *j = json_string(str_c(&clean));
	str_release(&clean);
	return j;
}

bool worker_lists(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *one = json_string_value(json_array_get(list, i));
		if (one && strcmp(one, text) == 0)
			return true;
	}
	return false;
}
