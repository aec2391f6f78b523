/*
 * busy.c - loops that do nothing but look at a state and pause, where the state could be waited for.
 */
#include "scan.h"
#include "signals.h"

#include <string.h>

#define MAX_ASKED 4 /* functions that are looked through for the state */

/* What a loop looks at: a token, or memory. */
struct state_seen {
	const struct api_func *poll; /* asks a token */
	uint32_t record, global;     /* or a field of any object of a record, or static storage */
	int64_t offset;
	bool atomic; /* or an atomic variable, wherever it is */
	bool locked; /* under a lock, which an event may go with */
};

static void see_address(const struct ir_func *f, ir_val at, struct state_seen *to)
{
	ir_val v = ir_strip_casts(f, at);
	const struct ir_instruction *in = ir_def(f, v);
	struct state_seen now = {0};
	if (f->vals[v].kind == IR_VAL_GLOBAL)
		now = (struct state_seen){.global = f->vals[v].aux, .offset = f->vals[v].imm};
	else if (in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE))
		now = (struct state_seen){.record = in->record, .offset = in->imm};
	bool known = now.record || now.global;
	if (known && to->record == 0 && to->global == 0) {
		to->record = now.record;
		to->global = now.global;
		to->offset = now.offset;
	}
}

static bool see_function(const struct solution *s, uint32_t func, struct state_seen *to, unsigned depth);

static bool only_pauses(const struct solution *s, uint32_t func, unsigned depth);

/* A call that does nothing but to pause. */
static bool is_pause(const struct solution *s, uint32_t func, ir_instr i, unsigned depth)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t k = 0; k < facts->nblocks; k++) {
		const struct block_site *b = &facts->blocks[k];
		if (b->call != i)
			continue;
		const struct ir_func *f = &s->program->unit->funcs[func];
		bool no_set = b->role && b->role->fds.base == API_PATH_ARG &&
		              scan_null(f, ir_arg(f, &f->instrs[i], b->role->fds.arg));
		return !b->has_token && !b->unbounded && (b->sleeps || no_set) &&
		       (b->role || only_pauses(s, b->via, depth + 1));
	}
	return false;
}

/* A local variable that is there for a pause or for a guard: its address goes to nothing else. */
static bool for_pause(const struct solution *s, uint32_t func, ir_val local, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	const struct ir_instruction *def = ir_def(f, local);
	if (!def || (depth == 0 && def->op != IR_ALLOCA) || depth > 4)
		return false;
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = scan_model(s, f, in);
		bool fills = (in->op == IR_STORE && x->uses[k].operand == 1) || in->op == IR_FILL ||
		             (in->op == IR_COPY && x->uses[k].operand == 0) || in->op == IR_LOAD;
		bool part =
		        (in->op == IR_ADDR || in->op == IR_CAST) && for_pause(s, func, in->result, depth + 1);
		bool call =
		        ir_is_call(in) && (scan_is_marker(s, f, in) || is_pause(s, func, x->uses[k].by, 0) ||
		                           api_role_of(d, API_ROLE_LOCK) || api_role_of(d, API_ROLE_UNLOCK));
		if (!fills && !part && !call)
			return false;
	}
	return true;
}

/* `++it`: the variable gets what is made of itself, and so the loop gets on. */
static bool advances(const struct ir_func *f, const struct ir_instruction *store, ir_val local)
{
	ir_val v = ir_operand(f, store, 0);
	for (unsigned depth = 0; depth < 8; depth++) {
		const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
		if (in && in->op == IR_LOAD)
			return scan_local_around(f, ir_operand(f, in, 0)) == local;
		if (!in || (in->op != IR_ADDR && in->op != IR_BINOP))
			return false;
		v = ir_operand(f, in, 0);
	}
	return false;
}

static bool fills_pause(const struct solution *s, uint32_t func, const struct ir_instruction *in)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val at = ir_strip_casts(f, ir_operand(f, in, in->op == IR_STORE ? 1 : 0));
	const struct ir_instruction *part = ir_def(f, at);
	for (unsigned depth = 0; part && part->op == IR_ADDR && depth < 8; depth++) {
		at = ir_strip_casts(f, ir_operand(f, part, 0));
		part = ir_def(f, at);
	}
	return for_pause(s, func, at, 0) && !(in->op == IR_STORE && advances(f, in, at));
}

