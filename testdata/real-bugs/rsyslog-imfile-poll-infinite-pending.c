/* The wait is without limit although work is due later. */
#include <poll.h>
#include <stdbool.h>

extern volatile bool ending;
extern bool pending_deletes;
void handle_events(int fd);
void delete_old_files(void);

void watch_bad(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	while (!ending) {
		if (poll(&p, 1, -1) > 0) // miss blocking-select-no-exit: poll
			handle_events(fd);
		if (pending_deletes)
			delete_old_files();
	}
}

void watch_ok(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	while (!ending) {
		if (poll(&p, 1, pending_deletes ? 6000 : -1) > 0)
			handle_events(fd);
		if (pending_deletes)
			delete_old_files();
	}
}
