// flags: -std=c++17
// break-stays-in-loop: scopes that end behind the switch.
#include <poll.h>

#include <iostream>
#include <string>

enum class Event { Data, Ping, Stop, Cancel };
struct Message {
	Event kind;
	std::string text;
};
struct Feed {
	Message next();
};
void handle(const std::string &text);

// The message ends with the turn: the `break` goes on there, the `return` leaves from there.
void message_in_turn_bad(Feed &feed)
{
	while (true) {
		poll(nullptr, 0, 10);
		Message m = feed.next();
		switch (m.kind) {
		case Event::Data:
			handle(m.text);
			break;
		case Event::Stop:
			std::cout << m.text;
			break; // want: Event::Stop
		case Event::Cancel:
			return;
		default:
			break;
		}
	}
}

// The jump is merged with the end of `last`, and has no place of its own.
void braces_bad(Feed &feed)
{
	for (;;) {
		Message m = feed.next();
		switch (m.kind) {
		case Event::Cancel: {
			std::string last = m.text;
			std::cout << last;
			break; // miss: Event::Cancel
		}
		default:
			handle(m.text);
			break;
		}
	}
}

void returns_ok(Feed &feed)
{
	while (true) {
		Message m = feed.next();
		switch (m.kind) {
		case Event::Stop:
			std::cout << m.text;
			return;
		default:
			handle(m.text);
			break;
		}
	}
}

void condition_ok(Feed &feed)
{
	bool running = true;
	while (running) {
		Message m = feed.next();
		switch (m.kind) {
		case Event::Stop:
			running = false;
			break;
		default:
			handle(m.text);
			break;
		}
	}
}
