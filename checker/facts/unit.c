/*
 * unit.c - the tables of ir.h, field by field. A field that is not here is lost between two units or two
 * runs: when a structure grows, its size below says so.
 */
#include "parts.h"

#include "ir.h"

#define SIZE(type, bytes)                                                                                    \
	_Static_assert(sizeof(void *) != 8 || sizeof(type) == (bytes),                                       \
	               #type " has changed: write and read its new fields here, and FACTS_VERSION + 1")

SIZE(struct ir_place, 24);
static void place(struct codec *c, struct ir_place *p)
{
	codec_u32(c, &p->file);
	codec_u32(c, &p->line);
	codec_u32(c, &p->col);
	codec_u32(c, &p->end_col);
	codec_bool(c, &p->returns);
	codec_u32(c, &p->inlined_at);
}

SIZE(struct ir_source_file, 16);
static void source_file(struct codec *c, struct ir_source_file *f)
{
	codec_text(c, &f->path);
	codec_bool(c, &f->system);
	codec_bool(c, &f->main);
}

SIZE(struct ir_field, 40);
static void field(struct codec *c, struct ir_field *f)
{
	codec_text(c, &f->name);
	codec_text(c, &f->ctype);
	codec_u32(c, &f->offset);
	codec_u32(c, &f->size);
	codec_u32(c, &f->record);
	codec_u32(c, &f->pointee);
	codec_u32(c, &f->elem_size);
	codec_bool(c, &f->atomic);
	codec_bool(c, &f->is_volatile);
}

SIZE(struct ir_record, 40);
static void record(struct codec *c, struct ir_record *r)
{
	codec_text(c, &r->name);
	codec_u32(c, &r->size);
	codec_bool(c, &r->is_union);
	codec_bool(c, &r->local);
	codec_bool(c, &r->system);
	codec_bool(c, &r->own_destructor);
	codec_bool(c, &r->own_copy);
	codec_u32(c, &r->call);
	codec_list(c, r->fields, r->nfields, 9);
	for (uint32_t i = 0; i < r->nfields; i++)
		field(c, &r->fields[i]);
}

SIZE(struct ir_value, 48);
static void value(struct codec *c, struct ir_value *v)
{
	codec_u8(c, &v->kind);
	codec_u8(c, &v->type);
	codec_u16(c, &v->bits);
	codec_u32(c, &v->aux);
	codec_signed(c, &v->imm);
	codec_text(c, &v->str);
	codec_text(c, &v->name);
	codec_text(c, &v->ctype);
	codec_u32(c, &v->line);
}

SIZE(struct ir_instruction, 56);
static void instruction(struct codec *c, struct ir_instruction *i)
{
	codec_u8(c, &i->op);
	codec_u8(c, &i->sub);
	codec_u16(c, &i->flags);
	codec_u32(c, &i->block);
	codec_u32(c, &i->result);
	codec_u32(c, &i->first_operand);
	codec_u32(c, &i->noperands);
	codec_u32(c, &i->first_succ);
	codec_u32(c, &i->nsuccs);
	codec_u32(c, &i->record);
	codec_u32(c, &i->scale);
	codec_signed(c, &i->imm);
	codec_u32(c, &i->loc);
}

SIZE(struct ir_basic_block, 16);
static void block(struct codec *c, struct ir_basic_block *b)
{
	codec_u32(c, &b->first);
	codec_u32(c, &b->count);
	codec_text(c, &b->label);
}

SIZE(struct ir_param, 32);
static void param(struct codec *c, struct ir_param *p)
{
	codec_text(c, &p->name);
	codec_text(c, &p->ctype);
	codec_u32(c, &p->pointee);
	codec_u32(c, &p->val);
	codec_u8(c, &p->kind);
	codec_u8(c, &p->to);
}

static void numbers(struct codec *c, uint32_t *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		codec_u32(c, &list[i]);
}

static void body(struct codec *c, struct ir_func *f)
{
	codec_list(c, f->vals, f->nvals, 8);
	for (uint32_t i = 0; i < f->nvals; i++)
		value(c, &f->vals[i]);
	codec_list(c, f->instrs, f->ninstrs, 13);
	for (uint32_t i = 0; i < f->ninstrs; i++)
		instruction(c, &f->instrs[i]);
	codec_list(c, f->blocks, f->nblocks, 3);
	for (uint32_t i = 0; i < f->nblocks; i++)
		block(c, &f->blocks[i]);
	codec_list(c, f->operands, f->noperands, 2);
	numbers(c, f->operands, f->noperands);
	uint32_t n = f->noperands;
	codec_list(c, f->phi_blocks, n, 1);
	c->bad |= n != f->noperands;
	numbers(c, f->phi_blocks, n);
	codec_list(c, f->succs, f->nsuccs, 1);
	numbers(c, f->succs, f->nsuccs);
}

SIZE(struct ir_func, 176);
static void func(struct codec *c, struct ir_func *f)
{
	codec_text(c, &f->name);
	codec_text(c, &f->display);
	codec_text(c, &f->plain);
	codec_text(c, &f->usr);
	codec_u32(c, &f->flags);
	codec_u32(c, &f->loc);
	codec_text(c, &f->ret_ctype);
	codec_text(c, &f->skipped_why);
	codec_list(c, f->params, f->nparams, 6);
	for (uint32_t i = 0; i < f->nparams; i++)
		param(c, &f->params[i]);
	codec_u32(c, &f->nsource);
	codec_list(c, f->annotations, f->nannotations, 1);
	for (uint32_t i = 0; i < f->nannotations; i++)
		codec_text(c, &f->annotations[i]);
	body(c, f);
}

SIZE(struct ir_slot, 8);
SIZE(struct ir_global, 72);
static void global(struct codec *c, struct ir_global *g)
{
	codec_text(c, &g->name);
	codec_text(c, &g->display);
	codec_text(c, &g->ctype);
	codec_u32(c, &g->record);
	codec_u32(c, &g->pointee);
	codec_u32(c, &g->size);
	codec_u32(c, &g->owner);
	codec_u32(c, &g->loc);
	codec_bool(c, &g->defined);
	codec_bool(c, &g->is_static);
	codec_bool(c, &g->thread_local_);
	codec_bool(c, &g->constant);
	codec_bool(c, &g->is_volatile);
	codec_bool(c, &g->atomic);
	codec_list(c, g->slots, g->nslots, 2);
	for (uint32_t i = 0; i < g->nslots; i++) {
		codec_u32(c, &g->slots[i].offset);
		codec_u32(c, &g->slots[i].func);
	}
}

SIZE(struct ir_comment, 32);
static void comment(struct codec *c, struct ir_comment *m)
{
	codec_u32(c, &m->file);
	codec_u32(c, &m->line);
	codec_u32(c, &m->col);
	codec_u32(c, &m->end_line);
	codec_text(c, &m->text);
	codec_bool(c, &m->alone);
}

SIZE(struct ir_break, 40);
static void end_of_case(struct codec *c, struct ir_break *b)
{
	codec_u32(c, &b->file);
	codec_u32(c, &b->line);
	codec_u32(c, &b->col);
	codec_text(c, &b->label);
	codec_signed(c, &b->value);
	codec_bool(c, &b->alone);
	codec_u8(c, &b->kind);
}

SIZE(struct ir_handler, 48);
static void handler(struct codec *c, struct ir_handler *h)
{
	codec_u32(c, &h->file);
	codec_u32(c, &h->line);
	codec_u32(c, &h->col);
	codec_u32(c, &h->end_line);
	codec_u32(c, &h->end_col);
	codec_text(c, &h->type);
	codec_text(c, &h->below);
	codec_bool(c, &h->named);
}

SIZE(struct ir_written, 24);
static void written(struct codec *c, struct ir_written *w)
{
	codec_u32(c, &w->file);
	codec_u32(c, &w->line);
	codec_u32(c, &w->col);
	codec_u8(c, &w->arg);
	codec_text(c, &w->name);
}

SIZE(struct ir_vtable, 12);
static void vtable(struct codec *c, struct ir_vtable *v)
{
	codec_u32(c, &v->of);
	codec_u32(c, &v->global);
	codec_u32(c, &v->offset);
}

#define TABLE(list, n, least, each)                                                                          \
	codec_list(c, list, n, least);                                                                       \
	for (uint32_t i = 0; i < (n); i++)                                                                   \
	each(c, &(list)[i])

SIZE(struct ir_unit, 256);
void facts_unit(struct codec *c, struct ir_unit *u)
{
	codec_text(c, &u->path);
	codec_bool(c, &u->cplusplus);
	codec_bool(c, &u->atomic_waits);
	TABLE(u->files, u->nfiles, 3, source_file);
	TABLE(u->locs, u->nlocs, 5, place);
	TABLE(u->records, u->nrecords, 4, record);
	TABLE(u->globals, u->nglobals, 14, global);
	TABLE(u->funcs, u->nfuncs, 16, func);
	TABLE(u->vtables, u->nvtables, 3, vtable);
	TABLE(u->comments, u->ncomments, 6, comment);
	TABLE(u->breaks, u->nbreaks, 7, end_of_case);
	TABLE(u->handlers, u->nhandlers, 8, handler);
	TABLE(u->written, u->nwritten, 5, written);
}
