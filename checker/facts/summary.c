/*
 * summary.c - what a function does, told to other units: what is a number in its unit becomes a name or a
 * place. The fields are those of summary.def and effect.def.
 */
#include "parts.h"

#include "apimodel.h"
#include "arena.h"
#include "intern.h"
#include "ir.h"
#include "mem.h"
#include "solve.h"

#include <string.h>

struct telling {
	struct codec c;
	const struct ir_unit *u;
	const struct ir_func *f;    /* writing: whose */
	const struct apimodel *api; /* reading */
	bool lost;                  /* names static storage of another unit, or what this one does not know */
};

/* ---- kinds of fields ---- */

static void flag(struct telling *t, bool *v)
{
	codec_bool(&t->c, v);
}

static void count(struct telling *t, uint32_t *v)
{
	codec_u32(&t->c, v);
}

static void bits(struct telling *t, uint64_t *v)
{
	codec_number(&t->c, v);
}

static void range(struct telling *t, struct ret_range *r)
{
	codec_signed(&t->c, &r->lo);
	codec_signed(&t->c, &r->hi);
}

/* `name` is a text of the unit. */
static uint32_t find_global(const struct ir_unit *u, const char *name)
{
	for (uint32_t g = 1; g < u->nglobals; g++)
		if (!u->globals[g].is_static && u->globals[g].name == name)
			return g;
	return 0;
}

static void global(struct telling *t, uint32_t *v)
{
	const struct ir_global *g = t->c.out && *v ? &t->u->globals[*v] : NULL;
	const char *name = g && !g->is_static ? g->name : "";
	bool some = t->c.out && *v;
	codec_bool(&t->c, &some);
	codec_inline_text(&t->c, &name);
	if (!t->c.out)
		*v = *name ? find_global(t->u, name) : 0;
	t->lost |= some && (t->c.out ? !*name : !*v);
}

static void place(struct telling *t, struct effect_place *p)
{
	int64_t param = p->param;
	codec_signed(&t->c, &param);
	codec_u8(&t->c, &p->depth);
	for (size_t i = 0; i < sizeof p->offset / sizeof *p->offset; i++)
		codec_signed(&t->c, &p->offset[i]);
	codec_signed(&t->c, &p->plus);
	global(t, &p->global);
	t->c.bad |=
	        param < PLACE_NUMBER || param > INT32_MAX || p->depth > sizeof p->offset / sizeof *p->offset;
	p->param = t->c.bad ? -2 : (int)param;
}

/* Families go by the model's own text, so that equal ones are the same. */
static void text(struct telling *t, const char **v)
{
	bool some = t->c.out && *v;
	const char *s = some ? *v : "";
	codec_bool(&t->c, &some);
	codec_inline_text(&t->c, &s);
	if (t->c.out)
		return;
	const struct api_family *known = *s ? apimodel_family(t->api, s) : NULL;
	*v = known ? known->name : some ? s : NULL;
}

static uint32_t enumerator(struct telling *t, uint32_t v, uint32_t max)
{
	codec_u32(&t->c, &v);
	t->c.bad |= v > max;
	return v > max ? 0 : v;
}

static void import_place(struct telling *t, struct import_place *p)
{
	codec_inline_text(&t->c, &p->file);
	codec_u32(&t->c, &p->line);
	codec_u32(&t->c, &p->col);
}

static struct import_place place_of(const struct ir_unit *u, ir_loc loc)
{
	struct ir_place at = ir_place_outer(u, loc);
	return (struct import_place){
	        .file = at.file ? u->files[at.file].path : "", .line = at.line, .col = at.col};
}

/* ---- the rows ---- */

#define MOST_api_cond API_NEVER
#define MOST_effect_kind EFFECT_LAST
#define MOST_api_waits API_WAITS_LOOP

#define SUMMARY_FLAG(name) flag(t, &x->name);
#define SUMMARY_COUNT(name) count(t, &x->name);
#define SUMMARY_SMALL(name) codec_u8(&t->c, &x->name);
#define SUMMARY_BITS(name) bits(t, &x->name);
#define SUMMARY_ENUM(type, name) x->name = (enum type)enumerator(t, (uint32_t)x->name, MOST_##type);
#define SUMMARY_RANGE(name) range(t, &x->name);
#define SUMMARY_PLACE(name) place(t, &x->name);
#define SUMMARY_TEXT(name) text(t, &x->name);
#define SUMMARY_GLOBAL(name) global(t, &x->name);
#define SUMMARY_FUNC(name) /* of no use elsewhere: stays 0 */
#define SUMMARY_WHERE(name) where(t, &x->name);
#define SUMMARY_SITE(name) site(t, &x->name, &from->name##_at);

/* Most have none. */
static void where(struct telling *t, struct import_place *p)
{
	bool some = t->c.out && p->line;
	codec_bool(&t->c, &some);
	if (some)
		import_place(t, p);
	else
		*p = (struct import_place){.file = ""};
}

static void effect_fields(struct telling *t, struct effect *x)
{
#include "effect.def"
}

/* Where an instruction is becomes a place; in the other unit it only tells that there is one. */
static void site(struct telling *t, ir_instr *v, struct import_place *at)
{
	bool some = *v != 0;
	if (t->c.out)
		*at = place_of(t->u, some ? t->f->instrs[*v].loc : 0);
	codec_bool(&t->c, &some);
	import_place(t, at);
	if (!t->c.out)
		*v = some;
}

static void summary_fields(struct telling *t, struct import *from)
{
	struct summary *x = &from->summary;
#include "summary.def"
}
#include "summary_undef.def"

/* ---- writing ---- */

