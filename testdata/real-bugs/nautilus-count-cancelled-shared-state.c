// flags: %glib_flags
/* The state outlives the operation, but its callback, when cancelled, clears what belongs to the next operation. */
#include <gio/gio.h>

typedef struct Directory Directory;
typedef struct {
	Directory *directory;
	GCancellable *cancellable;
} CountState;
struct Directory {
	CountState *count_in_progress;
};

static void count_state_free(CountState *state)
{
	g_object_unref(state->cancellable);
	g_free(state);
}

static void count_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	CountState *state = user_data;
	Directory *directory = state->directory;
	if (g_cancellable_is_cancelled(state->cancellable)) {
		directory->count_in_progress = NULL; // miss stale-owner-after-cancel: cancelled
		count_state_free(state);
		return;
	}
	g_list_free(g_file_enumerator_next_files_finish(G_FILE_ENUMERATOR(source), res, NULL));
	directory->count_in_progress = NULL;
	count_state_free(state);
}

static void count_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	CountState *state = user_data;
	Directory *directory = state->directory;
	if (g_cancellable_is_cancelled(state->cancellable)) {
		count_state_free(state);
		return;
	}
	g_list_free(g_file_enumerator_next_files_finish(G_FILE_ENUMERATOR(source), res, NULL));
	directory->count_in_progress = NULL;
	count_state_free(state);
}

void count(GFileEnumerator *e, CountState *bad, CountState *ok)
{
	g_file_enumerator_next_files_async(e, 100, 0, bad->cancellable, count_bad, bad);
	g_file_enumerator_next_files_async(e, 100, 0, ok->cancellable, count_ok, ok);
}

void count_cancel(Directory *directory)
{
	if (directory->count_in_progress) {
		g_cancellable_cancel(directory->count_in_progress->cancellable);
		directory->count_in_progress = NULL;
	}
}
