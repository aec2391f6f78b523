/*
 * incident.c - what rules get to read: a handle's name, the path to it, the events that matter.
 */
#include "sim.h"

#include "arena.h"
#include "intern.h"
#include "str.h"

#define TRAIL_MAX 400 /* of the steps that lead to an incident; the last ones tell most */

/* From the making of the handle on, without the making of others. */
static const struct trail *keep_trail(struct arena *a, const struct trail *t, ir_instr site)
{
	const struct trail *first = NULL;
	struct trail **end = (struct trail **)&first;
	uint32_t n = 0;
	for (bool made = false; t && !made && n < TRAIL_MAX; t = t->before) {
		made = t->kind == TRAIL_CREATE && t->at == site;
		if (t->kind == TRAIL_CREATE && !made)
			continue;
		n++;
		struct trail *copy = ARENA_NEW(a, struct trail);
		*copy = *t;
		copy->before = NULL;
		*end = copy;
		end = (struct trail **)&copy->before;
	}
	return first;
}

struct incident *incident_new(struct sim *m, enum incident_kind kind, ir_instr site, uint8_t slot)
{
	struct solution *sol = m->sol;
	for (uint32_t i = m->first_incident; i < sol->nincidents; i++)
		if (sol->incidents[i].func == m->func && sol->incidents[i].kind == kind &&
		    sol->incidents[i].site == site && sol->incidents[i].slot == slot)
			return NULL;
	if (sol->nincidents == sol->incidents_cap)
		sol->incidents = vec_grow(sol->incidents, &sol->incidents_cap, sol->nincidents + 1,
		                          sizeof *sol->incidents);
	struct incident *in = &sol->incidents[sol->nincidents++];
	*in = (struct incident){.kind = kind,
	                        .func = m->func,
	                        .site = site,
	                        .slot = slot,
	                        .name = "",
	                        .callee = "",
	                        .chain = ""};
	return in;
}

/* `job.stop`, `job->stop`: the field whose address is an argument; "" if it is none. */
static const char *field_of_arg(struct sim *m, ir_val arg)
{
	const struct ir_instruction *addr = ir_def(m->f, arg);
	if (!addr || addr->op != IR_ADDR || !addr->record)
		return "";
	ir_val base = ir_strip_casts(m->f, ir_operand(m->f, addr, 0));
	const struct ir_instruction *owner = ir_def(m->f, base);
	const char *field = ir_field_name(m->u, addr->record, (uint32_t)addr->imm),
	           *name = m->f->vals[base].name;
	if (!*field || !*name)
		return field;
	struct str text = {0};
	str_addf(&text, "%s%s%s", name, owner && owner->op == IR_ALLOCA ? "." : "->", field);
	const char *kept = intern(m->u->strings, str_c(&text));
	str_release(&text);
	return kept;
}

/* The argument that the model says the handle is put into, or that it is behind. */
static const char *name_by_model(struct sim *m, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	uint32_t n = 0;
	for (uint32_t k = 0; o->model && k < o->model->nroles; k++) {
		const struct api_role *r = &o->model->roles[k];
		bool begins =
		        r->kind == API_ROLE_CREATE || r->kind == API_ROLE_MAKE || r->kind == API_ROLE_ENTER;
		if (!begins || n++ != o->slot || r->handle.base != API_PATH_ARG || !r->handle.deref)
			continue;
		ir_val at = ir_strip_casts(m->f, ir_arg(m->f, in, r->handle.arg));
		const struct ir_instruction *part = ir_def(m->f, at);
		if (part && part->op == IR_ADDR && !part->record)
			at = ir_strip_casts(m->f, ir_operand(m->f, part, 0));
		return m->f->vals[at].name;
	}
	return "";
}

