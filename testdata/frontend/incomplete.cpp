// RUN: %cancelint dump ir %s -- | %FileCheck %s

// A table of virtual functions names functions that return, or get, what this unit has not defined.
struct tag;
template <class T> struct holder {
	T *kept;
	~holder();
};
struct part;

struct stream {
	virtual ~stream();
	virtual holder<tag> read_tag() noexcept;
	virtual part first(part p);
	virtual int size();
};

struct rewind : stream {
	int size() override;
};

// CHECK-LABEL: define @_ZN6rewind4sizeEv
int rewind::size()
{
	return 1;
}
