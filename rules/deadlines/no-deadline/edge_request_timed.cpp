// flags: -std=c++17
/* no-deadline: somebody sets a timer, which may end what was started: low confidence. */
#define SAYS(text) __attribute__((annotate("cancelint:" text)))

struct answer;
class client
{
      public:
	SAYS("deadline(handle=arg0,covers=nothing)") client();
	SAYS("request(handle=arg0,name=set_timeout,covers=transfer,waits=network)") answer *ask(int what);
	int n;
};
SAYS("deadline(timeout=arg0,unit=ms,covers=timer)") void after(int ms, void (*fn)(void));

static void too_late(void)
{
}

answer *timed_bad()
{
	client c;
	after(1000, too_late);
	return c.ask(1); // want: set_timeout is not set
}