/* Effects on static storage stay where it is. */
static void put_effects(struct telling *t, const struct summary *s)
{
	struct str *out = t->c.out;
	struct str each = {0};
	uint32_t n = 0;
	for (uint32_t i = 0; i < s->neffects; i++) {
		struct effect e = s->effects[i];
		size_t before = each.len;
		t->c.out = &each;
		t->lost = false;
		effect_fields(t, &e);
		if (t->lost)
			each.len = before;
		else
			n++;
	}
	t->c.out = out;
	codec_u32(&t->c, &n);
	str_addn(out, str_c(&each), each.len);
	str_release(&each);
}

/* Two digits a byte. Most bytes stand among others of their kind, zeros or 0xff: a letter behind the digits
 * is a run of these, 'g' one of two bytes, 'h' of three. */
#define RUN_MIN 2
#define RUN_MAX (RUN_MIN + 'z' - 'g')

static size_t run_at(const struct str *bytes, size_t at)
{
	size_t n = 0;
	while (n < RUN_MAX && at + n < bytes->len && bytes->data[at + n] == bytes->data[at])
		n++;
	return n;
}

static void to_text(const struct str *bytes, struct str *text)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes->len;) {
		unsigned char b = (unsigned char)bytes->data[i];
		size_t run = b == 0 || b == 0xff ? run_at(bytes, i) : 0;
		char both[] = {digits[b >> 4], digits[b & 15]};
		if (run >= RUN_MIN)
			str_addc(text, (char)((b ? 'G' : 'g') + (run - RUN_MIN)));
		else
			str_addn(text, both, sizeof both);
		i += run >= RUN_MIN ? run : 1;
	}
}

static void write_summary(struct solution *s, uint32_t func, struct str *text)
{
	const struct ir_unit *u = s->program->unit;
	struct str bytes = {0};
	struct telling t = {.c = {.out = &bytes}, .u = u, .f = &u->funcs[func]};
	struct import in = {.summary = *solve_summary(s, func), .at = place_of(u, u->funcs[func].loc)};
	import_place(&t, &in.at);
	summary_fields(&t, &in);
	put_effects(&t, &in.summary);
	to_text(&bytes, text);
	str_release(&bytes);
}

/* The names that are asked for; `all`: every one is. */
struct wanted {
	struct strmap names;
	bool all;
};

static struct wanted wanted_of(const char *const *only)
{
	struct wanted w = {.all = !only};
	for (; only && *only; only++)
		strmap_set(&w.names, *only, 1);
	return w;
}

static bool is_wanted(const struct wanted *w, const char *name)
{
	return w->all || strmap_get(&w->names, name, NULL);
}

static void export_notes(const struct program *p, const struct wanted *w,
                         void (*each)(void *ctx, const char *name, const char *text), void *ctx)
{
	struct facts_notes notes;
	facts_notes_find(&notes, p);
	for (uint32_t i = 0; i < notes.tells.len; i++)
		if (is_wanted(w, notes.tells.data[i]))
			each(ctx, notes.tells.data[i], facts_note(notes.tells.data[i]));
	facts_notes_release(&notes);
}

void facts_export(struct solution *s, const char *const *only,
                  void (*each)(void *ctx, const char *name, const char *text), void *ctx)
{
	const struct program *p = s->program;
	const uint32_t private = IR_FUNC_STATIC | IR_FUNC_INLINE | IR_FUNC_SYSTEM | IR_FUNC_GENERATED;
	struct str text = {0};
	struct wanted w = wanted_of(only);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const struct ir_func *func = &p->unit->funcs[f];
		if (!p->cfgs[f] || !p->relevant[f] || p->described[f] || (func->flags & private) ||
		    !is_wanted(&w, func->name))
			continue;
		str_clear(&text);
		write_summary(s, f, &text);
		each(ctx, func->name, str_c(&text));
	}
	str_release(&text);
	export_notes(p, &w, each, ctx);
	strmap_release(&w.names);
}

/* ---- reading ---- */

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add_run(struct str *bytes, char byte, size_t n)
{
	char run[RUN_MAX];
	memset(run, byte, sizeof run);
	str_addn(bytes, run, n);
}

static bool from_text(const char *text, struct str *bytes)
{
	while (*text) {
		int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
		if (low >= 0)
			str_addc(bytes, (char)(high << 4 | low));
		else if (*text >= 'g' && *text <= 'z')
			add_run(bytes, 0, (size_t)(*text - 'g' + RUN_MIN));
		else if (*text >= 'G' && *text <= 'Z')
			add_run(bytes, (char)0xff, (size_t)(*text - 'G' + RUN_MIN));
		else
			return false;
		text += low >= 0 ? 2 : 1;
	}
	return true;
}

static void get_effects(struct telling *t, struct summary *s)
{
	struct effect *list = NULL;
	uint32_t n = 0, kept = 0;
	codec_list(&t->c, list, n, 10);
	for (uint32_t i = 0; i < n && !t->c.bad; i++) {
		struct effect e = {0};
		t->lost = false;
		effect_fields(t, &e);
		if (!t->lost)
			list[kept++] = e;
	}
	s->effects = list;
	s->neffects = kept;
}

bool facts_import(const struct ir_unit *u, const struct apimodel *api, struct arena *a, const char *text,
                  struct import *out)
{
	struct str bytes = {0};
	*out = (struct import){0};
	if (!from_text(text, &bytes) || !bytes.len) {
		str_release(&bytes);
		return false;
	}
	struct telling t = {.u = u, .api = api};
	t.c = (struct codec){.at = (unsigned char *)bytes.data,
	                     .end = (unsigned char *)bytes.data + bytes.len,
	                     .arena = a,
	                     .strings = u->strings};
	import_place(&t, &out->at);
	summary_fields(&t, out);
	get_effects(&t, &out->summary);
	bool ok = !t.c.bad && t.c.at == t.c.end;
	str_release(&bytes);
	return ok;
}
