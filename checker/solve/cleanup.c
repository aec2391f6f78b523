/*
 * cleanup.c - which calls clean up: by their model, by what they are asked for, by their name, or by what
 * their body does; and the tokens that an object carries which is told of the end, or ends.
 */
#include "scan.h"
#include "sim.h"
#include "words.h"

#include "arena.h"

#include <ctype.h>
#include <string.h>

#define MAX_HELPERS 3 /* calls down to the one that cleans up */

static bool rolls_back(const struct ir_func *f, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
		if (v->kind == IR_VAL_STRING && v->str && strncasecmp(v->str, "rollback", 8) == 0)
			return true;
	}
	return false;
}

#define AMONG(word, list) word_among(word, list, sizeof(list) / sizeof *(list))

/* One of the words that clean-up goes by, as a word of the function's name: what it does, not what it waits
 * or asks for, or does at last (`run_until_stop`, `find_free_slot`, `free_space_query`, `read_and_close`). */
static bool names_cleanup(const char *name)
{
	static const char *const words[] = {"close",   "disconnect", "rollback", "unlock",  "free",
	                                    "abort",   "stop",       "shutdown", "cleanup", "destroy",
	                                    "dispose", "finalize",   "teardown"};
	static const char *const before[] = {"find", "get",    "next", "wait", "query", "until", "is", "has",
	                                     "can",  "should", "may",  "was",  "not",   "count", "and"};
	static const char *const last[] = {"find", "get", "query", "read", "count", "size", "load", "fetch"};
	char word[MAX_WORD];
	bool found = false, asks = false;
	for (const char *own = name; (own = strstr(own, "::")); own += 2)
		if (own[2] != '(') /* a lambda goes by the function that it is in */
			name = own + 2;
	while (word_next(&name, word)) {
		if (!found && AMONG(word, before))
			return false;
		found |= AMONG(word, words);
		asks = AMONG(word, last);
	}
	return found && !asks;
}

/* What was asked before: of a name, or of what a function does with helpers down to a depth. */
enum { NOT_ASKED, NO, YES };

static uint8_t *known_of(const struct solution *s, uint32_t func, unsigned question)
{
	uint32_t n = s->program->unit->nfuncs;
	if (!s->cleaners)
		((struct solution *)s)->cleaners =
		        ARENA_ARRAY(s->arena, uint8_t, (size_t)n * (MAX_HELPERS + 2));
	return &s->cleaners[(size_t)n * question + func];
}

bool done_named_cleanup(const struct solution *s, uint32_t func)
{
	uint8_t *known = known_of(s, func, MAX_HELPERS + 1);
	if (*known == NOT_ASKED)
		*known = names_cleanup(s->program->unit->funcs[func].display) ? YES : NO;
	return *known == YES;
}

/* ---- helpers ---- */

static bool is_token_param(const struct program *p, const struct ir_func *f, ir_val v)
{
	const struct ir_value *param = &f->vals[ir_strip_casts(f, v)];
	return param->kind == IR_VAL_PARAM && program_is_token(p, f->params[param->aux].ctype);
}

static bool gets_token(const struct program *p, const struct ir_func *f, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		if (is_token_param(p, f, ir_arg(f, in, k)))
			return true;
	return false;
}

static bool only_cleans(const struct solution *s, uint32_t func, unsigned depth);

/* All that it does with its token is to give it to clean-up. */
static bool gives_to_cleanup(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	bool cleans = false;
	if (!p->cfgs[func])
		return false;
	for (PROGRAM_EACH_CALL(p, func, c)) {
		const struct ir_instruction *in = &f->instrs[c->at];
		if (!gets_token(p, f, in))
			continue;
		bool ends = p->described[c->callee]
		                    ? api_role_of(p->described[c->callee], API_ROLE_CLEANUP) != NULL ||
		                              rolls_back(f, in) || done_asks_to_undo(f, in)
		                    : c->callee && depth && only_cleans(s, c->callee, depth - 1);
		if (!ends)
			return false;
		cleans = true;
	}
	return cleans;
}

static bool only_cleans(const struct solution *s, uint32_t func, unsigned depth)
{
	uint8_t *known = known_of(s, func, depth);
	if (*known == NOT_ASKED)
		*known = gives_to_cleanup(s, func, depth) ? YES : NO;
	return *known == YES;
}

bool done_is_cleanup(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     uint32_t callee)
{
	const struct api_func *d = s->program->described[callee];
	if (d)
		return api_role_of(d, API_ROLE_CLEANUP) || rolls_back(f, in);
	return callee && (done_named_cleanup(s, callee) || only_cleans(s, callee, MAX_HELPERS));
}

/* ---- requests ---- */

