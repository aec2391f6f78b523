// From a command line to an AST and a module, both kept alive.
#include "unit.hh"
#include "frontend.h"

#include <clang/AST/ASTConsumer.h>
#include <clang/Basic/Stack.h>
#include <clang/Basic/TargetInfo.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/Utils.h>
#if CLANG_VERSION_MAJOR >= 22
#include <clang/Driver/CreateInvocationFromArgs.h>
#endif
#include <clang/Lex/HeaderSearchOptions.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <llvm-c/Core.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <dlfcn.h>

using namespace clang;

// What a person needs to see why a unit does not compile; the rest is noise that follows from it.
static const size_t max_diagnostics = 4096;
static const unsigned max_errors = 20;

// What gcc takes as a warning must not cost the unit.
static const char *const gcc_leniency[] = {
        "no-error=implicit-function-declaration",
        "no-error=implicit-int",
        "no-error=int-conversion",
        "no-error=incompatible-function-pointer-types",
        "no-error=incompatible-pointer-types",
        "no-error=return-type",
        "no-error=return-mismatch",
        "no-error=c++11-narrowing",
        "no-error=reserved-user-defined-literal",
        "no-error=enum-constexpr-conversion",
        "no-error=register",
        "no-error=unknown-warning-option",
};

namespace
{

class collector : public DiagnosticConsumer
{
	std::string &out;

      public:
	explicit collector(std::string &to) : out(to)
	{
	}
	void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &info) override
	{
		DiagnosticConsumer::HandleDiagnostic(level, info);
		if (level < DiagnosticsEngine::Error || out.size() >= max_diagnostics)
			return;
		llvm::SmallString<256> text;
		info.FormatDiagnostic(text);
		if (info.hasSourceManager() && info.getLocation().isValid()) {
			PresumedLoc p = info.getSourceManager().getPresumedLoc(info.getLocation());
			if (p.isValid())
				out += std::string(p.getFilename()) + ":" + std::to_string(p.getLine()) +
				       ":" + std::to_string(p.getColumn()) + ": ";
		}
		out += "error: ";
		out += text.str().take_front(1000);
		out += "\n";
	}
};

class parse : public ASTFrontendAction
{
	shim_unit &u;

      public:
	explicit parse(shim_unit &unit) : u(unit)
	{
	}

      protected:
	std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &ci, llvm::StringRef file) override
	{
		shim_quiet_pragmas(ci.getPreprocessor());
		shim_watch_preprocessor(u);
		return shim_generator(u, file, ci.getCodeGenOpts());
	}
};

// A device or a pipe may have no end, or nobody who writes to it. /dev/null is a common empty file.
static bool is_endless(const llvm::vfs::Status &s)
{
	llvm::sys::fs::file_status null;
	if (s.isRegularFile() || s.isDirectory() || s.getType() == llvm::sys::fs::file_type::symlink_file)
		return false;
	return llvm::sys::fs::status("/dev/null", null) || s.getUniqueID() != null.getUniqueID();
}

// Tells which files were looked for, and found or not: a unit is the same only as long as all of them are.
class witness : public llvm::vfs::ProxyFileSystem
{
	shim_unit &u;

	void note(const llvm::Twine &path, bool found)
	{
		llvm::SmallString<256> absolute;
		path.toVector(absolute);
		makeAbsolute(absolute);
		if (absolute == u.pch)
			return;
		if (u.looked.insert(absolute).second)
			(found ? u.present : u.absent).push_back(u.save(absolute));
	}

      public:
	witness(shim_unit &unit, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below)
	    : ProxyFileSystem(std::move(below)), u(unit)
	{
	}
	llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &path) override
	{
		llvm::ErrorOr<llvm::vfs::Status> s = ProxyFileSystem::status(path);
		if (s && is_endless(*s))
			s = std::make_error_code(std::errc::operation_not_permitted);
		if (!s || !s->isDirectory())
			note(path, !!s);
		return s;
	}
	llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &path) override
	{
		llvm::ErrorOr<llvm::vfs::Status> s =
		        ProxyFileSystem::status(path); // opening a pipe would wait
		if (!s || is_endless(*s)) {
			note(path, false);
			return s ? std::make_error_code(std::errc::operation_not_permitted) : s.getError();
		}
		auto file = ProxyFileSystem::openFileForRead(path);
		note(path, !!file);
		return file;
	}
};

} // namespace