/* A call that only asks for the state, pauses, or guards it. */
static bool see_call(const struct solution *s, uint32_t func, ir_instr i, struct state_seen *to,
                     ir_instr *pause, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	if (is_pause(s, func, i, depth)) {
		*pause = *pause ? *pause : i;
		return true;
	}
	if (scan_is_marker(s, f, in))
		return true;
	if (!d)
		return callee && depth < MAX_ASKED && s->program->cfgs[callee] &&
		       see_function(s, callee, to, depth + 1);
	if (api_role_of(d, API_ROLE_POLL))
		to->poll = d;
	to->locked |= api_role_of(d, API_ROLE_LOCK) != NULL;
	if (api_role_of(d, API_ROLE_BLOCK))
		return api_role_of(d, API_ROLE_POLL) != NULL;
	bool yields = d->nroles == 0 && ir_nargs(in) == 0;
	if (yields && !*pause && !(in->result && scan_matters(f, scan_uses(s, func), in->result)))
		*pause = i;
	return yields || api_role_of(d, API_ROLE_POLL) || api_role_of(d, API_ROLE_LOCK) ||
	       api_role_of(d, API_ROLE_UNLOCK);
}

/* Over the order of memory in a header's load, or over what leaves a scope. */
static bool known_jump(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	int64_t k;
	for (uint32_t n = 0; in && in->op == IR_PHI && n < in->noperands; n++)
		if (!scan_int(f, ir_operand(f, in, n), &k))
			return false;
	return (in && in->op == IR_PHI) || scan_int(f, v, &k);
}

/* False: it does other work. */
static bool see(const struct solution *s, uint32_t func, ir_instr i, struct state_seen *to, ir_instr *pause,
                unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	switch (in->op) {
	case IR_CALL:
	case IR_INVOKE:
		return see_call(s, func, i, to, pause, depth);
	case IR_LOAD:
		see_address(f, ir_operand(f, in, 0), to);
		to->atomic |= in->flags & IR_F_ATOMIC && f->vals[in->result].type == IR_TYPE_INT;
		return true;
	case IR_BINOP:
		return in->sub == IR_XOR || in->sub == IR_AND || in->sub == IR_OR;
	case IR_STORE:
	case IR_COPY:
	case IR_FILL: /* a pause needs its argument */
		return fills_pause(s, func, in);
	case IR_SWITCH:
		return known_jump(f, ir_operand(f, in, 0));
	case IR_ASM: /* an atomic operation, or a pause */
		for (uint32_t k = 0; k < in->noperands; k++)
			if (f->vals[ir_operand(f, in, k)].type == IR_TYPE_PTR)
				return false;
		return true;
	case IR_ATOMIC:
	case IR_CMPXCHG:
	case IR_OTHER:
		return false;
	default:
		return true;
	}
}

/* A function that only answers what the state is. */
static bool see_function(const struct solution *s, uint32_t func, struct state_seen *to, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_instr pause = 0;
	if (s->program->cfgs[func]->nloops > 1)
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op != IR_ALLOCA && !see(s, func, i, to, &pause, depth))
			return false;
	return !pause;
}

/* What it looks at on the way, and how it reckons the time, is its own affair. */
static bool only_pauses(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct state_seen ignored = {0};
	ir_instr pause = 0;
	if (depth >= MAX_ASKED || !s->program->cfgs[func])
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op != IR_ALLOCA && f->instrs[i].op != IR_BINOP &&
		    !see(s, func, i, &ignored, &pause, depth))
			return false;
	return pause != 0;
}

/* ---- what could be waited for ---- */

/* Gives what can be waited for, or waits itself until the token is done. */
static bool waits_for_token(const struct api_func *d)
{
	const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
	return api_role_of(d, API_ROLE_DONE_FD) ||
	       (block && block->token.base && block->waits == API_WAITS_EVENT && !block->timeout.base);
}

