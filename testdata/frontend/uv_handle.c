/* A libuv handle inside a structure: addresses, names of fields, callbacks. */
// REQUIRES: uv
// RUN: %cancelint dump ir %s -- %uv_flags | %FileCheck %s

#include <uv.h>

struct server {
	uv_timer_t timer;
	uv_loop_t *loop;
	int stop[4];
};

// CHECK-LABEL: define @on_tick(uv_timer_t * %t) -> void static address-taken
static void on_tick(uv_timer_t *t)
{
	// CHECK: [[DATA:%[0-9]+]] = addr %t + 0 (uv_timer_s.data)
	// CHECK-NEXT: %s = load [[DATA]] [8]
	struct server *s = t->data;
	// CHECK: [[TIMER:%[0-9]+]] = addr %s + 0 (server.timer)
	// CHECK: call @uv_timer_stop([[TIMER]])
	uv_timer_stop(&s->timer);
}

// CHECK-LABEL: define @start(struct server * %s) -> int
int start(struct server *s)
{
	// CHECK: [[LOOP:%[0-9]+]] = addr %s + {{[0-9]+}} (server.loop)
	uv_timer_init(s->loop, &s->timer);
	s->timer.data = s;
	// CHECK: [[STOP:%[0-9]+]] = addr %s + {{[0-9]+}} (server.stop)
	// CHECK: addr [[STOP]] + 8
	// CHECK: call @uv_timer_start(%{{[0-9]+}}, @on_tick, 10, %{{[0-9]+}})
	return uv_timer_start(&s->timer, on_tick, 10, s->stop[2]);
}
