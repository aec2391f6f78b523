/*
 * deadline_value.c - what an expression says of a time: its unit, and whether it is a point or a duration.
 *
 * Two things tell: the clock's calls, and names of variables, fields and functions (`timeout_ms`). Whatever
 * is made of anything else is TIME_OTHER, and nobody is told anything about it.
 */
#include "deadline.h"
#include "scan.h"
#include "words.h"

#include <string.h>
#include <strings.h>

#define MAX_NODES 24   /* of one expression */
#define MAX_CALLERS 16 /* that are asked what a parameter is */

/* ---- names ---- */

struct word {
	const char *text;
	int64_t unit; /* 0: it says none */
	unsigned part;
};
static const struct word words[] = {
        {"ms", 1000000, TIME_SPAN},
        {"msec", 1000000, TIME_SPAN},
        {"msecs", 1000000, TIME_SPAN},
        {"millis", 1000000, TIME_SPAN},
        {"millisec", 1000000, TIME_SPAN},
        {"millisecs", 1000000, TIME_SPAN},
        {"milliseconds", 1000000, TIME_SPAN},
        {"us", 1000, TIME_SPAN},
        {"usec", 1000, TIME_SPAN},
        {"usecs", 1000, TIME_SPAN},
        {"micros", 1000, TIME_SPAN},
        {"microseconds", 1000, TIME_SPAN},
        {"ns", 1, TIME_SPAN},
        {"nsec", 1, TIME_SPAN},
        {"nsecs", 1, TIME_SPAN},
        {"nanos", 1, TIME_SPAN},
        {"nanoseconds", 1, TIME_SPAN},
        {"sec", NS_PER_S, TIME_SPAN},
        {"secs", NS_PER_S, TIME_SPAN},
        {"seconds", NS_PER_S, TIME_SPAN},
        {"timeout", 0, TIME_SPAN},
        {"delay", 0, TIME_SPAN},
        {"interval", 0, TIME_SPAN},
        {"duration", 0, TIME_SPAN},
        {"backoff", 0, TIME_SPAN},
        {"deadline", 0, TIME_OTHER},
        {"until", 0, TIME_OTHER},
        {"end", 0, TIME_OTHER},
        {"expire", 0, TIME_OTHER},
        {"expires", 0, TIME_OTHER},
        {"expiry", 0, TIME_OTHER},
        {"expiration", 0, TIME_OTHER},
        {"abs", 0, TIME_OTHER},
        {"abstime", 0, TIME_OTHER},
        {"absolute", 0, TIME_OTHER},
        {"now", 0, TIME_OTHER},
        {"start", 0, TIME_OTHER},
        {"time", 0, TIME_OTHER},
        {"stamp", 0, TIME_OTHER},
        {"timestamp", 0, TIME_OTHER},
        {"clock", 0, TIME_OTHER},
        {"unix", 0, TIME_OTHER},
        {"epoch", 0, TIME_OTHER},
        {"utc", 0, TIME_OTHER},
        {"at", 0, TIME_OTHER},
        {"next", 0, TIME_OTHER},
        {"last", 0, TIME_OTHER},
        {"when", 0, TIME_OTHER},
        {"tv", 0, TIME_OTHER},
};
/* `frames_per_sec` is no time, and `ms_to_sec` names two units. */
static const char *const spoilers[] = {"per", "to", "from", "2", "hz", "count", "div"};

static const struct word *find_word(const char *text)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (*words[i].text == *text && strcmp(words[i].text, text) == 0)
			return &words[i];
	return NULL;
}

static bool spoils(const char *word)
{
	return word_among(word, spoilers, sizeof spoilers / sizeof *spoilers);
}

static const struct time_value other = {.parts = TIME_OTHER, .name = ""};

/* What stands before the word for seconds, which it divides: `milliSeconds`, `m_sec`, and with the type in
 * front, `iuSeconds`. 0: nothing of that kind. */