// ---- the invocation ----

// clang looks for its own headers beside the program it thinks it is: the library's place tells where that
// would be.
static std::string resource_dir()
{
	const std::string major = std::to_string(CLANG_VERSION_MAJOR);
	std::vector<std::string> candidates;
	Dl_info info;
	const void *inside_clang = reinterpret_cast<const void *>(&clang::getClangFullVersion);
	if (dladdr(inside_clang, &info) && info.dli_fname) {
		std::string lib = llvm::sys::path::parent_path(info.dli_fname).str();
		candidates = {lib + "/clang/" + major, lib + "/../clang/" + major,
		              lib + "/../lib/clang/" + major};
	}
	for (const char *prefix : {"/usr/lib/llvm-", "/usr/local/llvm-", "/opt/llvm-"})
		candidates.push_back(prefix + major + "/lib/clang/" + major);
	for (const char *lib : {"/usr/lib", "/usr/lib64", "/usr/local/lib"})
		candidates.push_back(std::string(lib) + "/clang/" + major);
	for (const std::string &c : candidates)
		if (llvm::sys::fs::exists(c + "/include/stddef.h"))
			return c;
	return "";
}

// bin/clang of the same installation: the driver derives include directories from it; it need not exist.
static std::string driver_name(const std::string &resources)
{
	llvm::SmallString<256> p(resources);
	llvm::sys::path::append(p, "../../../bin/clang");
	llvm::sys::path::remove_dots(p, true);
	return resources.empty() ? "/usr/bin/clang" : p.str().str();
}

bool shim_is_fortify(const std::pair<std::string, bool> &macro)
{
	return llvm::StringRef(macro.first).starts_with("_FORTIFY_SOURCE");
}

void shim_tame(CompilerInvocation &inv, const std::string &directory)
{
	FrontendOptions frontend;
	frontend.Inputs = inv.getFrontendOpts().Inputs;
	frontend.DashX = inv.getFrontendOpts().DashX;
	frontend.DisableFree = false;
	inv.getFrontendOpts() = frontend;
	inv.getDependencyOutputOpts() = DependencyOutputOptions();
	inv.getPreprocessorOutputOpts() = PreprocessorOutputOptions();

	inv.getCodeGenOpts() = shim_code_options(directory);

	DiagnosticOptions &diag = inv.getDiagnosticOpts();
	diag.IgnoreWarnings = true;
	diag.ErrorLimit = max_errors;
	diag.ShowCarets = false;
	diag.DiagnosticLogFile.clear();
	diag.DiagnosticSerializationFile.clear();
	for (const char *flag : gcc_leniency)
		diag.Warnings.push_back(flag);

	LangOptions &lang = inv.getLangOpts();
#if CLANG_VERSION_MAJOR < 22 // later, this follows from the optimization level
	lang.Optimize =
	        false; // else the C library's headers put fortified inlines in the place of plain calls
#endif
	lang.Sanitize.clear();
	lang.setSignedOverflowBehavior(LangOptions::SOB_Undefined);
	lang.setTrivialAutoVarInit(LangOptions::TrivialAutoVarInitKind::Uninitialized);
	lang.setStackProtector(LangOptions::SSPOff);
	lang.OpenMP = 0; // outlined regions would hide the code that holds them
	lang.ImplicitModules = false;
	inv.getHeaderSearchOpts().ImplicitModuleMaps = false;
	inv.getHeaderSearchOpts().ModuleCachePath.clear();
	inv.getPreprocessorOpts().ImplicitPCHInclude.clear();
	inv.getPreprocessorOpts().ChainedIncludes.clear();
	// Its checking twins would hide the calls that models describe.
	std::vector<std::pair<std::string, bool>> &macros = inv.getPreprocessorOpts().Macros;
	macros.erase(std::remove_if(macros.begin(), macros.end(), shim_is_fortify), macros.end());
}

