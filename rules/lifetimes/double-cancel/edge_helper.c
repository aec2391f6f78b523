/* double-cancel: a helper that ends a descriptor and marks its place, and calls code that nobody knows. */
#include <fcntl.h>
#include <unistd.h>

struct tree {
	int fd;
	int n;
	char *data;
};
void give_back(char *data);

static void tree_clear(struct tree *t)
{
	if (t->data) {
		give_back(t->data);
		t->data = NULL;
	}
	if (t->fd != -1) {
		close(t->fd);
		t->fd = -1;
	}
}

int cleared_twice_ok(struct tree *t, const char *name)
{
	t->fd = open(name, O_RDONLY);
	if (t->fd < 0)
		return -1;
	tree_clear(t);
	if (unlink(name) != 0)
		tree_clear(t);
	return 0;
}

static void tree_leave(struct tree *t)
{
	if (t->data) {
		give_back(t->data);
		t->data = NULL;
	}
	if (t->fd != -1)
		close(t->fd);
}

int left_twice_bad(struct tree *t, const char *name)
{
	t->fd = open(name, O_RDONLY);
	if (t->fd < 0)
		return -1;
	tree_leave(t);
	if (unlink(name) != 0)
		tree_leave(t); // want: a second time by tree_leave
	return 0;
}
