/* Another program: it defines what the others define. */
#include "lib.h"
#include <stdlib.h>

void lamp_close(struct lamp *l)
{
	free(l);
}

int main(void)
{
	struct lamp l = {-1, -1, 0};
	return l.level;
}
