/* Pausing a session aborts all requests by a flag that nothing takes back: after the pause no request is ever accepted. That the
 * pause is no end is known to nobody but the program. */
#include <vector>

struct manager {
	std::vector<int> requests;
	bool abort = false;

	void add(int request)
	{
		if (abort)
			return;
		requests.push_back(request);
	}
	void abort_all_bad()
	{
		abort = true; // miss unsafe-cancel-mechanism: abort
		requests.clear();
	}
	void abort_all_ok(bool for_good)
	{
		abort = for_good;
		requests.clear();
	}
};

void pause_first(manager &m)
{
	m.abort_all_bad();
}

void pause_second(manager &m)
{
	m.abort_all_ok(false);
}