static int64_t scaled(const char *before)
{
	static const struct {
		const char *word;
		int64_t unit;
	} scales[] = {{"milli", 1000000}, {"micro", 1000}, {"nano", 1},
	              {"m", 1000000},     {"u", 1000},     {"n", 1}};
	/* `in_seconds` has no type in front. */
	bool typed =
	        *before && strchr("ilf", *before) && (before[1] == 'u' || before[1] == 'm') && !before[2];
	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
		if (strcmp(scales[i].word, before) == 0 || (typed && strcmp(scales[i].word, before + 1) == 0))
			return scales[i].unit;
	return 0;
}

/* A letter alone, at the end of what is a duration: `timeout_s`. */
static const struct word *find_letter(const char *text, const char *rest, unsigned parts)
{
	static const struct word seconds = {"s", NS_PER_S, TIME_SPAN};
	return strcmp(text, "s") == 0 && !*rest && (parts & TIME_SPAN) ? &seconds : NULL;
}

static struct time_value of_name(const char *name)
{
	struct time_value t = {.name = name};
	char word[MAX_WORD], before[MAX_WORD] = "";
	bool says_span = false;
	for (const char *at = name; word_next(&at, word); strcpy(before, word)) {
		const struct word *w = find_word(word);
		if (!w)
			w = find_letter(word, at, t.parts);
		if (spoils(word))
			return other;
		if (!w)
			continue;
		t.parts |= w->part;
		says_span |= !w->unit;
		if (w->unit && t.unit)
			return other;
		t.unit = w->unit == NS_PER_S && scaled(before) ? scaled(before) : w->unit ? w->unit : t.unit;
	}
	if (!t.parts)
		return other;
	if (t.parts & TIME_OTHER)
		t.parts = TIME_OTHER;
	t.plain = !t.unit;
	t.bare = t.unit && !says_span;
	return t;
}

/* ---- the clock ---- */

int64_t time_unit_ns(const char *unit)
{
	static const struct {
		const char *text;
		int64_t ns;
	} all[] = {{"s", NS_PER_S}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].text, unit) == 0)
			return all[i].ns;
	return 0;
}

static struct time_value point(int64_t unit)
{
	return (struct time_value){.parts = TIME_POINT, .unit = unit, .name = ""};
}

/* A call filled this local structure in with the time. */
static bool clock_wrote(const struct solution *s, uint32_t func, ir_val base)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[base]; k < x->first[base + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
		for (const struct api_role *r = api_role_of(d, API_ROLE_CLOCK); r;
		     r = api_role_next(d, API_ROLE_CLOCK, r))
			if (r->to.deref && ir_strip_casts(f, ir_arg(f, in, r->to.arg)) == base)
				return true;
	}
	return false;
}

/* ---- expressions ---- */

struct reader {
	const struct solution *s;
	uint32_t func;
	unsigned nodes, depth;
};
static struct time_value read_value(struct reader *r, ir_val v);

static const struct ir_func *code(const struct reader *r)
{
	return &r->s->program->unit->funcs[r->func];
}

/* Says a caller that the parameter is a point in time, or something else? */
static bool callers_differ(struct reader *r, uint32_t param)
{
	const struct program *p = r->s->program;
	uint32_t first = p->in_edges_of[r->func], end = p->in_edges_of[r->func + 1];
	if (r->depth)
		return false;
	for (uint32_t k = first; k < end && k < first + MAX_CALLERS; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind != CALL_DIRECT || e->caller == r->func)
			continue;
		const struct ir_func *f = &p->unit->funcs[e->caller];
		struct reader inner = {r->s, e->caller, 0, r->depth + 1};
		if (read_value(&inner, ir_arg(f, &f->instrs[e->site], param)).parts &
		    (TIME_POINT | TIME_LEFT))
			return true;
	}
	return false;
}

/* What a variable of the function's own was last filled with, where that happens once: a value, or the place
 * that it was copied from; 0: not known. */
