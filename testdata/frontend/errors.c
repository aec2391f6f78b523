/* A unit that does not compile says why. */
// RUN: %not %cancelint dump ir %s -- 2>&1 | %FileCheck %s
// RUN: %not %cancelint dump ir %s -- -DMISSING 2>&1 | %FileCheck %s --check-prefix=MISSING

#ifdef MISSING
#include "there-is-no-such-file.h"
#endif
// MISSING: errors.c:6:10: error: 'there-is-no-such-file.h' file not found

// CHECK: errors.c:[[@LINE+1]]:{{[0-9]+}}: error: unknown type name 'no_such_type'
no_such_type x;
