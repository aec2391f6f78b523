// From an AST to a module.
#include "unit.hh"

#include <clang/AST/ASTConsumer.h>
#include <clang/AST/Attr.h>
#include <llvm-c/Core.h>

using namespace clang;

namespace
{

// Feeds clang's code generator while the parse runs, and remembers what only the AST knows.
class generator : public ASTConsumer
{
	shim_unit &u;
	std::unique_ptr<CodeGenerator> gen;
	std::vector<FunctionDecl *> kept;

	bool broken() const
	{
		return u.compiler->getDiagnostics().hasUncompilableErrorOccurred();
	}
	bool read_by_people(SourceLocation loc) const
	{
		if (u.compiler->getSourceManager().isInMainFile(loc))
			return true;
		return !u.compiler->getLangOpts().CPlusPlus && !shim_in_system_header(u, loc);
	}
	// Unreferenced static functions are code people read and fix: have them emitted. Inline functions
	// that are marked as maybe unused come from macros by the hundred, and are emitted where they are
	// used.
	void keep(Decl *d)
	{
		FunctionDecl *f = llvm::dyn_cast<FunctionDecl>(d);
		if (!f || !f->doesThisDeclarationHaveABody() || f->isDependentContext() ||
		    f->hasAttr<UsedAttr>())
			return;
		if (f->isInlineSpecified() && f->hasAttr<UnusedAttr>())
			return;
		if (f->isConsteval() || f->isInvalidDecl() || f->isDeleted())
			return;
		SourceLocation loc = u.compiler->getSourceManager().getExpansionLoc(f->getLocation());
		if (!read_by_people(loc))
			return;
		f->addAttr(UsedAttr::CreateImplicit(f->getASTContext()));
		kept.push_back(f);
	}
	// A class that nobody makes an object of here has no table of virtual functions, though its functions
	// are called by others of the unit.
	void tables()
	{
		for (size_t i = 0; i < u.tags.size(); i++) { // to ask may read more of them
			CXXRecordDecl *c = const_cast<CXXRecordDecl *>(llvm::dyn_cast<CXXRecordDecl>(u.tags[i]));
			if (!c || !c->isCompleteDefinition() || c->isDependentContext() ||
			    c->isInvalidDecl() || !c->isDynamicClass())
				continue;
			SourceLocation loc = u.compiler->getSourceManager().getExpansionLoc(c->getLocation());
			if (u.compiler->getSourceManager().isInMainFile(loc))
				gen->HandleVTable(c);
		}
	}
	// Other readers of the AST are to see it as it was.
	void forget()
	{
		for (FunctionDecl *f : kept)
			f->dropAttr<UsedAttr>();
		kept.clear();
	}

