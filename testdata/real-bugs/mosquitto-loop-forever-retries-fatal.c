/* Every failure is tried again, one that cannot get better too. */
#include <unistd.h>

enum { SUCCESS, NO_CONN, PROTOCOL, NOMEM };
int client_loop(void *client);
int client_reconnect(void *client);

int loop_forever_bad(void *client)
{
	for (;;) {
		while (client_loop(client) == SUCCESS)
			;
		while (client_reconnect(client) != SUCCESS)
			sleep(1); // want blocking-select-no-exit: sleep
	}
}

int loop_forever_ok(void *client)
{
	for (;;) {
		int rc;
		while ((rc = client_loop(client)) == SUCCESS)
			;
		if (rc == PROTOCOL || rc == NOMEM)
			return rc;
		if (client_reconnect(client) != SUCCESS)
			sleep(1);
	}
}
