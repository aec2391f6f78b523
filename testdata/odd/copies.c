// rules: missing-cancel
/* Local variables that are copied into each other, in a thread: the defect beside it is found all the same. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct box {
	void *(*run)(void *);
	void *data;
};

static void *opens_it(void *arg)
{
	struct box a[2], b[2];
	memcpy(a, &b[1], sizeof(struct box));
	memcpy(b, &a[1], sizeof(struct box));
	a[0].run(a[0].data);
	free(arg);
	return NULL;
}

int begin(void *(*run)(void *), void *data)
{
	int ends[2];
	pthread_t thread;
	struct box *box = malloc(sizeof *box);
	if (!box || pipe(ends) != 0) { // want missing-cancel: made by pipe
		free(box);
		return -1;
	}
	*box = (struct box){run, data};
	if (pthread_create(&thread, NULL, opens_it, box) != 0) {
		free(box);
		return -1;
	}
	close(ends[0]);
	close(ends[1]);
	return pthread_join(thread, NULL);
}
