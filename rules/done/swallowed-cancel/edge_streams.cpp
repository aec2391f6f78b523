// flags: -std=c++20
// models: ctx
/* swallowed-cancel: results that are printed to a stream. `want` stands at the call whose result is lost. */
#include "ctx.h"
#include <iostream>
#include <sstream>
#include <string>

int logged_bad(ctx *c)
{
	int rc = db_exec(c, "x"); // want: db_exec
	if (rc < 0)
		std::cerr << "failed: " << rc << std::endl;
	return 0;
}

int returned_ok(ctx *c)
{
	int rc = db_exec(c, "x");
	if (rc < 0)
		std::cerr << rc;
	return rc;
}

/* Whoever gets the text can tell. */
int kept_in_a_text_ok(ctx *c, std::string &error)
{
	int rc = db_exec(c, "x");
	if (rc < 0) {
		std::ostringstream os;
		os << "code " << rc;
		error = os.str();
	}
	return 0;
}