static ir_val filled_with(const struct reader *r, ir_val local, bool *copied)
{
	const struct ir_func *f = code(r);
	const struct use_index *x = scan_uses(r->s, r->func);
	ir_val found = 0;
	unsigned writes = 0;
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool into = x->uses[k].operand == (in->op == IR_COPY ? 0 : 1);
		bool part = in->op == IR_ADDR && !in->imm && !(in->flags & IR_F_VARIABLE) &&
		            x->uses[k].operand == 0;
		ir_val inner = part ? filled_with(r, in->result, copied) : 0;
		if ((in->op == IR_STORE || in->op == IR_COPY) && into) {
			*copied = in->op == IR_COPY;
			found = ir_operand(f, in, *copied ? 1 : 0);
			writes++;
		} else if (inner) {
			found = inner;
			writes++;
		} else if (ir_is_call(in) || in->op == IR_FILL) {
			return 0;
		}
	}
	return writes == 1 ? found : 0;
}

static struct time_value read_place(struct reader *r, ir_val at);

/* Durations and points in time go from one object of a class to the next until they are read. */
static struct time_value read_filled(struct reader *r, ir_val local)
{
	bool copied = false;
	ir_val from = filled_with(r, local, &copied);
	if (!from || ++r->nodes > MAX_NODES)
		return other;
	return copied ? read_place(r, ir_strip_casts(code(r), from)) : read_value(r, from);
}

/* A parameter that is a duration was given as one. */
static bool filled_by_param(const struct reader *r, ir_val local)
{
	bool copied = false;
	ir_val from = ir_strip_casts(code(r), filled_with(r, local, &copied));
	return from && !copied && code(r)->vals[from].kind == IR_VAL_PARAM;
}

/* A number that lies in an object of a class of durations: its type tells the unit, and where it comes from,
 * whether it is what is left. */
static struct time_value read_counted(struct reader *r, ir_val at, const char *ctype)
{
	const struct ir_func *f = code(r);
	const struct ir_instruction *addr = ir_def(f, at);
	struct time_value t = {
	        .parts = TIME_SPAN, .unit = scan_duration_ns(r->s, ctype), .name = "", .opaque = true};
	if (addr && addr->op == IR_ALLOCA && !filled_by_param(r, at))
		t.parts = read_filled(r, at).parts; /* the time since the clock began is a duration, too */
	return t;
}

static const char *type_at(const struct reader *r, ir_val at)
{
	const struct ir_func *f = code(r);
	const struct ir_unit *u = r->s->program->unit;
	const struct ir_instruction *addr = ir_def(f, at);
	if (f->vals[at].kind == IR_VAL_GLOBAL)
		return u->globals[f->vals[at].aux].ctype;
	const struct ir_param *param = f->vals[at].kind == IR_VAL_PARAM ? &f->params[f->vals[at].aux] : NULL;
	if (param && scan_duration_ns(r->s, param->ctype))
		return param->ctype;
	const struct ir_field *field =
	        addr && addr->op == IR_ADDR && addr->record && !(addr->flags & IR_F_VARIABLE)
	                ? ir_field_at(u, addr->record, (uint32_t)addr->imm)
	        : param && param->pointee ? ir_field_at(u, param->pointee, 0)
	                                  : NULL;
	return field && scan_duration_ns(r->s, field->ctype) ? field->ctype : addr ? f->vals[at].ctype : "";
}

/* The number in a local object whose class has nothing else in it. */
static ir_val around_number(const struct reader *r, ir_val at)
{
	const struct ir_func *f = code(r);
	const struct ir_instruction *addr = ir_def(f, at);
	if (!addr || addr->op != IR_ADDR || addr->imm || addr->flags & IR_F_VARIABLE)
		return at;
	ir_val whole = ir_strip_casts(f, ir_operand(f, addr, 0));
	const struct ir_instruction *local = ir_def(f, whole);
	const char *class = addr->record ? r->s->program->unit->records[addr->record].name : "";
	return local && local->op == IR_ALLOCA && scan_duration_ns(r->s, class) ? whole : at;
}

static struct time_value read_place(struct reader *r, ir_val at)
{
	const struct ir_func *f = code(r);
	at = around_number(r, at);
	const struct ir_instruction *addr = ir_def(f, at);
	const char *type = type_at(r, at);
	if (scan_duration_ns(r->s, type))
		return read_counted(r, at, type);
	return addr && addr->op == IR_ALLOCA && (f->flags & IR_FUNC_CPLUSPLUS) ? read_filled(r, at) : other;
}