/* What a creating call was given to put the handle into, or to make one of. */
static const char *name_in_args(struct sim *m, struct state *s, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	bool put = o->key.kind == SV_SYM && m->t.items.data[o->key.id].kind == SYM_OUT;
	const char *told = put ? name_by_model(m, o) : "";
	if (*told)
		return told;
	for (uint32_t k = 1; k < in->noperands; k++) {
		ir_val arg = ir_operand(m->f, in, k);
		const char *name = m->f->vals[arg].name, *field = put ? field_of_arg(m, arg) : "";
		if (*field)
			return field;
		if (*name &&
		    (sv_eq(sim_eval(m, s, arg), o->key) || (put && m->f->vals[arg].kind == IR_VAL_INSTR)))
			return name;
	}
	return "";
}

/* `op->fd`: memory that is reached from a parameter, or its address; "" if a field on the way has no name. */
static const char *reached_name(struct sim *m, struct sval v, uint32_t *record)
{
	const struct symbol *q = v.kind == SV_SYM ? &m->t.items.data[v.id] : NULL;
	*record = 0;
	if (q && q->kind == SYM_PARAM && !v.off) {
		*record = m->f->params[q->a].pointee;
		return m->f->params[q->a].name;
	}
	if (!q || (q->kind != SYM_MEM && !v.off))
		return "";
	struct sval at = v.off ? v : q->x, base = at;
	base.off = 0;
	uint32_t owner;
	const char *name = reached_name(m, base, &owner);
	const char *field = owner && at.off >= 0 ? ir_field_name(m->u, owner, (uint32_t)at.off) : "";
	if (!*name || !*field)
		return "";
	const struct ir_field *f = ir_field_at(m->u, owner, (uint32_t)at.off);
	*record = f ? f->pointee : 0;
	struct str text = {0};
	str_addf(&text, "%s->%s", name, field);
	const char *kept = intern(m->u->strings, str_c(&text));
	str_release(&text);
	return kept;
}

static bool is_result_of(const struct sim *m, struct sval v, ir_instr i)
{
	const struct symbol *q = v.kind == SV_SYM ? &m->t.items.data[v.id] : NULL;
	return q && q->kind == SYM_RESULT && q->a == i;
}

/* The variable a value is held in: of the SSA value, of what the call was given, or of the local it was
 * stored to. */
static const char *name_of(struct sim *m, struct state *s, const struct obj *o)
{
	if (o->is_param)
		return m->f->params[o->site - 1].name;
	const struct ir_instruction *in = &m->f->instrs[o->site];
	if (in->result && !o->key.off && (sv_eq(o->key, o->result) || is_result_of(m, o->key, o->site)) &&
	    *m->f->vals[in->result].name)
		return m->f->vals[in->result].name;
	const char *given = name_in_args(m, s, o);
	if (*given)
		return given;
	for (uint32_t i = 0; i < s->mem.len; i++) {
		const struct cell *c = &s->mem.data[i];
		if (sv_eq(c->v, o->key) && c->at.kind == SV_LOCAL &&
		    *m->f->vals[m->f->instrs[c->at.id].result].name)
			return m->f->vals[m->f->instrs[c->at.id].result].name;
	}
	return o->key.kind == SV_LOCAL ? m->f->vals[m->f->instrs[o->key.id].result].name : "";
}

const char *incident_callee(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	return ir_is_call(in) ? m->u->funcs[sim_callee(m, s, in)].display : "";
}

/* Several return statements share one ret: then the statement is where the block before was left, or where
 * the ends of scopes began. */
ir_instr incident_leaving(struct sim *m, struct state *s, ir_instr ret)
{
	const struct ir_basic_block *b = &m->f->blocks[m->f->instrs[ret].block];
	if (s->left)
		return s->left;
	for (ir_instr i = b->first; i < ret; i++)
		if (m->f->instrs[i].op != IR_PHI)
			return ret;
	return s->last && m->f->instrs[s->last].op == IR_BR && m->f->instrs[s->last].loc ? s->last : ret;
}

