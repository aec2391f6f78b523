// models: ctx
// rules: missing-cancel
// flags: -std=gnu23 -Wno-deprecated-non-prototype
/* Types and expressions that few use. */
#include "ctx.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

int use(int n);

struct bits {
	unsigned ready : 1, count : 7, : 0, rest : 31;
	_Bool done : 1;
};
int bitfields_bad(ctx *parent, struct bits *b)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	b->count++;
	if (b->ready && b->count > 3)
		return b->count;
	ctx_cancel(stop);
	return 0;
}

union either {
	ctx_canceller *stop;
	long number;
	char bytes[8];
};
int union_bad(ctx *parent, int n)
{
	union either u;
	ctx *c = ctx_with_cancel(parent, &u.stop); // want missing-cancel: ctx_with_cancel
	if (!c || n)
		return -1;
	ctx_cancel(u.stop);
	return 0;
}

int union_ok(ctx *parent)
{
	union either u;
	ctx *c = ctx_with_cancel(parent, &u.stop);
	if (!c)
		return -1;
	union either copy = u;
	ctx_cancel(copy.stop);
	return 0;
}

struct packet {
	size_t n;
	ctx_canceller *stops[];
};
int flexible_bad(ctx *parent, struct packet *p)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (p->n == 0)
		return 0;
	p->stops[p->n - 1] = stop;
	return 1;
}

int variable_length_bad(ctx *parent, int n)
{
	char buffer[n + 1];
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	buffer[n] = 0;
	if (use(buffer[0]))
		return sizeof buffer;
	ctx_cancel(stop);
	return 0;
}

int variable_length_of_handles_ok(ctx *parent, int n)
{
	ctx_canceller *stops[n];
	for (int i = 0; i < n; i++)
		ctx_with_cancel(parent, &stops[i]);
	for (int i = 0; i < n; i++)
		ctx_cancel(stops[i]);
	return 0;
}

typedef float v4 __attribute__((vector_size(16)));
float vectors_bad(ctx *parent, v4 a, v4 b)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return 0;
	v4 sum = a * b + __builtin_shufflevector(a, b, 0, 4, 1, 5);
	if (sum[0] > 1)
		return sum[1];
	ctx_cancel(stop);
	return sum[2];
}

#define SIZE_NAME(x) _Generic((x), char: 1, int: 4, long: 8, default: 0)
int generic_bad(ctx *parent, long n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (use(SIZE_NAME(n)))
		return -1;
	ctx_cancel(stop);
	return 0;
}

int variadic_bad(ctx *parent, ...)
{
	va_list ap;
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	va_start(ap, parent);
	int n = va_arg(ap, int);
	double d = va_arg(ap, double);
	struct bits b = va_arg(ap, struct bits);
	va_end(ap);
	if (n > d || b.ready)
		return n;
	ctx_cancel(stop);
	return 0;
}

int wide_bad(ctx *parent, unsigned _BitInt(257) big)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (big * big > 5wb)
		return 1;
	ctx_cancel(stop);
	return 0;
}

int wide_switch_bad(ctx *parent, __int128 big)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	switch (big) {
	case ((__int128)1 << 100):
		return 1;
	default:
		ctx_cancel(stop);
	}
	return 0;
}

struct pair {
	long a, b, c;
};
static _Atomic struct pair shared_pair;
int atomics_bad(ctx *parent, struct pair p)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	struct pair old = atomic_exchange(&shared_pair, p);
	atomic_thread_fence(memory_order_seq_cst);
	if (old.a == p.b)
		return 1;
	ctx_cancel(stop);
	return 0;
}

int statement_expression_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ({
		ctx *made = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
		if (!made)
			return -1;
		made;
	});
	if (n < 0 ?: use(n))
		return -1;
	use(c != 0);
	ctx_cancel(stop);
	return 0;
}

_Complex double complex_bad(ctx *parent, _Complex double z)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (c && z * z == z)
		return z / 2;
	if (c)
		ctx_cancel(stop);
	return z;
}

enum colour : unsigned char { RED, GREEN = 255 };
int ranges_bad(ctx *parent, enum colour e)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	switch (e) {
	case 1 ... 200:
		return 1;
	case RED:
	case GREEN:
		break;
	}
	ctx_cancel(stop);
	return 0;
}
