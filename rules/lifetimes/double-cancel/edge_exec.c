/* double-cancel: behind a program that was started in this process is nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int starts_program_ok(const char *path)
{
	int ends[2];
	if (pipe(ends) == -1)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		if (execl(path, path, NULL)) {
			perror("exec");
			exit(1);
		}
	}
	close(ends[0]);
	return ends[1];
}

int goes_on_bad(const char *path)
{
	int ends[2];
	if (pipe(ends) == -1)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		if (execl(path, path, NULL))
			perror("exec");
	}
	close(ends[0]); // want: ends
	return ends[1];
}
