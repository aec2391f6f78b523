// The checks of cancelint for clang-tidy: one check for each rule. The first of them that is asked runs all
// of them on the unit.
#include "engine.h"
#include "shim_host.hh"

#include <clang-tidy/ClangTidyCheck.h>
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>
#include <clang/ASTMatchers/ASTMatchers.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

#include <map>
#include <memory>
#include <set>
#include <string>

using namespace clang;
using namespace clang::tidy;

static const char prefix[] = "cancelint-";

namespace
{

class rule_check;

// What belongs to the unit that clang-tidy is working on. Checks come first, then the parse, then the checks
// are asked.
struct session {
	std::set<std::string> enabled;
	std::map<std::string, std::string> options; // those of CheckOptions that begin with "cancelint"
	CompilerInstance *host = nullptr;
	shim_unit *unit = nullptr; // what the host's parser says; NULL: cancelint has to parse for itself
	bool busy = false;         // a parse of our own is under way
	bool done = false;
	std::unique_ptr<tidy_engine, void (*)(tidy_engine *)> judge{nullptr, tidy_free};

	void judge_unit(ClangTidyContext &context);
	void forget()
	{
		judge.reset();
		host = nullptr;
		unit = nullptr;
		done = false;
	}
};

} // namespace

static session &current()
{
	static thread_local session r;
	return r;
}

// ---- the parse ----

namespace
{

class action : public PluginASTAction
{
      protected:
	std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &host, llvm::StringRef) override
	{
		session &r = current();
		r.host = &host;
		if (!shim_host_is_plain(host))
			return std::make_unique<ASTConsumer>();
		r.unit = shim_host_follow(host);
		return shim_host_consumer(r.unit);
	}
	// False: nobody asked for it.
	bool ParseArgs(const CompilerInstance &, const std::vector<std::string> &) override
	{
		return !current().enabled.empty() && !current().busy;
	}
	ActionType getActionType() override
	{
		return AddBeforeMainAction;
	}
};

} // namespace

static std::string main_file(const CompilerInstance &host)
{
	const SourceManager &sm = host.getSourceManager();
	OptionalFileEntryRef file = sm.getFileEntryRefForID(sm.getMainFileID());
	llvm::SmallString<256> path(file ? file->getName() : llvm::StringRef());
	host.getVirtualFileSystem().makeAbsolute(path);
	llvm::sys::path::remove_dots(path, true);
	return path.str().str();
}

static void complain(ClangTidyContext &context, const std::string &what)
{
	const SourceManager &sm = current().host->getSourceManager();
	context.diag("cancelint", sm.getLocForStartOfFile(sm.getMainFileID()), "%0", DiagnosticIDs::Error)
	        << what;
}

static std::string joined(const std::set<std::string> &names)
{
	std::string list;
	for (const std::string &name : names)
		list += (list.empty() ? "" : ",") + name;
	return list;
}

// From the AST that is there, where it is what cancelint would have parsed; else from a parse of its own.
static bool with_code(session &r, const std::string &file, std::string &why)
{
	if (r.unit && shim_host_generate(r.unit)) {
		bool ok = tidy_run(r.judge.get(), r.unit, file.c_str());
		why = tidy_problems(r.judge.get());
		return ok;
	}
	r.busy = true;
	std::unique_ptr<shim_unit, void (*)(shim_unit *)> again(shim_host_parse_again(*r.host), shim_close);
	r.busy = false;
	if (!shim_module(again.get())) {
		why = shim_diagnostics(again.get());
		return false;
	}
	bool ok = tidy_run(r.judge.get(), again.get(), file.c_str());
	why = tidy_problems(r.judge.get());
	return ok;
}

void session::judge_unit(ClangTidyContext &context)
{
	if (done || !host)
		return;
	done = true;
	std::string file = main_file(*host), rules = joined(enabled), why;
	std::vector<tidy_option> given;
	for (const auto &[name, value] : options)
		given.push_back({name.c_str(), value.c_str()});
	tidy_settings settings = {given.data(), (uint32_t)given.size(), rules.c_str()};
	judge.reset(tidy_new(&settings, file.c_str()));
	if (*tidy_problems(judge.get()))
		complain(context, std::string("cancelint cannot be set up: ") + tidy_problems(judge.get()));
	else if (!with_code(*this, file, why))
		complain(context,
		         "cancelint could not analyse this file: " + llvm::StringRef(why).rtrim().str());
}

// ---- the checks ----

// The place, in clang-tidy's own terms; invalid where it never read the file.
static SourceLocation location(const char *file, uint32_t line, uint32_t col)
{
	SourceManager &sm = current().host->getSourceManager();
	OptionalFileEntryRef entry = sm.getFileManager().getOptionalFileRef(file);
	if (!entry || !line)
		return SourceLocation();
	return sm.translateFileLineCol(&entry->getFileEntry(), line, col ? col : 1);
}

