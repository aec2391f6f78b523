// `#pragma GCC diagnostic` without its price. Libraries' macros say by the thousand that a warning is to be ignored, and
// from then on clang looks up for each place what is said there. Nobody sees warnings here: what counts is what makes
// errors.
#include "unit.hh"

#include <clang/Basic/DiagnosticIDs.h>
#include <clang/Lex/Pragma.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Config/abi-breaking.h>

using namespace clang;

namespace
{

class diagnostic_pragma : public PragmaHandler
{
	unsigned waiting = 0;         // pushes that nothing has followed so far that counts
	llvm::StringMap<bool> counts; // what is known of groups, until something that counts

	static bool is_error(DiagnosticsEngine &d, llvm::StringRef group, SourceLocation at)
	{
		llvm::SmallVector<diag::kind, 64> kinds;
		if (d.getDiagnosticIDs()->getDiagnosticsInGroup(diag::Flavor::WarningOrError, group, kinds))
			return false;
		for (diag::kind k : kinds)
			if (d.getDiagnosticLevel(k, at) >= DiagnosticsEngine::Error)
				return true;
		return false;
	}
	bool may_count(DiagnosticsEngine &d, llvm::StringRef group, SourceLocation at)
	{
		if (group == "everything")
			return true;
		auto known = counts.find(group);
		if (known == counts.end())
			known = counts.try_emplace(group, is_error(d, group, at)).first;
		return known->second;
	}
	void set(DiagnosticsEngine &d, llvm::StringRef option, diag::Severity severity, SourceLocation at)
	{
		if (option.size() < 3 || !option.starts_with("-W"))
			return;
		llvm::StringRef group = option.substr(2);
		bool quiets = severity == diag::Severity::Ignored || severity == diag::Severity::Warning;
		if (quiets && !may_count(d, group, at))
			return;
		for (; waiting; waiting--)
			d.pushMappings(at);
		counts.clear();
		if (group == "everything")
			d.setSeverityForAll(diag::Flavor::WarningOrError, severity, at);
		else
			d.setSeverityForGroup(diag::Flavor::WarningOrError, group, severity, at);
	}
	void pop(DiagnosticsEngine &d, SourceLocation at)
	{
		if (waiting) {
			waiting--;
			return;
		}
		d.popMappings(at);
		counts.clear();
	}

      public:
	diagnostic_pragma() : PragmaHandler("diagnostic")
	{
	}
	void HandlePragma(Preprocessor &pp, PragmaIntroducer, Token &pragma) override
	{
		DiagnosticsEngine &d = pp.getDiagnostics();
		SourceLocation at = pragma.getLocation();
		Token token;
		pp.LexUnexpandedToken(token);
		if (token.isNot(tok::identifier))
			return;
		llvm::StringRef what = token.getIdentifierInfo()->getName();
		if (what == "push")
			waiting++;
		else if (what == "pop")
			pop(d, at);
		std::optional<diag::Severity> severity =
		        llvm::StringSwitch<std::optional<diag::Severity>>(what)
		                .Case("ignored", diag::Severity::Ignored)
		                .Case("warning", diag::Severity::Warning)
		                .Case("error", diag::Severity::Error)
		                .Case("fatal", diag::Severity::Fatal)
		                .Default(std::nullopt);
		if (!severity)
			return;
		SourceLocation string = token.getLocation();
		std::string option;
		pp.LexUnexpandedToken(token);
		if (pp.FinishLexStringLiteral(token, option, "pragma diagnostic", false) && token.is(tok::eod))
			set(d, option, *severity, string);
	}
};

} // namespace

void shim_quiet_pragmas(Preprocessor &pp)
{
#if !LLVM_ENABLE_ABI_BREAKING_CHECKS // else clang asserts that nobody else does this
	for (const char *space : {"GCC", "clang"})
		pp.AddPragmaHandler(space, new diagnostic_pragma);
#endif
}
