"""Writes random programs that are right, by construction: each handle is kept by a discipline that all code around it follows.

    null      the place is empty when there is nothing to end; everything that makes, ends or moves asks the place
    flag      a variable says whether there is something to end
    block     made at the start of a block, ended at its end and before each way out of it
    guard     made and ended under the same condition, which nothing changes
    scope     the compiler ends it

What is wrong comes later: mutate.py.
"""
import random
from dataclasses import dataclass

import tree as t
from families import FAMILIES, GROUPS


@dataclass
class Slot:
    """A place that holds a handle under a discipline."""
    place: tuple
    family: str
    kind: str             # null, flag, scope
    token: str | None = None
    flag: str | None = None

    def has(self):
        return ("has", self.place, self.family)


class Helpers:
    """Functions of the program that wrap what the API does; made when they are first wanted."""

    def __init__(self, gen):
        self.gen = gen
        self.rng = gen.rng
        self.made = {}
        self.count = 0

    def get(self, kind, family):
        variants = getattr(self, kind)
        key = kind, family, self.rng.randrange(2)
        if key not in self.made:
            self.count += 1
            function = variants(f"{kind}{self.count}", family)
            if self.rng.random() < self.gen.second_unit and not self.touches_global(function):
                function.unit, function.static = 1, False
            function.unit = self.lowest_unit(function)
            function.static = function.static and function.unit == 0
            self.gen.functions.append(function)
            self.made[key] = function
        return self.made[key].name

    def touches_global(self, function):
        return self.gen.program.global_family and "global" in repr([vars(s) for s in t.walk(function.body)])

    def lowest_unit(self, function):
        """A static helper of the first unit is not to be had from the second."""
        below = [f for s in t.walk(function.body) if isinstance(s, t.Call) for f in self.gen.functions if f.name == s.function]
        return 0 if any(f.unit == 0 for f in below) else function.unit

    def end(self, name, family):
        param = ("var", "h")
        release = self.gen.release(family, param)
        choice = self.rng.randrange(4)
        if choice == 0:
            body = [release]
        elif choice == 1:
            body = [t.If(("not", ("has", param, family)), [t.Return()]), release]
        elif choice == 2:
            body = [t.If(("has", param, family), [release])]
        else:
            body = [t.Call(self.get("end", family), [("handle", param)])] if self.rng.random() < 0.5 else [release]
        return t.Function(name, [t.Decl("handle", "h", family)], ("void",), [], body)

    def end_if(self, name, family):
        """Ends it, and says so, or leaves it alone."""
        param = ("var", "h")
        test = ("cmp", ("int", "how"), self.rng.choice(["<", ">", "!="]), self.rng.choice([0, 1]))
        if self.rng.random() < 0.5:
            body = [t.If(test, [self.gen.release(family, param), t.Return(("int", ("const", 1)))]), t.Return(("int", ("const", 0)))]
        else:
            body = [t.If(("not", test), [t.Return(("int", ("const", 0)))]), self.gen.release(family, param),
                    t.Return(("int", ("const", 1)))]
        return t.Function(name, [t.Decl("handle", "h", family), t.Decl("int", "how")], ("int",), [], body)

    def end_at(self, name, family):
        at = ("deref", "at")
        body = [self.gen.release(family, at), t.Clear(at, family)]
        if FAMILIES[family].clear and self.rng.random() < 0.5:
            body = [t.Release(family, at, clears=True)]
        else:
            body = [t.If(("has", at, family), body)]
        return t.Function(name, [t.Decl("pointer", "at", family)], ("void",), [], body)

    def make(self, name, family):
        h, api = ("var", "h"), FAMILIES[family]
        decls = [t.Decl("handle", "h", family)]
        body = [t.Make(family, h)]
        choice = self.rng.randrange(3)
        if choice == 1:
            body.append(t.If(("not", ("has", h, family)), [t.Return(("empty", family))]))
        elif choice == 2:
            body = [t.If(("cmp", ("ask", 7), "<", 0), [t.Return(("empty", family))])] + body
        if choice == 1 and api.use and self.rng.random() < 0.5:
            body += [t.If(("cmp", ("ask", 8), "==", 0), [self.gen.release(family, h), t.Return(("empty", family))])]
        return t.Function(name, [], ("handle", family), decls, body + [t.Return(("handle", h, family))])

    def make_into(self, name, family):
        at = ("deref", "out")
        choice = self.rng.randrange(3)
        ok, failed = t.Return(("int", ("const", 0))), [t.Return(("int", ("const", -1)))]
        if choice == 0:
            body = [t.Make(family, at), t.If(("not", ("has", at, family)), failed), ok]
            decls = []
        else:
            h = ("var", "h")
            decls = [t.Decl("handle", "h", family)]
            body = [t.Clear(at, family), t.Make(family, h), t.If(("not", ("has", h, family)), failed)]
            if choice == 2:
                body.append(t.If(("cmp", ("ask", 5), "<", 0), [self.gen.release(family, h), *failed_copy(failed)]))
            body += [t.Copy(at, h), ok]
        return t.Function(name, [t.Decl("out", "out", family)], ("int",), decls, body)

    def same(self, name, family):
        h = ("var", "h")
        body = [t.Return(("handle", h, family))]
        if self.rng.random() < 0.5:
            body = [t.If(("not", ("has", h, family)), [t.Return(("empty", family))])] + body
        return t.Function(name, [t.Decl("handle", "h", family)], ("handle", family), [], body)

    def fine(self, name, family):
        """Looks at it and keeps nothing."""
        h = ("var", "h")
        body = [t.Return(("int", ("truth", ("has", h, family))))]
        if FAMILIES[family].use and self.rng.random() < 0.6:
            body = [t.If(("not", ("has", h, family)), [t.Return(("int", ("const", 0)))]), t.Use(family, h, "rc"),
                    t.Return(("int", ("truth", ("cmp", ("int", "rc"), ">", 0))))]
        return t.Function(name, [t.Decl("handle", "h", family)], ("int",), [t.Decl("int", "rc")], body)

    def swap(self, name, family):
        a, b, h = ("deref", "a"), ("deref", "b"), ("var", "h")
        return t.Function(name, [t.Decl("pointer", "a", family), t.Decl("pointer", "b", family)], ("void",),
                          [t.Decl("handle", "h", family)], [t.Copy(h, a), t.Copy(a, b), t.Copy(b, h)])

    def hand(self, name, family):
        place = self.gen.owner_field(family)
        body = [t.If(("has", place, family), [self.gen.release(family, place)]), t.Copy(place, ("var", "h"))]
        return t.Function(name, [t.Decl("owner", "o"), t.Decl("handle", "h", family)], ("void",), [], body)

    def fetch(self, name, family):
        """Takes it out of the owner."""
        place, h = self.gen.owner_field(family), ("var", "h")
        return t.Function(name, [t.Decl("owner", "o")], ("handle", family), [t.Decl("handle", "h", family)],
                          [t.Copy(h, place), t.Clear(place, family), t.Return(("handle", h, family))])

    def empty_box(self, name, family):
        body = []
        for i, f in enumerate(self.gen.program.families):
            place = ("field", "s", f"f{i}", "->")
            body.append(t.If(("has", place, f), [self.gen.release(f, place), t.Clear(place, f)]))
        return t.Function(name, [t.Decl("heap", "s")], ("void",), [], body)


