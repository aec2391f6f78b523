// flags: -std=c++20
/* A task asks its stop token between files, and lets the upload of each file go on without it. */
#include <stop_token>
#include <string>
#include <vector>

struct progress {
	size_t uploaded = 0;
};

class client {
public:
	int upload_file(const std::string &path, progress &p, std::stop_token stop = {});
};

class backup_task {
	client &client_;
	progress progress_;
	std::stop_source source_;
	std::stop_token stop_;

public:
	explicit backup_task(client &c) : client_(c), stop_(source_.get_token()) {}
	void stop() { source_.request_stop(); }
	int run_bad(const std::vector<std::string> &files);
	int run_ok(const std::vector<std::string> &files);
};

int backup_task::run_bad(const std::vector<std::string> &files)
{
	int rc = 0;
	for (const std::string &name : files) {
		rc = client_.upload_file(name, progress_); // want context-not-forwarded: upload_file
		if (rc != 0 || stop_.stop_requested())
			break;
	}
	return rc;
}

int backup_task::run_ok(const std::vector<std::string> &files)
{
	int rc = 0;
	for (const std::string &name : files) {
		rc = client_.upload_file(name, progress_, stop_);
		if (rc != 0 || stop_.stop_requested())
			break;
	}
	return rc;
}