static bool done_handle(const struct solution *s, const struct state_seen *seen, struct busy_wait *b)
{
	const struct apimodel *api = s->program->api;
	for (uint32_t k = 0; k < api->nfuncs; k++)
		if (strcmp(api->funcs[k].library, seen->poll->library) == 0 &&
		    waits_for_token(&api->funcs[k])) {
			b->form = api->funcs[k].name;
			return true;
		}
	return false;
}

static bool in_same_place(const struct ir_func *f, ir_val at, const struct state_seen *seen)
{
	struct state_seen other = {0};
	see_address(f, at, &other);
	return seen->record ? other.record == seen->record : other.global && seen->global;
}

/* Static storage is only near where it is of one file. */
static bool of_one_file(const struct ir_unit *u, uint32_t a, uint32_t b)
{
	return !u->joined || u->locs[u->funcs[a].loc].file == u->locs[u->funcs[b].loc].file;
}

/* Of the same objects the function reads or writes that state, or else another number. */
static bool touches(const struct ir_func *f, const struct state_seen *seen, bool that, bool only_reads)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct state_seen at = {0};
		bool reads = in->op == IR_LOAD && f->vals[in->result].type == IR_TYPE_INT;
		if (!reads && (only_reads || (in->op != IR_STORE && in->op != IR_ATOMIC)))
			continue;
		see_address(f, ir_operand(f, in, in->op == IR_STORE ? 1 : 0), &at);
		bool near = at.record == seen->record && at.global == seen->global;
		if (near && (at.record || at.global) && (at.offset == seen->offset) == that)
			return true;
	}
	return false;
}

/* The event is that of another number next to the state: all that it is signalled or waited for with. Who
 * waits reads what he waits for. */
static bool of_another(const struct ir_func *f, const struct state_seen *seen, bool waits)
{
	return seen->record && !seen->locked && !touches(f, seen, true, waits) &&
	       touches(f, seen, false, false);
}

/* The unit waits for, or signals, an event that lies next to the state. */
static bool event_near(const struct solution *s, uint32_t func, const struct state_seen *seen,
                       struct busy_wait *b)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		bool near = seen->record || of_one_file(p->unit, g, func);
		for (ir_instr i = 1; near && p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = ir_is_call(in) ? p->described[ir_callee(f, in)] : NULL;
			const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
			bool waits =
			        block && block->waits == API_WAITS_EVENT && !block->fds.base && ir_nargs(in);
			const struct api_role *wake = api_role_of(d, API_ROLE_WAKE);
			uint32_t arg = waits ? 0 : wake ? wake->handle.arg : 0;
			if ((waits || (wake && !block)) && in_same_place(f, ir_arg(f, in, arg), seen) &&
			    !of_another(f, seen, waits)) {
				b->form = d->name;
				b->form_func = g;
				b->form_at = i;
				return true;
			}
		}
	}
	return false;
}

static bool writes(const struct ir_func *f, const struct state_seen *seen)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct state_seen at = {0};
		if (in->op != IR_STORE && in->op != IR_ATOMIC)
			continue;
		see_address(f, ir_operand(f, in, in->op == IR_STORE ? 1 : 0), &at);
		if (at.record == seen->record && at.global == seen->global && at.offset == seen->offset &&
		    (at.record || at.global))
			return true;
	}
	return false;
}

/* What sets the state is the body of a thread that the unit joins anyway. */
static bool thread_sets(const struct solution *s, const struct state_seen *seen, struct busy_wait *b)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		if (!p->cfgs[g] || p->in_edges_of[g] == p->in_edges_of[g + 1] ||
		    !writes(&p->unit->funcs[g], seen))
			continue;
		uint32_t where;
		ir_instr join = solve_joined(s, g, &where);
		if (join) {
			const struct ir_func *f = &p->unit->funcs[where];
			b->form = p->unit->funcs[ir_callee(f, &f->instrs[join])].display;
			b->form_func = where;
			b->form_at = join;
			return true;
		}
	}
	return false;
}

