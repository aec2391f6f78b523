/*
 * cancelint-worker - analyses one unit after another for cancelint, in a process that may die without harm.
 *
 * Requests come on stdin and replies go to stdout, as frames (worker.h); stderr is for people. Not for use by hand.
 */
#include "analyse.h"
#include "apimodel.h"
#include "frontend.h"
#include "mem.h"
#include "problem.h"
#include "worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	const char *models_dir; /* NULL: no shipped models */
	VEC(const char *) models;
	bool version;
};

/* DIR FILE..., or the same with --models-dir and --models before them. */
static bool read_arguments(struct arguments *a, int argc, char **argv)
{
	bool dir_next = true;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--version") == 0) {
			a->version = true;
		} else if (strcmp(argv[i], "--models-dir") == 0) {
			dir_next = true;
		} else if (strcmp(argv[i], "--models") == 0) {
			dir_next = false;
		} else if (argv[i][0] == '-') {
			fprintf(stderr, "cancelint-worker: unknown option '%s'\n", argv[i]);
			return false;
		} else if (dir_next) {
			a->models_dir = argv[i];
			dir_next = false;
		} else {
			vec_push(&a->models, argv[i]);
		}
	}
	return true;
}

static bool load_models(struct apimodel *m, const struct arguments *a)
{
	struct problem_list problems = {0};
	bool ok = apimodel_load(m, a->models_dir, a->models.data, a->models.len, &problems);
	if (!ok)
		problem_list_print(&problems, stderr);
	problem_list_release(&problems);
	return ok;
}

static json_t *answer(struct analysis *a, const json_t *request)
{
	const char *mode = json_string_value(json_object_get(request, "mode"));
	json_t *reply = json_object();
	json_object_set(reply, "id", json_object_get(request, "id"));
	if (mode && analyse_is_dump(mode))
		analyse_dump(a, request, reply);
	else if (mode && (strcmp(mode, "check") == 0 || strcmp(mode, "keep") == 0 || strcmp(mode, "summaries") == 0))
		analyse_unit(a, request, reply);
	else if (mode && strcmp(mode, "solve") == 0)
		analyse_solve(a, request, reply);
	else if (mode && strcmp(mode, "preprocess") == 0)
		analyse_preprocess(a, request, reply);
	else if (mode && strcmp(mode, "share") == 0)
		analyse_share(a, request, reply);
	else if (mode && strcmp(mode, "coverage") == 0)
		analyse_coverage(a, request, reply);
	else
		analyse_fail(reply, "the request has no known mode");
	return reply;
}

/* A reply that cannot be sent may be too long for a frame; a short one then says so. */
static bool apologise(int to, const json_t *request)
{
	json_t *reply = json_object();
	json_object_set(reply, "id", json_object_get(request, "id"));
	analyse_fail(reply, "the result is too large to send");
	bool ok = worker_write(to, reply);
	json_decref(reply);
	return ok;
}

static int serve(struct analysis *a, int from, int to)
{
	json_t *hello = json_pack("{sb ss}", "ready", 1, "version", CANCELINT_VERSION);
	bool ok = worker_write(to, hello);
	json_decref(hello);
	frontend_warm();
	while (ok) {
		json_t *request = worker_read(from);
		if (!request)
			break;
		json_t *reply = answer(a, request);
		ok = worker_write(to, reply) || apologise(to, request);
		json_decref(reply);
		json_decref(request);
	}
	return ok ? 0 : 1;
}

/* The frames get descriptors of their own, so that nothing that prints or reads by the standard ones, clang or a unit
 * that includes /dev/stdin, gets in between. */
static bool take_channels(int *from, int *to)
{
	*from = fcntl(0, F_DUPFD_CLOEXEC, 3);
	*to = fcntl(1, F_DUPFD_CLOEXEC, 3);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	bool ok = *from >= 0 && *to >= 0 && null >= 0 && dup2(null, 0) == 0 && dup2(2, 1) == 1;
	if (null > 2)
		close(null);
	return ok;
}

int main(int argc, char **argv)
{
	struct arguments args = {0};
	if (!read_arguments(&args, argc, argv))
		return WORKER_EXIT_SETUP;
	if (args.version) {
		puts("cancelint-worker " CANCELINT_VERSION);
		return 0;
	}
	int from, to;
	if (!take_channels(&from, &to)) {
		fputs("cancelint-worker: this program is run by cancelint, which talks to it by stdin and stdout\n", stderr);
		return WORKER_EXIT_SETUP;
	}
	struct apimodel models = {0};
	if (!load_models(&models, &args))
		return WORKER_EXIT_SETUP;
	struct analysis a = {.api = &models};
	int status = serve(&a, from, to);
	analyse_release(&a);
	apimodel_release(&models);
	vec_release(&args.models);
	return status;
}
