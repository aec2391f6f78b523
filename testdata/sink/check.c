// From source to report, in each format.
//
// RUN: %cancelint check --no-db --fail-on none --models %S/../ctx/ctx.yaml --format text %s -- -I%S/../include > %t.txt
// RUN: %FileCheck --implicit-check-not='warning:' --implicit-check-not='note:' %s < %t.txt
// RUN: %cancelint check --no-db --fail-on none --models %S/../ctx/ctx.yaml --format json %s -- -I%S/../include > %t.json
// RUN: python3 -m json.tool %t.json > /dev/null
// RUN: %FileCheck --check-prefix=JSON %s < %t.json
// RUN: %cancelint check --no-db --fail-on none --models %S/../ctx/ctx.yaml --format sarif %s -- -I%S/../include > %t.sarif
// RUN: %FileCheck --check-prefix=SARIF %s < %t.sarif

#include "ctx.h"

int leak_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (ctx_is_done(parent))
		return -2;
	ctx_cancel(stop);
	return 0;
}
// CHECK: check.c:16:{{[0-9]+}}: warning: {{.*}} [missing-cancel,
// CHECK-NEXT: {{^}}    16 |         ctx *c = ctx_with_cancel(parent, &stop);
// CHECK-NEXT: {{^}}       | {{ *}}^
// CHECK: {{^}}  1. {{.*}}check.c:16:
// CHECK: check.c:19:
// JSON: "rule": "missing-cancel"
// JSON: "line": 16,
// JSON: "suppressed": null
// SARIF: "ruleId": "missing-cancel"
// SARIF: "startLine": 16,
// SARIF: "codeFlows"
// SARIF: "suppressions": []

int allowed_ok(ctx *parent)
{
	ctx_canceller *stop;
	// cancelint-allow(missing-cancel): ends with the process
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	return ctx_is_done(c);
}
// JSON: "line": 41,
// JSON: "reason": "ends with the process"
// SARIF: "startLine": 41,
// SARIF: "justification": "ends with the process"

int useless(ctx *parent)
{
	return ctx_is_done(parent); // cancelint-allow(missing-cancel): nothing is made here
}
// CHECK: check.c:53:{{[0-9]+}}: note: {{.*}} [unused-suppression, high]
// CHECK: {{^}}2 findings in 1 of 1 unit, 1 suppressed
