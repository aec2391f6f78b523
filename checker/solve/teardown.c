/*
 * teardown.c - which functions end the objects of a type: by the class slot they are stored into, because
 * they free such an object, as destructors, or by the shape of their name; and which types live and die with
 * another.
 */
#include "fields.h"

#include <ctype.h>
#include <string.h>

/* ---- types of values ---- */

bool ends_spells_pointer_to(const char *ctype, const char *record)
{
	if (!ctype || !*record)
		return false;
	for (;;) {
		if (!strncmp(ctype, "const ", 6))
			ctype += 6;
		else if (!strncmp(ctype, "struct ", 7))
			ctype += 7;
		else
			break;
	}
	size_t n = strcspn(ctype, " *");
	record += *record == '_' && *ctype != '_';
	return strlen(record) == n && !strncmp(ctype, record, n) &&
	       !strcmp(ctype + n + strspn(ctype + n, " "), "*");
}

static uint32_t pointee_of_load(const struct fields *x, const struct ir_func *f,
                                const struct ir_instruction *load)
{
	const struct ir_instruction *addr = ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0)));
	const struct ir_field *field = addr && addr->op == IR_ADDR && addr->record
	                                       ? ir_field_at(x->u, addr->record, (uint32_t)addr->imm)
	                                       : NULL;
	return field ? field->pointee : 0;
}

/* The type that a parameter or a field is declared to point to. */
static uint32_t pointee_of(const struct fields *x, const struct ir_func *f, ir_val root)
{
	const struct ir_instruction *def = ir_def(f, root);
	if (f->vals[root].kind == IR_VAL_PARAM)
		return f->params[f->vals[root].aux].pointee;
	return def && def->op == IR_LOAD ? pointee_of_load(x, f, def) : 0;
}

static bool used_as(struct fields *x, uint32_t func, ir_val root, uint32_t record)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_ADDR && f->instrs[i].record == record &&
		    fields_root(x, func, ir_operand(f, &f->instrs[i], 0), NULL) == root)
			return true;
	return false;
}

static const struct ir_field *struct_member(const struct ir_record *r, uint32_t offset)
{
	for (uint32_t i = 0; i < r->nfields; i++)
		if (r->fields[i].record && offset >= r->fields[i].offset &&
		    offset - r->fields[i].offset < r->fields[i].size)
			return &r->fields[i];
	return NULL;
}

bool ends_part_is(struct fields *x, uint32_t func, ir_val v, uint32_t record)
{
	const struct ir_instruction *addr = ir_def(&x->u->funcs[func], fields_root(x, func, v, NULL));
	if (!addr || addr->op != IR_ADDR || !addr->record || addr->imm < 0)
		return false;
	uint32_t outer = addr->record, offset = (uint32_t)addr->imm;
	for (unsigned depth = 0; depth < 8; depth++) {
		const struct ir_field *f = struct_member(&x->u->records[outer], offset);
		if (!f)
			return false;
		offset -= f->offset;
		outer = f->record;
		if (outer == record && offset == 0)
			return true;
	}
	return false;
}

/* Several files may each have a type of that name. */
static bool is_namesake(const struct fields *x, uint32_t other, uint32_t record)
{
	return other && other != record && !strcmp(x->u->records[other].name, x->u->records[record].name);
}

bool ends_value_is(struct fields *x, uint32_t func, ir_val v, uint32_t record)
{
	const struct ir_func *f = &x->u->funcs[func];
	const char *name = x->u->records[record].name;
	ir_val plain = ir_strip_casts(f, v), root = fields_root(x, func, v, NULL);
	const struct ir_value *q = &f->vals[root];
	const struct ir_instruction *def = ir_def(f, root);
	uint32_t pointee = pointee_of(x, f, root);
	if (pointee && pointee == record)
		return true;
	if (is_namesake(x, pointee, record))
		return false;
	if (ends_spells_pointer_to(f->vals[plain].ctype, name) || ends_spells_pointer_to(q->ctype, name))
		return true;
	if (q->kind != IR_VAL_PARAM && !def)
		return false;
	return used_as(x, func, root, record);
}

