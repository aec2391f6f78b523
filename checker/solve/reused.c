/*
 * reused.c - a loop that starts something with the address of one variable in each turn, and writes to that
 * variable for the next one: what was started before may read it then.
 */
#include "access.h"
#include "scan.h"
#include "task.h"

static bool running(struct sim *m, struct state *s, const struct obj *o)
{
	return o->kind == OBJ_OP && o->status == OBJ_OWNED && !own_never_made(m, s, o);
}

/* Reads its data there, by a plain load; 0 when it takes a lock somewhere: then it may be told when to. */
static bool reads_plainly(struct sim *m, uint32_t entry, int64_t offset)
{
	const struct ir_func *f = &m->u->funcs[entry];
	uint32_t data = entry && m->p->cfgs[entry] ? scan_entry_data(m->sol, entry) : 0;
	bool found = false;
	for (ir_instr i = 1; data && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (api_role_of(scan_model(m->sol, f, in), API_ROLE_LOCK))
			return false;
		if (in->op != IR_LOAD || in->flags & (IR_F_ATOMIC | IR_F_VOLATILE))
			continue;
		struct access a = access_of(m->sol, entry, ir_operand(f, in, 0));
		found |= a.root == ACCESS_PARAM && a.id == data - 1 && !a.depth && a.offset[0] == offset;
	}
	return found;
}

/* The store in the loop of what differs from turn to turn, to where the entry reads; 0: none. */
static ir_instr written_anew(struct sim *m, uint32_t loop, const struct obj *o)
{
	const struct ir_func *f = m->f;
	ir_val local = f->instrs[o->saved.id].result;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || in->flags & (IR_F_ATOMIC | IR_F_VOLATILE) ||
		    !cfg_in_loop(m->cfg, loop, in->block))
			continue;
		struct access a = access_of(m->sol, m->func, ir_operand(f, in, 1));
		const struct ir_instruction *v = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		if (a.root == ACCESS_VALUE && a.id == local && !a.depth && v &&
		    cfg_in_loop(m->cfg, loop, v->block) &&
		    reads_plainly(m, o->entry, a.offset[0] - o->saved.off))
			return i;
	}
	return 0;
}

void task_reused(struct sim *m, struct state *s, const struct obj *o)
{
	uint32_t loop = m->cfg->loop_of[m->f->instrs[o->site].block];
	if (!loop || !o->entry || o->saved.kind != SV_LOCAL || !o->started_by ||
	    o->started_by->entry.arg == o->started_by->data.arg || o->started_by->runs != API_RUNS_THREAD)
		return;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *other = &s->objs.data[k];
		if (!other->old || other->site != o->site || !running(m, s, other) ||
		    !sv_eq(other->saved, o->saved))
			continue;
		ir_instr store = written_anew(m, loop, o);
		struct incident *in = store ? incident_of(m, s, INCIDENT_DATA_REUSED, o, o->site) : NULL;
		if (in) {
			in->before = store;
			in->entry = o->entry;
			in->name = m->f->vals[m->f->instrs[o->saved.id].result].name;
		}
		return;
	}
}
