"""Puts mistakes into a program: the edits of a tired programmer. Whether one makes a defect is for the oracle to say."""
import copy

import tree as t
from families import FAMILIES


def spots(program):
    """(function, block, index) of each statement."""
    for function in program.functions:
        for block in t.all_blocks(function.body):
            for i in range(len(block)):
                yield function, block, i


def handles_of(function):
    """Places that hold handles in a function, with their families."""
    found = {}
    for s in t.walk(function.body):
        if isinstance(s, (t.Make, t.Release, t.Use)):
            place = s.to if isinstance(s, t.Make) else s.handle
            if place:
                found[place] = s.family
    return sorted(found.items(), key=repr)


def delete(program, rng, spot):
    _, block, i = spot
    if isinstance(block[i], t.Label):
        return False
    del block[i]
    return True


def unwrap(program, rng, spot):
    """The condition is forgotten."""
    _, block, i = spot
    if not isinstance(block[i], t.If) or block[i].other:
        return False
    block[i:i + 1] = block[i].then
    return True


def swap(program, rng, spot):
    _, block, i = spot
    if i + 1 >= len(block) or isinstance(block[i], t.Label) or isinstance(block[i + 1], t.Label):
        return False
    block[i], block[i + 1] = block[i + 1], block[i]
    return True


def repeat(program, rng, spot):
    """A statement comes once more somewhere in the same function."""
    function, block, i = spot
    if isinstance(block[i], (t.Label, t.Scope, t.BoxNew, t.BoxFree)) or any(isinstance(s, (t.Scope, t.Loop)) for s in t.walk([block[i]])):
        return False
    other = rng.choice(list(t.all_blocks(function.body)))
    other.insert(rng.randrange(len(other) + 1), copy.deepcopy(block[i]))
    return True


def leave(program, rng, spot):
    """A way out that ends nothing."""
    function, block, i = spot
    kind = function.returns[0]
    value = {"void": None, "int": ("int", ("const", -1))}.get(kind, ("empty", function.returns[-1]))
    test = ("cmp", rng.choice([("ask", 9), *[("int", d.name) for d in function.params if d.kind == "int"]]), "<", rng.choice([0, 1]))
    block.insert(i, t.If(test, [t.Return(value)]))
    return True


def release(program, rng, spot):
    function, block, i = spot
    handles = handles_of(function)
    if not handles:
        return False
    place, family = rng.choice(handles)
    end = t.Release(family, place)
    block.insert(i, end if rng.random() < 0.3 else t.If(("has", place, family), [end]))
    return True


def use(program, rng, spot):
    function, block, i = spot
    handles = [h for h in handles_of(function) if FAMILIES[h[1]].use]
    if not handles:
        return False
    place, family = rng.choice(handles)
    block.insert(i, t.If(("has", place, family), [t.Use(family, place)]))
    return True


def make(program, rng, spot):
    function, block, i = spot
    handles = handles_of(function)
    if not handles:
        return False
    place, family = rng.choice(handles)
    block.insert(i, t.Make(family, place if rng.random() < 0.8 or FAMILIES[family].out else None))
    return True


def turn(program, rng, spot):
    """The other way round: a condition, a break."""
    _, block, i = spot
    s = block[i]
    if isinstance(s, t.If):
        s.cond = s.cond[1] if s.cond[0] == "not" else ("not", s.cond)
    elif isinstance(s, t.Break):
        block[i] = t.Continue()
    elif isinstance(s, t.Continue):
        block[i] = t.Break()
    else:
        return False
    return True


def other_condition(program, rng, spot):
    _, block, i = spot
    s = block[i]
    if not isinstance(s, t.If) or s.cond[0] != "cmp":
        return False
    s.cond = ("cmp", s.cond[1], rng.choice(["<", ">", "==", "!="]), rng.choice([0, 1, 2]))
    return True


def flip_fall(program, rng, spot):
    _, block, i = spot
    if not isinstance(block[i], t.Switch):
        return False
    case = rng.choice(block[i].cases)
    case[2] = not case[2]
    return True


EDITS = [delete, delete, delete, unwrap, swap, repeat, leave, leave, release, use, make, turn, other_condition, flip_fall]


def mutate(program, rng, times):
    for _ in range(times):
        for _ in range(20):
            if rng.choice(EDITS)(program, rng, rng.choice(list(spots(program)))):
                break
    return program
