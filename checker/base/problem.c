#include "problem.h"
#include "mem.h"
#include "str.h"
#include "utf8.h"

#include <stdarg.h>
#include <string.h>

struct problem *problem_add(struct problem_list *l, enum problem_level level, const char *file, int line,
                            int col, const char *fmt, ...)
{
	if (l->len == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->data = mem_resize(l->data, l->cap * sizeof *l->data);
	}
	struct str text = {0};
	va_list ap;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	struct problem *p = &l->data[l->len++];
	*p = (struct problem){
	        .level = level, .file = file ? mem_strdup(file) : NULL, .line = line, .col = col};
	p->text = text.data;
	if (level == PROBLEM_ERROR)
		l->errors++;
	return p;
}

void problem_hint(struct problem *p, const char *fmt, ...)
{
	struct str text = {0};
	va_list ap;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	mem_release(p->hint);
	p->hint = text.data;
}

static void print_safe(const char *text, size_t len, FILE *to)
{
	struct str line = {0}, clean = {0};
	str_addn(&line, text, len);
	utf8_visible(&clean, str_c(&line));
	fputs(str_c(&clean), to);
	str_release(&line);
	str_release(&clean);
}

/* It may quote what another program said, in lines. */
static void print_hint(const char *hint, FILE *to)
{
	do {
		size_t n = strcspn(hint, "\n");
		fputs("  ", to);
		print_safe(hint, n, to);
		fputc('\n', to);
		hint += n + (hint[n] == '\n');
	} while (*hint);
}

void problem_list_print(const struct problem_list *l, FILE *to)
{
	for (size_t i = 0; i < l->len; i++) {
		const struct problem *p = &l->data[i];
		if (p->file) {
			print_safe(p->file, strlen(p->file), to);
			if (p->line > 0)
				fprintf(to, ":%d", p->line);
			if (p->line > 0 && p->col > 0)
				fprintf(to, ":%d", p->col);
			fputs(": ", to);
		} else {
			fputs("cancelint: ", to);
		}
		fputs(p->level == PROBLEM_ERROR ? "error: " : "warning: ", to);
		print_safe(p->text, strlen(p->text), to);
		fputc('\n', to);
		if (p->hint)
			print_hint(p->hint, to);
	}
}

void problem_list_release(struct problem_list *l)
{
	for (size_t i = 0; i < l->len; i++) {
		mem_release(l->data[i].file);
		mem_release(l->data[i].text);
		mem_release(l->data[i].hint);
	}
	mem_release(l->data);
	*l = (struct problem_list){0};
}
