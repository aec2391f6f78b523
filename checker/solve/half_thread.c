/*
 * half_thread.c - threads that are cancelled between two steps on a stream of others: nothing runs behind the
 * call that they end in.
 */
#include "half.h"
#include "who.h"

#include <string.h>

struct thread {
	struct half_looker *l;
	uint32_t entry;
	struct field_site cancel;
	const char *library; /* of the call that cancels: its own library's calls are where a thread ends */
};

static bool may_end_in(const struct thread *t, const struct ir_func *f, ir_instr i)
{
	const struct api_func *d = scan_model(t->l->s, f, &f->instrs[i]);
	const struct api_role *b = api_role_of(d, API_ROLE_BLOCK);
	if (!d || f->instrs[i].op == IR_INVOKE || strcmp(d->library, t->library) != 0)
		return false;
	return api_role_of(d, API_ROLE_CANCEL_POINT) ||
	       (b && b->waits != API_WAITS_LOCK && scan_test(f, &f->instrs[i], &b->unless) != TRI_TRUE) ||
	       (b && !b->unless.given);
}

/* The value is the stream, or what the same field of another object holds. */
static bool names(const struct solution *s, uint32_t func, ir_val v, const struct half_step *step)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
	struct access a = access_of(s, func, v);
	if (access_match(&a, &step->stream, false) != ACCESS_OTHER)
		return true;
	if (!load || load->op != IR_LOAD)
		return false;
	a = access_of(s, func, ir_operand(f, load, 0));
	return access_match(&a, &step->place, false) != ACCESS_OTHER;
}

static bool ends(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                 const struct half_step *step)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = scan_model(s, f, in);
	if (!api_role_of(d, API_ROLE_RELEASE) && !api_role_of(d, API_ROLE_CLEANUP))
		return false;
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		if (names(s, func, ir_arg(f, in, k), step))
			return true;
	return false;
}

static bool is_closed_somewhere(const struct solution *s, const struct half_step *step)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++)
		for (ir_instr i = 1; p->cfgs[func] && i < p->unit->funcs[func].ninstrs; i++)
			if (ends(s, func, &p->unit->funcs[func].instrs[i], step))
				return true;
	return false;
}

/* Something that was opened on the way down to the function has not been left: a handler, a mask. */
static bool way_is_guarded(const struct solution *s, const struct reach *way, uint32_t index)
{
	for (uint32_t k = index; k; k = way->all[k].before)
		if (half_is_guarded(s, way->all[way->all[k].before].func, way->all[k].site, true))
			return true;
	return false;
}

static bool judge(const struct thread *t, uint32_t func, const struct half_step *a, const struct half_exit *e)
{
	const struct solution *s = t->l->s;
	struct half_done h = {
	        .kind = HALF_THREAD, .func = func, .at = e->point, .first = a->at, .cancel = t->cancel};
	bool others = a->stream.root == ACCESS_PARAM || a->stream.root == ACCESS_GLOBAL;
	if (!others || !half_pair(s, func, a, e, &h.next) || half_is_guarded(s, func, e->point, true) ||
	    half_kept_before(s, func, a->at, e) || is_closed_somewhere(s, a))
		return false;
	if (told_first(&t->l->told, func, e->point))
		t->l->each(t->l->ctx, &h);
	return true;
}

static void look_at(const struct thread *t, uint32_t func)
{
	const struct solution *s = t->l->s;
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct half_steps steps = {0};
	bool found = false;
	half_find_steps(t->l, func, &steps);
	for (ir_instr i = 1; steps.all.len && !found && i < f->ninstrs; i++) {
		bool point = ir_is_call(&f->instrs[i]) &&
		             cfg_reachable(s->program->cfgs[func], f->instrs[i].block) && may_end_in(t, f, i);
		for (uint32_t k = 0; point && !found && k < steps.all.len; k++) {
			struct half_exit e = {
			        .steps = &steps, .point = i, .stream = steps.all.data[k].stream};
			found = judge(t, func, &steps.all.data[k], &e);
		}
	}
	vec_release(&steps.all);
}

void half_threads(struct half_looker *l, uint32_t entry)
{
	const struct solution *s = l->s;
	struct thread t = {.l = l, .entry = entry};
	t.cancel.at = solve_canceller(s, entry, &t.cancel.func);
	if (!t.cancel.at) /* no entry, but what one calls */
		return;
	const struct ir_func *f = &s->program->unit->funcs[t.cancel.func];
	const struct api_func *d = scan_model(s, f, &f->instrs[t.cancel.at]);
	const struct api_role *r = api_role_of(d, API_ROLE_CANCEL);
	const struct api_family *family = r ? apimodel_family(s->program->api, r->family) : NULL;
	if (!family || !family->task)
		return;
	t.library = d->library;
	struct reach way = who_reaches(s, entry);
	for (uint32_t k = 0; k < way.n; k++)
		if (s->program->cfgs[way.all[k].func] && s->program->relevant[way.all[k].func] &&
		    !way_is_guarded(s, &way, k))
			look_at(&t, way.all[k].func);
}