def failed_copy(block):
    return [t.Return(s.value) for s in block]


class FunctionGen:
    """One function that is called from outside."""

    def __init__(self, gen, name):
        self.gen, self.rng, self.name = gen, gen.rng, name
        self.decls, self.slots, self.blocks = [], [], []
        self.ends = []           # what is freed at the end of all
        self.count = 0
        self.guards = []         # correlated conditions: nothing may leave before they are ended
        self.jumps = self.rng.random() < 0.6  # one way out, behind a label

    def fresh(self, start):
        self.count += 1
        return f"{start}{self.count}"

    # ---- what there is ----

    def set_up(self):
        self.decls.append(t.Decl("int", "rc"))
        self.decls.append(t.Decl("int", "n"))
        body = []
        for _ in range(self.rng.choice([1, 1, 1, 2])):
            family = self.rng.choice(self.gen.program.families)
            kind = self.rng.choice(["null", "null", "null", "flag", "scope", "struct", "heap", "array", "pointer"])
            getattr(self, "set_up_" + kind)(family, body)
        if self.gen.program.global_family and self.rng.random() < 0.5:
            self.slots.append(Slot(("global", "kept"), self.gen.program.global_family, "outside"))
        return body

    def set_up_null(self, family, body):
        name = self.fresh("h")
        self.decls.append(t.Decl("handle", name, family))
        token = None
        if FAMILIES[family].out:
            token = self.fresh("c")
            self.decls.append(t.Decl("token", token))
        self.slots.append(Slot(("var", name), family, "null", token))
        return self.slots[-1]

    def set_up_flag(self, family, body):
        slot = self.set_up_null(family, body)
        slot.kind, slot.flag = "flag", self.fresh("own")
        self.decls.append(t.Decl("int", slot.flag))

    def set_up_scope(self, family, body):
        slot = self.set_up_null(family, body)
        slot.kind = "scope"
        next(d for d in self.decls if d.name == slot.place[1]).cleanup = True

    def set_up_pointer(self, family, body):
        slot = self.set_up_null(family, body)
        pointer = self.fresh("p")
        self.decls.append(t.Decl("pointer", pointer, family))
        body.append(t.Point(pointer, slot.place))
        if self.rng.random() < 0.5:
            slot.place = ("deref", pointer)

    def set_up_struct(self, family, body):
        name = self.fresh("s")
        self.decls.append(t.Decl("box", name))
        for i, f in enumerate(self.gen.program.families):
            self.slots.append(Slot(("field", name, f"f{i}", "."), f, "null"))

    def set_up_heap(self, family, body):
        name = self.fresh("b")
        self.decls.append(t.Decl("heap", name))
        body.append(t.BoxNew(name, [t.Return(("int", ("const", -1)))]))
        for i, f in enumerate(self.gen.program.families):
            self.slots.append(Slot(("field", name, f"f{i}", "->"), f, "null"))
        self.ends.append(name)

    def set_up_array(self, family, body):
        name = self.fresh("a")
        self.decls.append(t.Decl("array", name, family, size=2))
        for i in range(2):
            self.slots.append(Slot(("elem", name, i), family, "null"))

    # ---- moves: each leaves the disciplines as it found them ----

    def move(self, depth):
        slot = self.rng.choice(self.slots)
        if slot.kind == "outside":
            return self.move_outside(slot)
        choices = [self.make, self.make, self.make, self.drop, self.drop, self.use, self.hand_over, self.pass_on]
        return self.rng.choice(choices)(slot)

    def move_outside(self, slot):
        """Static storage: put in, after what was there was ended, or ended."""
        end = t.If(slot.has(), [self.gen.release(slot.family, slot.place), t.Clear(slot.place, slot.family)])
        partners = [s for s in self.slots if s.kind == "null" and s.family == slot.family]
        if not partners or self.rng.random() < 0.5:
            return [end]
        s = self.rng.choice(partners)
        return [t.If(s.has(), [end, t.Copy(slot.place, s.place), *self.forget(s)])]

    def forget(self, slot):
        body = [t.Clear(slot.place, slot.family)]
        if slot.token:
            body.append(t.Clear(("var", slot.token), slot.family))
        if slot.flag:
            body.append(t.SetInt(slot.flag, ("const", 0)))
        return body

    def held(self, slot):
        return ("cmp", ("int", slot.flag), "!=", 0) if slot.flag else slot.has()

    def empty(self, slot):
        return ("cmp", ("int", slot.flag), "==", 0) if slot.flag else ("not", slot.has())

    def make(self, slot):
        body = self.made(slot)
        if slot.flag:
            own = t.SetInt(slot.flag, ("const", 1))
            body.append(t.If(slot.has(), [own]) if FAMILIES[slot.family].fails else own)
        return [t.If(self.empty(slot), body)]

    def made(self, slot):
        choice = self.rng.randrange(6)
        if choice == 4:
            return [t.Call(self.gen.helpers.get("make", slot.family), [], ("handle", slot.place))]
        if choice == 5:
            call = t.Call(self.gen.helpers.get("make_into", slot.family), [("address", slot.place)], ("int", "rc"))
            return [call, t.If(("cmp", ("int", "rc"), "<", 0), self.forget(slot))]
        return [t.Make(slot.family, slot.place, slot.token)]

    def drop(self, slot):
        choice = self.rng.randrange(6)
        helpers = self.gen.helpers
        if choice == 4:
            return [t.If(self.held(slot), [t.Call(helpers.get("end_at", slot.family), [("address", slot.place)]), *self.forget(slot)])]
        if choice == 5 and not slot.flag:
            call = t.Call(helpers.get("end_if", slot.family), [("handle", slot.place), ("int", self.number())], ("int", "rc"))
            return [t.If(self.held(slot), [call, t.If(("cmp", ("int", "rc"), "==", 1), self.forget(slot))])]
        end = self.gen.release(slot.family, slot.place)
        if choice == 3:
            end = t.Call(helpers.get("end", slot.family), [("handle", slot.place)])
        if FAMILIES[slot.family].clear and not slot.flag and self.rng.random() < 0.3:
            return [t.Release(slot.family, slot.place, clears=True), *self.forget(slot)[1:]]
        before = []
        if FAMILIES[slot.family].cancel and self.rng.random() < 0.5:
            before = [t.Use(slot.family, slot.place, cancel=True)]
        if FAMILIES[slot.family].null_ok and not slot.flag and self.rng.random() < 0.3:
            return [end, *self.forget(slot)]
        return [t.If(self.held(slot), [*before, end, *self.forget(slot)])]

    def use(self, slot):
        if slot.token and self.rng.random() < 0.5:
            return [t.If(("has", ("var", slot.token), slot.family), [t.UseToken(slot.token, "rc")])]
        if FAMILIES[slot.family].use and self.rng.random() < 0.7:
            return [t.If(self.held(slot), [t.Use(slot.family, slot.place, self.rng.choice(["rc", "n", None]))])]
        return [t.If(self.held(slot), [t.Call(self.gen.helpers.get("fine", slot.family), [("handle", slot.place)], ("int", "rc"))])]

    def hand_over(self, slot):
        """To the owner, to a queue, to code that nobody sees, to another place."""
        choice = self.rng.randrange(5)
        if slot.kind == "scope" and choice < 2:
            choice = 2
        if choice == 0:
            place = self.gen.owner_field(slot.family)
            old = t.If(("has", place, slot.family), [self.gen.release(slot.family, place)])
            body = [old, t.Copy(place, slot.place)]
        elif choice == 1:
            body = [t.Call(self.gen.helpers.get("hand", slot.family), [("owner",), ("handle", slot.place)])]
        elif choice == 2 and FAMILIES[slot.family].library == "ctx" and self.rng.random() < 0.5:
            body = [t.Push(slot.family, slot.place, "queue")]
        elif choice == 2:
            body = [t.Push(slot.family, slot.place, "unknown")]
        else:
            return self.swap(slot)
        return [t.If(self.held(slot), body + self.forget(slot))]

    def swap(self, slot):
        partners = [s for s in self.slots if s is not slot and s.family == slot.family and s.kind in ("null", "scope")]
        if not partners or slot.flag:
            return self.use(slot)
        other = self.rng.choice(partners)
        clear = [t.Clear(("var", s.token), s.family) for s in (slot, other) if s.token]
        if self.rng.random() < 0.5:
            call = t.Call(self.gen.helpers.get("swap", slot.family), [("address", slot.place), ("address", other.place)])
            return [call, *clear]
        return [t.If(("and", slot.has(), ("not", other.has())),
                     [t.Copy(other.place, slot.place), t.Clear(slot.place, slot.family), *clear])]

    def pass_on(self, slot):
        """Through a function and back, or out of the owner."""
        if self.rng.random() < 0.5:
            return [t.Call(self.gen.helpers.get("same", slot.family), [("handle", slot.place)], ("handle", slot.place))]
        if slot.flag or slot.kind == "scope":
            return self.use(slot)
        return [t.If(self.empty(slot), [t.Call(self.gen.helpers.get("fetch", slot.family), [("owner",)], ("handle", slot.place))])]

    # ---- the shape around them ----

    def number(self):
        return self.rng.choice([("int", "a"), ("int", "b"), ("int", "n"), ("int", "rc"), ("ask", self.rng.randrange(4))])

    def condition(self):
        c = ("cmp", self.number(), self.rng.choice(["<", ">", "==", "!="]), self.rng.choice([0, 0, 1, 2]))
        roll = self.rng.random()
        if roll < 0.12:
            return ("and", c, self.condition())
        if roll < 0.2:
            return ("or", c, self.condition())
        return ("not", c) if roll < 0.25 else c

    def block(self, depth, loop, length=None):
        body = []
        for _ in range(length or self.rng.choice([1, 1, 1, 2, 2])):
            body += self.statement(depth, loop)
        return body

    def statement(self, depth, loop):
        roll = self.rng.random()
        if depth >= 2 or roll < 0.5:
            return self.move(depth)
        if roll < 0.55:
            value = self.number() if self.rng.random() < 0.5 else ("truth", self.condition())
            return [t.SetInt(self.rng.choice(["n", "rc"]), value)]
        if roll < 0.66:
            other = self.block(depth + 1, loop) if self.rng.random() < 0.4 else []
            return [t.If(self.condition(), self.block(depth + 1, loop), other)]
        if roll < 0.76:
            return [t.If(self.condition(), self.leave(loop))]
        if roll < 0.84:
            return self.loop(depth)
        if roll < 0.90:
            return self.switch(depth, loop)
        return self.in_block(depth, loop)

    def leave(self, loop):
        if loop and self.rng.random() < 0.6:
            crossed = [b for b in self.blocks if b[1] == loop]
            return [*self.end_blocks(crossed), self.rng.choice([t.Break, t.Continue])()]
        return self.exit()

    def end_blocks(self, blocks):
        return [self.gen.release(family, place) for place, _, family in reversed(blocks)]

    def exit(self):
        value = ("int", self.rng.choice([("const", -1), ("int", "rc")]))
        before = self.end_blocks(self.blocks)
        if self.jumps:
            return [*before, t.Goto("out")]
        return [*before, *self.final(), t.Return(value)]

    def loop(self, depth):
        form = self.rng.choice(["for", "for", "while", "do"])
        mark = self.fresh("loop")
        body = self.block(depth + 1, mark)
        if form == "for":
            bound = self.rng.choice([("const", 2), ("int", "a"), ("int", "b")])
            return [t.Loop(form, self.fresh("i"), bound, None, body)]
        return [t.Loop(form, None, None, ("cmp", ("ask", self.rng.randrange(4)), ">", 0), body)]

    def switch(self, depth, loop):
        # Inside it, a break would leave the switch.
        cases = [[k, self.block(depth + 1, None, 1), self.rng.random() < 0.2] for k in self.rng.sample([0, 1, 2], 2)]
        return [t.Switch(self.rng.choice(["a", "b", "n"]), cases, self.block(depth + 1, None, 1) if self.rng.random() < 0.6 else [])]

    def in_block(self, depth, loop):
        """A handle that lives as long as the block."""
        family = self.rng.choice(self.gen.program.families)
        name = self.fresh("h")
        place = ("var", name)
        make = t.Make(family, place)
        fails = FAMILIES[family].fails
        if self.rng.random() < 0.3:
            make, fails = t.Call(self.gen.helpers.get("make", family), [], ("handle", place)), True
        self.blocks.append((place, loop, family))
        inside = self.block(depth + 1, loop)
        self.blocks.pop()
        tail = [self.gen.release(family, place)]
        if self.rng.random() < 0.25:
            tail = [t.Call(self.gen.helpers.get("end", family), [("handle", place)])]
        if not fails:
            guarded = [make, *inside, *tail]
        elif self.rng.random() < 0.5:
            guarded = [make, t.If(("has", place, family), inside + tail)]
        else:
            guarded = [make, t.If(("not", ("has", place, family)), self.leave(loop) if self.rng.random() < 0.7 else self.exit()),
                       *inside, *tail]
        return [t.Scope([t.Decl("handle", name, family)], guarded)]

    def guarded(self):
        """Made and ended under one condition."""
        family = self.rng.choice(self.gen.program.families)
        name = self.fresh("h")
        self.decls.append(t.Decl("handle", name, family))
        place = ("var", name)
        c = ("cmp", ("int", self.rng.choice(["a", "b"])), self.rng.choice(["<", ">", "==", "!="]), self.rng.choice([0, 1]))
        self.guards.append(name)
        ask = ("and", c, ("has", place, family)) if FAMILIES[family].fails else c
        self.blocks.append(None)
        start, end = t.If(c, [t.Make(family, place)]), t.If(ask, [self.gen.release(family, place)])
        self.blocks.pop()
        return start, end

    def final(self):
        body = []
        for slot in self.slots:
            if slot.kind in ("null", "flag"):
                end = self.gen.release(slot.family, slot.place)
                body.append(end if FAMILIES[slot.family].null_ok and not slot.flag and self.rng.random() < 0.5 else
                            t.If(self.held(slot), [end]))
        return body + [t.BoxFree(name) for name in self.ends]

    def build(self):
        start = self.set_up()
        middle = self.block(0, None, self.rng.choice([2, 2, 3, 4]))
        if self.rng.random() < 0.25 and self.jumps:
            first, last = self.guarded()
            middle = [first, *middle]
            tail = [last]
        else:
            tail = []
        final = [t.Label("out")] if self.jumps else []
        final += tail + self.final()
        returns = ("int",)
        given = [s for s in self.slots if s.kind == "null" and s.place[0] == "var"]
        value = t.Return(("int", ("int", "rc")))
        if given and self.rng.random() < 0.2 and self.jumps:
            returns, final, value = self.return_handle(given, final)
        params = [t.Decl("owner", "o"), t.Decl("int", "a"), t.Decl("int", "b")]
        body = start + middle + final + [value]
        if returns != ("int",):
            for s in t.walk(body):
                if isinstance(s, t.Return) and s.value[0] == "int":
                    s.value = ("empty", returns[1])
        return t.Function(self.name, params, returns, self.decls, body, static=False)

    def return_handle(self, given, final):
        slot = self.rng.choice(given)
        kept = [s for s in final if slot.place not in (getattr(s, "handle", None), getattr(s, "cond", (0, 0))[1])]
        return ("handle", slot.family), kept, t.Return(("handle", slot.place, slot.family))