static struct time_value read_load(struct reader *r, const struct ir_instruction *in)
{
	const struct ir_func *f = code(r);
	ir_val at = ir_strip_casts(f, ir_operand(f, in, 0));
	if (f->flags & IR_FUNC_CPLUSPLUS) {
		struct time_value t = read_place(r, at);
		if (t.unit || t.parts != TIME_OTHER)
			return t;
	}
	const struct ir_instruction *addr = ir_def(f, at);
	if (!addr)
		return f->vals[at].kind == IR_VAL_GLOBAL
		               ? of_name(r->s->program->unit->globals[f->vals[at].aux].display)
		               : other;
	if (addr->op == IR_ALLOCA)
		return clock_wrote(r->s, r->func, at) ? point(0) : of_name(f->vals[at].name);
	if (addr->op != IR_ADDR || !addr->record)
		return other;
	struct time_value t = of_name(ir_field_name(r->s->program->unit, addr->record, (uint32_t)addr->imm));
	if (clock_wrote(r->s, r->func, ir_strip_casts(f, ir_operand(f, addr, 0))))
		return point(t.unit);
	return t;
}

static struct time_value read_call(struct reader *r, const struct ir_instruction *in)
{
	const struct program *p = r->s->program;
	uint32_t callee = ir_callee(code(r), in);
	const struct api_func *d = p->described[callee];
	for (const struct api_role *c = api_role_of(d, API_ROLE_CLOCK); c;
	     c = api_role_next(d, API_ROLE_CLOCK, c))
		if (c->to.base != API_PATH_ARG)
			return point(time_unit_ns(c->unit));
	if (!callee || d)
		return other;
	struct time_value t = of_name(p->unit->funcs[callee].display);
	if (r->s->funcs[callee].summary.tells_time)
		return point(t.unit);
	if (r->s->funcs[callee].summary.tells_left)
		return (struct time_value){.parts = TIME_LEFT, .unit = t.unit, .name = ""};
	return t;
}

/* Both are added, or one is chosen. */
static struct time_value sum(struct time_value a, struct time_value b)
{
	struct time_value t = a.parts ? a : b;
	bool differ = a.unit && b.unit && a.unit != b.unit;
	t.parts = a.parts | b.parts;
	t.unit = differ ? 0 : a.unit ? a.unit : b.unit;
	t.odd = a.odd ? a.odd : b.odd;
	if (!*t.name)
		t.name = b.name ? b.name : "";
	return t;
}

static struct time_value read_add(struct time_value a, struct time_value b)
{
	struct time_value t = sum(a, b);
	const struct time_value *p = a.parts & TIME_POINT ? &a : &b, *q = p == &a ? &b : &a;
	if ((p->parts & TIME_POINT) && q->parts == TIME_SPAN && p->unit && q->unit && p->unit != q->unit) {
		t.odd = q->name;
		t.unit = p->unit;
	}
	if (t.parts & TIME_POINT)
		t.parts = TIME_POINT | TIME_SUM | (t.parts & TIME_OTHER);
	return t;
}

/* `deadline - now` is what is left, `now - start` what has gone. */
static struct time_value read_sub(struct time_value a, struct time_value b)
{
	struct time_value t = a;
	bool now = b.parts & TIME_POINT, bare = (a.parts & TIME_POINT) && !(a.parts & TIME_SUM);
	if (!now) {
		t.parts = a.parts & TIME_POINT ? TIME_OTHER : a.parts | b.parts;
		return t;
	}
	t.parts = bare ? TIME_OTHER : TIME_LEFT;
	t.unit = a.unit ? a.unit : b.unit;
	return t;
}

static struct time_value scale(struct time_value t, uint8_t op, int64_t k)
{
	bool known = t.unit && k > 0;
	t.product = known;
	if (op == IR_MUL)
		t.unit = known && t.unit % k == 0 ? t.unit / k : 0;
	else
		t.unit = known && k <= NS_PER_S && t.unit <= NS_PER_S ? t.unit * k : 0;
	if (t.unit > NS_PER_S)
		t.unit = 0;
	return t;
}

static bool is_unknown_call(struct reader *r, ir_val v)
{
	const struct ir_instruction *in = ir_def(code(r), ir_strip_casts(code(r), v));
	return in && ir_is_call(in) && read_call(r, in).parts == TIME_OTHER;
}

