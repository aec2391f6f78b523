#include "ir.h"
#include "map.h"
#include "mem.h"
#include "str.h"

#include <inttypes.h>
#include <string.h>

#define MAX_STRING 60

/* What dumping one function needs: a printable name for each value. */
struct dumper {
	const struct ir_unit *u;
	const struct ir_func *f;
	FILE *to;
	uint32_t *ordinal; /* of each value among the unnamed ones, or among those of its name */
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void number_values(struct dumper *d)
{
	struct strmap names = {0};
	uint32_t unnamed = 0;
	d->ordinal = mem_alloc(sizeof *d->ordinal * (d->f->nvals + 1));
	for (uint32_t i = 1; i < d->f->nvals; i++) {
		const struct ir_value *v = &d->f->vals[i];
		if (v->kind != IR_VAL_PARAM && v->kind != IR_VAL_INSTR)
			continue;
		if (!*v->name) {
			d->ordinal[i] = ++unnamed;
			continue;
		}
		uint64_t seen = 0;
		strmap_get(&names, v->name, &seen);
		strmap_set(&names, v->name, seen + 1);
		d->ordinal[i] = (uint32_t)seen + 1;
	}
	strmap_release(&names);
}

static void dump_text(const char *s, FILE *to)
{
	fputc('"', to);
	for (int i = 0; s[i] && i < MAX_STRING; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 32 || c == 127)
			fprintf(to, "\\x%02x", c);
		else
			fputc(c, to);
	}
	fputs(strlen(s) > MAX_STRING ? "\"..." : "\"", to);
}

static void dump_local(const struct dumper *d, ir_val n)
{
	const struct ir_value *v = &d->f->vals[n];
	if (!*v->name)
		fprintf(d->to, "%%%u", d->ordinal[n]);
	else if (d->ordinal[n] == 1)
		fprintf(d->to, "%%%s", v->name);
	else
		fprintf(d->to, "%%%s.%u", v->name, d->ordinal[n]);
}

static void dump_value(const struct dumper *d, ir_val n)
{
	const struct ir_value *v = &d->f->vals[n];
	switch (v->kind) {
	case IR_VAL_PARAM:
	case IR_VAL_INSTR:
		dump_local(d, n);
		break;
	case IR_VAL_INT:
		fprintf(d->to, "%" PRId64, v->imm);
		break;
	case IR_VAL_NULL:
		fputs("null", d->to);
		break;
	case IR_VAL_UNDEF:
		fputs("undef", d->to);
		break;
	case IR_VAL_GLOBAL:
		fprintf(d->to, "@%s", d->u->globals[v->aux].name);
		if (v->imm)
			fprintf(d->to, " + %" PRId64, v->imm);
		break;
	case IR_VAL_FUNC:
		fprintf(d->to, "@%s", d->u->funcs[v->aux].name);
		break;
	case IR_VAL_STRING:
		dump_text(v->str, d->to);
		break;
	default:
		fputs("const", d->to);
		break;
	}
}

static void dump_operands(const struct dumper *d, const struct ir_instruction *i, uint32_t from)
{
	for (uint32_t k = from; k < i->noperands; k++) {
		fputs(k > from ? ", " : "", d->to);
		dump_value(d, ir_operand(d->f, i, k));
	}
}

static void dump_call(const struct dumper *d, const struct ir_instruction *i)
{
	fputc(' ', d->to);
	dump_value(d, ir_operand(d->f, i, 0));
	fputc('(', d->to);
	dump_operands(d, i, 1);
	fputc(')', d->to);
}

static void dump_addr(const struct dumper *d, const struct ir_instruction *i)
{
	fputc(' ', d->to);
	dump_value(d, ir_operand(d->f, i, 0));
	if (i->imm || !(i->flags & IR_F_VARIABLE))
		fprintf(d->to, " + %" PRId64, i->imm);
	if (i->flags & IR_F_VARIABLE) {
		fputs(" + ", d->to);
		dump_value(d, ir_operand(d->f, i, 1));
		fprintf(d->to, " * %u", i->scale);
	}
	if (!i->record)
		return;
	const struct ir_record *r = &d->u->records[i->record];
	const char *field = i->imm >= 0 ? ir_field_name(d->u, i->record, (uint32_t)i->imm) : "";
	fprintf(d->to, " (%s.%s)", *r->name ? r->name : "anonymous", field);
}

