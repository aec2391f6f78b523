/*
 * uri.h - file URIs and paths.
 */
#ifndef CANCELINT_LSP_URI_H
#define CANCELINT_LSP_URI_H

/* The absolute path that a file URI names, without "." and "..". Malloc'ed; NULL: it is none of a file here.
 */
char *uri_to_path(const char *uri);
char *uri_of_path(const char *path); /* malloc'ed */

#endif
