#include "linked.h"

#include "arena.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_MAX_BYTES ((size_t)64 << 20)

typedef VEC(const char *) path_list;

/* ---- which files ---- */

static bool add_list(struct session *s, struct linked *l, const char *file, path_list *out)
{
	size_t n = 0;
	char *text = str_read_file(file, LIST_MAX_BYTES, &n);
	if (!text) {
		problem_hint(problem_add(&s->problems, PROBLEM_ERROR, file, 0, 0, "cannot be read"),
		             "'@FILE' names a file with one path in each line");
		return false;
	}
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		if (len)
			vec_push(out, arena_strndup(l->arena, line, len));
	}
	mem_release(text);
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct unit_file *x = a, *y = b;
	int order = project_compare(&x->unit, &y->unit);
	return order ? order : strcmp(x->path, y->path);
}

static bool read_all(struct session *s, struct linked *l, const path_list *paths)
{
	bool ok = true;
	l->units = ARENA_ARRAY(l->arena, struct unit_file, paths->len);
	for (uint32_t i = 0; i < paths->len; i++)
		ok &= unit_file_read(s, l->arena, paths->data[i], &l->units[l->len++]);
	if (ok)
		qsort(l->units, l->len, sizeof *l->units, by_place);
	return ok;
}

/* ---- where the sources are ---- */

static const char *absolute(struct session *s, struct linked *l, const char *root)
{
	char *real = realpath(root, NULL);
	const char *copy = real ? arena_strdup(l->arena, real) : NULL;
	free(real);
	if (!copy)
		session_fail(s, "--root names the directory that the paths in reports are relative to",
		             "no such directory: '%s'", root);
	return copy;
}

static const char *common_root(struct session *s, const struct linked *l)
{
	for (uint32_t i = 1; i < l->len; i++)
		if (strcmp(l->units[i].root, l->units[0].root) != 0) {
			session_fail(s, "say where the sources are: --root DIR",
			             "the units were extracted in different places: '%s' below '%s', '%s' "
			             "below '%s'",
			             l->units[0].path, l->units[0].root, l->units[i].path, l->units[i].root);
			return NULL;
		}
	return l->units[0].root;
}

static void make_project(const struct linked *l, const char *root, struct project *p)
{
	*p = (struct project){.arena = arena_new(), .nunits = l->len};
	p->root = arena_strdup(p->arena, root);
	p->units = ARENA_ARRAY(p->arena, struct unit, l->len);
	for (uint32_t i = 0; i < l->len; i++) {
		p->units[i] = l->units[i].unit;
		if (p->units[i].display[0] != '/')
			p->units[i].file = arena_printf(p->arena, "%s/%s", root, p->units[i].display);
	}
}

bool linked_load(struct session *s, struct linked *l, const struct text_list *paths, const char *root,
                 struct project *p)
{
	path_list all = {0};
	bool ok = true;
	l->arena = arena_new();
	for (uint32_t i = 0; i < paths->len; i++)
		if (paths->data[i][0] == '@')
			ok &= add_list(s, l, paths->data[i] + 1, &all);
		else
			vec_push(&all, paths->data[i]);
	if (ok && !all.len)
		ok = session_fail(s, "cancelint link FILE...", "there is no unit to link");
	ok = ok && read_all(s, l, &all);
	vec_release(&all);
	root = !ok ? NULL : root ? absolute(s, l, root) : common_root(s, l);
	if (root)
		make_project(l, root, p);
	return root != NULL;
}

void linked_release(struct linked *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		unit_file_release(&l->units[i]);
	if (l->arena)
		arena_free(l->arena);
	*l = (struct linked){0};
}

/* ---- do they fit? ---- */

bool linked_agree(struct session *s, const struct linked *l, const char *models)
{
	bool ok = true;
	for (uint32_t i = 0; i < l->len; i++) {
		const struct unit_file *u = &l->units[i];
		if (strcmp(u->models, models) == 0)
			continue;
		problem_hint(problem_add(&s->problems, PROBLEM_ERROR, u->path, 0, 0,
		                         "this was extracted with other models"),
		             "give both commands the same --config and --models");
		ok = false;
	}
	return ok;
}

/* ---- moved sources ---- */

static void move_path(json_t *object, const char *from, const char *to)
{
	const char *file = json_string_value(json_object_get(object, "file"));
	size_t n = strlen(from);
	if (!file || strncmp(file, from, n) != 0 || file[n] != '/')
		return;
	struct str moved = {0};
	str_addf(&moved, "%s%s", to, file + n);
	json_object_set_new(object, "file", json_string(str_c(&moved)));
	str_release(&moved);
}

static void move_all(json_t *j, const char *from, const char *to)
{
	const char *key;
	json_t *value;
	size_t i;
	if (json_is_object(j)) {
		move_path(j, from, to);
		json_object_foreach(j, key, value) move_all(value, from, to);
	}
	json_array_foreach(j, i, value) move_all(value, from, to);
}

void linked_move_paths(const struct unit_file *u, const char *root, json_t *reply)
{
	if (reply && strcmp(u->root, root) != 0)
		move_all(reply, u->root, root);
}