/* "booking.remove", "Unlock": what is asked for by name undoes something. */
static bool names_undoing(const char *text)
{
	static const char *const words[] = {"rollback", "unlock", "release", "remove",
	                                    "delete",   "abort",  "undo",    "revert"};
	size_t n = strlen(text);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t m = strlen(words[i]);
		if (n < m || strcasecmp(text + n - m, words[i]) != 0)
			continue;
		bool begins = n == m || !isalpha((unsigned char)text[n - m - 1]) ||
		              isupper((unsigned char)text[n - m]);
		if (begins && !strpbrk(text, " \t\n"))
			return true;
	}
	return false;
}

bool done_asks_to_undo(const struct ir_func *f, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
		if (v->kind == IR_VAL_STRING && v->str && names_undoing(v->str))
			return true;
	}
	return false;
}

/* ---- tokens in objects ---- */

bool done_carrier_ends(const struct ir_func *f)
{
	return f->nparams && strchr(f->display, '~');
}

/* The token field that a value is loaded from; `from`: what it lies in. */
static const struct ir_field *token_field(const struct program *p, const struct ir_func *f, ir_val v,
                                          ir_val *from, uint32_t *record)
{
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
	const struct ir_instruction *addr =
	        load && load->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0))) : NULL;
	if (!addr || addr->op != IR_ADDR || addr->flags & IR_F_VARIABLE)
		return NULL;
	const struct ir_field *field = ir_field_at(p->unit, addr->record, (uint32_t)addr->imm);
	*from = ir_strip_casts(f, ir_operand(f, addr, 0));
	*record = addr->record;
	return field && strchr(field->ctype, '*') && program_is_token(p, field->ctype) ? field : NULL;
}

static bool is_field(const struct ir_func *f, ir_val at, uint32_t record, uint32_t offset)
{
	const struct ir_instruction *addr = ir_def(f, ir_strip_casts(f, at));
	return addr && addr->op == IR_ADDR && !(addr->flags & IR_F_VARIABLE) && addr->record == record &&
	       addr->imm == offset;
}

/* Another function gives the token of that field to what may be cancelled by it. */
static bool gives_field(const struct program *p, uint32_t func, uint32_t record, uint32_t offset)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? p->described[ir_callee(f, in)] : NULL;
		for (uint32_t k = 0; d && !api_role_of(d, API_ROLE_CLEANUP) && k < ir_nargs(in); k++) {
			const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_arg(f, in, k)));
			const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
			bool honours = block && block->token.base == API_PATH_ARG && block->token.arg == k;
			if (honours && load && load->op == IR_LOAD &&
			    is_field(f, ir_operand(f, load, 0), record, offset))
				return true;
		}
	}
	return false;
}

/* Its own token, made by whoever owns it, may be another one by now. */
static bool makes_field(const struct program *p, uint32_t func, uint32_t record, uint32_t offset)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || !is_field(f, ir_operand(f, in, 1), record, offset))
			continue;
		const struct ir_instruction *made = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		if (made && ir_is_call(made) &&
		    api_role_of(p->described[ir_callee(f, made)], API_ROLE_CREATE))
			return true;
	}
	return false;
}

static bool anywhere(const struct program *p,
                     bool (*does)(const struct program *, uint32_t, uint32_t, uint32_t), uint32_t record,
                     uint32_t offset)
{
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (does(p, f, record, offset))
			return true;
	return false;
}

static bool only_token(const struct program *p, uint32_t record)
{
	uint32_t n = 0;
	for (uint32_t k = 0; k < p->unit->records[record].nfields; k++)
		n += strchr(p->unit->records[record].fields[k].ctype, '*') &&
		     program_is_token(p, p->unit->records[record].fields[k].ctype);
	return n == 1;
}

/* 1 + the parameter whose token a call gives: an operation knows the one that it was begun with. 0: none. */
static uint32_t asked_for(const struct program *p, const struct ir_func *f, ir_val arg)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, arg));
	uint32_t callee = in && ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_role *get = callee ? api_role_of(p->described[callee], API_ROLE_GET) : NULL;
	if (!get || get->from.base != API_PATH_ARG || get->from.deref || get->from.arg >= ir_nargs(in) ||
	    !program_is_token(p, p->unit->funcs[callee].ret_ctype))
		return 0;
	const struct ir_value *from = &f->vals[ir_strip_casts(f, ir_arg(f, in, get->from.arg))];
	return from->kind == IR_VAL_PARAM ? from->aux + 1 : 0;
}

uint32_t done_carrier(const struct solution *s, uint32_t func, ir_val arg)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t asked = asked_for(p, f, arg);
	if (asked)
		return asked;
	ir_val from;
	uint32_t record;
	const struct ir_field *field = token_field(p, f, arg, &from, &record);
	if (!field || f->vals[from].kind != IR_VAL_PARAM || !only_token(p, record) ||
	    anywhere(p, makes_field, record, field->offset))
		return 0;
	if (done_carrier_ends(f) && !anywhere(p, gives_field, record, field->offset))
		return 0;
	return f->vals[from].aux + 1;
}
