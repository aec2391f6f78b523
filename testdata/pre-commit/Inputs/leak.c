struct job;
__attribute__((annotate("cancelint:create(handle=return,family=job)"))) struct job *job_start(void);
__attribute__((annotate("cancelint:release(handle=arg0,family=job)"))) void job_end(struct job *j);

int leak_bad(int quick)
{
	struct job *j = job_start();
	if (quick)
		return -1;
	job_end(j);
	return 0;
}

