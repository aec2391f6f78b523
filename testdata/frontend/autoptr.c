/* GLib's inline functions and cleanups become part of the code that uses them. */
// REQUIRES: glib
// RUN: %cancelint dump ir %s -- %glib_flags | %FileCheck %s

#include <gio/gio.h>

typedef struct {
	GObject parent;
	GCancellable *cancellable;
	guint id;
} MyObj;

// CHECK-NOT: define @g_steal_pointer
// CHECK-NOT: define @glib_auto

// CHECK-LABEL: define @renew(MyObj * %self, gboolean %quiet) -> GCancellable *
// CHECK: var %c: GCancellable *
GCancellable *renew(MyObj *self, gboolean quiet)
{
	// CHECK: %c = call @g_cancellable_new()
	g_autoptr(GCancellable) c = g_cancellable_new();
	// CHECK: condbr {{.*}} -> bb[[EARLY:[0-9]+]], bb[[GO:[0-9]+]]
	if (quiet)
		return NULL;
	// CHECK: bb[[GO]] if.end:
	// CHECK: call @g_object_unref(
	g_clear_object(&self->cancellable);
	// CHECK: [[REF:%[0-9]+]] = call @g_object_ref(%c)
	// CHECK: [[FIELD:%[0-9]+]] = addr %self + 24 (MyObj.cancellable)
	// CHECK: store [[REF]], [[FIELD]] [8]
	self->cancellable = g_object_ref(c);
	// CHECK: cleanup:
	// CHECK-NEXT: %c.2 = phi [%c, bb[[EARLY]]], [null, bb{{[0-9]+}}]
	// CHECK-NEXT: [[RET:%[0-9]+]] = phi [null, bb[[EARLY]]], [%c, bb{{[0-9]+}}]
	// CHECK-NEXT: icmp ne %c.2, null ; [[@LINE+4]]:1-2 inlined
	// CHECK: call @g_object_unref(%c.2) !cleanup ; [[@LINE+3]]:1-2 inlined
	// CHECK: ret [[RET]]
	return g_steal_pointer(&c);
}
