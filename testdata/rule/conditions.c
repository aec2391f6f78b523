/* Steps say what a branch asks, in words of the source. */
// RUN: not %cancelint check --no-db --models %S/../scale/Inputs/library.yaml %s -- | %FileCheck %s

typedef struct handle handle;
handle *handle_new(void);
void handle_free(handle *h);
struct box {
	int size, *counts;
};
struct box *find(int n);

// CHECK: `(flags & 4) != 0` is true
// CHECK: `find(...)->size > 3` is true
// CHECK: `table[n] == 1` is true
// CHECK: `*p < 0` is true
int conditions(int flags, const int *table, int n, const int *p)
{
	handle *h = handle_new();
	if (flags & 4)
		if (find(n)->size > 3)
			if (table[n] == 1)
				if (*p < 0)
					return -1;
	handle_free(h);
	return 0;
}

// CHECK: `a != 0` is true
// CHECK: `b > 2` is true
int both(int a, int b)
{
	handle *h = handle_new();
	_Bool asked = a && b > 2;
	if (asked)
		return -1;
	handle_free(h);
	return 0;
}
