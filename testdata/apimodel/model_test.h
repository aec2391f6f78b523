#ifndef MODEL_TEST_H
#define MODEL_TEST_H

void schema_print(void);

#endif
