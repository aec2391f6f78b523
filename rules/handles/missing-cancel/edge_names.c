/* missing-cancel: functions of other libraries with the name of a described one take something else. */
void *g_cancellable_new(int kind);
int pipe(int *ends, const char *name, int flags);
int eventfd(unsigned count, int flags);

void another_library_ok(void)
{
	int ends[2];
	g_cancellable_new(3);
	pipe(ends, "x", 0);
}

void described_bad(void)
{
	int fd = eventfd(0, 0); // want: `fd`
	(void)fd;
}
