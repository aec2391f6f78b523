/* shown.h - what holds for every text that cancelint writes, whatever it is about. A text that breaks it ends
 * the program. */
#ifndef FUZZ_SHOWN_H
#define FUZZ_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

/* UTF-8, and no control character but the ends of lines; with `colour`, also what sets colours. */
void shown_plain(const char *text, size_t n, bool colour);
void shown_json(const char *text, size_t n);
/* Tags are closed in order, attributes quoted, references are the five that XML knows. */
void shown_xml(const char *text, size_t n);
/* Each line is one workflow command of GitHub. */
void shown_github(const char *text, size_t n);

#endif
