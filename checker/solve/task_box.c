/*
 * task_box.c - memory that carries to a task what it is given, and that the task frees: `box->run = run;
 * box->data = data;` and `box->run(box->data); free(box);`. What is used then is what lies in it: what
 * another function gets, or what the task follows itself.
 */
#include "scan.h"
#include "task.h"

struct reader { /* the task's body */
	const struct ir_func *f;
	const struct use_index *uses;
	ir_val data;
};

#define MAX_COPIES 3 /* of a copy */

static bool is_copied_from(const struct reader *r, ir_val local, int64_t *from, unsigned copies);

/* The address lies so far behind what the data points to, or in a local copy of it. */
static bool copied_behind(const struct reader *r, ir_val at, int64_t *off, unsigned copies)
{
	*off = 0;
	for (unsigned n = 0; n < 8; n++) {
		at = ir_strip_casts(r->f, at);
		const struct ir_instruction *in = ir_def(r->f, at);
		if (at == r->data)
			return true;
		if (in && in->op == IR_ALLOCA) {
			int64_t from;
			bool copied = copies < MAX_COPIES && is_copied_from(r, at, &from, copies + 1);
			*off += copied ? from : 0;
			return copied;
		}
		if (!in || in->op != IR_ADDR || in->flags & IR_F_VARIABLE)
			return false;
		*off += in->imm;
		at = ir_operand(r->f, in, 0);
	}
	return false;
}

static bool is_copied_from(const struct reader *r, ir_val local, int64_t *from, unsigned copies)
{
	for (uint32_t k = r->uses->first[local]; k < r->uses->first[local + 1]; k++) {
		const struct ir_instruction *in = &r->f->instrs[r->uses->uses[k].by];
		if (in->op != IR_COPY || r->uses->uses[k].operand != 0)
			continue;
		const struct ir_instruction *src =
		        ir_def(r->f, ir_strip_casts(r->f, ir_operand(r->f, in, 1)));
		return !(src && src->op == IR_ALLOCA) &&
		       copied_behind(r, ir_operand(r->f, in, 1), from, copies);
	}
	return false;
}

static bool lies_behind(const struct reader *r, ir_val at, int64_t *off)
{
	return copied_behind(r, at, off, 0);
}

static bool read_from_data(const struct reader *r, ir_val v, int64_t *off)
{
	const struct ir_instruction *in = ir_def(r->f, ir_strip_casts(r->f, v));
	return in && in->op == IR_LOAD && lies_behind(r, ir_operand(r->f, in, 0), off);
}

static struct sval lying_at(struct state *s, struct sval memory, int64_t off)
{
	memory.off += off;
	const struct cell *c = state_cell(s, memory);
	return c ? c->v : (struct sval){0};
}

static bool is_param(const struct sim *m, struct sval v)
{
	return v.kind == SV_SYM && !v.off && m->t.items.data[v.id].kind == SYM_PARAM;
}

/* A call of what lies in the memory, with what lies beside it. */
static bool called_with(struct sim *m, struct state *s, const struct reader *r, struct sval memory,
                        struct boxed *out)
{
	for (ir_instr i = 1; i < r->f->ninstrs; i++) {
		const struct ir_instruction *in = &r->f->instrs[i];
		int64_t at, with;
		if (!ir_is_call(in) || !read_from_data(r, ir_operand(r->f, in, 0), &at))
			continue;
		struct sval code = lying_at(s, memory, at);
		for (uint32_t k = ir_nargs(in); k-- > 0;) {
			if (!read_from_data(r, ir_arg(r->f, in, k), &with))
				continue;
			*out = (struct boxed){.data = lying_at(s, memory, with)};
			out->entry = code.kind == SV_FUNC ? code.id : 0;
			out->param = is_param(m, code) ? m->t.items.data[code.id].a + 1 : 0;
			return out->data.kind && (out->entry || out->param);
		}
	}
	return false;
}

/* What is read from there is used as an address, or goes on. */
static bool is_used(const struct reader *r, ir_val v)
{
	for (uint32_t k = r->uses->first[v]; k < r->uses->first[v + 1]; k++) {
		const struct ir_instruction *in = &r->f->instrs[r->uses->uses[k].by];
		if (in->op == IR_ADDR || in->op == IR_LOAD || ir_is_call(in) || in->op == IR_CAST ||
		    (in->op == IR_STORE && r->uses->uses[k].operand == 1))
			return true;
	}
	return false;
}

/* The body gives it back or puts it somewhere: it has its own claim on it. */
static bool is_taken_care_of(struct sim *m, uint32_t entry, uint32_t data, int64_t off)
{
	const struct summary *sum = sim_known_callee(m, entry);
	for (uint32_t i = 0; sum && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		bool ends = e->kind == EFFECT_RELEASE || e->kind == EFFECT_KEEP || e->kind == EFFECT_REF;
		if (ends && e->place.param == (int)data - 1 && e->place.depth >= 1 &&
		    e->place.offset[0] == off)
			return true;
	}
	return !sum;
}

/* A pointer that lies in the memory, and that the body follows itself. */
static bool follows(struct sim *m, struct state *s, const struct reader *r, uint32_t entry, uint32_t data,
                    struct sval memory)
{
	for (ir_instr i = 1; i < r->f->ninstrs; i++) {
		const struct ir_instruction *in = &r->f->instrs[i];
		int64_t off;
		if (in->op != IR_LOAD || r->f->vals[in->result].type != IR_TYPE_PTR ||
		    !lies_behind(r, ir_operand(r->f, in, 0), &off) || !is_used(r, in->result))
			continue;
		struct sval v = lying_at(s, memory, off);
		if ((v.kind != SV_LOCAL && v.kind != SV_SYM) || is_taken_care_of(m, entry, data, off))
			continue;
		m->boxed = (struct boxed){.data = v};
		return true;
	}
	return false;
}

void task_unbox(struct sim *m, struct state *s, struct sval code, struct sval memory)
{
	uint32_t entry = code.kind == SV_FUNC && m->p->cfgs[code.id] ? code.id : 0,
	         data = entry ? scan_entry_data(m->sol, entry) : 0;
	m->boxed = (struct boxed){0};
	if (!data || memory.kind != SV_SYM || is_param(m, memory) || !task_frees_data(m, entry))
		return;
	const struct ir_func *f = &m->u->funcs[entry];
	struct reader reader = {f, scan_uses(m->sol, entry), f->params[data - 1].val};
	if (!called_with(m, s, &reader, memory, &m->boxed) && !follows(m, s, &reader, entry, data, memory))
		m->boxed = (struct boxed){0};
}
