"""Writes generated programs as C, several of them into a pair of units, and notes the line of each statement."""
import tree as t
from families import FAMILIES, LIBRARIES


class Text:
    def __init__(self, unit):
        self.unit = unit
        self.lines = []
        self.depth = 0

    def put(self, text):
        self.lines.append("\t" * self.depth + text if text else "")
        return len(self.lines)

    def at(self, statement, text):
        statement.line, statement.unit = self.put(text), self.unit


# ---- places, conditions, expressions ----

def place(p, program):
    kind = p[0]
    if kind == "var":
        return p[1]
    if kind == "field":
        return p[1] + p[3] + p[2]
    if kind == "elem":
        return f"{p[1]}[{p[2]}]"
    if kind == "deref":
        return "*" + p[1]
    return f"{program.name}_{p[1]}"


def handle_test(family, text):
    return text if FAMILIES[family].empty == "NULL" else f"{text} >= 0"


def cond(c, program):
    kind = c[0]
    if kind == "has":
        return handle_test(c[2], place(c[1], program))
    if kind == "cmp":
        return f"{expression(c[1], program)} {c[2]} {c[3]}"
    if kind == "not":
        if c[1][0] == "has" and FAMILIES[c[1][2]].empty == "NULL":
            return "!" + cond(c[1], program)
        return f"!({cond(c[1], program)})"
    word = " && " if kind == "and" else " || "
    return word.join(f"({cond(part, program)})" if part[0] in ("and", "or") else cond(part, program) for part in c[1:])


def expression(e, program):
    kind = e[0]
    if kind == "const":
        return str(e[1])
    if kind == "int":
        return e[1]
    if kind == "ask":
        return f"ask({e[1]})"
    if kind == "add":
        return f"{e[1]} + {e[2]}"
    if e[1][0] == "has" and FAMILIES[e[1][2]].empty == "NULL":
        return cond(e[1], program) + " != NULL"
    return f"({cond(e[1], program)})"


# ---- declarations ----

def family_type(family):
    return FAMILIES[family].type


def decl_text(d, program):
    if d.kind == "int":
        return f"int {d.name} = 0;" if d.init else f"int {d.name};"
    if d.kind == "token":
        return f"ctx *{d.name} = NULL;"
    if d.kind == "box":
        return f"struct {program.name}_box {d.name} = {{{box_empty(program)}}};"
    if d.kind == "heap":
        return f"struct {program.name}_box *{d.name};"
    family = FAMILIES[d.family]
    if d.kind == "array":
        return f"{family.type}{d.name}[{d.size}] = {{{', '.join([family.empty] * d.size)}}};"
    if d.kind == "pointer":
        return f"{family.type}*{d.name};"
    start = family.type
    if d.cleanup:
        start = family.scope or f"__attribute__((cleanup(end_{d.family}))) {family.type}"
    return f"{start}{d.name} = {family.empty};" if d.init else f"{start}{d.name};"


def box_empty(program):
    return ", ".join(FAMILIES[f].empty for f in program.families)


def param_text(d, program):
    if d.kind == "int":
        return f"int {d.name}"
    if d.kind == "owner":
        return f"struct {program.name}_owner *{d.name}"
    if d.kind == "heap":
        return f"struct {program.name}_box *{d.name}"
    if d.kind in ("pointer", "out"):
        return f"{family_type(d.family)}*{d.name}"
    return f"{family_type(d.family)}{d.name}"


def head_of(function, program):
    result = {"void": "void ", "int": "int "}.get(function.returns[0]) or family_type(function.returns[1])
    params = ", ".join(["ctx *parent"] * uses_ctx(program) + [param_text(d, program) for d in function.params]) or "void"
    static = "static " if function.static else ""
    return f"{static}{result}{program.name}_{function.name}({params})"


def uses_ctx(program):
    return int(any(FAMILIES[f].library == "ctx" for f in families_of(program)))


# ---- statements ----

