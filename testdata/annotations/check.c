// A header with annotations needs no model file.
//
// RUN: not %cancelint check --no-db --rules missing-cancel %s -- -I%S/../../integrations/include > %t
// RUN: %FileCheck --implicit-check-not=warning: %s < %t
#include "cancelint.h"
struct session;
CANCELINT_CREATES(*arg1, session)
int session_open(const char *name, struct session **out);
CANCELINT_RELEASES(arg0, session)
void session_close(struct session *s);
int work(struct session *s);
int f_bad(int x)
{
	struct session *s;
	// CHECK: check.c:[[#@LINE+1]]:6: warning: {{.*}}session{{.*}}[missing-cancel
	if (session_open("a", &s) != 0)
		return -1;
	if (x)
		return 2;
	session_close(s);
	return 0;
}
int f_ok(void)
{
	struct session *s;
	if (session_open("a", &s) != 0)
		return -1;
	session_close(s);
	return 0;
}