      public:
	explicit generator(shim_unit &unit, std::unique_ptr<CodeGenerator> g) : u(unit), gen(std::move(g))
	{
	}
	void Initialize(ASTContext &ast) override
	{
		gen->Initialize(ast);
	}
	ASTDeserializationListener *GetASTDeserializationListener() override
	{
		return shim_tag_reader(u);
	}
	bool HandleTopLevelDecl(DeclGroupRef group) override
	{
		if (broken())
			return true;
		for (Decl *d : group)
			keep(d);
		return gen->HandleTopLevelDecl(group);
	}
	void HandleInlineFunctionDefinition(FunctionDecl *d) override
	{
		if (broken())
			return;
		keep(d);
		gen->HandleInlineFunctionDefinition(d);
	}
	void HandleInterestingDecl(DeclGroupRef group) override
	{
		if (!broken())
			gen->HandleInterestingDecl(group);
	}
	void HandleTagDeclDefinition(TagDecl *d) override
	{
		if (broken())
			return;
		if (const RecordDecl *r = llvm::dyn_cast<RecordDecl>(d))
			u.tags.push_back(r);
		gen->HandleTagDeclDefinition(d);
	}
	void HandleTagDeclRequiredDefinition(const TagDecl *d) override
	{
		if (!broken())
			gen->HandleTagDeclRequiredDefinition(d);
	}
	void HandleCXXImplicitFunctionInstantiation(FunctionDecl *d) override
	{
		if (!broken())
			gen->HandleCXXImplicitFunctionInstantiation(d);
	}
	void HandleTopLevelDeclInObjCContainer(DeclGroupRef group) override
	{
		if (!broken())
			gen->HandleTopLevelDeclInObjCContainer(group);
	}
	void CompleteTentativeDefinition(VarDecl *d) override
	{
		if (!broken())
			gen->CompleteTentativeDefinition(d);
	}
	void CompleteExternalDeclaration(DeclaratorDecl *d) override
	{
		if (!broken())
			gen->CompleteExternalDeclaration(d);
	}
	void AssignInheritanceModel(CXXRecordDecl *d) override
	{
		if (!broken())
			gen->AssignInheritanceModel(d);
	}
	void HandleCXXStaticMemberVarInstantiation(VarDecl *d) override
	{
		if (!broken())
			gen->HandleCXXStaticMemberVarInstantiation(d);
	}
	void HandleVTable(CXXRecordDecl *d) override
	{
		if (!broken())
			gen->HandleVTable(d);
	}
	void HandleTranslationUnit(ASTContext &ast) override
	{
		if (broken())
			return;
		tables();
		gen->HandleTranslationUnit(ast);
		forget();
		u.module = gen->GetModule();
	}
};

// LLVM's own way with an error is to end the process.
void ignore_diagnostic(LLVMDiagnosticInfoRef, void *)
{
}

} // namespace

CodeGenOptions shim_code_options(const std::string &directory)
{
	CodeGenOptions code;
	code.OptimizationLevel = 0;
	code.DisableO0ImplyOptNone = true;
	code.DiscardValueNames = false;
	// Places and names of variables are what debug information is for here; types are asked of the AST.
	code.setDebugInfo(llvm::codegenoptions::DebugInfoConstructor);
	code.DebugColumnInfo = true;
#if CLANG_VERSION_MAJOR >= 21 // before, it was so anyway
	code.DebugInfoMacroExpansionLoc = true;
#endif
	code.DwarfVersion = 4; // from 5 on there are checksums of all files
	// Virtual calls say of which class, and tables of which classes they are.
	code.WholeProgramVTables = true;
	code.LTOUnit = true;
	code.DebugCompilationDir = directory;
	return code;
}

std::unique_ptr<ASTConsumer> shim_generator(shim_unit &u, llvm::StringRef file, const CodeGenOptions &code)
{
	CompilerInstance &ci = *u.compiler;
	// What code generation has to say about constructs it does not know is no business of ours.
#if CLANG_VERSION_MAJOR >= 21
	u.quiet = new DiagnosticsEngine(ci.getDiagnostics().getDiagnosticIDs(), ci.getDiagnosticOpts(),
	                                new IgnoringDiagConsumer);
#else
	u.quiet = new DiagnosticsEngine(ci.getDiagnostics().getDiagnosticIDs(), &ci.getDiagnosticOpts(),
	                                new IgnoringDiagConsumer);
#endif
	u.quiet->setSourceManager(&ci.getSourceManager());
	u.quiet->setSuppressAllDiagnostics(true);
	u.llvm.setDiscardValueNames(false);
	LLVMContextSetDiagnosticHandler(llvm::wrap(&u.llvm), ignore_diagnostic, nullptr);
	llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files(&ci.getVirtualFileSystem());
	std::unique_ptr<CodeGenerator> gen(CreateLLVMCodeGen(*u.quiet, file, files, ci.getHeaderSearchOpts(),
	                                                     ci.getPreprocessorOpts(), code, u.llvm));
	u.codegen = gen.get();
	return std::make_unique<generator>(u, std::move(gen));
}
