"""Would a compiler take the program? Edits are made blindly, and what they spoil is thrown away."""
import tree as t


def names_in(value):
    """Names of locals in a place, condition, expression, or argument."""
    if not isinstance(value, tuple) or not value:
        return
    kind = value[0]
    if kind in ("var", "deref", "int", "add") and len(value) > 1 and isinstance(value[1], str):
        yield value[1]
    elif kind == "field":
        yield value[1]
    elif kind == "elem":
        yield value[1]
        if isinstance(value[2], str):
            yield value[2]
    elif kind == "owner":
        yield "o"
    elif kind == "box":
        yield value[1].lstrip("&")
    else:
        for part in value[1:]:
            yield from names_in(part)


def names_of(statement):
    for key, value in vars(statement).items():
        if isinstance(value, tuple):
            yield from names_in(value)
        elif isinstance(value, str) and key in ("token", "result", "pointer", "name") and not isinstance(statement, t.Label):
            yield value
        elif key == "args":
            for argument in value:
                yield from names_in(argument)


def block_is_fine(function, block, names, loop, breakable):
    for s in block:
        if isinstance(s, t.Loop) and s.counter:
            names = names | {s.counter}
        if not set(names_of(s)) <= names:
            return False
        if isinstance(s, t.Break) and not breakable or isinstance(s, t.Continue) and not loop:
            return False
        if isinstance(s, t.Goto) and not any(isinstance(x, t.Label) and x.name == s.label for x in function.body):
            return False
        if isinstance(s, t.Return) and (s.value is None) != (function.returns[0] == "void"):
            return False
        if isinstance(s, t.Return) and s.value and (s.value[0] == "int") != (function.returns[0] == "int"):
            return False
        inner = names | {d.name for d in s.decls} if isinstance(s, t.Scope) else names
        loops = loop or isinstance(s, t.Loop)
        breaks = breakable or isinstance(s, (t.Loop, t.Switch))
        if not all(block_is_fine(function, below, inner, loops, breaks) for below in s.blocks()):
            return False
    return True


def is_fine(program):
    seen = set()
    for function in program.functions:
        if function.returns[0] != "void" and not (function.body and isinstance(function.body[-1], t.Return)):
            return False
        names = {d.name for d in function.params + function.decls}
        if not block_is_fine(function, function.body, names, False, False):
            return False
        calls = {s.function for s in t.walk(function.body) if isinstance(s, t.Call)}
        if not calls <= seen | {f.name for f in program.functions if not f.static}:
            return False
        if any(f.static and f.unit != function.unit for f in program.functions if f.name in calls):
            return False
        seen.add(function.name)
    return all(len(set(labels)) == len(labels) for labels in
               ([s.name for s in f.body if isinstance(s, t.Label)] for f in program.functions))
