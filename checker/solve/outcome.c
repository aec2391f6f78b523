/*
 * outcome.c - what the ends of a function tell its callers of whether something was made there.
 */
#include "sim.h"

#define MAX_SPLITS 2

static enum api_cond failure(enum api_cond when)
{
	switch (when) {
	case API_NULL_:
		return API_NONNULL;
	case API_NONNULL:
		return API_NULL_;
	case API_ZERO:
		return API_NONZERO;
	case API_NONZERO:
		return API_ZERO;
	case API_NEGATIVE:
		return API_NONNEGATIVE;
	case API_NONNEGATIVE:
		return API_NEGATIVE;
	default:
		return API_NEVER;
	}
}

/* Nobody asked on this path whether the creator had succeeded. */
static bool undecided(struct sim *m, struct state *s, const struct obj *o)
{
	return !o->is_param && !o->claim && o->family && failure(o->when) != API_NEVER &&
	       o->result.kind == SV_SYM && (o->status == OBJ_OWNED || o->status == OBJ_GONE) &&
	       state_cond(s, &m->t, o->result, o->when) == TRI_UNKNOWN;
}

/* The two ways it may have gone; false when one of them is impossible, or when the result does not tell them
 * apart. */
static bool tells(struct sim *m, struct state *made, struct state *failed, struct sval result,
                  const struct obj *o)
{
	if (!state_assume_cond(made, &m->t, o->result, o->when) ||
	    !state_assume_cond(failed, &m->t, o->result, failure(o->when)))
		return false;
	struct exit_record yes = {made, result}, no = {failed, result};
	return !(sim_result_class(m, &yes) & sim_result_class(m, &no));
}

static void record(struct sim *m, struct state *s, struct sval result, unsigned splits)
{
	for (uint32_t k = 0; k < s->objs.len && splits < MAX_SPLITS && result.kind == SV_SYM; k++) {
		const struct obj *o = &s->objs.data[k];
		if (sv_eq(o->result, result) || !undecided(m, s, o))
			continue;
		struct state *made = state_copy(s), *failed = state_copy(s);
		bool apart = tells(m, made, failed, result, o);
		if (apart) {
			record(m, made, result, splits + 1);
			record(m, failed, result, splits + 1);
		}
		state_free(made);
		state_free(failed);
		if (apart)
			return;
	}
	if (m->exits.len < MAX_EXITS)
		vec_push(&m->exits, (struct exit_record){state_copy(s), result});
	else
		m->budget = "too many ways out";
}

/* `return made != NULL;` is two ends of the function for its callers. */
void outcome_record(struct sim *m, struct state *s, struct sval result)
{
	record(m, s, result, 0);
}