/* ---- types that live with others ---- */

static uint64_t first_link(const struct fields *x, uint32_t inner)
{
	uint64_t first = 0;
	return intmap_get(&x->ends->outer_of, inner, &first) ? first : 0;
}

static void add_link(struct fields *x, uint32_t inner, uint32_t outer)
{
	uint64_t first = first_link(x, inner);
	if (!inner || !outer || inner == outer)
		return;
	for (uint64_t i = first; i; i = x->ends->links.data[i - 1].next)
		if (x->ends->links.data[i - 1].outer == outer)
			return;
	vec_push(&x->ends->links, (struct type_link){inner, outer, (uint32_t)first});
	intmap_set(&x->ends->outer_of, inner, x->ends->links.len);
}

static bool owns_something(const struct fields *x, uint32_t record)
{
	for (uint32_t k = 0; k < x->candidates.len; k++)
		if (x->candidates.entries[k].key >> 32 == record)
			return true;
	return false;
}

/* Fields in fields, and what a class points to from its instance and this unit never frees by itself. */
static void link_fields(struct fields *x)
{
	for (uint32_t r = 1; r < x->u->nrecords; r++)
		for (uint32_t i = 0; i < x->u->records[r].nfields; i++) {
			const struct ir_field *f = &x->u->records[r].fields[i];
			add_link(x, f->record, r);
			if (f->pointee && ends_is_class(x, r) && owns_something(x, f->pointee))
				add_link(x, f->pointee, r);
		}
}

/* `priv = x_get_instance_private(self)`: the callee returns memory at a distance from its parameter. */
static void link_parts(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_ADDR || !in->record)
			continue;
		const struct ir_instruction *call =
		        ir_def(f, fields_root(x, func, ir_operand(f, in, 0), NULL));
		uint32_t callee = call && ir_is_call(call) ? ir_callee(f, call) : 0;
		if (!callee || !x->p->cfgs[callee] || x->p->described[callee])
			continue;
		uint32_t part = fields_acts(x, callee)->returns_part;
		if (part)
			add_link(x, in->record, x->u->funcs[callee].params[part - 1].pointee);
	}
}

static bool linked(const struct fields *x, uint32_t inner, uint32_t outer, unsigned depth)
{
	if (inner == outer)
		return true;
	for (uint64_t i = depth < 4 ? first_link(x, inner) : 0; i; i = x->ends->links.data[i - 1].next)
		if (linked(x, x->ends->links.data[i - 1].outer, outer, depth + 1))
			return true;
	return false;
}

bool ends_concern(const struct fields *x, uint32_t record, uint32_t type)
{
	return linked(x, type, record, 0);
}

/* ---- classes ---- */

bool ends_is_class(const struct fields *x, uint32_t record)
{
	for (uint32_t i = 0; i < x->ends->classes.len; i++)
		if (x->ends->classes.data[i] == record)
			return true;
	return false;
}

static void add_end(struct fields *x, uint32_t record, uint32_t func, enum end_kind kind)
{
	uint64_t pair = (uint64_t)record << 32 | func;
	if (!record || !x->p->cfgs[func] || intmap_get(&x->ends->known, pair, NULL))
		return;
	intmap_set(&x->ends->known, pair, 1);
	vec_push(&x->ends->all, (struct type_end){record, func, kind});
}

static bool is_slot(const struct fields *x, const struct ir_instruction *addr)
{
	if (!addr || addr->op != IR_ADDR || !addr->record)
		return false;
	return apimodel_is_teardown_slot(x->p->api, x->u->records[addr->record].name,
	                                 ir_field_name(x->u, addr->record, (uint32_t)addr->imm));
}

static bool has_end(const struct fields *x, uint32_t func)
{
	for (uint32_t i = 0; i < x->ends->all.len; i++)
		if (x->ends->all.data[i].func == func)
			return true;
	return false;
}

