/*
 * file_reader.h - one model file into the tables. Private to apimodel/.
 */
#ifndef CANCELINT_APIMODEL_FILE_READER_H
#define CANCELINT_APIMODEL_FILE_READER_H

#include "model.h"

struct problem_list;
struct yaml_ready_table;

/* struct yaml_limits of a model file. */
#define MODEL_LIMITS {.max_depth = 8, .max_nodes = 100000}

/* Of the shipped files as they were when the program was built; checker/apimodel/ready/ is what writes it. */
extern const struct yaml_ready_table model_trees;

/* `text` is the content of `file`. False, with problems, when something in it is wrong; what is right is added all the
 * same, so that later files are not blamed for it. */
bool model_read(struct apimodel *m, const char *file, const char *text, size_t len, enum origin origin,
                struct problem_list *problems);

#endif
