#include <unistd.h>

int ends_make(int ends[2]);
void ends_close(int ends[2]);
int ends_read(int ends[2]);
