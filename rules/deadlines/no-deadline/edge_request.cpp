// flags: -std=c++17
/* no-deadline: an operation that is started and answered later; copies of handles, and who may change them. */
#define SAYS(text) __attribute__((annotate("cancelint:" text)))

struct answer;
class query
{
      public:
	SAYS("deadline(handle=arg0,covers=nothing)") explicit query(const char *url);
	SAYS("deadline(handle=arg0,covers=nothing)") query(const query &other);
	SAYS("deadline(handle=arg0,timeout=arg1,unit=ms,infinite=zero,covers=transfer)") void set_timeout(int ms);
	int n;
};
class client
{
      public:
	SAYS("deadline(handle=arg0,covers=nothing)") client();
	SAYS("deadline(handle=arg0,timeout=arg1,unit=ms,infinite=zero,covers=transfer)") void set_timeout(int ms);
	SAYS("request(handle=arg1,from=arg0,name=set_timeout,covers=transfer,waits=network)") answer *ask(const query &q);
	SAYS("cancel(handle=arg0)") void drop(answer *a);
	int n;
};
SAYS("deadline(timeout=arg0,unit=ms,covers=timer)") void after(int ms, void (*fn)(void));

void print(const query &q);
void adjust(query &q);
void keep(const client *c);
void keep_any(client *c);

answer *new_client_bad(const char *url)
{
	auto *c = new client;
	query q(url);
	print(q);
	keep(c);
	return c->ask(q); // want: set_timeout is not set
}

answer *copy_bad(const char *url)
{
	client c;
	query first(url), second(first);
	return c.ask(second); // want: set_timeout is not set
}

answer *none_bad(const char *url)
{
	client c;
	c.set_timeout(0);
	return c.ask(query(url)); // want: set_timeout is not set
}

answer *either_ok(const char *url, bool first)
{
	client a, b;
	query q(url);
	a.set_timeout(100);
	if (first)
		return a.ask(q);
	q.set_timeout(100);
	return b.ask(q);
}

answer *copy_ok(const query &given, const char *url)
{
	client c;
	query first(url);
	first.set_timeout(100);
	query second(first), third(given);
	return second.n ? c.ask(second) : c.ask(third);
}

answer *changed_elsewhere_ok(const char *url, bool first)
{
	client c, d;
	query q(url);
	adjust(q);
	if (first)
		return c.ask(q);
	keep_any(&d);
	return d.ask(query(url));
}
