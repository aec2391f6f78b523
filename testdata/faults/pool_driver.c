/*
 * pool_driver [warm] JOBS TIMEOUT_S MEMORY_MB STOP_AFTER_S WORKER ARG... -- KIND... - runs a pool over requests of these kinds.
 *
 * Prints one line for each, in the order of the requests, and the problems. STOP_AFTER_S 0: never. fake_worker.py knows
 * the kinds. Exit code 1 when no worker could be started.
 * "warm": the pool is told beforehand that there will be requests, and half a second passes. After the requests it is told that there
 * will be no more, and then asked one nevertheless.
 */
#include "mem.h"
#include "problem.h"
#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BIG ((size_t)3 << 20)

struct outcome {
	enum unit_outcome outcome;
	int signal, calls;
	size_t size;
	char *tail;
};

static volatile int stop;

static void on_alarm(int number)
{
	stop = number;
}

static void on_done(void *ctx, const struct pool_reply *r)
{
	struct outcome *o = (struct outcome *)ctx + r->index;
	*o = (struct outcome){.outcome = r->outcome, .signal = r->signal, .calls = o->calls + 1};
	o->size = json_string_length(json_object_get(r->reply, "payload"));
	mem_release(o->tail);
	o->tail = mem_strdup(r->stderr_tail);
}

static json_t *make_request(int id, const char *kind)
{
	char *payload = NULL;
	if (strcmp(kind, "big") == 0) {
		payload = mem_alloc(BIG + 1);
		memset(payload, 'x', BIG);
	}
	json_t *j = json_pack("{si ss ss}", "id", id, "kind", kind, "payload", payload ? payload : "");
	mem_release(payload);
	return j;
}

static void show(const char *kind, const struct outcome *o)
{
	size_t lines = 0;
	for (const char *p = o->tail; p && *p; p++)
		lines += *p == '\n';
	printf("%s: %s", kind, o->calls == 1 ? unit_outcome_name(o->outcome) : "not completed exactly once");
	if (o->signal)
		printf(" signal %d", o->signal);
	if (o->size)
		printf(" payload %zu", o->size);
	if (o->tail && o->tail[0])
		printf(" said %zu lines: %.*s", lines, (int)strcspn(o->tail, "\n"), o->tail);
	putchar('\n');
}

static bool run_warm(const struct pool_options *o, json_t **requests, uint32_t n, struct outcome *outcomes,
                     struct problem_list *problems)
{
	struct pool *p = pool_new(o, problems);
	struct outcome again = {0};
	json_t *more = make_request(0, "fine");
	pool_warm(p);
	pool_warm(p);
	usleep(500 * 1000);
	bool ok = pool_batch(p, requests, n, on_done, outcomes, &stop);
	pool_dismiss(p);
	if (ok && n && pool_batch(p, &more, 1, on_done, &again, NULL))
		show("again", &again);
	pool_free(p);
	mem_release(again.tail);
	json_decref(more);
	return ok;
}

static int run(const struct pool_options *o, char **kinds, int n, bool warm)
{
	json_t **requests = mem_alloc(((size_t)n + 1) * sizeof *requests);
	struct outcome *outcomes = mem_alloc(((size_t)n + 1) * sizeof *outcomes);
	struct problem_list problems = {0};
	for (int i = 0; i < n; i++)
		requests[i] = make_request(i, kinds[i]);
	bool ok = warm ? run_warm(o, requests, (uint32_t)n, outcomes, &problems)
	               : pool_run(o, requests, (uint32_t)n, on_done, outcomes, &stop, &problems);
	for (int i = 0; i < n; i++) {
		if (ok)
			show(kinds[i], &outcomes[i]);
		mem_release(outcomes[i].tail);
		json_decref(requests[i]);
	}
	problem_list_print(&problems, stdout);
	puts(ok ? "ran" : "could not start");
	problem_list_release(&problems);
	mem_release(outcomes);
	mem_release(requests);
	return !ok;
}

int main(int argc, char **argv)
{
	int split = 6;
	bool warm = argc > 1 && strcmp(argv[1], "warm") == 0;
	argc -= warm;
	argv += warm;
	while (split < argc && strcmp(argv[split], "--") != 0)
		split++;
	if (split >= argc)
		return 2;
	argv[split] = NULL;
	struct pool_options o = {.worker_path = argv[5], .worker_args = (const char *const *)argv + 6};
	o.jobs = (unsigned)atoi(argv[1]);
	o.timeout_s = (unsigned)atoi(argv[2]);
	o.memory_mb = (unsigned)atoi(argv[3]);
	signal(SIGALRM, on_alarm);
	alarm((unsigned)atoi(argv[4]));
	return run(&o, argv + split + 1, argc - split - 1, warm);
}