/* The trail so far, with its end, for the incident alone. */
const struct trail *incident_trail(struct sim *m, struct state *s, ir_instr site)
{
	return keep_trail(m->sol->arena, s->trail, site);
}

static ir_instr freed_holder(const struct state *s, const struct obj *o)
{
	for (uint32_t k = 0; o->holder.kind && k < s->objs.len; k++)
		if (s->objs.data[k].status == OBJ_FREED && sv_eq(s->objs.data[k].key, o->holder))
			return s->objs.data[k].changed;
	return 0;
}

struct incident *incident_of(struct sim *m, struct state *s, enum incident_kind kind, const struct obj *o,
                             ir_instr at)
{
	struct incident *in = incident_new(m, kind, o->site, o->slot);
	if (!in)
		return NULL;
	const struct trail *before = s->trail; /* what this handle's end adds tells nothing of others */
	bool exits = kind == INCIDENT_OWED_AT_EXIT || kind == INCIDENT_NEVER_COMPLETED ||
	             kind == INCIDENT_TASK_LOST || kind == INCIDENT_FRAME_IN_USE ||
	             kind == INCIDENT_SELF_IN_USE || kind == INCIDENT_CANCELLED_AT_ONCE ||
	             (kind == INCIDENT_STUCK && !ir_is_call(&m->f->instrs[at]));
	if (exits || (kind == INCIDENT_SCOPE_OPEN && !ir_is_call(&m->f->instrs[at]))) {
		at = incident_leaving(m, s, at);
		sim_trail(m, s, TRAIL_EXIT, at, false, 0);
	}
	in->at = at;
	in->by = kind == INCIDENT_OVERWRITTEN ? m->overwriter : 0;
	in->before = o->changed;
	in->model = o->model;
	const char *family = o->family && *o->family ? o->family : o->ended_as;
	in->family = family && *family ? apimodel_family(m->p->api, family) : NULL;
	uint32_t record;
	bool event = kind == INCIDENT_ENDED_TWICE || kind == INCIDENT_USED_AFTER_END ||
	             kind == INCIDENT_COMPLETED_TWICE || kind == INCIDENT_NEVER_COMPLETED;
	in->name = event ? reached_name(m, o->key, &record) : "";
	if (!*in->name)
		in->name = name_of(m, s, o);
	in->is_param = o->is_param;
	in->value = m->event_value;
	in->unseen = !o->is_param && o->site == o->changed && o->status == OBJ_RELEASED;
	in->callee = o->is_param ? "" : incident_callee(m, s, o->site);
	in->inferred = o->inferred || (s->left && thrown_in_callee(m, s->left));
	in->widened = s->widened || m->budget;
	in->holder_freed = freed_holder(s, o);
	bool refused = o->given.kind && state_cond(s, &m->t, o->given, o->given_when) == TRI_FALSE;
	in->armed = refused ? 0 : o->armed;
	in->trail = incident_trail(m, s, o->is_param ? 0 : o->site);
	s->trail = before;
	return in;
}

bool solve_incident_too(const struct solution *s, const struct incident *of, enum incident_kind kind)
{
	for (uint32_t i = 0; i < s->nincidents; i++) {
		const struct incident *in = &s->incidents[i];
		if (in->kind == kind && in->func == of->func && in->site == of->site && in->slot == of->slot)
			return true;
	}
	return false;
}

/* Where each handle is released on some path, for the explanation of those where it is not. */
void sim_fill_elsewhere(struct sim *m)
{
	for (uint32_t i = m->first_incident; i < m->sol->nincidents; i++) {
		struct incident *in = &m->sol->incidents[i];
		for (uint32_t k = 0; in->func == m->func && k < m->released.len; k++) {
			const struct seen_release *r = &m->released.data[k];
			if (r->site == in->site && r->slot == in->slot)
				in->elsewhere = r->at;
			if (in->by && r->site == in->by)
				in->by_released = r->at;
		}
	}
}
