// The `break`s that end a case of a switch inside a loop, and what else leaves a case. IR has lost which case it was by name, and
// that a macro has a `do` of its own.
#include "unit.hh"

#include <clang/AST/Stmt.h>
#include <clang/Lex/Lexer.h>
#include <llvm/IR/Function.h>

using namespace clang;

namespace
{

const unsigned max_statement_depth = 200;
const size_t max_breaks = 100000;

struct around {
	bool in_loop;   // some loop of the function is around the switch
	bool in_switch; // a `break` here leaves a switch
	bool last;      // nothing of the case follows
	bool alone;     // nothing of the case comes before
	const CaseStmt *label;
	const DoStmt *once; // the `do { ... } while (0)` of a macro in a loop that a `break` or `continue` here ends
};

class break_finder
{
	shim_unit &u;
	unsigned depth = 0;

	const char *label_of(const CaseStmt *label)
	{
		SourceManager &sm = u.sm();
		SourceRange range(sm.getExpansionLoc(label->getLHS()->getBeginLoc()),
		                  sm.getExpansionLoc(label->getLHS()->getEndLoc()));
		llvm::StringRef text = Lexer::getSourceText(CharSourceRange::getTokenRange(range), sm,
		                                            u.compiler->getLangOpts());
		return u.save(text.size() <= 60 ? text : "");
	}
	void add(const Stmt *s, shim_break_kind kind, const char *label, int64_t value, bool alone)
	{
		shim_place at = shim_place_of(u, s->getBeginLoc());
		if (*at.path && u.breaks.size() < max_breaks)
			u.breaks.push_back({at.path, label, at.line, at.col, value, alone, kind});
	}
	void note(const Stmt *s, shim_break_kind kind, const around &a)
	{
		Expr::EvalResult value;
		if (a.in_loop && a.label && !a.label->getLHS()->isValueDependent() &&
		    a.label->getLHS()->EvaluateAsInt(value, u.ast()))
			add(s, kind, label_of(a.label), value.Val.getInt().getExtValue(), a.alone);
	}
	void note_in_macro(const Stmt *s, const around &a)
	{
		llvm::StringRef macro = Lexer::getImmediateMacroName(a.once->getDoLoc(), u.sm(), u.compiler->getLangOpts());
		if (a.last && s->getBeginLoc().isMacroID())
			add(s, SHIM_BREAK_IN_MACRO, u.save(macro), llvm::isa<ContinueStmt>(s), a.alone);
	}
	// A `do` that a macro is wrapped in, and that has no second turn.
	bool is_once(const DoStmt *s)
	{
		Expr::EvalResult value;
		return s->getDoLoc().isMacroID() && !s->getCond()->isValueDependent() &&
		       s->getCond()->EvaluateAsInt(value, u.ast()) && !value.Val.getInt();
	}
	static bool throws(const Stmt *s)
	{
		const auto *e = llvm::dyn_cast<Expr>(s);
		return e && llvm::isa<CXXThrowExpr>(e->IgnoreImplicit());
	}
	static bool begins_case(const Stmt *s)
	{
		return llvm::isa<SwitchCase>(s);
	}
	// What stands directly in a list: `last` is what of the case no other statement follows.
	void list(const CompoundStmt *body, around a)
	{
		bool last = a.last, first = true;
		for (auto i = body->body_begin(), end = body->body_end(); i != end; ++i) {
			auto next = i + 1;
			bool ends = next == end ? last : begins_case(*next) || llvm::isa<BreakStmt>(*next);
			around b = a;
			b.last = ends;
			b.alone = a.alone && first;
			first = false;
			if (begins_case(*i))
				labelled(*i, b, a);
			else
				visit(*i, b);
		}
	}
	// The labels before a statement, and the statement. What follows belongs to the last of them.
	void labelled(const Stmt *s, around b, around &outer)
	{
		b.alone = true;
		unsigned labels = 0;
		while (const auto *c = llvm::dyn_cast<SwitchCase>(s)) {
			b.label = llvm::dyn_cast<CaseStmt>(c);
			s = c->getSubStmt();
			if (labels++ > 1000)
				return;
		}
		outer.label = b.label;
		outer.alone = true;
		visit(s, b);
	}
	void visit(const Stmt *s, around a)
	{
		if (!s || depth > max_statement_depth)
			return;
		depth++;
		if (llvm::isa<BreakStmt>(s) && a.in_switch && a.last) {
			note(s, SHIM_BREAK_OF_CASE, a);
		} else if (a.once && llvm::isa<BreakStmt, ContinueStmt>(s)) {
			note_in_macro(s, a);
		} else if (llvm::isa<ReturnStmt, GotoStmt>(s) || throws(s)) {
			note(s, SHIM_BREAK_LEAVES, a);
		} else if (const auto *body = llvm::dyn_cast<CompoundStmt>(s)) {
			list(body, a);
		} else if (const auto *sw = llvm::dyn_cast<SwitchStmt>(s)) {
			if (const auto *cases = llvm::dyn_cast_or_null<CompoundStmt>(sw->getBody()))
				list(cases, {a.in_loop, true, true, true, nullptr, nullptr});
		} else if (const auto *once = llvm::dyn_cast<DoStmt>(s); once && a.in_loop && is_once(once)) {
			visit(once->getBody(), {true, false, true, true, a.label, once});
		} else if (llvm::isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(s)) {
			for (const Stmt *child : s->children())
				visit(child, {true, false, false, false, nullptr, nullptr});
		} else if (!llvm::isa<Expr>(s)) {
			around b = a;
			b.alone = false;
			b.last = a.last && llvm::isa<IfStmt, LabelStmt, AttributedStmt>(s);
			for (const Stmt *child : s->children())
				visit(child, b);
		}
		depth--;
	}

      public:
	explicit break_finder(shim_unit &unit) : u(unit)
	{
	}
	void function(const FunctionDecl *fd)
	{
		visit(fd->getBody(), {false, false, false, false, nullptr, nullptr});
	}
};

} // namespace

extern "C" uint32_t shim_breaks(shim_unit *u, const shim_break **out)
{
	u->breaks.clear();
	break_finder w(*u);
	for (const llvm::Function &f : *u->module) {
		const auto *fd = llvm::dyn_cast_or_null<FunctionDecl>(u->codegen->GetDeclForMangledName(f.getName()));
		const FunctionDecl *definition = nullptr;
		if (!f.isDeclaration() && fd && fd->hasBody(definition) &&
		    !shim_in_system_header(*u, definition->getLocation()))
			w.function(definition);
	}
	*out = u->breaks.data();
	return u->breaks.size();
}
