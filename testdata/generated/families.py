"""The APIs that generated programs use: what makes a handle, what ends it, how a failure looks."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    key: str
    library: str          # which headers a unit needs
    type: str
    make: str             # the expression; {to}: where an out-parameter puts it
    release: str
    out: bool = False     # made through an out-parameter; the result is a token
    empty: str = "NULL"
    fails: bool = True    # the creator may fail
    null_ok: bool = False # an empty one may be released
    use: str = ""         # an expression of type int
    cancel: str = ""      # ends what it is used for, and is no release
    clear: str = ""       # releases what is in a place, if there is something, and empties it
    completes: str = ""   # the operation that it stands for
    scope: str = ""       # a declaration that the compiler cleans up, if the library has one
    push: str = ""        # a container of the library's own takes it


FAMILIES = {f.key: f for f in (
    Family("canceller", "ctx", "ctx_canceller *", "ctx_with_cancel(parent, &{to})", "ctx_cancel({h})", out=True, null_ok=True),
    Family("limit", "ctx", "ctx_canceller *", "ctx_with_timeout(parent, 500, &{to})", "ctx_cancel({h})", out=True, null_ok=True),
    Family("rows", "ctx", "rows *", 'db_query(parent, "select")', "rows_close({h})", use="rows_next({h})"),
    Family("chan", "ctx", "chan *", "chan_new(4)", "chan_free({h})", use="chan_try_send({h}, parent)"),
    Family("group", "ctx", "wait_group *", "wg_new()", "wg_free({h})"),
    Family("fd", "posix", "int ", "eventfd(0, 0)", "close({h})", empty="-1", use="fsync({h})"),
    Family("cancellable", "gio", "GCancellable *", "g_cancellable_new()", "g_object_unref({h})", fails=False,
           use="g_cancellable_is_cancelled({h})", cancel="g_cancellable_cancel({h})", clear="g_clear_object(&{h})",
           scope="g_autoptr(GCancellable) "),
    Family("task", "gio", "GTask *", "g_task_new(NULL, NULL, ready, NULL)", "g_object_unref({h})", fails=False,
           clear="g_clear_object(&{h})", completes="g_task_return_boolean({h}, TRUE)", scope="g_autoptr(GTask) "),
)}

LIBRARIES = {
    "ctx": ["ctx.h"],
    "posix": ["sys/eventfd.h", "unistd.h"],
    "gio": ["gio/gio.h"],
}
GROUPS = {  # what one program mixes
    "ctx": ["canceller", "limit", "rows", "chan", "group", "fd"],
    "gio": ["cancellable", "task", "fd"],
}
