#include "finding.h"

#include <string.h>

const char *severity_name(enum severity s)
{
	switch (s) {
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	}
	return "unknown";
}

const char *confidence_name(enum confidence c)
{
	switch (c) {
	case CONFIDENCE_LOW:
		return "low";
	case CONFIDENCE_MEDIUM:
		return "medium";
	case CONFIDENCE_HIGH:
		return "high";
	}
	return "unknown";
}

bool confidence_parse(const char *text, enum confidence *c)
{
	for (enum confidence i = CONFIDENCE_LOW; i <= CONFIDENCE_HIGH; i++) {
		if (strcmp(text, confidence_name(i)) == 0) {
			*c = i;
			return true;
		}
	}
	return false;
}

const char *step_kind_name(enum step_kind k)
{
	switch (k) {
	case STEP_EVENT:
		return "event";
	case STEP_BRANCH:
		return "branch";
	case STEP_CALL:
		return "call";
	case STEP_ENTER:
		return "enter";
	case STEP_EXIT:
		return "exit";
	case STEP_NOTE:
		return "note";
	}
	return "unknown";
}

const struct finding_builtin finding_builtins[] = {
#define BUILTIN(id, severity, summary, help) {id, summary, help, severity},
#include "builtin.def"
#undef BUILTIN
        {0},
};

const struct finding_builtin *finding_builtin_find(const char *id)
{
	for (const struct finding_builtin *b = finding_builtins; b->id; b++)
		if (strcmp(b->id, id) == 0)
			return b;
	return NULL;
}
