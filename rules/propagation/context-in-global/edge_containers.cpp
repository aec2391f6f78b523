// flags: -std=c++20
// models: ctx
/* context-in-global: containers of C++, members that fill them, guards. */
#include "ctx.h"
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>
#include <queue>

static std::map<int, ctx *> sessions;
static std::unordered_map<std::string, ctx *> by_name;
static std::vector<ctx *> history;
static std::vector<std::stop_token> tokens;
static std::map<int, std::stop_token> token_map;
static std::set<ctx *> live;
static std::deque<ctx *> recent;
static std::list<ctx *> waiting;
static std::queue<ctx *> jobs;
static std::stop_token current_token;
static std::optional<std::stop_token> opt_token;
static std::vector<std::function<void()>> retries;
static std::mutex m;

struct session { int id; ctx *c; };
static std::vector<session> session_list;
static std::map<int, session> session_map;
static std::map<int, std::unique_ptr<session>> session_ptrs;
static std::vector<std::shared_ptr<session>> shared_sessions;

struct server {
	std::map<int, ctx *> conns;
	std::vector<std::stop_token> toks;
	ctx *cur;
	void add(int id, ctx *c) { conns[id] = c; }
	void remove(int id) { conns.erase(id); }
};
static server the_server;
server &instance() { static server s; return s; }

