/* Prints rules/models/schema.json from the tables that the loader checks with, so that editors and loader agree. */
#include "model_test.h"

#include "vocabulary.h"

#include <stdio.h>
#include <string.h>

static void print_words(enum api_slot slot)
{
	const char *words[WORDS_MAX];
	size_t n = word_list(slot, words);
	printf("{\"enum\": [");
	for (size_t i = 0; i < n; i++) /* to a YAML reader an unquoted null is no text */
		printf("%s%s\"%s\"", i ? ", " : "", strcmp(words[i], "null") == 0 ? "null, " : "", words[i]);
	printf("]}");
}

static void print_slot(enum api_slot slot)
{
	switch (slot_info(slot)->kind) {
	case SLOT_PATH:
		printf("{\"$ref\": \"#/definitions/path\"}");
		break;
	case SLOT_BOOL:
		printf("{\"type\": \"boolean\"}");
		break;
	case SLOT_NUMBER:
		printf("{\"type\": \"integer\"}");
		break;
	case SLOT_NAME:
		printf("{\"type\": \"string\", \"pattern\": \"^\\\\S+$\"}");
		break;
	case SLOT_UNLESS:
		printf("{\"$ref\": \"#/definitions/unless\"}");
		break;
	case SLOT_WORD:
	case SLOT_TEXT:
	case SLOT_NULL_IS:
		print_words(slot);
		break;
	}
}

static void print_keys(uint64_t slots, const char *before, const char *after, const char *between)
{
	bool first = true;
	for (unsigned s = 0; s < API_NSLOTS; s++) {
		if (!(slots & SLOT_BIT(s)))
			continue;
		printf("%s%s%s%s", first ? "" : between, before, slot_info(s)->key, after);
		first = false;
	}
}

static void print_needs(enum api_role_kind k)
{
	struct role_needs needs = role_needs(k);
	if (needs.all) {
		printf(",\n      \"required\": [");
		print_keys(needs.all, "\"", "\"", ", ");
		printf("]");
	}
	if (needs.any) {
		printf(",\n      \"anyOf\": [");
		print_keys(needs.any, "{\"required\": [\"", "\"]}", ", ");
		printf("]");
	}
}

static void print_role(enum api_role_kind k)
{
	bool first = true;
	printf(",\n    \"role-%s\": {\n      \"description\": \"%s\",\n", api_role_name(k), api_role_text(k));
	if (!role_slots(k)) {
		printf("      \"enum\": [true, null, {}]\n    }");
		return;
	}
	printf("      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \"properties\": {");
	for (unsigned s = 0; s < API_NSLOTS; s++) {
		if (!(role_slots(k) & SLOT_BIT(s)))
			continue;
		printf("%s\n        \"%s\": ", first ? "" : ",", slot_info(s)->key);
		print_slot(s);
		first = false;
	}
	printf("\n      }");
	print_needs(k);
	printf("\n    }");
}

