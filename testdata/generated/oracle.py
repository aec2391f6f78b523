"""Knows what is wrong in a generated program: runs each of its functions on every feasible path.

An unknown number is a set of values that shrinks as conditions are decided, so that correlated conditions agree. Every
choice (does a creator fail, which way does an undecided condition go) is a fork; a path is replayed for each sequence of
choices. What is found is noted where the engine's rules put it: a lost handle at the call that made it, a second end at
the second call, each in the function that has both sides in sight.
"""
import tree as t
import wellformed
from families import FAMILIES

DOMAIN = (-2, -1, 0, 1, 2, 3)
TURNS = 3       # of a loop whose end is not decided
STEPS = 600     # of a path
PATHS = 1200    # of a function


class Invalid(Exception):
    """Undefined in a way that no rule is about: an empty handle is used, an unset variable is read."""


class Pruned(Exception):
    """The path is longer than is looked at."""


class TooBig(Exception):
    pass


class Empty:
    def __repr__(self):
        return "EMPTY"


EMPTY, UNSET = Empty(), object()


class Symbol:
    def __init__(self):
        self.values = DOMAIN


class Lazy:
    """What was there before the function ran: nothing, or a handle of somebody else's. Decided when it matters."""

    def __init__(self, family):
        self.family = family


class Memory:
    def __init__(self, outlives=False, owner=False):
        self.cells = {}
        self.outlives = outlives
        self.owner = owner
        self.freed = False


class Ref:
    def __init__(self, memory, key):
        self.memory, self.key = memory, key


class Token:
    def __init__(self, handle):
        self.handle = handle


class Handle:
    def __init__(self, family, stack, foreign=False):
        self.family = family
        self.stack = stack        # of (frame, statement)
        self.home = len(stack) - 1
        self.foreign = foreign
        self.released = None      # the stack of the first release
        self.completed = None
        self.escaped = False
        self.lost = False

    def live(self):
        return not (self.released or self.escaped or self.lost or self.foreign)


class Frame:
    def __init__(self, function):
        self.function = function
        self.locals = Memory()
        self.at = None  # the statement that runs


class Verdict:
    """expected and allowed: {(group, place): set of kinds}; a place is (statement, "line" or "end") or (function, "end")."""

    def __init__(self):
        self.expected = {}
        self.allowed = {}
        self.paths = 0

    def note(self, group, place, kind, certain=True):
        (self.expected if certain else self.allowed).setdefault((group, place), set()).add(kind)


