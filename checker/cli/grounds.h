/* grounds.h - what the steps of a finding rest on: the model entries that they name, as they are now. */
#ifndef CANCELINT_CLI_GROUNDS_H
#define CANCELINT_CLI_GROUNDS_H

#include "apimodel.h"
#include "cli.h"

struct arena;
struct config;
struct finding;

struct grounds {
	struct arena *arena;
	struct apimodel api;
	char *shipped;
};
/* Loads the models of cancelint, of the configuration and of `more`. One that is wrong now says nothing about
 * a finding of then, and is no problem. */
void grounds_load(struct grounds *g, struct arena *a, const struct config *config,
                  const struct text_list *more);
void grounds_release(struct grounds *g);
/* Per step, the lines about its model entry; NULL where there is none, or where an earlier step rests on the
 * same. For a text that is passed on to others nothing is left out as told before, and files of cancelint are
 * named without the place where they are. */
const char *const *grounds_of(struct grounds *g, const struct finding *f, bool passed_on);

#endif
