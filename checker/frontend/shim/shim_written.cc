// Arguments that the source writes as a name: a variable, a constant of an enumeration, a macro. In IR many of them are numbers.
#include "unit.hh"

#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Lex/Lexer.h>
#include <llvm/IR/Function.h>

using namespace clang;

namespace
{

const size_t max_names = 200000, max_arguments = 16;

class name_finder : public RecursiveASTVisitor<name_finder>
{
	shim_unit &u;

	static bool is_name(llvm::StringRef text)
	{
		if (text.empty() || text.size() > 60 || isDigit(text[0]))
			return false;
		return llvm::all_of(text, [](char c) { return isAsciiIdentifierContinue(c); });
	}
	// The argument is nothing but a name, and no call of a macro.
	llvm::StringRef name_of(const Expr *e)
	{
		SourceManager &sm = u.sm();
		SourceLocation begin = sm.getFileLoc(e->getBeginLoc()), end = sm.getFileLoc(e->getEndLoc());
		if (begin != end || begin.isInvalid())
			return "";
		llvm::StringRef text = Lexer::getSourceText(CharSourceRange::getTokenRange(begin, end), sm,
		                                            u.compiler->getLangOpts());
		auto next = Lexer::findNextToken(begin, sm, u.compiler->getLangOpts());
		return is_name(text) && next && !next->is(tok::l_paren) ? text : "";
	}
	void note(const Expr *call, const Expr *arg, unsigned index)
	{
		const Expr *e = arg->IgnoreParenCasts();
		if (u.written.size() >= max_names || e->isValueDependent() || !e->getType()->isIntegerType())
			return;
		llvm::StringRef name = name_of(e);
		shim_place at = name.empty() ? shim_place{} : shim_place_of(u, call->getExprLoc());
		if (!name.empty() && *at.path)
			u.written.push_back({at.path, u.save(name), at.line, at.col, index});
	}

      public:
	explicit name_finder(shim_unit &unit) : u(unit)
	{
	}
	bool shouldVisitTemplateInstantiations() const
	{
		return true;
	}
	bool VisitCallExpr(const CallExpr *call)
	{
		unsigned first = llvm::isa<CXXMemberCallExpr>(call); // the object comes before the arguments
		for (unsigned k = 0; k < call->getNumArgs() && k < max_arguments; k++)
			note(call, call->getArg(k), k + first);
		return true;
	}
};

} // namespace

extern "C" uint32_t shim_written_names(shim_unit *u, const shim_written **out)
{
	u->written.clear();
	name_finder w(*u);
	for (const llvm::Function &f : *u->module) {
		const auto *fd = llvm::dyn_cast_or_null<FunctionDecl>(u->codegen->GetDeclForMangledName(f.getName()));
		const FunctionDecl *definition = nullptr;
		if (!f.isDeclaration() && fd && fd->hasBody(definition) &&
		    !shim_in_system_header(*u, definition->getLocation()))
			w.TraverseStmt(const_cast<Stmt *>(definition->getBody()));
	}
	*out = u->written.data();
	return u->written.size();
}
