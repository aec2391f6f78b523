// flags: -std=c++17
// pkg-config: grpc++
/* A server is shut down: the form without a limit waits for every call in flight, and a client may hold one
 * for ever. */
#include <chrono>
#include <grpcpp/server.h>
#include <memory>

class ServerBox
{
      public:
	void stop_bad() noexcept;
	void stop_ok() noexcept;
	void leave_ok(bool gently) noexcept;

      private:
	std::unique_ptr<grpc::Server> server_;
	int workers_ = 0;
};

void ServerBox::stop_bad() noexcept
{
	if (server_)
		server_->Shutdown(); // want no-deadline: Shutdown(deadline)
	workers_ = 0;
	server_.reset();
}

void ServerBox::stop_ok() noexcept
{
	if (server_)
		server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
	workers_ = 0;
	server_.reset();
}

/* Whoever offers both has thought of it. */
void ServerBox::leave_ok(bool gently) noexcept
{
	if (gently)
		server_->Shutdown();
	else
		server_->Shutdown(std::chrono::system_clock::now());
}
