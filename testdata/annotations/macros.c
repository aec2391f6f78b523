// The macros as the compiler sees them, and the header without a trace elsewhere.
//
// RUN: %clang -I%S/../../integrations/include -Wall -Wextra -Werror -fsyntax-only -Xclang -ast-dump %s | %FileCheck %s
// RUN: %clang -I%S/../../integrations/include -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only %s
// RUN: gcc -I%S/../../integrations/include -Wall -Wextra -Werror -E -P %s | %FileCheck --check-prefix=PLAIN %s
#include "cancelint.h"

#include <stdbool.h>

struct bus;
struct ctx;
struct job;
struct link;
struct rows;

// CHECK-LABEL: FunctionDecl {{.*}} db_query
// CHECK: AnnotateAttr {{.*}} "cancelint:create(handle=return,family=rows)"
// PLAIN: struct rows *db_query(const char *sql);
CANCELINT_CREATES(return, rows)
struct rows *db_query(const char *sql);

// CHECK-LABEL: FunctionDecl {{.*}} job_submit
// CHECK: AnnotateAttr {{.*}} "cancelint:create(handle=*arg0,family=job,when=positive)"
CANCELINT_CREATES_WHEN(*arg0, job, positive)
int job_submit(struct job **out);

// CHECK-LABEL: FunctionDecl {{.*}} rows_close
// CHECK: AnnotateAttr {{.*}} "cancelint:release(handle=arg0,family=rows,null-ok)"
CANCELINT_RELEASES(arg0, rows)
void rows_close(struct rows *r);

// CHECK-LABEL: FunctionDecl {{.*}} ctx_is_done
// CHECK: AnnotateAttr {{.*}} "cancelint:poll(token=arg0)"
CANCELINT_POLLS(arg0)
bool ctx_is_done(struct ctx *c);

// CHECK-LABEL: FunctionDecl {{.*}} kv_get
// CHECK: ParmVarDecl {{.*}} c 'struct ctx *'
// CHECK-NEXT: AnnotateAttr {{.*}} "cancelint:token(null-is=forbidden)"
int kv_get(CANCELINT_TOKEN_PARAM struct ctx *c, const char *key);

// Several roles of one function; spaces and a nested list survive.
// CHECK-LABEL: FunctionDecl {{.*}} link_read
// CHECK: AnnotateAttr {{.*}} "cancelint:block(token=arg0, timeout=arg2, infinite=negative, unless=(arg=3,has=0x40))"
// CHECK: AnnotateAttr {{.*}} "cancelint:cleanup"
CANCELINT_BLOCKS(token=arg0, timeout=arg2, infinite=negative, unless=(arg=3,has=0x40))
CANCELINT_CLEANUP
int link_read(struct ctx *c, struct link *l, int timeout_ms, int flags);

// CHECK-LABEL: FunctionDecl {{.*}} bus_unsubscribe
// CHECK: AnnotateAttr {{.*}} "cancelint:disconnect(from=arg0, id=arg1)"
CANCELINT_ROLE(disconnect, from=arg0, id=arg1)
void bus_unsubscribe(struct bus *b, unsigned id);
