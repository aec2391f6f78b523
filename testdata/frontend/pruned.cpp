// What a model describes in a system header is a call and nothing more: its body, and what only that needs, is left out.
// RUN: %cancelint dump ir %s -- -std=c++20 | %FileCheck %s
// RUN: %cancelint dump ir %s -- -std=c++20 | %FileCheck %s --check-prefix=NONE
// RUN: %cancelint dump calls %s -- -std=c++20 | %FileCheck %s --check-prefix=CALLS
#include <thread>

void work(int n);

struct pump {
	void run();
};

// NONE-NOT: define @_ZNSt6threadC
// NONE-NOT: define {{.*}}_State_impl
// CHECK-LABEL: define @_Z5startR4pump
// CHECK: call @_ZNSt6threadC{{.*}}M4pump
// CHECK: invoke @_ZNSt6threadC{{.*}}Z5startR4pump
// CALLS-LABEL: function start
// CALLS: runs pump::run, on a thread
// CALLS: runs start::(lambda), on a thread
// CALLS: runs work, on a thread
void start(pump &p)
{
	std::thread member(&pump::run, &p);
	// The lambda stays, although only the library calls it.
	// CHECK-LABEL: define @_ZZ5startR4pumpENK3$_0clEv{{.*}} 'start::(lambda)'
	// CHECK: call @_Z4worki(1)
	std::thread lambda([] { work(1); });
	std::thread plain(work, 2);
	member.join();
	lambda.join();
	plain.join();
}