int map_index_bad(ctx *c, int id)
{
	sessions[id] = c; // want: sessions
	return rpc_call(c, "x", nullptr, nullptr);
}
int map_index_erased_ok(ctx *c, int id)
{
	sessions[id] = c;
	int rc = rpc_call(c, "x", nullptr, nullptr);
	sessions.erase(id);
	return rc;
}
int map_index_erased_one_path_bad(ctx *c, int id)
{
	sessions[id] = c; // want: sessions
	int rc = rpc_call(c, "x", nullptr, nullptr);
	if (rc < 0)
		return rc;
	sessions.erase(id);
	return 0;
}
int umap_emplace_bad(ctx *c, const std::string &name)
{
	by_name.emplace(name, c); // want: by_name
	return rpc_call(c, "x", nullptr, nullptr);
}
int map_insert_bad(ctx *c, int id)
{
	sessions.insert({id, c}); // want: sessions
	return rpc_call(c, "x", nullptr, nullptr);
}
int map_insert_pair_bad(ctx *c, int id)
{
	sessions.insert(std::make_pair(id, c)); // want: sessions
	return rpc_call(c, "x", nullptr, nullptr);
}
int map_insert_or_assign_bad(ctx *c, int id)
{
	sessions.insert_or_assign(id, c); // want: sessions
	return 0;
}
int map_try_emplace_bad(ctx *c, int id)
{
	sessions.try_emplace(id, c); // want: sessions
	return 0;
}
int vec_push_bad(ctx *c)
{
	history.push_back(c); // want: history
	return db_exec(c, "select 1");
}
int vec_push_pop_ok(ctx *c)
{
	history.push_back(c);
	int rc = db_exec(c, "select 1");
	history.pop_back();
	return rc;
}
int vec_emplace_bad(ctx *c)
{
	history.emplace_back(c); // want: history
	return db_exec(c, "select 1");
}
int vec_clear_ok(ctx *c)
{
	history.push_back(c);
	int rc = db_exec(c, "select 1");
	history.clear();
	return rc;
}
void vec_token_bad(std::stop_token st)
{
	tokens.push_back(st); // want: tokens
}
void vec_token_move_bad(std::stop_token st)
{
	tokens.push_back(std::move(st)); // want: tokens
}
void map_token_bad(int id, std::stop_token st)
{
	token_map[id] = st; // want: token_map
}
void map_token_erased_ok(int id, std::stop_token st)
{
	token_map[id] = st;
	while (!st.stop_requested())
		;
	token_map.erase(id);
}
void set_insert_bad(ctx *c)
{
	live.insert(c); // want: live
}
int set_insert_erase_ok(ctx *c)
{
	live.insert(c);
	int rc = db_exec(c, "select 1");
	live.erase(c);
	return rc;
}
void deque_bad(ctx *c)
{
	recent.push_front(c); // want: recent
}
void list_bad(ctx *c)
{
	waiting.push_back(c); // want: waiting
}
int list_remove_ok(ctx *c)
{
	waiting.push_back(c);
	int rc = db_exec(c, "select 1");
	waiting.remove(c);
	return rc;
}
int list_iter_ok(ctx *c)
{
	auto it = waiting.insert(waiting.end(), c);
	int rc = db_exec(c, "select 1");
	waiting.erase(it);
	return rc;
}
void queue_bad(ctx *c)
{
	jobs.push(c); // want: jobs
}
void global_token_bad(std::stop_token st)
{
	current_token = st; // want: current_token
}
void opt_token_bad(std::stop_token st)
{
	opt_token = st; // want: opt_token
}
void struct_vec_bad(ctx *c, int id)
{
	session_list.push_back(session{id, c}); // want: session_list
}
void struct_vec_local_bad(ctx *c, int id)
{
	session s;
	s.id = id;
	s.c = c;
	session_list.push_back(s); // want: session_list
}
void struct_map_bad(ctx *c, int id)
{
	session_map[id] = session{id, c}; // want: session_map
}
void struct_map_field_bad(ctx *c, int id)
{
	session_map[id].c = c; // want: session_map
}
void struct_ptr_bad(ctx *c, int id)
{
	auto s = std::make_unique<session>();
	s->c = c;
	session_ptrs[id] = std::move(s); // want: session_ptrs
}
void struct_shared_bad(ctx *c, int id)
{
	auto s = std::make_shared<session>();
	s->c = c;
	shared_sessions.push_back(s); // want: shared_sessions
}
void struct_no_token_ok(ctx *c, int id)
{
	session s{id, nullptr};
	session_list.push_back(s);
	db_exec(c, "x");
}
void local_vec_ok(ctx *c)
{
	std::vector<ctx *> v;
	v.push_back(c);
	for (ctx *x : v)
		db_exec(x, "x");
}
void local_map_ok(ctx *c)
{
	std::map<int, ctx *> v;
	v[1] = c;
	db_exec(v[1], "x");
}
void member_bad(ctx *c, int id)
{
	the_server.conns[id] = c; // want: the_server
}
void member_fn_bad(ctx *c, int id)
{
	the_server.add(id, c); // want: the_server
}
void member_fn_ok(ctx *c, int id)
{
	the_server.add(id, c);
	db_exec(c, "x");
	the_server.remove(id);
}
void singleton_bad(ctx *c, int id)
{
	instance().conns[id] = c; // want: s
}
void singleton_fn_bad(ctx *c, int id)
{
	instance().add(id, c); // want: s
}
void singleton_field_bad(ctx *c)
{
	instance().cur = c; // want: s
}
void static_local_bad(ctx *c, int id)
{
	static std::map<int, ctx *> cache;
	cache[id] = c; // want: cache
}
void thread_local_bad(ctx *c)
{
	thread_local std::vector<ctx *> stack;
	stack.push_back(c); // want: stack
}
void lambda_bad(ctx *c)
{
	retries.push_back([c] { db_exec(c, "again"); }); // want: retries
}
void value_ok(ctx *c, int id)
{
	static std::map<int, int> ids;
	ids[id] = ctx_err(c);
}
void root_ok(int id)
{
	sessions[id] = ctx_background();
}
void locked_bad(ctx *c, int id)
{
	std::lock_guard<std::mutex> g(m);
	sessions[id] = c; // want: sessions
}
void param_container_ok(ctx *c, std::vector<ctx *> &out)
{
	out.push_back(c);
}
struct pool_member {
	std::vector<ctx *> v;
	void add(ctx *c) { v.push_back(c); }
};
struct guard {
	int id;
	guard(int i, ctx *c) : id(i) { sessions[i] = c; }
	~guard() { sessions.erase(id); }
};
int guard_ok(ctx *c, int id)
{
	guard g(id, c);
	return db_exec(c, "x");
}
struct tls_guard {
	ctx *saved;
	static thread_local ctx *cur;
	explicit tls_guard(ctx *c) : saved(cur) { cur = c; }
	~tls_guard() { cur = saved; }
};
thread_local ctx *tls_guard::cur;
int tls_guard_ok(ctx *c)
{
	tls_guard g(c);
	return db_exec(c, "x");
}
class Registry {
public:
	static Registry &get() { static Registry r; return r; }
	void remember(int id, ctx *c)
	{
		std::lock_guard<std::mutex> g(m_);
		map_[id] = c;
	}
	void forget(int id) { std::lock_guard<std::mutex> g(m_); map_.erase(id); }
private:
	std::mutex m_;
	std::unordered_map<int, ctx *> map_;
};
int registry_bad(ctx *c, int id)
{
	Registry::get().remember(id, c); // want: r
	return db_exec(c, "x");
}
int registry_ok(ctx *c, int id)
{
	Registry::get().remember(id, c);
	int rc = db_exec(c, "x");
	Registry::get().forget(id);
	return rc;
}
int find_erase_ok(ctx *c, int id)
{
	sessions.emplace(id, c);
	int rc = db_exec(c, "x");
	auto it = sessions.find(id);
	if (it != sessions.end())
		sessions.erase(it);
	return rc;
}
int emplace_iter_ok(ctx *c, int id)
{
	auto [it, fresh] = sessions.emplace(id, c);
	int rc = db_exec(c, "x");
	sessions.erase(it);
	return rc;
}
