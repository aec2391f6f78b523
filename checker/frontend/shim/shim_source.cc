// Files, comments, macro expansions and tokens.
#include "unit.hh"

#include <clang/Basic/SourceManagerInternals.h>
#include <clang/Lex/Lexer.h>
#include <clang/Lex/Preprocessor.h>
#include <llvm/Support/Path.h>

using namespace clang;

// A hostile unit must not fill the memory with facts that nobody reads.
static const size_t max_facts = 500000;
static const size_t max_comment = 16384;

const char *shim_unit::path(llvm::StringRef presented_path)
{
	auto known = presented.find(presented_path);
	if (known != presented.end())
		return known->second;
	llvm::SmallString<256> p(presented_path);
	if (!llvm::sys::path::is_absolute(p)) {
		p = directory;
		llvm::sys::path::append(p, presented_path);
	}
	llvm::sys::path::remove_dots(p, true);
	return presented[presented_path] = save(p);
}

// Libraries' headers are often found through -I; where they are installed tells that nobody edits them for
// this project.
bool shim_is_installed(llvm::StringRef path)
{
	for (const char *dir : {"/usr/include/", "/usr/local/include/", "/usr/lib/", "/usr/lib64/"})
		if (path.starts_with(dir))
			return true;
	return false;
}

bool shim_in_system_header(shim_unit &u, SourceLocation loc)
{
	SourceManager &sm = u.sm();
	FileID id = sm.getFileID(sm.getExpansionLoc(loc));
	auto known = u.installed.find(id);
	if (known == u.installed.end()) {
		PresumedLoc p = sm.getPresumedLoc(loc);
		bool installed =
		        p.isValid() && id != sm.getMainFileID() && shim_is_installed(u.path(p.getFilename()));
		known = u.installed.try_emplace(id, installed).first;
	}
	return known->second || sm.isInSystemHeader(loc);
}

static const FileEntry *entry_of(const SrcMgr::SLocEntry &e)
{
	if (!e.isFile() || !e.getFile().getContentCache().OrigEntry)
		return nullptr;
	return &e.getFile().getContentCache().OrigEntry->getFileEntry();
}

static void add_file(shim_unit &u, FileID id, const SrcMgr::SLocEntry &e)
{
	const char *path = u.path(e.getFile().getContentCache().OrigEntry->getName());
	bool main = id == u.sm().getMainFileID();
	bool system = SrcMgr::isSystem(e.getFile().getFileCharacteristic()) || (!main && shim_is_installed(path));
	if (u.sources.try_emplace(path, id).second)
		u.files.push_back({path, system, main});
}

void shim_collect_files(shim_unit &u)
{
	SourceManager &sm = u.sm();
	FileID main = sm.getMainFileID();
	if (main.isValid() && entry_of(sm.getSLocEntry(main)))
		add_file(u, main, sm.getSLocEntry(main));
	for (unsigned i = 1; i < sm.local_sloc_entry_size(); i++) {
		const SrcMgr::SLocEntry &e = sm.getLocalSLocEntry(i);
		if (entry_of(e))
			add_file(u, sm.getFileID(SourceLocation::getFromRawEncoding(e.getOffset())), e);
	}
}

// Of a precompiled header clang reads an entry when it is asked for.
static FileID file_of(shim_unit &u, const char *path)
{
	auto it = u.sources.find(path);
	if (it == u.sources.end())
		return FileID();
	if (it->second.isInvalid())
		if (auto entry = u.compiler->getFileManager().getOptionalFileRef(path))
			it->second = u.sm().translateFile(*entry);
	return it->second;
}

// Those of `#pragma GCC system_header` leave all as it is.
static bool moves(SourceManager &sm, FileID id, llvm::StringRef path, const LineEntry &e)
{
	if (e.FilenameID != -1 && sm.getLineTable().getFilename(e.FilenameID) != path)
		return true;
	return !SrcMgr::isSystem(sm.getSLocEntry(id).getFile().getFileCharacteristic()) &&
	       e.LineNo != sm.getLineNumber(id, e.FileOffset) + 1;
}

shim_place shim_place_of(shim_unit &u, SourceLocation loc)
{
	PresumedLoc p = u.sm().getPresumedLoc(loc);
	if (p.isInvalid())
		return {"", 0, 0};
	return {u.path(p.getFilename()), p.getLine(), p.getColumn()};
}

namespace
{

class comment_watch : public CommentHandler
{
	shim_unit &u;

	bool alone(SourceLocation loc)
	{
		std::pair<FileID, unsigned> at = u.sm().getDecomposedLoc(loc);
		bool invalid = false;
		llvm::StringRef text = u.sm().getBufferData(at.first, &invalid);
		if (invalid)
			return false;
		llvm::StringRef before = text.take_front(at.second);
		return before.substr(before.rfind('\n') + 1).trim().empty();
	}

