/*
 * fields_judged.h - one field while it is judged. For fields.c and fields_self.c.
 */
#ifndef CANCELINT_SOLVE_FIELDS_JUDGED_H
#define CANCELINT_SOLVE_FIELDS_JUDGED_H

#include "fields.h"

/* One field, and what is known of its type's end. */
struct judged {
	struct fields *x;
	struct field_key key;
	const struct field_event *own;    /* the first store of a handle */
	const struct field_event *events; /* of this field */
	uint32_t n;
	bool *ending; /* per function: runs at the end of an object */
	uint32_t end; /* the function to name; 0: none */
	enum end_kind kind;
	bool has_end;
	bool paired; /* the names of the end and of what puts the handle there belong together */
	bool tended; /* an end gives the handle to a call that does not end it */
	bool kin;    /* the neighbour that is told is the id of a handler */
	struct field_leak out;
};

static inline bool stands_for_code(const struct api_role *r)
{
	return r && (r->kind == API_ROLE_SPAWN || r->kind == API_ROLE_CONNECT);
}

bool judged_replaces(const struct judged *j, uint32_t func); /* it puts another handle into the field */

/* fields_self.c: every function that puts a handle into the field ends it again before it returns. */
bool judged_ended_at_once(const struct judged *j);

/* fields_self.c: the field is a part of the object, and its end ends what is in that member by member. */
bool judged_part_tended(const struct judged *j);

enum self_end { SELF_NO, SELF_PERHAPS, SELF_ALWAYS };
/* fields_self.c: does the code that the handle stands for end the object, or, with `operations`, what is
 * called when the operations that were given it are over? */
enum self_end judged_ends_itself(const struct judged *j, bool operations);
/* Is the value an object of the type, or one around it? */
bool judged_is_object(const struct judged *j, uint32_t func, ir_val v);
/* What makes the handle takes a reference to the object: that cannot end before the handle does. */
bool judged_keeps_owner(const struct judged *j);

#endif
