#!/usr/bin/env python3
"""limits.py FOLDER: writes locks.c and effects.c there, each with a function of more than the engine keeps account of."""
import os
import sys


def unit(lines):
    return "\n".join(lines) + "\n"


def locks(count):
    names = ["lock_%d" % i for i in range(count)]
    return unit(
        ["#include <pthread.h>"]
        + ["static pthread_mutex_t %s = PTHREAD_MUTEX_INITIALIZER;" % name for name in names]
        + ["void all(void)", "{"]
        + ["\tpthread_mutex_lock(&%s);" % name for name in names]
        + ["\tpthread_mutex_unlock(&%s);" % name for name in names]
        + ["}", "void stop(pthread_t thread)", "{", "\tall();", "\tpthread_cancel(thread);", "\tpthread_join(thread, 0);", "}"]
    )


def effects(count):
    names = ["stop_%d" % i for i in range(count)]
    return unit(
        ['#include "ctx.h"', "struct many {"]
        + ["\tctx_canceller *%s;" % name for name in names]
        + ["};", "void end(struct many *many)", "{"]
        + ["\tctx_cancel(many->%s);\n\tctx_canceller_free(many->%s);" % (name, name) for name in names]
        + ["}"]
    )


def main():
    folder = sys.argv[1]
    for name, text in (("locks.c", locks(20)), ("effects.c", effects(80)), ("few.c", locks(4))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


main()
