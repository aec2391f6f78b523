struct job;
__attribute__((annotate("cancelint:create(handle=return,family=job)"))) struct job *job_start(void);
__attribute__((annotate("cancelint:release(handle=arg0,family=job)"))) void job_end(struct job *j);

int mended_ok(int quick)
{
	struct job *j = job_start();
	int result = -1;
	if (quick)
		goto out;
	result = 0;
out:
	job_end(j);
	return result;
}
