/* Units made by hand: names of fields, places, and what the verifier refuses. Prints what it finds; see
 * access.test. */
#include "arena.h"
#include "intern.h"
#include "ir.h"

#include <stdio.h>
#include <string.h>

enum { INNER = 1, OUTER, SLOT, NRECORDS };

static struct ir_field field(struct ir_unit *u, const char *name, uint32_t offset, uint32_t size)
{
	return (struct ir_field){.name = intern(u->strings, name),
	                         .ctype = intern(u->strings, "int"),
	                         .offset = offset,
	                         .size = size};
}

static struct ir_field *add_record(struct ir_unit *u, uint32_t n, const char *name, uint32_t size,
                                   uint32_t nfields)
{
	struct ir_record *r = &u->records[n];
	r->name = intern(u->strings, name);
	r->size = size;
	r->nfields = nfields;
	r->fields = ARENA_ARRAY(u->arena, struct ir_field, nfields);
	return r->fields;
}

/* struct inner { int a, b; }; struct outer { int first; struct inner one; struct inner many[3]; int list[4];
 * union { int *ptr; int num; }; }; */
static void add_records(struct ir_unit *u)
{
	u->nrecords = NRECORDS;
	u->records = ARENA_ARRAY(u->arena, struct ir_record, NRECORDS);
	u->records[0].name = intern(u->strings, "");
	struct ir_field *f = add_record(u, INNER, "inner", 8, 2);
	f[0] = field(u, "a", 0, 4);
	f[1] = field(u, "b", 4, 4);
	f = add_record(u, OUTER, "outer", 64, 5);
	f[0] = field(u, "first", 0, 4);
	f[1] = field(u, "one", 4, 8);
	f[1].record = INNER;
	f[2] = field(u, "many", 12, 24);
	f[2].record = INNER;
	f[2].elem_size = 8;
	f[3] = field(u, "list", 36, 16);
	f[3].elem_size = 4;
	f[4] = field(u, "", 56, 8);
	f[4].record = SLOT;
	f = add_record(u, SLOT, "", 8, 2);
	f[0] = field(u, "ptr", 0, 8);
	f[1] = field(u, "num", 0, 4);
	u->records[SLOT].is_union = true;
}

static void add_places(struct ir_unit *u)
{
	u->nfiles = 2;
	u->files = ARENA_ARRAY(u->arena, struct ir_source_file, 2);
	u->files[0].path = intern(u->strings, "");
	u->files[1] = (struct ir_source_file){.path = intern(u->strings, "/src/a.c"), .main = true};
	u->nlocs = 5;
	u->locs = ARENA_ARRAY(u->arena, struct ir_place, 5);
	u->locs[1] = (struct ir_place){.file = 1, .line = 10, .col = 2};
	u->locs[2] = (struct ir_place){.file = 1, .line = 20, .col = 4, .inlined_at = 1};
	u->locs[3] = (struct ir_place){.file = 1, .line = 30, .col = 6, .inlined_at = 2};
	u->locs[4] = (struct ir_place){
	        .file = 1, .line = 40, .col = 8, .inlined_at = 4}; /* wrong: it is its own caller */
}

static struct ir_value value(struct ir_unit *u, int kind, uint32_t aux)
{
	const char *none = intern(u->strings, "");
	return (struct ir_value){.kind = (uint8_t)kind, .aux = aux, .str = none, .name = none, .ctype = none};
}

/* int f(int n) { return (cast)n; } */
static void add_function(struct ir_unit *u)
{
	u->nfuncs = 2;
	u->funcs = ARENA_ARRAY(u->arena, struct ir_func, 2);
	struct ir_func *f = &u->funcs[1];
	f->name = f->display = f->plain = intern(u->strings, "f");
	f->usr = f->ret_ctype = f->skipped_why = intern(u->strings, "");
	f->flags = IR_FUNC_DEFINED;
	f->nparams = 1;
	f->params = ARENA_NEW(u->arena, struct ir_param);
	f->params[0] = (struct ir_param){
	        .name = intern(u->strings, "n"), .ctype = intern(u->strings, "int"), .val = 1};
	f->nvals = 3;
	f->vals = ARENA_ARRAY(u->arena, struct ir_value, 3);
	f->vals[0] = value(u, IR_VAL_NONE, 0);
	f->vals[1] = value(u, IR_VAL_PARAM, 0);
	f->vals[2] = value(u, IR_VAL_INSTR, 1);
	f->noperands = 2;
	f->operands = ARENA_ARRAY(u->arena, ir_val, 2);
	f->phi_blocks = ARENA_ARRAY(u->arena, ir_block, 2);
	f->operands[0] = 1;
	f->operands[1] = 2;
	f->ninstrs = 3;
	f->instrs = ARENA_ARRAY(u->arena, struct ir_instruction, 3);
	f->instrs[1] = (struct ir_instruction){.op = IR_CAST, .block = 1, .result = 2, .noperands = 1};
	f->instrs[2] = (struct ir_instruction){.op = IR_RET, .block = 1, .first_operand = 1, .noperands = 1};
	f->nblocks = 2;
	f->blocks = ARENA_ARRAY(u->arena, struct ir_basic_block, 2);
	f->blocks[1] = (struct ir_basic_block){.first = 1, .count = 2, .label = intern(u->strings, "entry")};
}

