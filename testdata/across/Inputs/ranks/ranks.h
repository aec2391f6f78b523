#ifndef RANKS_H
#define RANKS_H
#include <gio/gio.h>
gboolean files_read_all(GFile *dir, GCancellable *cancellable, GError **error);
gboolean files_read_and_ask(GFile *dir, GCancellable *cancellable, GError **error);
gboolean files_read_itself(GFile *file, GCancellable *cancellable, GError **error);
void bus_tell_far(void);
void bus_tell(void);
void files_stamp_far(GFile *file);
void files_stamp(GFile *file);
#endif
