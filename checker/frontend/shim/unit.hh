// unit.hh - what the shim keeps of one unit. Private to the shim.
#ifndef CANCELINT_FRONTEND_SHIM_UNIT_HH
#define CANCELINT_FRONTEND_SHIM_UNIT_HH

#include "shim.h"
#include "shim_shared.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/AST/DeclCXX.h>
#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/Version.h>
#include <clang/CodeGen/ModuleBuilder.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Serialization/ASTDeserializationListener.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/Allocator.h>
#include <llvm/Support/StringSaver.h>

#include <functional>
#include <memory>
#include <vector>

struct shim_unit {
	std::string file, directory;
	std::string pch; // read before the file, or written; "": none
	const shim_listener *listener = nullptr;
	llvm::BumpPtrAllocator allocator; // touched by the saver alone: code of LLVM's, which ASan does not see
	llvm::UniqueStringSaver saver{allocator};
	std::vector<std::unique_ptr<char[]>> arrays;
	std::unique_ptr<clang::CommentHandler> comment_handler;
	std::string diagnostics, preprocessed;

	// The order of these members is the order of construction: what is declared later dies earlier.
	llvm::LLVMContext llvm;
	std::unique_ptr<clang::CompilerInstance> own_compiler;
	clang::CompilerInstance *compiler = nullptr; // that, or the host's
	std::unique_ptr<clang::FrontendAction> action;
	bool begun = false;
	std::vector<std::function<void(clang::ASTConsumer &)>> events; // of the host's parser
	clang::CodeGenOptions code;                                    // how code is made of them
	std::unique_ptr<clang::ASTConsumer> generator;                 // fed with them
	clang::CodeGenerator *codegen = nullptr; // owned by the generator, that one or the action's
	llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine> quiet;
	llvm::Module *module = nullptr; // owned by codegen

	llvm::StringMap<clang::FileID> sources;  // by normalised path
	llvm::StringMap<const char *> presented; // presented path -> normalised
	llvm::DenseMap<clang::FileID, bool> installed;
	llvm::DenseMap<clang::FileID, const char *> names;
	std::vector<shim_file> files;
	llvm::StringSet<> looked; // paths asked of the file system by clang's frontend
	std::vector<const char *> present, absent;
	std::vector<shim_comment> comments;
	std::vector<shim_macro> macros;
	std::vector<shim_break> breaks;
	std::vector<shim_handler> handlers;
	std::vector<shim_written> written;

	std::unique_ptr<clang::ASTDeserializationListener> tag_reader;
	std::vector<const clang::RecordDecl *> tags; // every definition seen, in order
	llvm::StringMap<std::vector<const char *>> derived; // from a class, in what was precompiled
	bool indexed = false;
	llvm::StringMap<std::vector<const clang::RecordDecl *>> by_name;
	llvm::DenseMap<const llvm::Type *, const clang::RecordDecl *> by_llvm;
	llvm::DenseMap<const clang::RecordDecl *, uint32_t> numbers;
	std::vector<const clang::RecordDecl *> decls{nullptr}; // by number
	std::vector<uint32_t> depth{0};
	std::vector<shim_record> records;
	uint32_t asking_depth = 0; // how many pointers away from the code the record being asked for is

	llvm::StringSet<> cleanups, destructors;
	struct function_locals {
		const clang::FunctionDecl *function = nullptr;
		llvm::StringMap<std::vector<const clang::VarDecl *>> vars;
	};
	llvm::DenseMap<const llvm::DISubprogram *, std::unique_ptr<function_locals>> locals;
	llvm::DenseMap<const clang::VarDecl *, const char *> ctypes;
	std::vector<shim_variable> variables;

	const char *save(llvm::StringRef s)
	{
		return saver.save(s).data();
	}
	const char *path(llvm::StringRef presented_path);
	template <typename T> const T *save_array(const std::vector<T> &v)
	{
		if (v.empty())
			return nullptr;
		static_assert(alignof(T) <= alignof(std::max_align_t), "new char[] aligns no further");
		arrays.push_back(std::make_unique<char[]>(v.size() * sizeof(T)));
		T *copy = reinterpret_cast<T *>(arrays.back().get());
		std::uninitialized_copy(v.begin(), v.end(), copy);
		return copy;
	}
	clang::ASTContext &ast()
	{
		return compiler->getASTContext();
	}
	clang::SourceManager &sm()
	{
		return compiler->getSourceManager();
	}
};

// shim_parse.cc
// Options that let nothing write, load or instrument: only what decides the meaning of the source stays.
void shim_tame(clang::CompilerInvocation &inv, const std::string &directory);
// The options of a command, tamed; what is wrong with it goes to the unit's diagnostics. NULL then.
std::shared_ptr<clang::CompilerInvocation> shim_invocation(shim_unit &u, const shim_job &job,
                                                           llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fs);
void shim_create_compiler(shim_unit &u, std::shared_ptr<clang::CompilerInvocation> inv,
                          llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files);
// Tells which files are looked for through it.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> shim_witness(shim_unit &u, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below);
bool shim_is_fortify(const std::pair<std::string, bool> &macro);
void shim_fail(shim_unit &u, const std::string &why);
// Parses and generates code. `files` is what the compiler reads by.
void shim_compile(shim_unit &u, std::shared_ptr<clang::CompilerInvocation> inv,
                  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files);
// The module is there: what else is asked of the unit later.
void shim_conclude(shim_unit &u);

// shim_generate.cc
clang::CodeGenOptions shim_code_options(const std::string &directory);
std::unique_ptr<clang::ASTConsumer> shim_generator(shim_unit &u, llvm::StringRef file, const clang::CodeGenOptions &code);

// shim_source.cc
void shim_collect_files(shim_unit &u);
shim_place shim_place_of(shim_unit &u, clang::SourceLocation loc);
void shim_watch_preprocessor(shim_unit &u);
bool shim_is_installed(llvm::StringRef path);
bool shim_in_system_header(shim_unit &u, clang::SourceLocation loc);

// shim_shared.cc
// Tells the unit's listener, if there is one, what the preprocessor meets.
void shim_listen(shim_unit &u, clang::Preprocessor &pp);
// Remembers the records that are read from what was precompiled.
clang::ASTDeserializationListener *shim_tag_reader(shim_unit &u);

// shim_pragmas.cc
// What is said about warnings in the source is followed only where it decides about errors.
void shim_quiet_pragmas(clang::Preprocessor &pp);

// shim_types.cc
shim_type shim_describe_type(shim_unit &u, clang::QualType type);
const char *shim_spell(shim_unit &u, clang::QualType type);
clang::QualType shim_type_of(shim_unit &u, const clang::RecordDecl *record);
clang::QualType shim_variable_type(shim_unit &u, const clang::VarDecl *v);

// shim_decls.cc
void shim_learn_cleanups(shim_unit &u);

// shim_name.cc
shim_name shim_name_of(shim_unit &u, const clang::FunctionDecl *fd);

// shim_abi.cc
void shim_argument_order(shim_unit &u, const clang::FunctionDecl *fd, const llvm::Function *f, struct shim_function *out);


#endif