static void ends_what_it_gets(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr k = 1; f->nparams && k < f->ninstrs; k++)
		if (f->instrs[k].op == IR_ADDR && f->instrs[k].record &&
		    fields_root(x, func, ir_operand(f, &f->instrs[k], 0), NULL) == f->params[0].val)
			add_end(x, f->instrs[k].record, func, END_SLOT);
}

/* The functions that `func` stores into teardown slots end objects of `record`; with record 0, of every type
 * whose fields they use. */
static void slots_in(struct fields *x, uint32_t func, uint32_t record)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE)
			continue;
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_operand(f, in, 0))];
		if (v->kind != IR_VAL_FUNC || !is_slot(x, ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1)))))
			continue;
		if (record) {
			add_end(x, record, v->aux, END_SLOT);
			continue;
		}
		if (!has_end(x, v->aux) && x->p->cfgs[v->aux])
			ends_what_it_gets(x, v->aux);
	}
}

/* Is the size of the record among the numbers that a call gets? */
static bool gets_size(const struct ir_func *f, const struct ir_instruction *call, uint32_t size)
{
	int64_t n;
	for (uint32_t k = 0; k < ir_nargs(call); k++)
		if (scan_int(f, ir_arg(f, call, k), &n) && n == size)
			return true;
	return false;
}

/* A call that gets two functions and the size of the type that the second one takes an object of registers a
 * class: the first one, or what it calls, fills the slots. */
static void registration(struct fields *x, const struct ir_func *f, const struct ir_instruction *call)
{
	uint32_t init[2], n = 0;
	for (uint32_t k = 0; k < ir_nargs(call); k++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, call, k))];
		if (v->kind == IR_VAL_FUNC && n < 2)
			init[n++] = v->aux;
	}
	if (n < 2 || !x->p->cfgs[init[0]] || !x->p->cfgs[init[1]] || !x->u->funcs[init[1]].nparams)
		return;
	uint32_t record = x->u->funcs[init[1]].params[0].pointee;
	if (!record || !gets_size(f, call, x->u->records[record].size))
		return;
	vec_push(&x->ends->classes, record);
	slots_in(x, init[0], record);
	for (uint32_t k = x->p->edges_of[init[0]]; k < x->p->edges_of[init[0] + 1]; k++)
		if (x->p->edges[k].kind == CALL_DIRECT && x->p->cfgs[x->p->edges[k].callee])
			slots_in(x, x->p->edges[k].callee, record);
}

/* ---- plain structs ---- */

static bool fresh(struct fields *x, uint32_t func, ir_val v)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *def = ir_def(f, fields_root(x, func, v, NULL));
	return def && ir_is_call(def) && api_role_of(x->p->described[ir_callee(f, def)], API_ROLE_MAKE);
}

/* The types, of those that matter, that a value points to an object of. */
struct pointees {
	uint32_t record[16];
	uint32_t n;
};

static void add_pointee(const struct fields *x, struct pointees *p, uint32_t record)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->record[i] == record)
			return;
	if (record && p->n < 16 && intmap_get(&x->ends->asked, record, NULL))
		p->record[p->n++] = record;
}

static void add_spelled(const struct fields *x, struct pointees *p, const char *ctype, uint32_t known)
{
	for (uint32_t i = 0; *ctype && i < x->ends->asked.len; i++) {
		uint32_t record = (uint32_t)x->ends->asked.entries[i].key;
		if (ends_spells_pointer_to(ctype, x->u->records[record].name) &&
		    !is_namesake(x, known, record))
			add_pointee(x, p, record);
	}
}