/* What comes next is to wait for the end of a thread: that wait alone would do. */
static bool joins_next(const struct solution *s, uint32_t func, const struct cfg_loop *l, struct busy_wait *b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_block to = l->nexits == 1 ? l->exits[0].to : 0;
	for (unsigned n = 0; to && n < 4; n++) {
		const struct ir_basic_block *block = &f->blocks[to];
		for (ir_instr i = block->first; i < block->first + block->count; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = scan_model(s, f, in);
			if (!ir_is_call(in) || scan_is_marker(s, f, in))
				continue;
			if (!api_role_of(d, API_ROLE_JOIN) || !api_role_of(d, API_ROLE_BLOCK))
				return false;
			b->form = d->name;
			b->form_func = func;
			b->form_at = i;
			return true;
		}
		const struct ir_instruction *t = ir_terminator(f, to);
		to = t->op == IR_BR ? ir_succ(f, t, 0) : 0;
	}
	return false;
}

/* The language has a wait for any atomic variable. */
static bool atomic_form(const struct solution *s, const struct state_seen *seen, struct busy_wait *b)
{
	const struct apimodel *api = s->program->api;
	for (uint32_t k = 0; seen->atomic && s->program->unit->atomic_waits && k < api->nfuncs; k++) {
		const struct api_role *r = api_role_of(&api->funcs[k], API_ROLE_BLOCK);
		if (r && r->atomic) {
			b->form = api->funcs[k].name;
			return true;
		}
	}
	return false;
}

/* A handler of signals can tell nobody; the signal itself ends the pause. */
static bool set_by_signal(const struct solution *s, const struct state_seen *seen)
{
	const struct signal_table *t = signals_of(s);
	for (uint32_t k = 0; seen->global && k < t->nhandlers; k++)
		for (uint32_t n = 0; n < t->handlers[k].nflags; n++)
			if (t->handlers[k].flags[n].global == seen->global &&
			    t->handlers[k].flags[n].offset == seen->offset)
				return true;
	return false;
}

/* ---- one loop ---- */

/* `for (; n && !n->done; n = n->next)`: each turn looks at something else. */
static bool goes_through(const struct ir_func *f, const struct cfg *cfg, uint32_t loop)
{
	const struct ir_basic_block *head = &f->blocks[cfg->loops[loop].head];
	for (ir_instr i = head->first; i < head->first + head->count && f->instrs[i].op == IR_PHI; i++) {
		const struct ir_instruction *phi = &f->instrs[i];
		for (uint32_t k = 0; f->vals[phi->result].type == IR_TYPE_PTR && k < phi->noperands; k++)
			if (cfg_in_loop(cfg, loop, f->phi_blocks[phi->first_operand + k]) &&
			    ir_strip_casts(f, ir_operand(f, phi, k)) != phi->result)
				return true;
	}
	return false;
}

static bool only_looks(const struct solution *s, uint32_t func, const struct cfg_loop *l,
                       struct state_seen *seen, ir_instr *pause)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t n = 0; n < l->nblocks; n++) {
		const struct ir_basic_block *b = &f->blocks[l->blocks[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++)
			if (!see(s, func, i, seen, pause, 0))
				return false;
	}
	return seen->poll || seen->record || seen->global || seen->atomic;
}

bool solve_busy_wait(const struct solution *s, uint32_t func, uint32_t loop, struct busy_wait *out)
{
	const struct cfg_loop *l = &s->program->cfgs[func]->loops[loop];
	struct state_seen seen = {0};
	*out = (struct busy_wait){0};
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (l->irreducible || !l->nexits || goes_through(f, s->program->cfgs[func], loop) ||
	    !only_looks(s, func, l, &seen, &out->pause))
		return false;
	if (seen.poll)
		return done_handle(s, &seen, out);
	if (set_by_signal(s, &seen))
		return false;
	return event_near(s, func, &seen, out) || thread_sets(s, &seen, out) || joins_next(s, func, l, out) ||
	       atomic_form(s, &seen, out);
}