static struct time_value read_binop(struct reader *r, const struct ir_instruction *in)
{
	const struct ir_func *f = code(r);
	ir_val x = ir_operand(f, in, 0), y = ir_operand(f, in, 1);
	int64_t k;
	if (in->sub == IR_MUL && scan_int(f, x, &k)) {
		ir_val v = x;
		x = y, y = v;
	}
	bool constant = scan_int(f, y, &k);
	switch (in->sub) {
	case IR_ADD: {
		struct time_value t = read_add(read_value(r, x), read_value(r, y));
		t.opaque = is_unknown_call(r, x) || is_unknown_call(r, y);
		return t;
	}
	case IR_SUB:
		return read_sub(read_value(r, x), read_value(r, y));
	case IR_MUL:
	case IR_SDIV:
	case IR_UDIV:
		return constant ? scale(read_value(r, x), in->sub, k) : other;
	case IR_SREM:
	case IR_UREM:
		return read_value(r, x);
	default:
		return other;
	}
}

static struct time_value read_choice(struct reader *r, const struct ir_instruction *in)
{
	const struct ir_func *f = code(r);
	uint32_t first = in->op == IR_SELECT;
	struct time_value t = {.name = ""};
	for (uint32_t k = first; k < in->noperands; k++) {
		struct time_value one = read_value(r, ir_operand(f, in, k));
		t = k == first ? one : sum(t, one);
	}
	return t;
}

/* What a function puts into the first part of the structure that it returns; 0: not one thing. */
static ir_val returned_first(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	ir_val local = 0, found = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (f->instrs[i].op != IR_RET || !f->instrs[i].noperands)
			continue;
		ir_val v = ir_strip_casts(f, ir_operand(f, &f->instrs[i], 0));
		const struct ir_instruction *in = ir_def(f, v);
		if (local || !in)
			return 0;
		if (ir_is_call(in))
			return v;
		local = in->op == IR_LOAD ? scan_local_around(f, ir_operand(f, in, 0)) : 0;
	}
	for (uint32_t k = local ? x->first[local] : 0; local && k < x->first[local + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		bool first = by->op == IR_ADDR && !by->imm && !(by->flags & IR_F_VARIABLE);
		for (uint32_t n = first ? x->first[by->result] : 0; first && n < x->first[by->result + 1];
		     n++) {
			const struct ir_instruction *store = &f->instrs[x->uses[n].by];
			if (store->op != IR_STORE || x->uses[n].operand != 1)
				continue;
			if (found)
				return 0;
			found = ir_operand(f, store, 0);
		}
		if (by->op == IR_COPY || ir_is_call(by))
			return 0;
	}
	return found;
}

/* The seconds of a structure that a helper makes and returns: of a duration, or of a point in time. */
static struct time_value read_seconds(struct reader *r, const struct ir_instruction *call)
{
	const struct program *p = r->s->program;
	uint32_t callee = call && ir_is_call(call) ? ir_callee(code(r), call) : 0;
	if (!callee || p->described[callee] || !p->cfgs[callee] || r->depth > 2)
		return other;
	struct reader inner = {r->s, callee, 0, r->depth + 1};
	const struct ir_func *g = code(&inner);
	ir_val v = returned_first(r->s, callee);
	const struct ir_instruction *in = v ? ir_def(g, ir_strip_casts(g, v)) : NULL;
	struct time_value t = !v                     ? other
	                      : in && ir_is_call(in) ? read_seconds(&inner, in)
	                                             : read_value(&inner, v);
	for (uint32_t k = 0; t.parts == TIME_SPAN && k < ir_nargs(call); k++)
		if (read_value(r, ir_arg(code(r), call, k)).parts & ~(unsigned)TIME_SPAN)
			return other;
	t.unit = 0;
	return t;
}