static struct pointees pointees_of(struct fields *x, uint32_t func, ir_val v)
{
	const struct ir_func *f = &x->u->funcs[func];
	struct pointees p = {0};
	ir_val plain = ir_strip_casts(f, v), root = fields_root(x, func, v, NULL);
	const struct ir_value *q = &f->vals[root];
	const struct ir_instruction *def = ir_def(f, root);
	uint32_t known = pointee_of(x, f, root);
	add_pointee(x, &p, known);
	if (!p.n && f->vals[plain].ctype)
		add_spelled(x, &p, f->vals[plain].ctype, known);
	for (ir_instr i = 1; (q->kind == IR_VAL_PARAM || def) && i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_ADDR && f->instrs[i].record &&
		    intmap_get(&x->ends->asked, f->instrs[i].record, NULL) &&
		    fields_root(x, func, ir_operand(f, &f->instrs[i], 0), NULL) == root)
			add_pointee(x, &p, f->instrs[i].record);
	return p;
}

/* A class that ends its objects in a destructor of its own has its end there, not where one is deleted. */
static void frees_in(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (PROGRAM_EACH_CALL(x->p, func, c)) {
		const struct ir_instruction *in = &f->instrs[c->at];
		const struct api_role *r = api_role_of(x->p->described[c->callee], API_ROLE_DESTROY);
		if (!r || r->handle.base != API_PATH_ARG || r->handle.deref || r->handle.arg >= ir_nargs(in))
			continue;
		ir_val v = ir_arg(f, in, r->handle.arg);
		if (fresh(x, func, v))
			continue;
		struct pointees p = pointees_of(x, func, v);
		for (uint32_t k = 0; k < p.n; k++)
			if (!x->u->records[p.record[k]].own_destructor)
				add_end(x, p.record[k], func, END_FREES);
	}
}

/* Words of names that tell of an end: the engine's one table of them. Where nothing but the name speaks, only
 * the first ones do for a report; the others are reason enough for silence. */
static const struct {
	const char *word;
	bool strong;
} end_words[] = {{"free", true},        {"destroy", true},     {"close", true},   {"stop", true},
                 {"unref", true},       {"release", true},     {"dispose", true}, {"finalize", true},
                 {"shutdown", true},    {"teardown", true},    {"cleanup", true}, {"fini", true},
                 {"deinit", true},      {"clear", true},       {"delete", true},  {"cancel", false},
                 {"abort", false},      {"reset", false},      {"remove", false}, {"detach", false},
                 {"disconnect", false}, {"deactivate", false}, {"unload", false}, {"quit", false},
                 {"exit", false},       {"end", false},        {"kill", false},   {"term", false},
                 {"terminate", false}};

bool ends_word_in(const char *name, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = name; (at = strstr(at, word)); at++) {
		bool starts = at == name || !islower((unsigned char)at[-1]);
		bool ends = !islower((unsigned char)at[len]);
		if (starts && ends)
			return true;
	}
	return false;
}

/* Beginnings, and the ends that belong to them. */
static const struct {
	const char *begin, *end;
} word_pairs[] = {{"init", "destroy"},   {"init", "fini"},      {"init", "deinit"},   {"init", "cleanup"},
                  {"init", "free"},      {"init", "release"},   {"init", "shutdown"}, {"init", "clear"},
                  {"init", "finalize"},  {"init", "close"},     {"open", "close"},    {"start", "stop"},
                  {"start", "shutdown"}, {"create", "destroy"}, {"create", "free"},   {"new", "free"},
                  {"new", "destroy"},    {"setup", "teardown"}, {"setup", "cleanup"}};

/* `x_init` and `x_destroy`, `open_x` and `close_x`: the same name but for the words? */
static bool pair_by(const char *a, const char *begin, const char *b, const char *end)
{
	const char *at = strstr(a, begin), *to = strstr(b, end);
	return at && to && at - a == to - b && strncmp(a, b, (size_t)(at - a)) == 0 &&
	       strcmp(at + strlen(begin), to + strlen(end)) == 0;
}

bool ends_pair(const char *beginning, const char *end)
{
	for (size_t i = 0; i < sizeof word_pairs / sizeof *word_pairs; i++)
		if (ends_word_in(beginning, word_pairs[i].begin) && ends_word_in(end, word_pairs[i].end) &&
		    pair_by(beginning, word_pairs[i].begin, end, word_pairs[i].end))
			return true;
	return false;
}

