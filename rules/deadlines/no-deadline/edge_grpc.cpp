// flags: -std=c++17
// pkg-config: grpc++
/* no-deadline: calls of gRPC, through functions as generated code has them; the context is what has the limit. */
#include <chrono>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <memory>
#include <string>

using grpc::ByteBuffer;
using grpc::ClientContext;
using grpc::Status;

class Stub final
{
      public:
	explicit Stub(std::shared_ptr<grpc::Channel> channel) : channel_(channel)
	{
	}
	Status ask(ClientContext *context, const ByteBuffer &request, ByteBuffer *reply)
	{
		return grpc::internal::BlockingUnaryCall<ByteBuffer, ByteBuffer>(channel_.get(), method_, context,
										 request, reply);
	}

      private:
	std::shared_ptr<grpc::Channel> channel_;
	grpc::internal::RpcMethod method_{"/own.Service/Ask", grpc::internal::RpcMethod::NORMAL_RPC};
};

void configure(ClientContext &context);

static void limit(ClientContext &context)
{
	context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
}

static void name(ClientContext &context)
{
	context.AddMetadata("user", "somebody");
}

bool unlimited_bad(Stub &stub, const ByteBuffer &request, ByteBuffer *reply)
{
	ClientContext context;
	name(context);
	return stub.ask(&context, request, reply).ok(); // want: set_deadline
}

/* Connecting has a limit; the call itself has none. */
bool connecting_bad(const std::shared_ptr<grpc::Channel> &channel, const ByteBuffer &request, ByteBuffer *reply)
{
	if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5)))
		return false;
	Stub stub(channel);
	ClientContext context;
	context.set_wait_for_ready(true);
	return stub.ask(&context, request, reply).ok(); // want: set_deadline
}

bool limited_ok(Stub &stub, const ByteBuffer &request, ByteBuffer *reply)
{
	ClientContext context;
	context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
	return stub.ask(&context, request, reply).ok();
}

bool helper_ok(Stub &stub, const ByteBuffer &request, ByteBuffer *reply)
{
	ClientContext context;
	limit(context);
	return stub.ask(&context, request, reply).ok();
}

bool unknown_helper_ok(Stub &stub, const ByteBuffer &request, ByteBuffer *reply)
{
	ClientContext context;
	configure(context);
	return stub.ask(&context, request, reply).ok();
}

bool given_ok(Stub &stub, ClientContext &context, const ByteBuffer &request, ByteBuffer *reply)
{
	return stub.ask(&context, request, reply).ok();
}

/* It may have the deadline of the call that is served. */
bool derived_ok(Stub &stub, const grpc::ServerContext &served, const ByteBuffer &request, ByteBuffer *reply)
{
	std::unique_ptr<ClientContext> context = ClientContext::FromServerContext(served);
	return stub.ask(context.get(), request, reply).ok();
}