class Generator:
    def __init__(self, seed, name, group):
        self.rng = random.Random(f"{seed}/{name}")
        families = self.rng.sample(GROUPS[group], self.rng.choice([1, 2, 2]))
        if group == "ctx" and families == ["fd"]:
            families = ["rows", "fd"]
        self.program = t.Program(name, families, [])
        self.functions = self.program.functions
        if self.rng.random() < 0.25:
            self.program.global_family = self.rng.choice(families)
        self.second_unit = self.rng.choice([0, 0, 0.5])
        self.helpers = Helpers(self)

    def release(self, family, place):
        return t.Release(family, place)

    def owner_field(self, family):
        return ("field", "o", f"f{self.program.families.index(family)}", "->")

    def build(self):
        for i in range(self.rng.choice([1, 1, 1, 2])):
            self.functions.append(FunctionGen(self, f"root{i}").build())
        if "task" in self.program.families:
            complete_tasks(self.program)
        return self.program


def complete_tasks(program):
    """Each task is completed where it is ended: the simplest way to be right."""
    for function in program.functions:
        for block in list(t.all_blocks(function.body)):
            for i in reversed(range(len(block))):
                s = block[i]
                if isinstance(s, t.Release) and s.family == "task":
                    if s.clears:
                        block.insert(i, t.If(("has", s.handle, "task"), [t.Complete(s.handle)]))
                    else:
                        block.insert(i, t.Complete(s.handle))


def generate(seed, name, group):
    return Generator(seed, name, group).build()