static void add_edits(const DiagnosticBuilder &d, const tidy_fix &fix)
{
	for (uint32_t i = 0; i < fix.nedits; i++) {
		const tidy_edit &e = fix.edits[i];
		SourceLocation from = location(e.file, e.line, e.col),
		               to = location(e.file, e.end_line, e.end_col);
		if (from.isInvalid() || to.isInvalid())
			return;
		d << FixItHint::CreateReplacement(CharSourceRange::getCharRange(from, to), e.text);
	}
}

namespace
{

class rule_check : public ClangTidyCheck
{
	ClangTidyContext &context;
	std::string rule;

	// "cancelint.Models" and the like stand for all checks. clang-tidy learns from what is read which
	// there are.
	OptionsView of_all;

	void read_options()
	{
		std::map<std::string, std::string> &options = current().options;
		options.clear();
		for (const auto &o : context.getOptions().CheckOptions)
			if (o.getKey().starts_with("cancelint"))
				options[o.getKey().str()] = o.getValue().Value;
		for (const char *const *name = tidy_options_of_all; *name; name++)
			of_all.get(*name);
		for (const char *const *name = tidy_options_of_one; *name; name++)
			Options.get(*name);
	}
	void report(const tidy_finding &f)
	{
		const tidy_fix *sure = nullptr;
		for (uint32_t i = 0; i < f.nfixes && !sure; i++)
			if (f.fixes[i].safe)
				sure = &f.fixes[i];
		SourceLocation at = location(f.at.file, f.at.line, f.at.col);
		if (at.isValid()) {
			DiagnosticBuilder d = diag(at, "%0") << f.message;
			if (sure)
				add_edits(d, *sure);
		} else {
			const SourceManager &sm = current().host->getSourceManager();
			diag(sm.getLocForStartOfFile(sm.getMainFileID()), "%0:%1:%2: %3")
			        << f.at.file << f.at.line << f.at.col << f.message;
		}
		for (uint32_t i = 0; i < f.nsteps; i++) {
			SourceLocation step = location(f.steps[i].file, f.steps[i].line, f.steps[i].col);
			diag(step.isValid() ? step : at, "%0", DiagnosticIDs::Note) << f.steps[i].text;
		}
		for (uint32_t i = 0; i < f.nfixes; i++)
			if (&f.fixes[i] != sure && at.isValid())
				add_edits(diag(at, "%0", DiagnosticIDs::Note) << f.fixes[i].text, f.fixes[i]);
	}

      public:
	rule_check(llvm::StringRef name, ClangTidyContext *c)
	    : ClangTidyCheck(name, c), context(*c), rule(name.substr(sizeof prefix - 1)),
	      of_all("cancelint", c->getOptions().CheckOptions, c)
	{
		current().enabled.insert(rule);
		read_options();
	}
	~rule_check() override
	{
		current().enabled.erase(rule);
		current().forget();
	}
	void storeOptions(ClangTidyOptions::OptionMap &options) override
	{
		for (const char *const *name = tidy_options_of_all; *name; name++)
			of_all.store(options, *name, of_all.get(*name, ""));
		for (const char *const *name = tidy_options_of_one; *name; name++)
			Options.store(options, *name, Options.get(*name, ""));
	}
	void registerMatchers(ast_matchers::MatchFinder *finder) override
	{
		finder->addMatcher(ast_matchers::translationUnitDecl(), this);
	}
	void check(const ast_matchers::MatchFinder::MatchResult &) override
	{
		session &r = current();
		r.judge_unit(context);
		if (!r.judge)
			return;
		const tidy_finding *findings;
		uint32_t n = tidy_findings(r.judge.get(), &findings);
		for (uint32_t i = 0; i < n; i++)
			if (rule == findings[i].rule)
				report(findings[i]);
	}
};

class module : public ClangTidyModule
{
      public:
	void addCheckFactories(ClangTidyCheckFactories &factories) override
	{
		const char *const *ids;
		uint32_t n = tidy_rules(&ids);
		for (uint32_t i = 0; i < n; i++)
			factories.registerCheckFactory(std::string(prefix) + ids[i],
			                               [](llvm::StringRef name, ClangTidyContext *c) {
				                               return std::make_unique<rule_check>(name, c);
			                               });
	}
};

} // namespace

static FrontendPluginRegistry::Add<action> add_action("cancelint", "remembers what clang-tidy's parser says");
static ClangTidyModuleRegistry::Add<module> add_module("cancelint-module",
                                                       "checks for misuse of cancellation");
