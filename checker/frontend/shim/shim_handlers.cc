// Exception handlers: what they catch, and where they begin and end. IR knows types by number alone.
#include "unit.hh"

#include <clang/AST/DeclCXX.h>
#include <clang/AST/StmtCXX.h>
#include <llvm/IR/Function.h>

using namespace clang;

namespace
{

const unsigned max_handler_depth = 200;
const size_t max_handlers = 100000, max_below = 4000;

class handler_finder
{
	shim_unit &u;
	unsigned depth = 0;
	llvm::DenseSet<SourceLocation> seen; // instances of a template share their handlers
	llvm::DenseMap<const CXXRecordDecl *, const char *> below;

	static void add(std::string &all, llvm::StringRef name)
	{
		all += all.empty() ? "" : "\n";
		all += name;
	}
	// Those that nothing in the unit needs are not read from what was precompiled.
	void add_unread(llvm::StringSet<> &known, const std::string &base, std::string &all)
	{
		std::vector<std::string> work{base};
		while (!work.empty()) {
			auto next = u.derived.find(work.back());
			work.pop_back();
			if (next == u.derived.end())
				continue;
			for (const char *name : next->second) {
				if (!known.insert(name).second || all.size() > max_below)
					continue;
				add(all, name);
				work.push_back(name);
			}
		}
	}
	const char *classes_below(const CXXRecordDecl *base)
	{
		auto known = below.find(base);
		if (known != below.end())
			return known->second;
		std::string all;
		llvm::StringSet<> names;
		add_unread(names, base->getQualifiedNameAsString(), all);
		for (size_t i = 0; i < u.tags.size(); i++) { // to ask may read more of them
			const auto *c = llvm::dyn_cast<CXXRecordDecl>(u.tags[i]);
			if (!c || c->isInvalidDecl() || c->isDependentContext() || !c->hasDefinition() ||
			    all.size() > max_below || !c->isDerivedFrom(base))
				continue;
			std::string name = c->getQualifiedNameAsString();
			if (names.insert(name).second)
				add(all, name);
		}
		return below[base] = u.save(all);
	}
	void note(const CXXCatchStmt *s)
	{
		shim_place at = shim_place_of(u, s->getCatchLoc());
		shim_place end = shim_place_of(u, s->getHandlerBlock()->getEndLoc());
		if (!*at.path || u.handlers.size() >= max_handlers || !seen.insert(s->getCatchLoc()).second)
			return;
		shim_handler h = {at.path, at.line, at.col, end.line, end.col, "", "", false};
		QualType type = s->getCaughtType();
		if (!type.isNull()) {
			type = type.getNonReferenceType().getUnqualifiedType();
			const CXXRecordDecl *c = type->getAsCXXRecordDecl();
			h.type = u.save(c ? c->getQualifiedNameAsString() : type.getAsString());
			h.below = c && c->hasDefinition() ? classes_below(c->getDefinition()) : "";
			h.named = s->getExceptionDecl() && s->getExceptionDecl()->getIdentifier();
		}
		u.handlers.push_back(h);
	}
	void visit(const Stmt *s)
	{
		if (!s || depth > max_handler_depth)
			return;
		depth++;
		if (const auto *c = llvm::dyn_cast<CXXCatchStmt>(s))
			note(c);
		if (!llvm::isa<Expr>(s))
			for (const Stmt *child : s->children())
				visit(child);
		depth--;
	}

      public:
	explicit handler_finder(shim_unit &unit) : u(unit)
	{
	}
	void function(const FunctionDecl *fd)
	{
		visit(fd->getBody());
	}
};

} // namespace

extern "C" uint32_t shim_handlers(shim_unit *u, const shim_handler **out)
{
	u->handlers.clear();
	handler_finder w(*u);
	for (const llvm::Function &f : *u->module) {
		const auto *fd =
		        llvm::dyn_cast_or_null<FunctionDecl>(u->codegen->GetDeclForMangledName(f.getName()));
		const FunctionDecl *definition = nullptr;
		if (!f.isDeclaration() && f.hasPersonalityFn() && fd && fd->hasBody(definition) &&
		    !shim_in_system_header(*u, definition->getLocation()))
			w.function(definition);
	}
	*out = u->handlers.data();
	return u->handlers.size();
}