static void dump_phi(const struct dumper *d, const struct ir_instruction *i)
{
	for (uint32_t k = 0; k < i->noperands; k++) {
		fprintf(d->to, "%s[", k ? ", " : " ");
		dump_value(d, ir_operand(d->f, i, k));
		fprintf(d->to, ", bb%u]", d->f->phi_blocks[i->first_operand + k]);
	}
}

static const char *sub_name(const struct ir_instruction *i)
{
	static const char *const preds[] = {"eq",  "ne",  "slt", "sle", "sgt",
	                                    "sge", "ult", "ule", "ugt", "uge"};
	static const char *const bins[] = {"add", "sub",  "mul",  "sdiv", "udiv", "srem", "urem",
	                                   "shl", "lshr", "ashr", "and",  "or",   "xor",  "other"};
	static const char *const rmws[] = {"xchg", "add", "sub", "and", "or", "xor", "other"};
	if (i->op == IR_ICMP)
		return i->sub <= IR_UGE ? preds[i->sub] : "?";
	if (i->op == IR_BINOP)
		return i->sub <= IR_BIN_OTHER ? bins[i->sub] : "?";
	if (i->op == IR_ATOMIC)
		return i->sub <= IR_RMW_OTHER ? rmws[i->sub] : "?";
	return NULL;
}

static void dump_plain(const struct dumper *d, const struct ir_instruction *i)
{
	if (sub_name(i))
		fprintf(d->to, " %s", sub_name(i));
	if (i->noperands)
		fputc(' ', d->to);
	dump_operands(d, i, 0);
	bool sized = i->op == IR_ALLOCA || i->op == IR_LOAD || i->op == IR_STORE || i->op == IR_COPY ||
	             i->op == IR_FILL;
	if (sized)
		fprintf(d->to, " [%" PRId64 "]", i->imm);
	if (i->op == IR_EXTRACT || i->op == IR_INSERT)
		fprintf(d->to, ", %" PRId64, i->imm);
}

static void dump_flags(const struct ir_instruction *i, FILE *to)
{
	static const struct {
		unsigned bit;
		const char *text;
	} names[] = {{IR_F_VOLATILE, "volatile"},
	             {IR_F_ATOMIC, "atomic"},
	             {IR_F_NORETURN, "noreturn"},
	             {IR_F_CLEANUP, "cleanup"}};
	for (size_t k = 0; k < sizeof names / sizeof *names; k++)
		if (i->flags & names[k].bit)
			fprintf(to, " !%s", names[k].text);
}

static void dump_place(const struct ir_unit *u, ir_loc loc, FILE *to)
{
	struct ir_place p = ir_place_outer(u, loc);
	if (!p.line)
		return;
	fputs(" ; ", to);
	if (!u->files[p.file].main)
		fprintf(to, "%s:", base_name(u->files[p.file].path));
	fprintf(to, "%u:%u", p.line, p.col);
	if (p.end_col)
		fprintf(to, "-%u", p.end_col);
	if (u->locs[loc].inlined_at)
		fputs(" inlined", to);
}

static void dump_instr(const struct dumper *d, const struct ir_instruction *i)
{
	fputs("    ", d->to);
	if (i->result) {
		dump_local(d, i->result);
		fputs(" = ", d->to);
	}
	fputs(ir_op_name(i->op), d->to);
	if (ir_is_call(i))
		dump_call(d, i);
	else if (i->op == IR_ADDR)
		dump_addr(d, i);
	else if (i->op == IR_PHI)
		dump_phi(d, i);
	else
		dump_plain(d, i);
	for (uint32_t k = 0; k < i->nsuccs; k++)
		fprintf(d->to, "%s bb%u", k ? "," : " ->", ir_succ(d->f, i, k));
	dump_flags(i, d->to);
	dump_place(d->u, i->loc, d->to);
	fputc('\n', d->to);
}

static void dump_func_flags(const struct ir_func *f, FILE *to)
{
	static const struct {
		unsigned bit;
		const char *text;
	} names[] = {{IR_FUNC_STATIC, "static"},      {IR_FUNC_VARIADIC, "variadic"},
	             {IR_FUNC_NORETURN, "noreturn"},  {IR_FUNC_INLINE, "inline"},
	             {IR_FUNC_SYSTEM, "system"},      {IR_FUNC_ADDRESS_TAKEN, "address-taken"},
	             {IR_FUNC_GENERATED, "generated"},  {IR_FUNC_PROTOTYPE, "prototype"}};
	for (size_t k = 0; k < sizeof names / sizeof *names; k++)
		if (f->flags & names[k].bit)
			fprintf(to, " %s", names[k].text);
}

