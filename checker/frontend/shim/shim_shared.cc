// Precompiled headers: written, and what a unit does before and after it meets them.
#include "unit.hh"

#include <clang/AST/DeclTemplate.h>
#include <clang/Basic/CharInfo.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Lex/HeaderSearch.h>
#include <clang/Lex/Lexer.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <clang/Serialization/ASTDeserializationListener.h>
#include <llvm/IR/Module.h>
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
	// `last`: its newest definition, though it may have been taken back since.
	void define(const Token &name, const MacroInfo *macro, const MacroInfo *before, const MacroInfo *last)
	{
		if (!to.define || (!macro && !before))
			return;
		bool same = macro && last && macro->isIdenticalTo(*last, u.compiler->getPreprocessor(), true);
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
		const MacroInfo *last = old ? old.getMacroInfo() : nullptr;
		define(name, d->getMacroInfo(), old && !old.isUndefined() ? last : nullptr, last);
	}
	void MacroUndefined(const Token &name, const MacroDefinition &old, const MacroDirective *) override
	{
		define(name, nullptr, old.getMacroInfo(), nullptr);
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

// The identifiers in a text, as they are and with what is before their `::`.
class identifiers
{
	shim_unit &u;
	llvm::StringSet<> seen;
	Token last, before;      // the one before, and the one before that
	std::string name, space; // of the last identifier; of that before the `::`
	bool included = false, opens = false;

	// Is the token part of what a directive includes?
	bool is_included(const Token &token) const
	{
		if (token.isAtStartOfLine())
			return false;
		return included || (last.is(tok::hash) && last.isAtStartOfLine() && token.is(tok::raw_identifier) &&
		                    token.getRawIdentifier().starts_with("include"));
	}
	// A name may go on in the next line, behind a backslash.
	static std::string unspliced(llvm::StringRef text)
	{
		std::string out;
		for (char c : text)
			if (c != '\\' && !isWhitespace(c))
				out += c;
		return out;
	}
	void add(const std::string &text)
	{
		if (seen.insert(text).second)
			found.push_back(u.save(text));
	}
	// `last` is an identifier that goes on with t.
	void identifier(const Token &t)
	{
		bool qualified = before.is(tok::coloncolon), after = before.is(tok::raw_identifier);
		std::string previous = name;
		name = unspliced(last.getRawIdentifier());
		add(name);
		if (qualified)
			add(space + "::" + name);
		// The names of a namespace can then be said without it, or with another name before them.
		opens |= after && ((previous == "using" && name == "namespace") || (previous == "namespace" && t.is(tok::equal)));
		if (opens && t.is(tok::semi))
			add(name + "::");
		opens &= !t.is(tok::semi);
	}
	void token(Token &t)
	{
		included = is_included(t);
		if (included || (last.is(tok::hashhash) && t.is(tok::raw_identifier)))
			t.setKind(tok::unknown);
		if (last.is(tok::raw_identifier) && !t.is(tok::hashhash))
			identifier(t);
		if (t.is(tok::coloncolon))
			space = last.is(tok::raw_identifier) ? name : "";
		before = last;
		last = t;
	}

      public:
	std::vector<const char *> found;

	explicit identifiers(shim_unit &unit) : u(unit)
	{
		last.startToken();
		before.startToken();
	}
	void read(const char *path)
	{
		auto text = u.compiler->getFileManager().getBufferForFile(path);
		if (!text)
			return;
		const char *begin = (*text)->getBufferStart();
		Lexer lexer(SourceLocation(), u.compiler->getLangOpts(), begin, begin, (*text)->getBufferEnd());
		Token t;
		for (bool end = false; !end;) {
			end = lexer.LexFromRawLexer(t);
			token(t);
		}
	}
};

class declarations
{
	shim_unit &u;
	bool cplusplus;

	// "chrono::" for what is in std::chrono: of its namespaces the last one that people write.
	static std::string space(const Decl *d)
	{
		const DeclContext *in = d->getDeclContext();
		while (!in->isTranslationUnit()) {
			const auto *n = llvm::dyn_cast<NamespaceDecl>(in);
			if (n && !n->isInline() && !n->isAnonymousNamespace())
				return n->getName().str() + "::";
			in = in->getParent();
		}
		return "";
	}
	void add(const NamedDecl *d, bool object, bool alias, bool runs = false)
	{
		if (d->getIdentifier())
			found.push_back({shim_place_of(u, d->getLocation()).path, u.save(space(d) + d->getName().str()), object,
			                 alias, runs});
	}
	// Each unit that reads its header has code for it.
	bool runs(const NamedDecl *d)
	{
		const auto *v = llvm::dyn_cast<VarDecl>(d);
		const Expr *value = v && !v->isTemplated() && !v->isInline() && !v->isConstexpr() ? v->getInit() : nullptr;
		return value && !value->isConstantInitializer(u.ast(), false);
	}
	// A function may be one of several: which one is called is in the code. That there are more
	// specializations of a template, and other ways to say a name, changes none of what there was.
	void add_cplusplus(const NamedDecl *d)
	{
		if (runs(d))
			add(d, true, false, true);
		if (llvm::isa<TypeDecl, ClassTemplateDecl, TypeAliasTemplateDecl, ConceptDecl>(d) &&
		    !llvm::isa<ClassTemplateSpecializationDecl>(d) &&
		    d->getDeclContext()->getRedeclContext()->isFileContext())
			add(d, false, true);
	}
	void declaration(const Decl *d)
	{
		const auto *named = llvm::dyn_cast<NamedDecl>(d);
		const auto *e = llvm::dyn_cast<EnumDecl>(d);
		if (named && cplusplus)
			add_cplusplus(named);
		else if (named)
			add(named, llvm::isa<FunctionDecl, VarDecl>(d), llvm::isa<TypedefNameDecl>(d));
		if (e && !e->isScoped())
			for (const EnumConstantDecl *c : e->enumerators())
				add(c, false, false);
	}

      public:
	std::vector<shim_declaration> found;

	explicit declarations(shim_unit &unit) : u(unit), cplusplus(shim_cplusplus(&unit))
	{
	}
	void scope(const DeclContext *in)
	{
		for (const Decl *d : in->decls())
			if (llvm::isa<NamespaceDecl, LinkageSpecDecl>(d))
				scope(llvm::cast<DeclContext>(d));
			else
				declaration(d);
	}
};

class derivations
{
	shim_unit &u;

	void bases(const CXXRecordDecl *r)
	{
		const char *path = shim_place_of(u, r->getLocation()).path, *name = u.save(r->getQualifiedNameAsString());
		if (!r->getIdentifier())
			return;
		for (const CXXBaseSpecifier &b : r->bases())
			if (const CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl())
				found.push_back({path, name, u.save(base->getQualifiedNameAsString())});
	}

      public:
	std::vector<shim_derived> found;

	explicit derivations(shim_unit &unit) : u(unit)
	{
	}
	void scope(const DeclContext *in)
	{
		for (const Decl *d : in->decls()) {
			const auto *r = llvm::dyn_cast<CXXRecordDecl>(d);
			if (r && r->isThisDeclarationADefinition() && !r->isDependentContext() && !r->isInvalidDecl())
				bases(r), scope(r);
			else if (llvm::isa<NamespaceDecl, LinkageSpecDecl>(d))
				scope(llvm::cast<DeclContext>(d));
		}
	}
};

// Code that stands in, or calls what is declared in, certain files.
class strays
{
	shim_unit &u;
	llvm::StringSet<> in;

	const char *path_of(const llvm::GlobalValue &v)
	{
		const Decl *d = u.codegen->GetDeclForMangledName(v.getName());
		const auto *fd = llvm::dyn_cast_or_null<FunctionDecl>(d);
		if (!d || d->isImplicit() || (fd && fd->isReplaceableGlobalAllocationFunction()))
			return "";
		return shim_place_of(u, d->getLocation()).path;
	}
	bool strays_from(const llvm::GlobalValue &v, shim_declaration *out)
	{
		const char *path = path_of(v);
		if (!in.contains(path))
			return false;
		*out = {path, u.save(v.getName()), true, false, false};
		return true;
	}

      public:
	strays(shim_unit &unit, const char *const *files, uint32_t n) : u(unit)
	{
		for (uint32_t i = 0; i < n; i++)
			in.insert(files[i]);
	}
	bool find(shim_declaration *out)
	{
		for (const llvm::Function &f : *u.module)
			if (strays_from(f, out))
				return true;
		for (const llvm::GlobalVariable &g : u.module->globals())
			if (strays_from(g, out))
				return true;
		return false;
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

static bool write_pch(shim_unit &u, const shim_job &job, const std::string &header)
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
	inv->getLangOpts().PCHInstantiateTemplates = true; // else each unit does
	FrontendOptions &options = inv->getFrontendOpts();
	const FrontendInputFile input(header, options.Inputs[0].getKind().getHeader());
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

extern "C" {

bool shim_share(const shim_job *job, const char *like, const char *pch, shim_unit **out)
{
	shim_unit *u = new shim_unit;
	u->directory = job->directory;
	u->file = u->path(like);
	u->pch = pch; // it is there once the unit is closed
	u->listener = job->listener;
	*out = u;
	return write_pch(*u, *job, u->path(job->file));
}

uint32_t shim_identifiers(shim_unit *u, const char *path, const char *const **out)
{
	identifiers all(*u);
	all.read(path);
	*out = u->save_array(all.found);
	return all.found.size();
}

uint32_t shim_reopened(shim_unit *u, const char *const **out)
{
	std::vector<const char *> names;
	std::vector<const DeclContext *> work{u->ast().getTranslationUnitDecl()};
	while (!work.empty()) {
		const DeclContext *in = work.back();
		work.pop_back();
		for (const Decl *d : in->noload_decls()) {
			const auto *space = llvm::dyn_cast<NamespaceDecl>(d);
			if (!space || space->isFromASTFile())
				continue;
			work.push_back(space);
			if (space->getCanonicalDecl()->isFromASTFile())
				names.push_back(u->save(space->getName().str() + "::"));
		}
	}
	*out = u->save_array(names);
	return names.size();
}

uint32_t shim_system_directories(shim_unit *u, const char *const **out)
{
	std::vector<const char *> names;
	if (!u->compiler->hasPreprocessor())
		return 0;
	const HeaderSearch &search = u->compiler->getPreprocessor().getHeaderSearchInfo();
	for (auto i = search.system_dir_begin(); i != search.system_dir_end(); ++i)
		names.push_back(u->save(i->getName()));
	*out = u->save_array(names);
	return names.size();
}

uint32_t shim_declared(shim_unit *u, const shim_declaration **out)
{
	declarations all(*u);
	all.scope(u->ast().getTranslationUnitDecl());
	*out = u->save_array(all.found);
	return all.found.size();
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

uint32_t shim_derivations(shim_unit *u, const shim_derived **out)
{
	derivations all(*u);
	if (shim_cplusplus(u))
		all.scope(u->ast().getTranslationUnitDecl());
	*out = u->save_array(all.found);
	return all.found.size();
}

void shim_lay_derivations(shim_unit *u, const shim_derived *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		u->derived[list[i].base].push_back(u->save(list[i].name));
}

bool shim_strays(shim_unit *u, const char *const *files, uint32_t n, shim_declaration *out)
{
	return strays(*u, files, n).find(out);
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
