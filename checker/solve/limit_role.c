/*
 * limit_role.c - what one call says of a limit, by its model and its text alone.
 */
#include "limit.h"
#include "scan.h"

#include <string.h>

uint8_t limit_bits(const char *covers)
{
	static const struct {
		const char *word;
		uint8_t bits;
	} all[] = {{"connect", LIMIT_CONNECT},
	           {"read", LIMIT_READ},
	           {"write", LIMIT_WRITE},
	           {"transfer", LIMIT_READ | LIMIT_WRITE},
	           {"nothing", 0}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].word, covers) == 0)
			return all[i].bits;
	return LIMIT_ALL;
}

bool limit_is_infinite(const struct ir_func *f, const struct api_role *r, const struct ir_instruction *in)
{
	int64_t k;
	ir_val v = r->timeout.base == API_PATH_ARG ? ir_arg(f, in, r->timeout.arg) : 0;
	if (!v || r->timeout.deref)
		return false;
	if (scan_null(f, v))
		return true;
	if (!scan_int(f, v, &k))
		return false;
	return (k == 0 && (r->infinite == API_INF_ZERO || r->infinite == API_INF_NOT_POSITIVE)) ||
	       (k < 0 && (r->infinite == API_INF_NEGATIVE || r->infinite == API_INF_NOT_POSITIVE)) ||
	       (k == -1 && r->infinite == API_INF_MINUS_ONE) ||
	       (r->infinite == API_INF_MAX && scan_is_most(f, v));
}

bool limit_waits_for_ever(const struct ir_func *f, const struct api_role *r, const struct ir_instruction *in)
{
	ir_val token = scan_path(f, in, &r->token);
	return r->waits == API_WAITS_BUS && r->infinite == API_INF_MAX && limit_is_infinite(f, r, in) &&
	       (!token || scan_null(f, token));
}

bool limit_literal_sets(const struct ir_func *f, ir_val v, const char *option)
{
	const struct ir_value *q = &f->vals[ir_strip_casts(f, v)];
	const char *at = q->kind == IR_VAL_STRING ? strstr(q->str, option) : "";
	if (!at || !*at)
		return at != NULL;
	at += strlen(option);
	at += strspn(at, " =");
	return !(*at == '0' && strchr(" &", at[strspn(at, "0")]));
}