class Writer:
    def __init__(self, program, text):
        self.program = program
        self.text = text

    def block(self, block):
        self.text.depth += 1
        for statement in block:
            getattr(self, "put_" + type(statement).__name__.lower())(statement)
        self.text.depth -= 1

    def place(self, p):
        return place(p, self.program)

    def put_make(self, s):
        family = FAMILIES[s.family]
        call = family.make.format(to=self.place(s.to) if s.to else "")
        if family.out:
            self.text.at(s, f"{s.token} = {call};" if s.token else call + ";")
        else:
            self.text.at(s, f"{self.place(s.to)} = {call};" if s.to else call + ";")

    def put_release(self, s):
        family = FAMILIES[s.family]
        self.text.at(s, (family.clear if s.clears else family.release).format(h=self.place(s.handle)) + ";")

    def put_use(self, s):
        family = FAMILIES[s.family]
        call = (family.cancel if s.cancel else family.use).format(h=self.place(s.handle))
        self.text.at(s, f"{s.result} = {call};" if s.result and not s.cancel else call + ";")

    def put_usetoken(self, s):
        call = f'kv_get({s.token}, "key", NULL, 0)'
        self.text.at(s, f"{s.result} = {call};" if s.result else call + ";")

    def put_complete(self, s):
        self.text.at(s, FAMILIES["task"].completes.format(h=self.place(s.handle)) + ";")

    def put_copy(self, s):
        self.text.at(s, f"{self.place(s.to)} = {self.place(s.source)};")

    def put_clear(self, s):
        self.text.at(s, f"{self.place(s.to)} = {FAMILIES[s.family].empty};")

    def put_point(self, s):
        self.text.at(s, f"{s.pointer} = &{self.place(s.to)};")

    def put_push(self, s):
        call = "chan_send(queue, {})" if s.how == "queue" else "keep_fd({})" if s.family == "fd" else "keep({})"
        self.text.at(s, call.format(self.place(s.handle)) + ";")

    def put_setint(self, s):
        self.text.at(s, f"{s.name} = {expression(s.value, self.program)};")

    def put_if(self, s):
        self.text.at(s, f"if ({cond(s.cond, self.program)}) {{")
        self.block(s.then)
        if s.other:
            self.text.put("} else {")
            self.block(s.other)
        self.text.put("}")

    def put_switch(self, s):
        self.text.at(s, f"switch ({s.name}) {{")
        for number, block, falls in s.cases:
            self.text.put(f"case {number}:")
            self.block(block)
            self.text.put("\t/* fall through */" if falls else "\tbreak;")
        self.text.put("default:")
        self.block(s.default)
        self.text.put("\tbreak;")
        self.text.put("}")

    def put_loop(self, s):
        if s.form == "for":
            bound = expression(s.bound, self.program)
            self.text.at(s, f"for (int {s.counter} = 0; {s.counter} < {bound}; {s.counter}++) {{")
        elif s.form == "while":
            self.text.at(s, f"while ({cond(s.cond, self.program)}) {{")
        else:
            self.text.at(s, "do {")
        self.block(s.body)
        self.text.put("}" if s.form != "do" else f"}} while ({cond(s.cond, self.program)});")

    def put_break(self, s):
        self.text.at(s, "break;")

    def put_continue(self, s):
        self.text.at(s, "continue;")

    def put_goto(self, s):
        self.text.at(s, f"goto {s.label};")

    def put_label(self, s):
        self.text.depth -= 1
        self.text.at(s, f"{s.name}:;")
        self.text.depth += 1

    def put_return(self, s):
        value = ""
        if s.value:
            value = {"int": lambda v: expression(v[1], self.program), "handle": lambda v: self.place(v[1]),
                     "empty": lambda v: FAMILIES[v[1]].empty}[s.value[0]](s.value)
        self.text.at(s, f"return {value};" if value else "return;")

    def put_scope(self, s):
        self.text.at(s, "{")
        self.text.depth += 1
        for decl in s.decls:
            self.text.put(decl_text(decl, self.program))
        self.text.depth -= 1
        self.block(s.body)
        s.end_line = self.text.put("}")

    def put_boxnew(self, s):
        self.text.at(s, f"{s.name} = malloc(sizeof *{s.name});")
        self.text.put(f"if (!{s.name}) {{")
        self.block(s.guarded)
        self.text.put("}")
        for i, family in enumerate(self.program.families):
            self.text.put(f"{s.name}->f{i} = {FAMILIES[family].empty};")

    def put_boxfree(self, s):
        self.text.at(s, f"free({s.name});")

    def argument(self, a):
        kind = a[0]
        if kind == "handle":
            return self.place(a[1])
        if kind == "address":
            text = self.place(a[1])
            return text[1:] if text.startswith("*") else "&" + text
        if kind == "int":
            return expression(a[1], self.program)
        return "o" if kind == "owner" else a[1]

    def put_call(self, s):
        args = ["parent"] * uses_ctx(self.program) + [self.argument(a) for a in s.args]
        call = f"{self.program.name}_{s.function}({', '.join(args)})"
        result = s.result and (s.result[1] if s.result[0] == "int" else self.place(s.result[1]))
        self.text.at(s, f"{result} = {call};" if result else call + ";")


