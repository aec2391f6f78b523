// flags: -std=c++20
// models: ctx
/* oversized-context-value: containers of C++. */
#include "ctx.h"
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

static const char key = 0;

ctx *vector_bad(ctx *c, std::vector<int> &v)
{
	return ctx_with_value(c, &key, &v); // want: changes while others may read it
}

ctx *map_bad(ctx *c, std::map<int, int> *m)
{
	return ctx_with_value(c, &key, m); // want: changes while others may read it
}

ctx *hash_map_bad(ctx *c)
{
	static std::unordered_map<std::string, std::vector<int>> headers;
	return ctx_with_value(c, &key, &headers); // want: changes while others may read it
}

ctx *text_bad(ctx *c, std::string *s)
{
	return ctx_with_value(c, &key, s); // want: changes while others may read it
}

int own_text_ok(ctx *c, int id)
{
	std::string name = "request " + std::to_string(id);
	return rpc_call(ctx_with_value(c, &key, &name), "get", nullptr, nullptr);
}

ctx *constant_text_ok(ctx *c, const std::string &s)
{
	return ctx_with_value(c, &key, const_cast<std::string *>(&s));
}

ctx *constant_vector_ok(ctx *c, const std::vector<int> *v)
{
	return ctx_with_value(c, &key, const_cast<std::vector<int> *>(v));
}

ctx *buffer_bad(ctx *c)
{
	static char buffer[8192];
	return ctx_with_value(c, &key, buffer); // want: bytes large
}