static bool shaped_like_end(const char *name, bool *strong)
{
	for (size_t i = 0; i < sizeof end_words / sizeof *end_words; i++)
		if (ends_word_in(name, end_words[i].word)) {
			*strong = end_words[i].strong;
			return true;
		}
	return false;
}

static bool is_destructor(const char *display)
{
	const char *last = strrchr(display, ':');
	return (last ? last[1] : display[0]) == '~';
}

static void named_end(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	bool strong = false, destructor = x->u->cplusplus && is_destructor(f->display);
	if (!f->nparams || (!destructor && !shaped_like_end(f->display, &strong)))
		return;
	struct pointees p = pointees_of(x, func, f->params[0].val);
	for (uint32_t k = 0; k < p.n; k++)
		add_end(x, p.record[k], func, destructor ? END_DESTRUCTOR : strong ? END_SHAPE : END_HINT);
}

/* ---- the unit ---- */

static void ask_with_owners(struct fields *x, uint32_t record, unsigned depth)
{
	if (depth > 3 || intmap_get(&x->ends->asked, record, NULL))
		return;
	intmap_set(&x->ends->asked, record, 1);
	for (uint64_t i = first_link(x, record); i; i = x->ends->links.data[i - 1].next)
		ask_with_owners(x, x->ends->links.data[i - 1].outer, depth + 1);
}

void ends_collect(struct fields *x)
{
	x->ends = mem_alloc(sizeof *x->ends);
	for (uint32_t func = 1; func < x->u->nfuncs; func++) {
		const struct ir_func *f = &x->u->funcs[func];
		for (PROGRAM_EACH_CALL(x->p, func, c))
			if (x->p->cfgs[func])
				registration(x, f, &f->instrs[c->at]);
	}
	for (uint32_t func = 1; func < x->u->nfuncs; func++)
		if (x->p->cfgs[func]) {
			slots_in(x, func, 0);
			link_parts(x, func);
		}
	link_fields(x);
	for (uint32_t i = 0; i < x->candidates.len; i++)
		ask_with_owners(x, (uint32_t)(x->candidates.entries[i].key >> 32), 0);
	for (uint32_t i = 0; i < x->starts.len; i++)
		ask_with_owners(x, x->starts.data[i].record, 0);
	for (uint32_t func = 1; func < x->u->nfuncs; func++)
		if (x->p->cfgs[func]) {
			frees_in(x, func);
			named_end(x, func);
		}
}

void ends_release(struct fields *x)
{
	if (!x->ends)
		return;
	vec_release(&x->ends->all);
	vec_release(&x->ends->links);
	vec_release(&x->ends->classes);
	intmap_release(&x->ends->asked);
	intmap_release(&x->ends->known);
	intmap_release(&x->ends->outer_of);
	mem_release(x->ends);
}

void ends_reach(const struct program *p, uint32_t func, bool *reach)
{
	VEC(uint32_t) todo = {0};
	vec_push(&todo, func);
	while (todo.len) {
		uint32_t f = todo.data[--todo.len];
		if (reach[f])
			continue;
		reach[f] = true;
		for (uint32_t k = p->edges_of[f]; k < p->edges_of[f + 1]; k++)
			vec_push(&todo, p->edges[k].callee);
	}
	vec_release(&todo);
}

void ends_reach_back(const struct program *p, uint32_t func, bool *reach)
{
	VEC(uint32_t) todo = {0};
	vec_push(&todo, func);
	while (todo.len) {
		uint32_t f = todo.data[--todo.len];
		if (reach[f])
			continue;
		reach[f] = true;
		for (uint32_t k = p->in_edges_of[f]; k < p->in_edges_of[f + 1]; k++)
			vec_push(&todo, p->edges[p->in_edges[k]].caller);
	}
	vec_release(&todo);
}