static struct time_value read_instr(struct reader *r, const struct ir_instruction *in)
{
	switch (in->op) {
	case IR_LOAD:
		return read_load(r, in);
	case IR_CALL:
	case IR_INVOKE:
		return read_call(r, in);
	case IR_BINOP:
		return read_binop(r, in);
	case IR_PHI:
	case IR_SELECT:
		return read_choice(r, in);
	case IR_EXTRACT:
		return in->imm ? other : read_seconds(r, ir_def(code(r), ir_operand(code(r), in, 0)));
	default:
		return other;
	}
}

/* A structure that is given by value may hold either: `struct timespec timeout` says no more than that it
 * limits something. */
static struct time_value read_param(struct reader *r, const struct ir_value *q)
{
	struct time_value t = of_name(q->name);
	if (t.plain && code(r)->params[q->aux].kind == IR_KIND_RECORD)
		return other;
	return t.parts == TIME_SPAN && callers_differ(r, q->aux) ? other : t;
}

/* A variable's name tells what the expression does not. */
static struct time_value read_value(struct reader *r, ir_val v)
{
	const struct ir_func *f = code(r);
	int64_t k;
	if (++r->nodes > MAX_NODES)
		return other;
	if (scan_int(f, v, &k))
		return (struct time_value){.name = ""};
	ir_val w = ir_strip_casts(f, v);
	if (f->vals[w].kind == IR_VAL_PARAM)
		return read_param(r, &f->vals[w]);
	const struct ir_instruction *in = ir_def(f, w);
	if (!in)
		return other;
	struct time_value t = read_instr(r, in);
	const char *own = *f->vals[v].name ? f->vals[v].name : f->vals[w].name;
	if (t.product || t.opaque || t.parts & (TIME_POINT | TIME_LEFT) || !*own)
		return t;
	struct time_value named = of_name(own);
	if (t.parts == TIME_OTHER || !t.unit)
		return named.parts == TIME_SPAN || named.unit ? named : t;
	return t;
}

struct time_value time_of_name(const char *name)
{
	return of_name(name);
}

struct time_value time_read(const struct solution *s, uint32_t func, ir_val v)
{
	struct reader r = {s, func, 0, 0};
	return read_value(&r, v);
}

/* What it returns, of all the ways out. */
static unsigned returned_parts(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	unsigned parts = 0;
	for (uint32_t n = 0; cfg && n < cfg->nrpo; n++) {
		const struct ir_instruction *in = ir_terminator(f, cfg->rpo[n]);
		if (in->op == IR_RET && in->noperands)
			parts |= time_read(s, func, ir_operand(f, in, 0)).parts;
	}
	return parts;
}

bool time_has_clock(const struct solution *s)
{
	bool told = program_has(s->program, API_ROLE_CLOCK);
	for (uint32_t f = 1; s->imports && !told && f < s->program->unit->nfuncs; f++)
		told = s->imports[f] &&
		       (s->imports[f]->summary.tells_time || s->imports[f]->summary.tells_left);
	return told;
}

void time_summarise(struct solution *s, uint32_t func)
{
	struct summary *sum = &s->funcs[func].summary;
	unsigned parts = returned_parts(s, func);
	sum->tells_time = parts & TIME_POINT;
	if (sum->tells_time) /* which is news where it calls itself */
		parts = returned_parts(s, func);
	sum->tells_left = parts & TIME_LEFT;
}

/* ---- arguments ---- */

/* Of a structure the address is given, as a rule as a pointer to anything. */
static bool is_structure(const char *unit)
{
	return strcmp(unit, "timeval") == 0 || strcmp(unit, "timespec") == 0;
}

static bool reads_time(const struct api_role *r, struct time_arg *out)
{
	const struct api_path *p = r->kind == API_ROLE_DERIVE ? &r->deadline : &r->timeout;
	bool kind = r->kind == API_ROLE_DERIVE || r->kind == API_ROLE_BLOCK || r->kind == API_ROLE_DEADLINE;
	*out = (struct time_arg){r, p, r->unit, time_unit_ns(r->unit)};
	return kind && p->base == API_PATH_ARG && *r->unit && (!p->deref || is_structure(r->unit));
}

bool time_next_arg(const struct api_func *d, uint32_t *n, struct time_arg *out)
{
	while (d && *n < d->nroles)
		if (reads_time(&d->roles[(*n)++], out))
			return true;
	return false;
}
