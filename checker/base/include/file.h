/*
 * file.h - files on disk: whether two paths lead to one, and files of our own for a while.
 */
#ifndef CANCELINT_FILE_H
#define CANCELINT_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct str;

/* The same path, or two of one file that agree in its name: directories may be links. */
bool file_same(const char *a, const char *b);
/* Do both hold the same? A file that cannot be read holds the same as none. */
bool file_same_content(const char *a, const char *b);
/* Makes an empty file, or a directory, in TMPDIR, and appends its path. False with errno set: then what is
 * appended is what such a path would look like. */
bool file_temporary(struct str *path, bool directory);
/* Opens for reading what is a regular file; never waits, as a pipe would. NULL with errno set. */
FILE *file_read(const char *path);
/* A new file for writing: what stood there goes, also a link, whose target stays as it is. NULL with errno set. */
FILE *file_replace(const char *path);
/* Gives what is in a file a second name, or a second place where that cannot be; what stood there goes. Neither may be written to
 * afterwards, but be replaced. False with errno set. */
bool file_copy(const char *from, const char *to);
/* Removes such a directory and the files in it, as far as it can. */
void file_remove_directory(const char *path);

#endif
