// flags: -std=c++20
/* overwritten-handle: constructors of class templates run once for each object. */
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

template <class K, class V> class cache {
      public:
	cache() : evictor([this](std::stop_token st) { evict(st); })
	{
	}

      private:
	void evict(std::stop_token st)
	{
		while (!st.stop_requested()) {
			std::lock_guard<std::mutex> guard(lock);
			all.clear();
		}
	}
	std::mutex lock;
	std::map<K, V> all;
	std::jthread evictor;
};

template class cache<int, int>;