# ---- units ----

PRELUDE = """int ask(int what);
void keep(void *what);
void keep_fd(int fd);
"""


def families_of(program):
    """Also those that an edit has left in the code alone."""
    found = {*program.families, program.global_family}
    for function in program.functions:
        decls = [*function.params, *function.decls]
        for s in t.walk(function.body):
            found.add(getattr(s, "family", None))
            decls += s.decls if isinstance(s, t.Scope) else []
        found |= {d.family for d in decls}
    return found - {None}


def prelude(programs):
    families = sorted({f for p in programs for f in families_of(p)})
    libraries = [name for name in LIBRARIES if any(FAMILIES[f].library == name for f in families)]
    yield from (f"#include <{h}>" for h in ["stdlib.h"])
    yield from (f'#include "{h}"' if name == "ctx" else f"#include <{h}>" for name in libraries for h in LIBRARIES[name])
    yield from PRELUDE.splitlines()
    if "ctx" in libraries:
        yield "extern chan *queue;"
    if "task" in families:
        yield "void ready(GObject *source, GAsyncResult *result, gpointer data);"
    for f in families:
        family = FAMILIES[f]
        if not family.scope:
            yield f"static inline void end_{f}({family.type}*at) {{"
            yield f"\tif ({handle_test(f, '*at')})"
            yield "\t\t" + family.release.format(h="*at") + ";"
            yield "}"


def declare(program, text, unit):
    name = program.name
    fields = [f"\t{family_type(f)}f{i};" for i, f in enumerate(program.families)]
    for kind in ("box", "owner"):
        for line in [f"struct {name}_{kind} {{", *fields, *["\tint used;"] * (kind == "owner"), "};"]:
            text.put(line)
    if program.global_family and unit == 0:
        text.put(f"static {family_type(program.global_family)}{name}_kept = {FAMILIES[program.global_family].empty};")
    for function in program.functions:
        if not function.static:
            text.put(head_of(function, program) + ";")


def define(function, program, text):
    function.line = text.put(head_of(function, program))
    text.put("{")
    text.depth += 1
    for decl in function.decls:
        text.put(decl_text(decl, program))
    text.depth -= 1
    Writer(program, text).block(function.body)
    function.end_line = text.put("}")
    text.put("")


def write_units(programs):
    """The texts of two units. Lines are noted in the statements."""
    texts = []
    for unit in (0, 1):
        text = Text(unit)
        for line in prelude(programs):
            text.put(line)
        for program in programs:
            here = [f for f in program.functions if f.unit == unit]
            if not here and unit:
                continue
            declare(program, text, unit)
            for function in here:
                define(function, program, text)
        texts.append("\n".join(text.lines) + "\n")
    return texts
