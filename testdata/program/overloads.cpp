// A model names C++ functions without template arguments and inline namespaces; one overload, or the templates, by `/N` and `<>`.
// RUN: %cancelint dump calls --models %S/Inputs/overloads.yaml %s -- -std=c++20 | %FileCheck %s
namespace own {
inline namespace v2 {
void two(int);
void two(int, int);
void any();
template <class T> void any(T);
template <class T> struct box {
	box();
	~box();
	void put(int);
	template <class U> void put(U, U);
};
} // namespace v2
} // namespace own

namespace other {
void any();
}

/* C++ functions that are spelled like functions of the C library. */
int close(int, int);
int sleep(const char *);

extern "C" int pause(void);

void use()
{
	// CHECK-LABEL: function use
	// CHECK: line [[@LINE+1]]: calls own::{{(v2::)?}}two{{$}}
	own::two(1);
	// CHECK: line [[@LINE+1]]: calls own::{{(v2::)?}}two (described)
	own::two(1, 2);
	// CHECK: line [[@LINE+1]]: calls own::{{(v2::)?}}any (described)
	own::any();
	// CHECK: line [[@LINE+1]]: calls own::{{(v2::)?}}any (described)
	own::any(1);
	// CHECK: line [[@LINE+1]]: calls other::any{{$}}
	other::any();
	own::box<int> b;
	// CHECK: line [[@LINE+1]]: calls own::{{.*}}put{{$}}
	b.put(1);
	// CHECK: line [[@LINE+1]]: calls own::{{.*}}put (described)
	b.put("a", "b");
	// CHECK: line [[@LINE+1]]: calls close{{$}}
	close(1, 2);
	// CHECK: line [[@LINE+1]]: calls sleep{{$}}
	sleep("well");
	// CHECK: line [[@LINE+1]]: calls pause (described)
	pause();
	// CHECK: calls own::{{.*}}~box (described)
}
