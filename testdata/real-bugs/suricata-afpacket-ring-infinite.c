/* A full turn round an empty ring does not end the loop. */
struct frame {
	volatile int status;
};
struct ring {
	struct frame *frames;
	unsigned n, at;
};
void handle(struct frame *f);

int read_ring_bad(struct ring *r)
{
	int got = 0;
	for (;;) { // miss blocking-select-no-exit: loop
		struct frame *f = &r->frames[r->at];
		if (!f->status && got)
			return got;
		if (f->status)
			handle(f), got++;
		r->at = r->at + 1 == r->n ? 0 : r->at + 1;
	}
}

int read_ring_ok(struct ring *r)
{
	int got = 0;
	for (unsigned turn = 0; turn < r->n; turn++) {
		struct frame *f = &r->frames[r->at];
		if (!f->status && got)
			return got;
		if (f->status)
			handle(f), got++;
		r->at = r->at + 1 == r->n ? 0 : r->at + 1;
	}
	return got;
}
