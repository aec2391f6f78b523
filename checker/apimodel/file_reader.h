/*
 * file_reader.h - one model file into the tables. Private to apimodel/.
 */
#ifndef CANCELINT_APIMODEL_FILE_READER_H
#define CANCELINT_APIMODEL_FILE_READER_H

#include "model.h"

struct problem_list;

/* `text` is the content of `file`. False, with problems, when something in it is wrong; what is right is added all the
 * same, so that later files are not blamed for it. */
bool model_read(struct apimodel *m, const char *file, const char *text, size_t len, enum origin origin,
                struct problem_list *problems);

#endif
