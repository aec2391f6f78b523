/* never-completed, double-completion: requests of a project's own, described by annotations. */
// rules: double-completion
#include <stdbool.h>

struct request;

__attribute__((annotate("cancelint:create(handle=arg0,family=request,when=zero)"))) int
request_begin(struct request *r);
__attribute__((annotate("cancelint:complete(handle=arg0)"),
               annotate("cancelint:release(handle=arg0,family=request)"))) void
request_finish(struct request *r, int error);
bool allowed(const char *what);
void queue_put(struct request *r);

void left_open_bad(struct request *r, const char *what)
{
	if (request_begin(r) != 0) // want: neither completed nor handed on
		return;
	if (!allowed(what))
		return;
	request_finish(r, 0);
}

void finished_ok(struct request *r, const char *what)
{
	if (request_begin(r) != 0)
		return;
	if (!allowed(what)) {
		request_finish(r, -1);
		return;
	}
	request_finish(r, 0);
}

void queued_ok(struct request *r)
{
	if (request_begin(r) != 0)
		return;
	queue_put(r);
}

void finished_twice_bad(struct request *r, const char *what)
{
	if (request_begin(r) != 0)
		return;
	if (!allowed(what))
		request_finish(r, -1);
	request_finish(r, 0); // want double-completion: `r`
}