void shim_fail(shim_unit &u, const std::string &why)
{
	u.diagnostics += "error: " + why + "\n";
}

static std::unique_ptr<CompilerInvocation> invocation(shim_unit &u, const shim_job &job,
                                                      llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fs,
                                                      std::string &driver_errors)
{
	std::string resources = resource_dir(), name = driver_name(resources);
	std::vector<const char *> args = {name.c_str()};
	if (!resources.empty()) {
		args.push_back("-resource-dir");
		args.push_back(resources.c_str());
	}
	args.insert(args.end(), job.args, job.args + job.nargs);
	args.push_back("--");
	args.push_back(u.file.c_str());

	collector errors(driver_errors);
	CreateInvocationOptions options;
#if CLANG_VERSION_MAJOR >= 21
	DiagnosticOptions diag_options;
	options.Diags = new DiagnosticsEngine(new DiagnosticIDs, diag_options, &errors, false);
#else
	options.Diags = new DiagnosticsEngine(new DiagnosticIDs, new DiagnosticOptions, &errors, false);
#endif
	options.Diags->setIgnoreAllWarnings(true);
	options.VFS = fs;
	options.RecoverOnError = true;
	return createInvocation(args, options);
}

static bool is_c_family(const CompilerInvocation &inv)
{
	if (inv.getFrontendOpts().Inputs.size() != 1)
		return false;
	InputKind kind = inv.getFrontendOpts().Inputs[0].getKind();
	if (kind.getFormat() != InputKind::Source || kind.isHeaderUnit())
		return false;
	return kind.getLanguage() == Language::C || kind.getLanguage() == Language::CXX;
}

// A processor that only another compiler knows is no reason not to read the source.
static bool create_target(shim_unit &u)
{
	std::string before = u.diagnostics;
	if (u.compiler->createTarget())
		return true;
	u.compiler->getTargetOpts().CPU.clear();
	u.compiler->getTargetOpts().TuneCPU.clear();
	u.compiler->getTargetOpts().FeaturesAsWritten.clear();
	u.compiler->getDiagnostics().Reset(true);
	u.diagnostics = before;
	return u.compiler->createTarget();
}

// `#pragma clang module build` would write a module into a temporary file.
class compiler_without_modules : public CompilerInstance
{
      public:
	using CompilerInstance::CompilerInstance;
	void createModuleFromSource(SourceLocation at, llvm::StringRef name, llvm::StringRef text) override
	{
	}
};

void shim_create_compiler(shim_unit &u, std::shared_ptr<CompilerInvocation> inv,
                          llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files)
{
#if CLANG_VERSION_MAJOR >= 21
	u.own_compiler = std::make_unique<compiler_without_modules>(inv);
	u.own_compiler->setVirtualFileSystem(files);
	u.own_compiler->createDiagnostics(new collector(u.diagnostics), true);
	u.own_compiler->createFileManager();
	u.own_compiler->createSourceManager();
#else
	u.own_compiler = std::make_unique<compiler_without_modules>();
	u.own_compiler->setInvocation(inv);
	u.own_compiler->createDiagnostics(new collector(u.diagnostics), true);
	u.own_compiler->createFileManager(files);
	u.own_compiler->createSourceManager(u.own_compiler->getFileManager());
#endif
	u.own_compiler->setVerboseOutputStream(std::make_unique<llvm::raw_null_ostream>());
	u.compiler = u.own_compiler.get();
}

void shim_conclude(shim_unit &u)
{
	shim_collect_files(u);
	shim_learn_cleanups(u);
}

