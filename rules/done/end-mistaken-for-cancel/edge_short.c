/* end-mistaken-for-cancel: reads of a known size; anything else is a failure where the code says so. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

int child_is_gone(int pid);

/* Nothing but whole records comes from there. */
void waits_for_children_ok(int signals, int children)
{
	struct signalfd_siginfo info;
	while (children) {
		if (read(signals, &info, sizeof info) != sizeof info) {
			syslog(LOG_INFO, "reading a signal did not give all of it");
			break;
		}
		if (child_is_gone((int)info.ssi_pid))
			children--;
	}
}

/* A record that is not whole ends the loop like the last one. */
int sums_records_bad(int fd)
{
	int record[4], sum = 0;
	while (read(fd, record, sizeof record) == sizeof record) // want: read
		sum += record[0];
	return sum;
}

/* Whatever ends it, the same is said. */
int says_the_same_bad(int fd)
{
	int record[4], sum = 0;
	while (read(fd, record, sizeof record) == sizeof record) { // want: read
		sum += record[0];
		if (sum > 1000)
			break;
	}
	puts("all read");
	return sum;
}

int bytes_waiting(int fd);

/* What had come before is thrown away, as far as it is there. */
int skips_what_is_there_ok(int fd)
{
	char buf[512];
	int n;
	while ((n = bytes_waiting(fd)) > 0 &&
	       read(fd, buf, (size_t)(n < (int)sizeof buf ? n : (int)sizeof buf)) > 0)
		;
	return fd;
}
