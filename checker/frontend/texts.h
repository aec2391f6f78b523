/* texts.h - private to the frontend. */
#ifndef CANCELINT_FRONTEND_TEXTS_H
#define CANCELINT_FRONTEND_TEXTS_H

struct frontend_result;
struct shim_unit;

/* Sets the texts of a result that has a unit. */
void texts_tell(struct shim_unit *shim, struct frontend_result *r);

#endif