void shim_compile(shim_unit &u, std::shared_ptr<CompilerInvocation> inv,
                  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files)
{
	shim_create_compiler(u, inv, files);
	if (!create_target(u))
		return;
	u.action = std::make_unique<parse>(u);
	u.begun = u.action->BeginSourceFile(*u.compiler, u.compiler->getFrontendOpts().Inputs[0]);
	if (!u.begun)
		return;
	if (llvm::Error e = u.action->Execute())
		shim_fail(u, llvm::toString(std::move(e)));
	if (u.compiler->getDiagnostics().hasUncompilableErrorOccurred())
		u.module = nullptr;
	if (u.module)
		shim_conclude(u);
}

static bool is_unsaved(shim_unit &u, const shim_job &job)
{
	for (uint32_t i = 0; i < job.nunsaved; i++)
		if (u.file == u.path(job.unsaved[i].file))
			return true;
	return false;
}

llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
shim_witness(shim_unit &u, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below)
{
	return new witness(u, std::move(below));
}

std::shared_ptr<CompilerInvocation> shim_invocation(shim_unit &u, const shim_job &job,
                                                    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fs)
{
	std::string driver_errors;
	std::shared_ptr<CompilerInvocation> inv = invocation(u, job, fs, driver_errors);
	if (!inv || !is_c_family(*inv)) {
		u.diagnostics += driver_errors;
		shim_fail(u, "the command does not compile one C or C++ file");
		return nullptr;
	}
	shim_tame(*inv, u.directory);
	return inv;
}

static void open(shim_unit &u, const shim_job &job)
{
	llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fs(llvm::vfs::createPhysicalFileSystem().release());
	if (fs->setCurrentWorkingDirectory(u.directory))
		return shim_fail(u, "no such directory: '" + u.directory + "'");
	if (!is_unsaved(u, job) && !fs->exists(u.file))
		return shim_fail(u, "no such file: '" + u.file + "'");
	std::shared_ptr<CompilerInvocation> inv = shim_invocation(u, job, fs);
	if (!inv)
		return;
	for (uint32_t i = 0; i < job.nunsaved; i++) {
		const frontend_text &t = job.unsaved[i];
		inv->getPreprocessorOpts().addRemappedFile(
		        u.path(t.file),
		        llvm::MemoryBuffer::getMemBufferCopy({t.text, t.len}, t.file).release());
	}
	inv->getPreprocessorOpts().ImplicitPCHInclude = u.pch;
	shim_compile(u, inv, shim_witness(u, fs));
}

extern "C" {

shim_unit *shim_open(const shim_job *job)
{
	noteBottomOfStack();
	shim_unit *u = new shim_unit;
	u->directory = job->directory;
	u->file = u->path(job->file);
	u->listener = job->listener;
	u->pch = job->pch ? job->pch : "";
	open(*u, *job);
	if (!u->module && u->diagnostics.empty())
		shim_fail(*u, "clang made no code of it");
	return u;
}

void shim_close(shim_unit *u)
{
	if (!u)
		return;
	if (u->begun)
		u->action->EndSourceFile();
	else if (u->comment_handler && !u->own_compiler && u->compiler->hasPreprocessor())
		u->compiler->getPreprocessor().removeCommentHandler(u->comment_handler.get());
	delete u;
}

LLVMModuleRef shim_module(shim_unit *u)
{
	return u->module ? llvm::wrap(u->module) : nullptr;
}

const char *shim_diagnostics(shim_unit *u)
{
	return u->diagnostics.c_str();
}

uint32_t shim_looked(shim_unit *u, bool found, const char *const **out)
{
	const std::vector<const char *> &list = found ? u->present : u->absent;
	*out = list.data();
	return static_cast<uint32_t>(list.size());
}

bool shim_cplusplus(shim_unit *u)
{
	return u->compiler && u->compiler->getLangOpts().CPlusPlus;
}

bool shim_atomic_waits(shim_unit *u)
{
	return u->compiler && u->compiler->getLangOpts().CPlusPlus20;
}

} // extern "C"
