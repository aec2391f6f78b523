/*
 * text_check.h - is it text at all? Looked at before any parser sees it, so that the place is exact. Private to yaml/.
 */
#ifndef CANCELINT_YAML_TEXT_CHECK_H
#define CANCELINT_YAML_TEXT_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct problem_list;

/* False, with one problem, at the first byte that is not UTF-8 or is a control character other than tab and line ends. */
bool text_check(const char *name, const char *text, size_t len, struct problem_list *problems);
/* Nothing in it steers a terminal: no control characters but tab and line end, no marks that turn the direction of text. */
bool text_is_visible(const char *text, size_t len);
/* Does line `line` (from 0) have a tab before its first visible character? */
bool text_tab_indent(const char *text, size_t len, size_t line);

#endif