class Machine:
    def __init__(self, program, verdict):
        self.program = program
        self.verdict = verdict
        self.functions = {f.name: f for f in program.functions}
        self.trace = []

    # ---- choices ----

    def choose(self, n):
        if self.position == len(self.trace):
            self.trace.append([0, n])
        picked = self.trace[self.position][0]
        self.position += 1
        return picked

    def next_trace(self):
        while self.trace and self.trace[-1][0] == self.trace[-1][1] - 1:
            self.trace.pop()
        if self.trace:
            self.trace[-1][0] += 1
        return bool(self.trace)

    # ---- a function on all its paths ----

    def judge(self, function, is_root):
        self.trace = []
        while True:
            try:
                self.run(function)
            except Pruned:
                pass
            except Invalid:
                if is_root:
                    raise
            self.verdict.paths += 1
            if self.verdict.paths > PATHS:
                raise TooBig
            if not self.next_trace():
                return

    def run(self, function):
        self.position = self.steps = 0
        self.handles, self.frames, self.pending = [], [], None
        self.events = []
        self.globals = Memory(outlives=True)
        self.globals.cells["kept"] = Lazy(self.program.global_family)
        self.outside = [self.globals]
        frame = self.enter(function)
        for param in function.params:
            frame.locals.cells[param.name] = self.argument_from_outside(param)
        self.body(frame)
        for event in self.events:  # of paths that end well alone
            self.verdict.note(*event)

    def argument_from_outside(self, param):
        if param.kind == "int":
            return Symbol()
        if param.kind == "handle":
            return Lazy(param.family)
        memory = Memory(outlives=True, owner=param.kind == "owner")
        self.outside.append(memory)
        if param.kind == "out":
            memory.cells["at"] = UNSET
            return Ref(memory, "at")
        if param.kind == "pointer":
            memory.cells["at"] = Lazy(param.family)
            return Ref(memory, "at")
        for i, family in enumerate(self.program.families):
            memory.cells[f"f{i}"] = Lazy(family)
        return memory

    # ---- frames ----

    def enter(self, function):
        frame = Frame(function)
        self.frames.append(frame)
        self.declare(frame, function.decls)
        return frame

    def declare(self, frame, decls):
        for d in decls:
            if d.kind == "box":
                box = Memory()
                for i in range(len(self.program.families)):
                    box.cells[f"f{i}"] = EMPTY
                frame.locals.cells[d.name] = box
            elif d.kind == "array":
                for i in range(d.size):
                    frame.locals.cells[d.name, i] = EMPTY
            elif d.kind in ("heap", "pointer"):
                frame.locals.cells[d.name] = UNSET
            else:
                frame.locals.cells[d.name] = (0 if d.kind == "int" else EMPTY) if d.init else UNSET

    def body(self, frame):
        """Runs the function of a frame and leaves it; returns the value."""
        function = frame.function
        signal = self.top(frame, function.body)
        value = signal[1] if signal and signal[0] == "return" else None
        if signal and signal[0] not in ("return",):
            raise Invalid
        if value is None and function.returns[0] != "void":
            raise Invalid
        self.pending = value
        self.clean_up(frame, function.decls, (function, "end"))
        self.leave(frame)
        return value

    def top(self, frame, block):
        start = 0
        while True:
            signal = self.block(frame, block[start:])
            if not signal or signal[0] != "goto":
                return signal
            start = next((i for i, s in enumerate(block) if isinstance(s, t.Label) and s.name == signal[1]), None)
            if start is None:
                raise Invalid

    def clean_up(self, frame, decls, end):
        for d in reversed(decls):
            if d.cleanup:
                frame.at = end
                value = self.read(frame.locals, d.name)
                if isinstance(value, Handle):
                    self.release(value)

    def leave(self, frame):
        depth = len(self.frames) - 1
        self.frames.pop()
        for handle in self.handles:
            if handle.live() and not self.reachable(handle):
                self.lose(handle, "exit", depth)
            elif handle.home == depth:
                handle.home = depth - 1

    def drop_locals(self, frame, decls):
        for d in decls:
            frame.locals.cells.pop(d.name, None)
        for handle in self.handles:
            if handle.live() and not self.reachable(handle):
                self.lose(handle, "exit", len(self.frames) - 1)

    # ---- memory ----

    def read(self, memory, key):
        if memory.freed or key not in memory.cells:
            raise Invalid
        value = memory.cells[key]
        if value is UNSET:
            raise Invalid
        if isinstance(value, Lazy):
            value = EMPTY
            if self.choose(2):
                value = Handle(memory.cells[key].family, [], foreign=True)
            memory.cells[key] = value
        return value

    def write(self, memory, key, value):
        if memory.freed or key not in memory.cells:
            raise Invalid
        old = memory.cells[key]
        memory.cells[key] = value
        if old is value:
            return
        if isinstance(old, Handle) and old.live() and not self.reachable(old):
            self.lose(old, "overwritten", len(self.frames) - 1)
        if isinstance(old, Lazy) or isinstance(old, Handle) and old.foreign and not old.released:
            if memory.owner or memory is self.globals:
                self.event("lost", "field", self.places(), certain=False)

    def reachable(self, handle):
        seen, todo = set(), [f.locals for f in self.frames] + self.outside + [self.pending]
        while todo:
            value = todo.pop()
            if value is handle:
                return True
            if isinstance(value, Ref):
                value = value.memory
            if isinstance(value, Memory) and id(value) not in seen:
                seen.add(id(value))
                todo += value.cells.values()
        return False

    def locate(self, frame, place):
        kind = place[0]
        if kind == "var":
            return frame.locals, place[1]
        if kind == "global":
            return self.globals, place[1]
        if kind == "elem":
            index = place[2]
            if isinstance(index, str):
                index = self.number(self.read(frame.locals, index))
            if (place[1], index) not in frame.locals.cells:
                raise Invalid
            return frame.locals, (place[1], index)
        base = self.read(frame.locals, place[1])
        if kind == "field" and isinstance(base, Memory):
            return base, place[2]
        if kind == "deref" and isinstance(base, Ref):
            return base.memory, base.key
        raise Invalid

    def get(self, frame, place):
        return self.read(*self.locate(frame, place))

    def put(self, frame, place, value):
        self.write(*self.locate(frame, place), value)

    # ---- events ----

    def places(self):
        return [(f, f.at if isinstance(f.at, tuple) else (f.at, "line")) for f in self.frames]

    def event(self, group, kind, stack, certain=True):
        """Belongs to the function that is run as the outermost one."""
        self.events.append((group, stack[0][1], kind, certain))

    def second(self, group, kind, first):
        """A second event, after one at the stack `first`: told in the deepest function that saw both."""
        here = self.places()
        depth = 0
        while depth + 1 < min(len(first), len(here)) and first[depth + 1][0] is here[depth + 1][0]:
            depth += 1
        if depth == 0:
            self.event(group, kind, here)

    def lose(self, handle, kind, depth):
        handle.lost = True
        if handle.home == 0:
            self.event("lost", kind, handle.stack)
            self.owed_completion(handle)

    def owed_completion(self, handle):
        if FAMILIES[handle.family].completes and not handle.completed and not handle.foreign and handle.home == 0:
            self.event("uncompleted", "never", handle.stack)

    def release(self, handle):
        if handle.released:
            self.second("ended", "twice", handle.released)
            return
        handle.released = self.places()
        if not handle.escaped:
            self.owed_completion(handle)

    def use(self, handle):
        if handle.released:
            self.second("ended", "used", handle.released)

    def make(self, family):
        if FAMILIES[family].fails and self.choose(2):
            return EMPTY
        handle = Handle(family, self.places())
        self.handles.append(handle)
        return handle

    # ---- conditions and numbers ----

    def number(self, value):
        if isinstance(value, Symbol):
            value.values = (value.values[self.choose(len(value.values))],)
            return value.values[0]
        return value

    def evaluate(self, frame, e):
        kind = e[0]
        if kind == "const":
            return e[1]
        if kind == "ask":
            return Symbol()
        if kind == "int":
            return self.read(frame.locals, e[1])
        if kind == "add":
            return self.number(self.read(frame.locals, e[1])) + e[2]
        return int(self.test(frame, e[1]))

    def compare(self, value, op, number):
        test = {"<": lambda v: v < number, ">": lambda v: v > number, "==": lambda v: v == number,
                "!=": lambda v: v != number, "<=": lambda v: v <= number, ">=": lambda v: v >= number}[op]
        if not isinstance(value, Symbol):
            return test(value)
        yes = tuple(v for v in value.values if test(v))
        no = tuple(v for v in value.values if not test(v))
        if yes and no:
            value.values = (yes, no)[self.choose(2)]
        return value.values == yes

    def test(self, frame, c):
        kind = c[0]
        if kind == "has":
            return self.get(frame, c[1]) is not EMPTY
        if kind == "cmp":
            return self.compare(self.evaluate(frame, c[1]), c[2], c[3])
        if kind == "not":
            return not self.test(frame, c[1])
        if kind == "and":
            return self.test(frame, c[1]) and self.test(frame, c[2])
        return self.test(frame, c[1]) or self.test(frame, c[2])

    # ---- statements ----

    def block(self, frame, block):
        for statement in block:
            self.steps += 1
            if self.steps > STEPS:
                raise Pruned
            frame.at = statement
            signal = getattr(self, "do_" + type(statement).__name__.lower())(frame, statement)
            if signal:
                return signal
        return None

    def do_make(self, frame, s):
        handle = self.make(s.family)
        if s.token:
            self.put(frame, ("var", s.token), Token(handle) if handle is not EMPTY else EMPTY)
        if s.to:
            self.put(frame, s.to, handle)
        elif handle is not EMPTY:
            self.lose(handle, "discarded", len(self.frames) - 1)

    def do_release(self, frame, s):
        handle = self.get(frame, s.handle)
        if handle is EMPTY:
            if not s.clears and not FAMILIES[s.family].null_ok:
                raise Invalid
        else:
            self.release(handle)
        if s.clears:
            self.put(frame, s.handle, EMPTY)

    def do_use(self, frame, s):
        handle = self.get(frame, s.handle)
        if handle is EMPTY:
            raise Invalid
        self.use(handle)
        if s.result and not s.cancel:
            self.put(frame, ("var", s.result), Symbol())

    def do_usetoken(self, frame, s):
        token = self.read(frame.locals, s.token)
        if token is EMPTY:
            raise Invalid
        self.use(token.handle)
        if s.result:
            self.put(frame, ("var", s.result), Symbol())

    def do_complete(self, frame, s):
        handle = self.get(frame, s.handle)
        if handle is EMPTY:
            raise Invalid
        self.use(handle)
        if handle.completed:
            if handle.released:
                self.event("completed", "twice", self.places(), certain=False)
            else:
                self.second("completed", "twice", handle.completed)
        else:
            handle.completed = self.places()

    def do_copy(self, frame, s):
        self.put(frame, s.to, self.get(frame, s.source))

    def do_clear(self, frame, s):
        self.put(frame, s.to, EMPTY)

    def do_point(self, frame, s):
        self.put(frame, ("var", s.pointer), Ref(*self.locate(frame, s.to)))

    def do_push(self, frame, s):
        handle = self.get(frame, s.handle)
        if handle is EMPTY:
            return
        self.use(handle)
        handle.escaped = True

    def do_setint(self, frame, s):
        self.put(frame, ("var", s.name), self.evaluate(frame, s.value))

    def do_if(self, frame, s):
        return self.block(frame, s.then if self.test(frame, s.cond) else s.other)

    def do_switch(self, frame, s):
        value = self.read(frame.locals, s.name)
        start = next((i for i, case in enumerate(s.cases) if self.compare(value, "==", case[0])), None)
        if start is None:
            return self.after_switch(self.block(frame, s.default))
        for _, block, falls in s.cases[start:]:
            signal = self.block(frame, block)
            if signal or not falls:
                return self.after_switch(signal)
        return self.after_switch(self.block(frame, s.default))

    @staticmethod
    def after_switch(signal):
        return None if signal and signal[0] == "break" else signal

    def do_loop(self, frame, s):
        if s.counter:
            frame.locals.cells[s.counter] = 0
        turns = 0
        while s.form == "do" and turns == 0 or self.goes_on(frame, s):
            turns += 1
            if turns > TURNS:
                raise Pruned
            signal = self.block(frame, s.body)
            if signal and signal[0] == "break":
                return None
            if signal and signal[0] != "continue":
                return signal
            frame.at = s
            if s.counter:
                frame.locals.cells[s.counter] += 1
        return None

    def goes_on(self, frame, s):
        if s.form == "for":
            bound = self.evaluate(frame, s.bound)
            return self.compare(bound, ">", frame.locals.cells[s.counter])
        return self.test(frame, s.cond)

    def do_break(self, frame, s):
        return ("break",)

    def do_continue(self, frame, s):
        return ("continue",)

    def do_goto(self, frame, s):
        return ("goto", s.label)

    def do_label(self, frame, s):
        return None

    def do_return(self, frame, s):
        if not s.value:
            return ("return", None)
        if s.value[0] == "int":
            return ("return", self.evaluate(frame, s.value[1]))
        return ("return", EMPTY if s.value[0] == "empty" else self.get(frame, s.value[1]))

    def do_scope(self, frame, s):
        self.declare(frame, s.decls)
        signal = self.block(frame, s.body)
        before, self.pending = self.pending, signal and signal[0] == "return" and signal[1]
        self.clean_up(frame, s.decls, (s, "end"))
        self.drop_locals(frame, s.decls)
        self.pending = before
        frame.at = s
        return signal

    def do_boxnew(self, frame, s):
        if self.choose(2):
            signal = self.block(frame, s.guarded)
            if not signal:
                raise Invalid
            return signal
        box = Memory()
        for i in range(len(self.program.families)):
            box.cells[f"f{i}"] = EMPTY
        self.put(frame, ("var", s.name), box)
        return None

    def do_boxfree(self, frame, s):
        box = self.read(frame.locals, s.name)
        if not isinstance(box, Memory) or box.freed:
            raise Invalid
        box.freed = True
        held, box.cells = box.cells, {}
        for value in held.values():
            if isinstance(value, Handle) and value.live() and not self.reachable(value):
                self.lose(value, "freed", len(self.frames) - 1)

    def do_call(self, frame, s):
        function = self.functions[s.function]
        values = [self.argument(frame, a) for a in s.args]
        if len(self.frames) > 6:
            raise Pruned
        inner = self.enter(function)
        for param, value in zip(function.params, values):
            inner.locals.cells[param.name] = value
        value = self.body(inner)
        if isinstance(value, Handle) and not s.result:
            self.pending = None
            if value.live() and not self.reachable(value):
                self.lose(value, "discarded", len(self.frames) - 1)
        elif s.result:
            self.put(frame, s.result if s.result[0] != "int" and s.result[0] != "handle" else
                     ("var", s.result[1]) if s.result[0] == "int" else s.result[1], value)
        self.pending = None

    def argument(self, frame, a):
        kind = a[0]
        if kind == "handle":
            return self.get(frame, a[1])
        if kind == "address":
            return Ref(*self.locate(frame, a[1]))
        if kind == "int":
            return self.evaluate(frame, a[1])
        if kind == "owner":
            return self.read(frame.locals, "o")
        value = self.read(frame.locals, a[1].lstrip("&"))
        if not isinstance(value, Memory) or value.freed:
            raise Invalid
        return value


def judge(program):
    """The verdict on a program; raises Invalid or TooBig."""
    if not wellformed.is_fine(program):
        raise Invalid
    verdict = Verdict()
    inner = t.called(program)
    for function in program.functions:
        verdict.paths = 0
        Machine(program, verdict).judge(function, function.name not in inner)
    for key in verdict.expected:
        verdict.allowed.pop(key, None)
    return verdict
