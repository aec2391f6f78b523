/* unsafe-cancel-mechanism: cancelling a thread from C++. */
#include <pthread.h>

void cancel_bad(pthread_t t)
{
	pthread_cancel(t); // want: pthread_cancel in C++
	pthread_join(t, nullptr);
}

void join_ok(pthread_t t)
{
	pthread_join(t, nullptr);
}

/* Of another library, by the same name. */
namespace other {
void pthread_cancel(int);
}

void same_name_ok(int t)
{
	other::pthread_cancel(t);
}
