/* A handler that waits for something asks again after a while. Once it has finished, a timer for the next try may still
 * be started by an answer that comes late. */

class loop;

class timer
{
	void *handle_ = nullptr;

      public:
	__attribute__((annotate("cancelint:create(handle=arg0,family=wait-timer,when=always)"),
	               annotate("cancelint:spawn(entry=arg3,data=arg4,runs=loop,ends=zero)"))) void
	start(loop *loop, int ms, void (*fn)(void *), void *data);
	__attribute__((annotate("cancelint:release(handle=arg0,family=wait-timer,idempotent)"))) void stop();
};

class connection
{
      public:
	loop *get_loop();
	void ask(void *handler);
};

class wait_handler
{
	connection *connection_ = nullptr;
	timer retry_timer_;
	bool is_finished_ = false;
	int tries_ = 0;

	static void on_retry(void *data)
	{
		wait_handler *self = static_cast<wait_handler *>(data);
		self->tries_++;
		self->connection_->ask(self);
	}

      public:
	void schedule_bad()
	{
		retry_timer_.start(connection_->get_loop(), 100, on_retry, this); // want stale-owner-after-cancel: is_finished_
	}
	void finish()
	{
		if (!is_finished_) {
			is_finished_ = true;
			if (connection_)
				retry_timer_.stop();
		}
	}
};

class checked_handler
{
	connection *connection_ = nullptr;
	timer retry_timer_;
	bool is_finished_ = false;
	int tries_ = 0;

	static void on_retry(void *data)
	{
		checked_handler *self = static_cast<checked_handler *>(data);
		self->tries_++;
		self->connection_->ask(self);
	}

      public:
	void schedule_ok()
	{
		if (!is_finished_)
			retry_timer_.start(connection_->get_loop(), 100, on_retry, this);
	}
	void finish()
	{
		if (!is_finished_) {
			is_finished_ = true;
			if (connection_)
				retry_timer_.stop();
		}
	}
};

void answered(wait_handler &first, checked_handler &second, bool all)
{
	if (all) {
		first.finish();
		second.finish();
	} else {
		first.schedule_bad();
		second.schedule_ok();
	}
}
