// flags: -std=c++17
/* missing-cancel: what a class of the program's own holds, and gives out again. */
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

class fd_owner {
public:
	explicit fd_owner(int fd = -1) : fd(fd) {}
	fd_owner(fd_owner &&other) noexcept : fd(std::exchange(other.fd, -1)) {}
	~fd_owner() { reset(); }
	int get() const { return fd; }
	int release() { return std::exchange(fd, -1); }
	void reset()
	{
		if (fd >= 0)
			close(fd);
		fd = -1;
	}

private:
	int fd;
};

int released_and_left_bad(int early)
{
	fd_owner owner(eventfd(0, 0)); // want: eventfd
	int fd = owner.release();
	if (early)
		return -1;
	close(fd);
	return 0;
}

int released_and_returned_ok()
{
	fd_owner owner(eventfd(0, 0));
	return owner.release();
}

int ended_with_its_scope_ok(int early)
{
	fd_owner owner(eventfd(0, 0));
	if (early)
		return -1;
	fd_owner other(std::move(owner));
	return other.get() < 0;
}
