void worker_begin(void);
void worker_end(void);
void worker_end_now(void);
