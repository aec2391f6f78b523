/* What somebody found out, for formats that have no place of their own for it. */
#include "internal.h"

#include "str.h"

void sink_add_message(struct str *to, const struct finding *f)
{
	str_add(to, f->message);
	if (f->review)
		str_addf(to, " (reviewed as %s: %s)", f->review, f->review_reason);
}
