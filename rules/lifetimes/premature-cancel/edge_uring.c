// pkg-config: liburing
/* premature-cancel: requests of io_uring use their buffer until the completion was seen. */
#include <errno.h>
#include <liburing.h>

int left_at_once_bad(struct io_uring *ring, int fd)
{
	char b[64];
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	if (!sqe)
		return -EBUSY;
	io_uring_prep_read(sqe, fd, b, sizeof b, 0); // want: local variable `b`
	return io_uring_submit(ring);
}

int waited_for_ok(struct io_uring *ring, int fd)
{
	char b[64];
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	if (!sqe)
		return -EBUSY;
	io_uring_prep_read(sqe, fd, b, sizeof b, 0);
	int rc = io_uring_submit(ring); /* where it fails nothing runs */
	if (rc < 0)
		return rc;
	rc = io_uring_wait_cqe(ring, &cqe);
	if (rc < 0)
		return rc;
	rc = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	return rc > 0 ? b[0] : rc;
}

int left_after_the_submit_bad(struct io_uring *ring, int fd, int quick)
{
	char b[64];
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	if (!sqe)
		return -EBUSY;
	io_uring_prep_read(sqe, fd, b, sizeof b, 0); // want: local variable `b`
	if (io_uring_submit(ring) < 0)
		return -1;
	if (quick)
		return 0;
	return io_uring_wait_cqe(ring, &cqe);
}