static void dump_signature(const struct ir_unit *u, const struct ir_func *f, FILE *to)
{
	fprintf(to, "%s @%s(", f->flags & IR_FUNC_DEFINED ? "define" : "declare", f->name);
	for (uint32_t k = 0; k < f->nparams; k++) {
		const char *type = *f->params[k].ctype ? f->params[k].ctype : "?";
		fprintf(to, "%s%s%s%s", k ? ", " : "", type, *f->params[k].name ? " %" : "",
		        f->params[k].name);
	}
	fprintf(to, ") -> %s", *f->ret_ctype ? f->ret_ctype : "?");
	dump_func_flags(f, to);
	if (strcmp(f->display, f->name) != 0)
		fprintf(to, " '%s'", f->display);
	dump_place(u, f->loc, to);
	fputc('\n', to);
	for (uint32_t k = 0; k < f->nannotations; k++)
		fprintf(to, "    annotation %s\n", f->annotations[k]);
}

static void dump_alloca_types(const struct dumper *d)
{
	for (uint32_t n = 1; n < d->f->nvals; n++) {
		const struct ir_value *v = &d->f->vals[n];
		if (v->kind != IR_VAL_INSTR || !*v->ctype)
			continue;
		fputs("    var ", d->to);
		dump_local(d, n);
		fprintf(d->to, ": %s\n", v->ctype);
	}
}

static void dump_func(const struct ir_unit *u, const struct ir_func *f, FILE *to)
{
	dump_signature(u, f, to);
	if (f->flags & IR_FUNC_SKIPPED)
		fprintf(to, "    skipped: %s\n", f->skipped_why);
	if (!(f->flags & IR_FUNC_DEFINED) || (f->flags & IR_FUNC_SKIPPED))
		return;
	struct dumper d = {u, f, to, NULL};
	number_values(&d);
	dump_alloca_types(&d);
	for (ir_block b = 1; b < f->nblocks; b++) {
		fprintf(to, "  bb%u%s%s:\n", b, *f->blocks[b].label ? " " : "", f->blocks[b].label);
		for (uint32_t k = 0; k < f->blocks[b].count; k++)
			dump_instr(&d, &f->instrs[f->blocks[b].first + k]);
	}
	fputc('\n', to);
	mem_release(d.ordinal);
}

static void dump_global(const struct ir_unit *u, const struct ir_global *g, FILE *to)
{
	fprintf(to, "global @%s %s", g->name, *g->ctype ? g->ctype : "?");
	const struct {
		bool on;
		const char *text;
	} flags[] = {
	        {g->defined, "defined"},   {g->is_static, "static"},     {g->thread_local_, "thread-local"},
	        {g->constant, "constant"}, {g->is_volatile, "volatile"}, {g->atomic, "atomic"}};
	for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
		if (flags[k].on)
			fprintf(to, " %s", flags[k].text);
	if (strcmp(g->display, g->name) != 0)
		fprintf(to, " '%s'", g->display);
	if (g->owner)
		fprintf(to, " in @%s", u->funcs[g->owner].name);
	dump_place(u, g->loc, to);
	fputc('\n', to);
	for (uint32_t k = 0; k < g->nslots; k++) {
		const char *field = ir_field_name(u, g->record, g->slots[k].offset);
		fprintf(to, "    slot + %u%s%s = @%s\n", g->slots[k].offset, *field ? " ." : "", field,
		        u->funcs[g->slots[k].func].name);
	}
}

void ir_dump(const struct ir_unit *u, const char *only, FILE *to)
{
	if (!only) {
		fprintf(to, "unit %s%s\n\n", base_name(u->path), u->cplusplus ? " c++" : "");
		for (uint32_t i = 1; i < u->nglobals; i++)
			dump_global(u, &u->globals[i], to);
		for (uint32_t i = 1; i < u->nfuncs; i++)
			if (!(u->funcs[i].flags & IR_FUNC_DEFINED))
				dump_func(u, &u->funcs[i], to);
		fputc('\n', to);
	}
	for (uint32_t i = 1; i < u->nfuncs; i++) {
		const struct ir_func *f = &u->funcs[i];
		bool named = !only || strcmp(f->name, only) == 0 || strcmp(f->display, only) == 0;
		if (named && (only || (f->flags & IR_FUNC_DEFINED)))
			dump_func(u, f, to);
	}
}
