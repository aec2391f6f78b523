// The `break`s that end a case of a switch inside a loop. IR has lost which case it was by name.
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
	void note(const BreakStmt *s, const around &a)
	{
		Expr::EvalResult value;
		if (!a.in_switch || !a.in_loop || !a.last || !a.label || u.breaks.size() >= max_breaks ||
		    a.label->getLHS()->isValueDependent() || !a.label->getLHS()->EvaluateAsInt(value, u.ast()))
			return;
		shim_place at = shim_place_of(u, s->getBeginLoc());
		if (*at.path)
			u.breaks.push_back({at.path, label_of(a.label), at.line, at.col,
			                    value.Val.getInt().getExtValue(), a.alone});
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
		if (const auto *leave = llvm::dyn_cast<BreakStmt>(s)) {
			note(leave, a);
		} else if (const auto *body = llvm::dyn_cast<CompoundStmt>(s)) {
			list(body, a);
		} else if (const auto *sw = llvm::dyn_cast<SwitchStmt>(s)) {
			if (const auto *cases = llvm::dyn_cast_or_null<CompoundStmt>(sw->getBody()))
				list(cases, {a.in_loop, true, true, true, nullptr});
		} else if (llvm::isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(s)) {
			for (const Stmt *child : s->children())
				visit(child, {true, false, false, false, nullptr});
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
		visit(fd->getBody(), {false, false, false, false, nullptr});
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