      public:
	explicit comment_watch(shim_unit &unit) : u(unit)
	{
	}
	bool HandleComment(Preprocessor &pp, SourceRange range) override
	{
		SourceManager &sm = u.sm();
		bool invalid = false;
		const char *begin = sm.getCharacterData(range.getBegin(), &invalid);
		if (invalid || u.comments.size() >= max_facts)
			return false;
		size_t n = sm.getFileOffset(range.getEnd()) - sm.getFileOffset(range.getBegin());
		llvm::StringRef text(begin, std::min(n, max_comment));
		if (!text.contains("cancelint") && !text.contains("NOLINT"))
			return false;
		if (shim_in_system_header(u, range.getBegin()))
			return false;
		shim_place at = shim_place_of(u, range.getBegin());
		uint32_t lines = text.rtrim().count('\n');
		u.comments.push_back({at.path, u.save(text.rtrim()), at.line, at.col, at.line + lines,
		                      alone(range.getBegin())});
		return false;
	}
};

class macro_watch : public PPCallbacks
{
	shim_unit &u;

      public:
	explicit macro_watch(shim_unit &unit) : u(unit)
	{
	}
	void MacroExpands(const Token &name, const MacroDefinition &, SourceRange range,
	                  const MacroArgs *) override
	{
		SourceManager &sm = u.sm();
		if (!range.getBegin().isFileID() || !range.getEnd().isFileID() ||
		    u.macros.size() >= max_facts)
			return;
		if (sm.isWrittenInBuiltinFile(range.getBegin()) || shim_in_system_header(u, range.getBegin()))
			return;
		shim_place at = shim_place_of(u, range.getBegin()), end = shim_place_of(u, range.getEnd());
		unsigned last = Lexer::MeasureTokenLength(range.getEnd(), sm, u.compiler->getLangOpts());
		const IdentifierInfo *id = name.getIdentifierInfo();
		if (id && *at.path)
			u.macros.push_back(
			        {at.path, u.save(id->getName()), at.line, at.col, end.line, end.col + last});
	}
};

} // namespace

void shim_watch_preprocessor(shim_unit &u)
{
	Preprocessor &pp = u.compiler->getPreprocessor();
	u.comment_handler = std::make_unique<comment_watch>(u);
	pp.addCommentHandler(u.comment_handler.get());
	pp.addPPCallbacks(std::make_unique<macro_watch>(u));
	shim_listen(u, pp);
}

extern "C" {

uint32_t shim_files(shim_unit *u, const shim_file **out)
{
	*out = u->files.data();
	return u->files.size();
}

uint32_t shim_comments(shim_unit *u, const shim_comment **out)
{
	*out = u->comments.data();
	return u->comments.size();
}

uint32_t shim_macros(shim_unit *u, const shim_macro **out)
{
	*out = u->macros.data();
	return u->macros.size();
}

const char *shim_path(shim_unit *u, const char *presented)
{
	return u->path(presented);
}

const char *shim_text(shim_unit *u, const char *path, size_t *len)
{
	FileID file = file_of(*u, path);
	bool invalid = file.isInvalid();
	llvm::StringRef text = invalid ? llvm::StringRef() : u->sm().getBufferData(file, &invalid);
	*len = text.size();
	return invalid ? nullptr : text.data();
}

bool shim_moves_lines(shim_unit *u)
{
	SourceManager &sm = u->sm();
	if (!sm.hasLineTable())
		return false;
	for (const auto &[id, entries] : sm.getLineTable()) {
		OptionalFileEntryRef file = sm.getFileEntryRefForID(id);
		for (const LineEntry &e : entries)
			if (file && moves(sm, id, file->getName(), e))
				return true;
	}
	return false;
}

const char *shim_token(shim_unit *u, const char *path, uint32_t line, uint32_t col, uint32_t *len)
{
	*len = 0;
	FileID file = line && col ? file_of(*u, path) : FileID();
	if (file.isInvalid())
		return nullptr;
	SourceManager &sm = u->sm();
	SourceLocation loc = sm.translateLineCol(file, line, col);
	PresumedLoc p = sm.getPresumedLoc(loc);
	if (p.isInvalid() || p.getLine() != line || p.getColumn() != col)
		return nullptr;
	bool invalid = false;
	const char *text = sm.getCharacterData(loc, &invalid);
	if (invalid)
		return nullptr;
	*len = Lexer::MeasureTokenLength(loc, sm, u->compiler->getLangOpts());
	return text;
}

} // extern "C"
