"""Writes a program of many units that include GIO, and some that a shared header would change: make_project.py DIR"""
import json
import os
import sys

CONFIG = """#define GLIB_VERSION_MAX_ALLOWED GLIB_VERSION_2_70
#define GLIB_VERSION_MIN_REQUIRED GLIB_VERSION_2_70
"""

UNIT = """#include "config.h"
#include "parts.h"
#include <gio/gio.h>

static void ask_{n}(GFile *file, gboolean quick)
{{
	GCancellable *stop = g_cancellable_new();
	guint timer = g_timeout_add_seconds({n}, on_time, stop);
	g_file_load_contents(file, stop, NULL, NULL, NULL, NULL);
	if (quick)
		return; // the timer and the token are lost
	g_source_remove(timer);
	g_object_unref(stop);
}}

void use_{n}(GFile *file)
{{
	ask_{n}(file, TRUE);
	finish_{next}(NULL);
}}

void finish_{n}(void *p)
{{
	g_free(p);
}}
"""

# Says something before the header that the header knows.
BEFORE = """#define G_LOG_DOMAIN "before"
#include "config.h"
#include <gio/gio.h>
int before(void)
{
	return G_MAXINT;
}
"""

# Asks for what the header says before it includes it.
EARLY = """#ifdef G_MAXINT
#error "not included yet"
#endif
#include "config.h"
#include <gio/gio.h>
int early(void)
{
	return G_MAXINT;
}
"""

# Includes nothing of it, and has names of it.
NEVER = """#include "config.h"
int never(int n)
{
	int GFile = n;
	return GFile;
}
"""

# Includes nothing of it, and has a field with the name of one of its functions.
FIELD = """#include "config.h"
struct file { int (*g_file_new_for_path)(int n); };
int field(struct file *f)
{
	return f->g_file_new_for_path(1);
}
"""

# Includes nothing of it, and declares one of its functions by itself.
AGAIN = """#include "config.h"
void g_usleep(unsigned long microseconds);
void again(void)
{
	g_usleep(1);
}
"""

# Would find another header of that name.
OTHER = """#include "config.h"
#include <glib.h>
int other(void)
{
	return OUR_OWN;
}
"""


def parts(count):
    return "#ifndef PARTS_H\n#define PARTS_H\nstruct _GFile;\n" + "".join(
        f"void use_{n}(struct _GFile *file);\nvoid finish_{n}(void *p);\n" for n in range(count)) + \
        "int on_time(void *data);\n#endif\n"


def main():
    root, count = sys.argv[1], 14
    units = {f"unit{n}.c": UNIT.format(n=n, next=(n + 1) % count) for n in range(count)}
    units["before.c"] = BEFORE
    units["early.c"] = EARLY
    units["never.c"] = NEVER
    units["field.c"] = FIELD
    units["again.c"] = AGAIN
    units["other.c"] = OTHER
    os.makedirs(root + "/own")
    flags = os.popen("pkg-config --cflags gio-2.0").read().split()
    for name, text in [*units.items(), ("config.h", CONFIG), ("parts.h", parts(count)),
                       ("own/glib.h", "#define OUR_OWN 1\n"), (".cancelint.yaml", "")]:
        with open(f"{root}/{name}", "w") as f:
            f.write(text)
    commands = [{"directory": root, "file": name,
                 "arguments": ["cc", "-c", "-I.", *(["-Iown"] if name == "other.c" else []), *flags, name]} for name in units]
    with open(root + "/compile_commands.json", "w") as f:
        json.dump(commands, f)


main()
