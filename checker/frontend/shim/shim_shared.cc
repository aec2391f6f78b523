// Precompiled headers: written, and what a unit does before and after it meets them.
#include "unit.hh"

#include <clang/Basic/CharInfo.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Lex/HeaderSearch.h>
#include <clang/Lex/Lexer.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <clang/Serialization/ASTDeserializationListener.h>
#include <llvm/Support/VirtualFileSystem.h>

using namespace clang;

namespace
{

class teller : public PPCallbacks
{
	shim_unit &u;
	const shim_listener &to;

	shim_file_at named(const char *path)
	{
		return {path, shim_is_installed(path)};
	}
	shim_file_at at(SourceLocation loc)
	{
		FileID id = u.sm().getFileID(u.sm().getExpansionLoc(loc));
		auto known = u.names.find(id);
		if (known == u.names.end()) {
			OptionalFileEntryRef file = u.sm().getFileEntryRefForID(id);
			known = u.names.try_emplace(id, file ? u.path(file->getName()) : "").first;
		}
		return named(known->second);
	}
	// The files that include this one end where they go on.
	void stop_if_enough()
	{
		Preprocessor &pp = u.compiler->getPreprocessor();
		if (!to.enough || !*to.enough)
			return;
		if (auto *lexer = static_cast<Lexer *>(pp.getCurrentFileLexer()))
			lexer->seek(lexer->getBuffer().size(), true);
		DiagnosticsEngine &d = u.compiler->getDiagnostics();
		if (!d.hasErrorOccurred())
			d.Report(d.getCustomDiagID(DiagnosticsEngine::Error, "not read to its end"));
	}
	static const char *name_of(const Token &token)
	{
		return token.getIdentifierInfo()->getNameStart();
	}
	void define(const Token &name, const MacroInfo *macro, const MacroInfo *before)
	{
		if (!to.define)
			return;
		bool same = macro && before &&
		            macro->isIdenticalTo(*before, u.compiler->getPreprocessor(), true);
		to.define(to.ctx, &u, at(name.getLocation()), name_of(name), macro,
		          before ? at(before->getDefinitionLoc()).path : "", same);
	}
	void mention(const Token &name, const MacroDefinition &macro, bool text = false)
	{
		const MacroInfo *info = macro.getMacroInfo();
		if (!to.mention || !name.getIdentifierInfo() || (info && info->isBuiltinMacro()))
			return;
		to.mention(to.ctx, &u, at(name.getLocation()), name_of(name), info,
		           info ? at(info->getDefinitionLoc()) : named(""), text);
	}

      public:
	teller(shim_unit &unit, const shim_listener &listener) : u(unit), to(listener)
	{
	}
	void InclusionDirective(SourceLocation hash, const Token &, llvm::StringRef name, bool angled,
	                        CharSourceRange, OptionalFileEntryRef file, llvm::StringRef, llvm::StringRef,
	                        const Module *, bool, SrcMgr::CharacteristicKind) override
	{
		if (!file || !to.include)
			return;
		std::string spelled = (angled ? "<" : "\"") + name.str() + (angled ? ">" : "\"");
		to.include(to.ctx, at(hash), u.save(spelled), named(u.path(file->getName())));
		stop_if_enough();
	}
	void FileChanged(SourceLocation, FileChangeReason, SrcMgr::CharacteristicKind, FileID) override
	{
		stop_if_enough();
	}
	void MacroDefined(const Token &name, const MacroDirective *d) override
	{
		const MacroDirective *before = d->getPrevious();
		MacroDirective::DefInfo old = before ? const_cast<MacroDirective *>(before)->getDefinition()
		                                     : MacroDirective::DefInfo();
		define(name, d->getMacroInfo(), old && !old.isUndefined() ? old.getMacroInfo() : nullptr);
	}
	void MacroUndefined(const Token &name, const MacroDefinition &old, const MacroDirective *) override
	{
		define(name, nullptr, old.getMacroInfo());
	}
	void MacroExpands(const Token &name, const MacroDefinition &macro, SourceRange,
	                  const MacroArgs *) override
	{
		mention(name, macro, true);
	}
	void Defined(const Token &name, const MacroDefinition &macro, SourceRange) override
	{
		mention(name, macro);
	}
	void Ifdef(SourceLocation, const Token &name, const MacroDefinition &macro) override
	{
		mention(name, macro);
	}
	void Ifndef(SourceLocation, const Token &name, const MacroDefinition &macro) override
	{
		mention(name, macro);
	}
	void Elifdef(SourceLocation, const Token &name, const MacroDefinition &macro) override
	{
		mention(name, macro);
	}
	void Elifndef(SourceLocation, const Token &name, const MacroDefinition &macro) override
	{
		mention(name, macro);
	}
};

class tag_reader : public ASTDeserializationListener
{
	shim_unit &u;

