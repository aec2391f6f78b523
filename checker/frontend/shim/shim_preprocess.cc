// The text of a unit with its headers in it and its macros expanded.
#include "unit.hh"

#include <clang/Frontend/FrontendActions.h>
#include <clang/Frontend/PreprocessorOutputOptions.h>
#include <clang/Frontend/Utils.h>
#include <llvm/Support/VirtualFileSystem.h>

using namespace clang;

namespace
{

class print : public PreprocessorFrontendAction
{
	shim_unit &u;

      public:
	explicit print(shim_unit &unit) : u(unit)
	{
	}

      protected:
	void ExecuteAction() override
	{
		llvm::raw_string_ostream os(u.preprocessed);
		PreprocessorOutputOptions options;
		options.ShowCPP = true;
		DoPrintPreprocessedInput(getCompilerInstance().getPreprocessor(), &os, options);
	}
};

} // namespace

static void preprocess(shim_unit &u, const shim_job &job)
{
	llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fs(llvm::vfs::createPhysicalFileSystem().release());
	if (fs->setCurrentWorkingDirectory(u.directory))
		return shim_fail(u, "no such directory: '" + u.directory + "'");
	std::shared_ptr<CompilerInvocation> inv = shim_invocation(u, job, fs);
	if (!inv)
		return;
	shim_create_compiler(u, inv, fs);
	if (!u.compiler->createTarget())
		return;
	u.action = std::make_unique<print>(u);
	u.begun = u.action->BeginSourceFile(*u.compiler, u.compiler->getFrontendOpts().Inputs[0]);
	if (!u.begun)
		return;
	if (llvm::Error e = u.action->Execute())
		shim_fail(u, llvm::toString(std::move(e)));
}

extern "C" {

shim_unit *shim_preprocess(const shim_job *job)
{
	shim_unit *u = new shim_unit;
	u->directory = job->directory;
	u->file = u->path(job->file);
	preprocess(*u, *job);
	return u;
}

const char *shim_preprocessed(shim_unit *u)
{
	return u->preprocessed.c_str();
}

} // extern "C"
