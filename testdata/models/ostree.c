// pkg-config: ostree-1
/* A wait of libostree, as rules/models/ostree describes it. */
#include <ostree.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable, OstreeRepo *repo, char **refs)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(GINT_TO_POINTER(ostree_repo_pull(repo, "origin", refs, 0, NULL, NULL, NULL))); // want blocking-select-no-exit: ostree_repo_pull
}

int loop_ok(GCancellable *cancellable, OstreeRepo *repo, char **refs)
{
	while (ostree_repo_pull(repo, "origin", refs, 0, NULL, cancellable, NULL))
		work(cancellable);
	return -1;
}
