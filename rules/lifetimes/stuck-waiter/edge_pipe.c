/* stuck-waiter: pipes, whose other end a thread or a child process has, or nobody. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
extern int compute(int *out);
extern void serve(int fd);
extern void keep(int fd);

static void *writer(void *arg)
{
	int fd = *(int *)arg;
	int v;
	if (compute(&v) < 0)
		return NULL;
	(void)!write(fd, &v, sizeof v);
	return NULL;
}

int thread_writes_bad(void)
{
	int p[2], v = -1;
	pthread_t t;
	if (pipe(p) < 0)
		return -1;
	if (pthread_create(&t, NULL, writer, &p[1]) != 0) {
		close(p[0]);
		close(p[1]);
		return -1;
	}
	(void)!read(p[0], &v, sizeof v); // want: writer can end without giving
	pthread_join(t, NULL);
	close(p[0]);
	close(p[1]);
	return v;
}

static void *writer_ok(void *arg)
{
	int fd = *(int *)arg;
	int v;
	if (compute(&v) < 0) {
		close(fd);
		return NULL;
	}
	(void)!write(fd, &v, sizeof v);
	close(fd);
	return NULL;
}

int thread_closes_ok(void)
{
	int p[2], v = -1;
	pthread_t t;
	if (pipe(p) < 0)
		return -1;
	if (pthread_create(&t, NULL, writer_ok, &p[1]) != 0) {
		close(p[0]);
		close(p[1]);
		return -1;
	}
	(void)!read(p[0], &v, sizeof v);
	pthread_join(t, NULL);
	close(p[0]);
	return v;
}

struct job {
	int fds[2];
	int n;
};

static void *job_main(void *arg)
{
	struct job *j = arg;
	char c = 1;
	if (compute(&j->n) < 0)
		return NULL;
	(void)!write(j->fds[1], &c, 1);
	return NULL;
}

int ends_in_data_bad(void)
{
	struct job j = {.n = 1};
	pthread_t t;
	char c;
	if (pipe(j.fds) < 0)
		return -1;
	if (pthread_create(&t, NULL, job_main, &j) == 0) {
		(void)!read(j.fds[0], &c, 1); // want: job_main can end without giving
		pthread_join(t, NULL);
	}
	close(j.fds[0]);
	close(j.fds[1]);
	return j.n;
}

struct wjob {
	int fd;
	int n;
};

static void *wjob_main(void *arg)
{
	struct wjob *j = arg;
	char c = 1;
	if (compute(&j->n) < 0)
		return NULL;
	(void)!write(j->fd, &c, 1);
	return NULL;
}

int copy_in_data_bad(void)
{
	int p[2];
	struct wjob j = {.n = 1};
	pthread_t t;
	char c;
	if (pipe(p) < 0)
		return -1;
	j.fd = p[1];
	if (pthread_create(&t, NULL, wjob_main, &j) == 0) {
		(void)!read(p[0], &c, 1); // want: wjob_main can end without giving
		pthread_join(t, NULL);
	}
	close(p[0]);
	close(p[1]);
	return j.n;
}

/* child process */
int child_writes_ok(void)
{
	int p[2];
	char c;
	if (pipe(p) < 0)
		return -1;
	if (fork() == 0) {
		close(p[0]);
		serve(p[1]);
		_exit(0);
	}
	close(p[1]);
	(void)!read(p[0], &c, 1);
	close(p[0]);
	return 0;
}

int nobody_writes_bad(void)
{
	int p[2];
	char c;
	if (pipe(p) < 0)
		return -1;
	ssize_t n = read(p[0], &c, 1); // want: nobody but nobody_writes_bad has the other end
	close(p[0]);
	close(p[1]);
	return (int)n;
}

int written_before_ok(void)
{
	int p[2];
	char c = 1;
	if (pipe(p) < 0)
		return -1;
	(void)!write(p[1], &c, 1);
	ssize_t n = read(p[0], &c, 1);
	close(p[0]);
	close(p[1]);
	return (int)n;
}

int closed_before_ok(void)
{
	int p[2];
	char c;
	if (pipe(p) < 0)
		return -1;
	close(p[1]);
	ssize_t n = read(p[0], &c, 1);
	close(p[0]);
	return (int)n;
}

int given_before_ok(void)
{
	int p[2];
	char c;
	if (pipe(p) < 0)
		return -1;
	keep(p[1]);
	ssize_t n = read(p[0], &c, 1);
	close(p[0]);
	return (int)n;
}

int output_of_child_ok(char *const argv[])
{
	int p[2];
	char c;
	if (pipe(p) < 0)
		return -1;
	if (fork() == 0) {
		dup2(p[1], 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	ssize_t n = read(p[0], &c, 1);
	close(p[0]);
	close(p[1]);
	return (int)n;
}

/* ---- both ends are known to be none first, and one goes to a child ---- */

struct launch;
void launch_give(struct launch *l, int fd);
int launch_run(struct launch *l);

int launched_ok(struct launch *l)
{
	char byte;
	int ends[2] = {-1, -1};
	if (pipe(ends) < 0)
		return -1;
	launch_give(l, ends[1]);
	if (launch_run(l) < 0)
		return -1;
	return read(ends[0], &byte, 1) == 1 ? 0 : -1;
}
