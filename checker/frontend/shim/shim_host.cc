#include "shim_host.hh"
#include "unit.hh"

#include <clang/Basic/FileManager.h>
#include <clang/Lex/HeaderSearchOptions.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <llvm/Support/VirtualFileSystem.h>

using namespace clang;

namespace
{

// Remembers what the parser says, in its order.
class recorder : public ASTConsumer
{
	shim_unit &u;

	template <typename F> void remember(F event)
	{
		u.events.push_back(event);
	}

      public:
	explicit recorder(shim_unit &unit) : u(unit)
	{
	}
	~recorder() override
	{
		shim_close(&u);
	}
	bool HandleTopLevelDecl(DeclGroupRef group) override
	{
		remember([=](ASTConsumer &to) { to.HandleTopLevelDecl(group); });
		return true;
	}
	void HandleInlineFunctionDefinition(FunctionDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.HandleInlineFunctionDefinition(d); });
	}
	void HandleInterestingDecl(DeclGroupRef group) override
	{
		remember([=](ASTConsumer &to) { to.HandleInterestingDecl(group); });
	}
	void HandleTagDeclDefinition(TagDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.HandleTagDeclDefinition(d); });
	}
	void HandleTagDeclRequiredDefinition(const TagDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.HandleTagDeclRequiredDefinition(d); });
	}
	void HandleCXXImplicitFunctionInstantiation(FunctionDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.HandleCXXImplicitFunctionInstantiation(d); });
	}
	void HandleTopLevelDeclInObjCContainer(DeclGroupRef group) override
	{
		remember([=](ASTConsumer &to) { to.HandleTopLevelDeclInObjCContainer(group); });
	}
	void CompleteTentativeDefinition(VarDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.CompleteTentativeDefinition(d); });
	}
	void CompleteExternalDeclaration(DeclaratorDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.CompleteExternalDeclaration(d); });
	}
	void AssignInheritanceModel(CXXRecordDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.AssignInheritanceModel(d); });
	}
	void HandleCXXStaticMemberVarInstantiation(VarDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.HandleCXXStaticMemberVarInstantiation(d); });
	}
	void HandleVTable(CXXRecordDecl *d) override
	{
		remember([=](ASTConsumer &to) { to.HandleVTable(d); });
	}
};

} // namespace

static std::string working_directory(const CompilerInstance &host)
{
	if (!host.getFileSystemOpts().WorkingDir.empty())
		return host.getFileSystemOpts().WorkingDir;
	llvm::ErrorOr<std::string> directory = host.getVirtualFileSystem().getCurrentWorkingDirectory();
	return directory ? *directory : "/";
}

static std::unique_ptr<shim_unit> unit_of(const CompilerInstance &host)
{
	std::unique_ptr<shim_unit> u = std::make_unique<shim_unit>();
	u->directory = working_directory(host);
	if (!host.getFrontendOpts().Inputs.empty() && host.getFrontendOpts().Inputs[0].isFile())
		u->file = u->path(host.getFrontendOpts().Inputs[0].getFile());
	return u;
}

bool shim_host_is_plain(const CompilerInstance &host)
{
	const LangOptions &lang = host.getLangOpts();
	const PreprocessorOptions &pp = host.getPreprocessorOpts();
#if CLANG_VERSION_MAJOR < 22
	if (lang.Optimize)
		return false;
#endif
	return host.getCodeGenOpts().OptimizationLevel == 0 && lang.Sanitize.empty() && !lang.OpenMP &&
	       !lang.Modules && lang.getSignedOverflowBehavior() == LangOptions::SOB_Undefined &&
	       lang.getTrivialAutoVarInit() == LangOptions::TrivialAutoVarInitKind::Uninitialized &&
	       pp.ImplicitPCHInclude.empty() && pp.ChainedIncludes.empty() &&
	       std::none_of(pp.Macros.begin(), pp.Macros.end(), shim_is_fortify);
}

shim_unit *shim_host_follow(CompilerInstance &host)
{
	std::unique_ptr<shim_unit> u = unit_of(host);
	u->compiler = &host;
	shim_watch_preprocessor(*u);
	return u.release();
}

std::unique_ptr<ASTConsumer> shim_host_consumer(shim_unit *u)
{
	return std::make_unique<recorder>(*u);
}

bool shim_host_generate(shim_unit *u)
{
	if (u->compiler->getDiagnostics().hasUncompilableErrorOccurred())
		return false;
	u->code = shim_code_options(u->directory);
	u->generator = shim_generator(*u, u->file, u->code);
	u->generator->Initialize(u->ast());
	for (const auto &event : u->events)
		event(*u->generator);
	u->generator->HandleTranslationUnit(u->ast());
	u->events.clear();
	if (u->module)
		shim_conclude(*u);
	return u->module != nullptr;
}

shim_unit *shim_host_parse_again(CompilerInstance &host)
{
	std::unique_ptr<shim_unit> u = unit_of(host);
	auto invocation = std::make_shared<CompilerInvocation>(host.getInvocation());
	shim_tame(*invocation, u->directory);
	llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files(&host.getVirtualFileSystem());
	shim_compile(*u, invocation, files);
	if (!u->module && u->diagnostics.empty())
		shim_fail(*u, "clang made no code of it");
	return u.release();
}
