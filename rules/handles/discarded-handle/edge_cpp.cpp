/* discarded-handle: handles that are classes, returned by value. */
#define CREATES(family) __attribute__((annotate("cancelint:create(handle=return,family=" family ",when=always)")))

class Connection
{
      public:
	bool connected() const;
	void *slot = nullptr;
};

CREATES("event-connection") Connection connect_to(int signal);
__attribute__((annotate("cancelint:release(handle=arg0,family=event-connection)"))) void disconnect(void *slot);
void keep(const Connection &connection);

void dropped_bad(int signal)
{
	connect_to(signal); // want: connect_to
}

void put_into_a_dummy_bad(int signal)
{
	Connection unused = connect_to(signal); // want: connect_to
}

void ended_ok(int signal)
{
	Connection connection = connect_to(signal);
	disconnect(connection.slot);
}

void kept_ok(int signal)
{
	keep(connect_to(signal));
}

bool asked_ok(int signal)
{
	return connect_to(signal).connected();
}

struct Owner {
	Connection connection;
	void start_ok(int signal)
	{
		connection = connect_to(signal);
	}
};

void start(Owner &owner)
{
	owner.start_ok(1);
}

Connection passed_on_ok(int signal)
{
	return connect_to(signal);
}