      public:
	explicit tag_reader(shim_unit &unit) : u(unit)
	{
	}
	void DeclRead(GlobalDeclID, const Decl *d) override
	{
		if (const auto *r = llvm::dyn_cast<RecordDecl>(d))
			u.tags.push_back(r);
	}
};

class share : public GeneratePCHAction
{
	shim_unit &u;

      public:
	explicit share(shim_unit &unit) : u(unit)
	{
	}

      protected:
	std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &ci, llvm::StringRef file) override
	{
		shim_quiet_pragmas(ci.getPreprocessor());
		shim_listen(u, ci.getPreprocessor());
		return GeneratePCHAction::CreateASTConsumer(ci, file);
	}
};

} // namespace

void shim_listen(shim_unit &u, Preprocessor &pp)
{
	if (u.listener)
		pp.addPPCallbacks(std::make_unique<teller>(u, *u.listener));
}

ASTDeserializationListener *shim_tag_reader(shim_unit &u)
{
	if (u.pch.empty())
		return nullptr;
	u.tag_reader = std::make_unique<tag_reader>(u);
	return u.tag_reader.get();
}

static bool write_pch(shim_unit &u, const shim_job &job)
{
	llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fs(llvm::vfs::createPhysicalFileSystem().release());
	if (fs->setCurrentWorkingDirectory(u.directory))
		return shim_fail(u, "no such directory: '" + u.directory + "'"), false;
	std::shared_ptr<CompilerInvocation> inv = shim_invocation(u, job, fs);
	if (!inv)
		return false;
	// What the command wants to be read first is the project's own, and not shared.
	inv->getPreprocessorOpts().Includes.clear();
	inv->getPreprocessorOpts().MacroIncludes.clear();
	FrontendOptions &options = inv->getFrontendOpts();
	const FrontendInputFile input(u.file, options.Inputs[0].getKind().getHeader());
	options.Inputs = {input};
	options.OutputFile = u.pch;
	shim_create_compiler(u, inv, shim_witness(u, fs));
	if (!u.compiler->createTarget())
		return false;
	u.action = std::make_unique<share>(u);
	u.begun = u.action->BeginSourceFile(*u.compiler, u.compiler->getFrontendOpts().Inputs[0]);
	if (!u.begun)
		return false;
	if (llvm::Error e = u.action->Execute())
		shim_fail(u, llvm::toString(std::move(e)));
	return !u.compiler->getDiagnostics().hasErrorOccurred();
}

// A name may go on in the next line, behind a backslash.
static std::string unspliced(llvm::StringRef name)
{
	std::string out;
	for (char c : name)
		if (c != '\\' && !isWhitespace(c))
			out += c;
	return out;
}

