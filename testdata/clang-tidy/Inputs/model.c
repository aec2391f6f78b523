struct job;
struct job *start_job(void);
void stop_job(struct job *j);
int leak_bad(int quick)
{
	struct job *j = start_job();
	if (quick)
		return -1;
	stop_job(j);
	return 0;
}