static const char head[] =
	"{\n"
	"  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
	"  \"title\": \"cancelint model\",\n"
	"  \"description\": \"What the functions of a library do with tokens and handles. See docs/formats/models.md.\",\n"
	"  \"type\": \"object\",\n"
	"  \"additionalProperties\": false,\n"
	"  \"required\": [\"library\"],\n"
	"  \"properties\": {\n"
	"    \"library\": {\"type\": \"string\", \"pattern\": \"^[A-Za-z0-9][A-Za-z0-9._+-]*$\"},\n"
	"    \"headers\": {\"$ref\": \"#/definitions/texts\", \"description\": \"in the order of inclusion\"},\n"
	"    \"pkg-config\": {\"$ref\": \"#/definitions/texts\", \"description\": \"packages whose flags the headers need\"},\n"
	"    \"defines\": {\"$ref\": \"#/definitions/texts\", \"description\": \"NAME or NAME=VALUE, for the headers\"},\n"
	"    \"c++\": {\"type\": \"boolean\", \"description\": \"the headers are C++\"},\n"
	"    \"errors\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of out-parameters that tell of a failure\"},\n"
	"    \"outcomes\": {\"$ref\": \"#/definitions/texts\", \"description\": \"classes whose values tell how an operation ended\"},\n"
	"    \"exceptions\": {\"$ref\": \"#/definitions/texts\", \"description\": \"classes that most exceptions derive from\"},\n"
	"    \"callbacks\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of functions that are told of the end of an operation\"},\n"
	"    \"mutables\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of pointers to objects that change while they are used\"},\n"
	"    \"seconds\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of durations that count seconds\"},\n"
	"    \"milliseconds\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of durations that count milliseconds\"},\n"
	"    \"microseconds\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of durations that count microseconds\"},\n"
	"    \"nanoseconds\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of durations that count nanoseconds\"},\n"
	"    \"booleans\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types of results that are false then\"},\n"
	"    \"tokens\": {\"$ref\": \"#/definitions/texts\", \"description\": \"types whose values are tokens\"},\n"
	"    \"teardown-slots\": {\"$ref\": \"#/definitions/texts\", \"description\": \"STRUCT.FIELD: a function stored there ends the objects of a type\"},\n"
	"    \"families\": {\n"
	"      \"type\": \"object\",\n"
	"      \"additionalProperties\": {\n"
	"        \"type\": \"object\",\n"
	"        \"additionalProperties\": false,\n"
	"        \"properties\": {\n"
	"          \"noun\": {\"type\": \"string\", \"minLength\": 1},\n"
	"          \"release\": {\"type\": \"string\", \"minLength\": 1},\n"
	"          \"cancel-needed\": {\"type\": \"boolean\"},\n"
	"          \"claim\": {\"type\": \"boolean\"},\n"
	"          \"weak\": {\"type\": \"boolean\"},\n"
	"          \"timer\": {\"type\": \"boolean\"},\n"
	"          \"lexical\": {\"type\": \"boolean\"},\n"
	"          \"masks-cancel\": {\"type\": \"boolean\"},\n"
	"          \"task\": {\"type\": \"boolean\"}\n"
	"        }\n"
	"      }\n"
	"    },\n"
	"    \"functions\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/function\"}}\n"
	"  },\n"
	"  \"definitions\": {\n"
	"    \"texts\": {\n"
	"      \"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]\n"
	"    },\n"
	"    \"path\": {\n"
	"      \"type\": \"string\",\n"
	"      \"pattern\": \"^(\\\\*?(return|arg[0-9]+)(->[A-Za-z_][A-Za-z0-9_]*)?|arg[0-9]+\\\\[[0-9]+\\\\])$\"\n"
	"    },\n"
	"    \"unless\": {\n"
	"      \"type\": \"object\",\n"
	"      \"additionalProperties\": false,\n"
	"      \"properties\": {\"arg\": {\"type\": \"integer\"}, \"has\": {\"type\": \"integer\"}, \"is\": {\"type\": \"integer\"}, \"begins\": {\"type\": \"string\", \"minLength\": 1}},\n"
	"      \"required\": [\"arg\"],\n"
	"      \"oneOf\": [{\"required\": [\"has\"]}, {\"required\": [\"is\"]}, {\"required\": [\"begins\"]}]\n"
	"    },\n"
	"    \"function\": {\n"
	"      \"type\": \"object\",\n"
	"      \"additionalProperties\": false,\n"
	"      \"properties\": {\n"
	"        \"params\": {\n"
	"          \"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"type\": \"string\", \"pattern\": \"^[0-9]+\\\\+$\"}]\n"
	"        },\n"
	"        \"since\": {\"type\": [\"string\", \"number\"]},\n"
	"        \"elements\": {\"enum\": [\"tokens\"]}";

void schema_print(void)
{
	fputs(head, stdout);
	for (unsigned k = 0; k < API_NROLES; k++) {
		const char *name = api_role_name(k);
		printf(",\n        \"%s\": {\"anyOf\": [{\"$ref\": \"#/definitions/role-%s\"}, ", name, name);
		printf("{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/definitions/role-%s\"}}]}", name);
	}
	printf("\n      }\n    }");
	for (unsigned k = 0; k < API_NROLES; k++)
		print_role(k);
	printf("\n  }\n}\n");
}
