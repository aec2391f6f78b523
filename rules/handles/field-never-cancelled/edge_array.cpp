// flags: -std=c++20
// field-never-cancelled: members that are ended by way of a list.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <initializer_list>
class PollerOk
{
      public:
	PollerOk() : ep_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_NONBLOCK))
	{
	}
	~PollerOk()
	{
		for (int fd : {ep_, wake_})
			if (fd >= 0)
				::close(fd);
	}
	void wake()
	{
		::eventfd_write(wake_, 1);
	}

      private:
	int ep_;
	int wake_;
};
