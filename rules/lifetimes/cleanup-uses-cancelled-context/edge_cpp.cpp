// flags: %glib_flags
// models: ctx
/* cleanup-uses-cancelled-context: destructors, which run when a cancelled operation is left, too. */
#include <gio/gio.h>
extern "C" {
#include "ctx.h"
}

class Lock
{
      public:
	explicit Lock(ctx *c) : c_(c)
	{
	}
	~Lock()
	{
		db_exec(c_, "ROLLBACK"); // want: db_exec gets `this->c_`, the token of the operation
	}
	int take()
	{
		return db_exec(c_, "LOCK");
	}

      private:
	ctx *c_;
};

class Detached
{
      public:
	explicit Detached(ctx *c) : c_(c)
	{
	}
	~Detached()
	{
		db_exec(ctx_without_cancel(c_), "ROLLBACK");
	}
	int take()
	{
		return db_exec(c_, "LOCK");
	}

      private:
	ctx *c_;
};

/* No operation of the object is given this token: it is for clean-up alone. */
class Scratch
{
      public:
	Scratch(GFile *file, GCancellable *at_exit) : file_(file), at_exit_(at_exit)
	{
	}
	~Scratch()
	{
		g_file_delete(file_, at_exit_, nullptr);
	}

      private:
	GFile *file_;
	GCancellable *at_exit_;
};

int destructors_ok(ctx *c, GFile *file, GCancellable *at_exit)
{
	Lock lock(c);
	Detached detached(c);
	Scratch scratch(file, at_exit);
	return lock.take() + detached.take();
}