extern "C" {

bool shim_share(const shim_job *job, const char *pch, shim_unit **out)
{
	shim_unit *u = new shim_unit;
	u->directory = job->directory;
	u->file = u->path(job->file);
	u->pch = pch; // it is there once the unit is closed
	u->listener = job->listener;
	*out = u;
	return write_pch(*u, *job);
}

uint32_t shim_identifiers(shim_unit *u, const char *path, const char *const **out)
{
	std::vector<const char *> names;
	llvm::StringSet<> seen;
	auto text = u->compiler->getFileManager().getBufferForFile(path);
	if (text) {
		Lexer lexer(SourceLocation(), u->compiler->getLangOpts(), (*text)->getBufferStart(),
		            (*text)->getBufferStart(), (*text)->getBufferEnd());
		Token token, before;
		before.startToken();
		for (bool end = false; !end; before = token) {
			end = lexer.LexFromRawLexer(token);
			if (before.is(tok::raw_identifier) && !token.is(tok::hashhash) &&
			    seen.insert(before.getRawIdentifier()).second)
				names.push_back(u->save(unspliced(before.getRawIdentifier())));
			if (before.is(tok::hashhash) && token.is(tok::raw_identifier))
				token.setKind(tok::unknown);
		}
	}
	*out = u->save_array(names);
	return names.size();
}

uint32_t shim_declared(shim_unit *u, const shim_declaration **out)
{
	std::vector<shim_declaration> all;
	auto add = [&](const NamedDecl *d) {
		if (d->getIdentifier())
			all.push_back({shim_place_of(*u, d->getLocation()).path, u->save(d->getName()),
			               llvm::isa<FunctionDecl, VarDecl>(d), llvm::isa<TypedefNameDecl>(d)});
	};
	for (const Decl *d : u->ast().getTranslationUnitDecl()->decls()) {
		if (const auto *named = llvm::dyn_cast<NamedDecl>(d))
			add(named);
		if (const auto *e = llvm::dyn_cast<EnumDecl>(d))
			for (const EnumConstantDecl *c : e->enumerators())
				add(c);
	}
	*out = u->save_array(all);
	return all.size();
}

bool shim_uses(shim_unit *u, const char *name)
{
	IdentifierInfo &id = u->compiler->getPreprocessor().getIdentifierTable().get(name);
	for (const NamedDecl *d : u->ast().getTranslationUnitDecl()->lookup(DeclarationName(&id))) {
		if (d->isReferenced() || !d->isFromASTFile())
			return true;
		for (const Decl *other : d->redecls())
			if (other->isReferenced() || !other->isFromASTFile())
				return true;
	}
	return false;
}

static void lay(shim_unit &u, std::vector<const char *> &list, const char *const *more, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (u.looked.insert(more[i]).second)
			list.push_back(u.save(more[i]));
}

void shim_lay_files(shim_unit *u, const shim_looked_for *l)
{
	llvm::StringSet<> others;
	for (uint32_t i = 0; i < l->nothers; i++)
		others.insert(l->others[i]);
	for (uint32_t i = 0; i < l->nfiles; i++)
		if (u->sources.try_emplace(l->files[i], FileID()).second)
			u->files.push_back({u->save(l->files[i]), true, false});
	lay(*u, u->present, l->present, l->npresent);
	lay(*u, u->absent, l->absent, l->nabsent);
	llvm::erase_if(u->present, [&](const char *path) { return others.contains(path); });
}

const char *shim_definition(shim_unit *u, const void *macro)
{
	const MacroInfo *info = static_cast<const MacroInfo *>(macro);
	if (info->isFunctionLike())
		return nullptr;
	std::string text;
	for (const Token &token : info->tokens()) {
		text += text.empty() ? "" : " ";
		text += u->compiler->getPreprocessor().getSpelling(token);
	}
	return u->save(text);
}

bool shim_spells(shim_unit *u, const char *name)
{
	Preprocessor &pp = u->compiler->getPreprocessor();
	auto known = pp.getIdentifierTable().find(name);
	if (known == pp.getIdentifierTable().end())
		return false;
	const MacroInfo *macro = pp.getMacroInfo(known->getValue());
	if (!macro || macro->isUsed())
		return true;
	SourceLocation at = macro->getDefinitionLoc();
	return !u->sm().isWrittenInBuiltinFile(at) && !u->sm().isWrittenInCommandLineFile(at);
}

bool shim_is_guarded(shim_unit *u, const char *path)
{
	OptionalFileEntryRef file = u->compiler->getFileManager().getOptionalFileRef(path);
	return file &&
	       u->compiler->getPreprocessor().getHeaderSearchInfo().isFileMultipleIncludeGuarded(*file);
}

} // extern "C"
