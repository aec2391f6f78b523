#ifndef MODEL_TEST_H
#define MODEL_TEST_H

struct apimodel;

void schema_print(void);
/* `left_out`: functions that zeros cannot be given to, NULL-terminated. */
int exercise_print(const struct apimodel *m, const char *file, char **left_out);

#endif