static struct ir_unit *make_unit(void)
{
	struct ir_unit *u = ir_unit_new();
	u->path = intern(u->strings, "/src/a.c");
	add_records(u);
	add_places(u);
	add_function(u);
	return u;
}

static void show_fields(const struct ir_unit *u)
{
	static const uint32_t offsets[] = {0, 2, 4, 8, 12, 16, 24, 36, 44, 56, 64, 4000000000u};
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		const struct ir_field *f = ir_field_at(u, OUTER, offsets[i]);
		printf("%u: '%s' at '%s'\n", offsets[i], ir_field_name(u, OUTER, offsets[i]),
		       f ? f->name : "nothing");
	}
	printf("no record: '%s'\n", ir_field_name(u, 0, 0));
	printf("unknown record: '%s'\n", ir_field_name(u, 77, 0));
}

static void show_places(const struct ir_unit *u)
{
	for (ir_loc i = 0; i < 6; i++)
		printf("place %u: line %u\n", i, ir_place_outer(u, i).line);
}

static void show_access(const struct ir_unit *u)
{
	const struct ir_func *f = &u->funcs[1];
	printf("strip: %u\n", ir_strip_casts(f, 2));
	printf("terminator: %s, of no block: %s\n", ir_op_name(ir_terminator(f, 1)->op),
	       ir_terminator(f, 9) ? "some" : "none");
	printf("f is %u, g is %u\n", ir_func_by_name(u, "f"), ir_func_by_name(u, "g"));
	f->operands[0] = 2; /* a cast of itself */
	printf("endless strip: %u\n", ir_strip_casts(f, 2));
	f->operands[0] = 1;
}

static void verdict(const char *what, const struct ir_unit *u)
{
	const char *wrong = ir_verify(u);
	printf("%s: %s\n", what, wrong ? wrong : "fine");
}

static void show_verifier(struct ir_unit *u)
{
	struct ir_func *f = &u->funcs[1];
	verdict("as made", u);
	f->operands[1] = 3;
	verdict("operand", u);
	f->operands[1] = 2;
	f->instrs[1].op = IR_BR;
	verdict("middle", u);
	f->instrs[1].op = IR_CAST;
	f->blocks[1].count = 9;
	verdict("count", u);
	f->blocks[1].count = 2;
	f->instrs[1].loc = 99;
	verdict("place", u);
	f->instrs[1].loc = 0;
	f->vals[2].aux = 2;
	verdict("result", u);
	f->vals[2].aux = 1;
	f->operands[0] = 2;
	verdict("circle", u);
	f->instrs[1].op = IR_BINOP;
	f->instrs[1].noperands = 2;
	f->instrs[1].sub = IR_BIN_OTHER + 1;
	verdict("no such sum", u);
	f->instrs[1] = (struct ir_instruction){.op = IR_CAST, .block = 1, .result = 2, .noperands = 1};
	f->operands[0] = 1;
	f->instrs[2].first_operand = 0;
	verdict("shared", u);
	f->instrs[2].first_operand = 1;
	f->flags = 0;
	verdict("no body", u);
	f->flags = IR_FUNC_DEFINED;
	verdict("as made again", u);
	u->records[OUTER].fields[1].record = 99;
	verdict("record", u);
}

int main(void)
{
	struct ir_unit *u = make_unit();
	show_fields(u);
	show_places(u);
	show_access(u);
	ir_dump(u, "f", stdout);
	show_verifier(u);
	ir_unit_free(u);
	ir_unit_free(NULL);
	return 0;
}
