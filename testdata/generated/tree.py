"""The trees of generated programs: what a program consists of, how to walk it, and how to cut pieces out of it.

Places, conditions and expressions are tuples; statements are objects, since they have a line of their own.

    place       ("var", NAME) ("field", BASE, FIELD, "." or "->") ("elem", ARRAY, INDEX) ("deref", POINTER) ("global", NAME)
    condition   ("has", PLACE, FAMILY) ("cmp", EXPRESSION, OP, NUMBER) ("not", C) ("and", C, C) ("or", C, C)
    expression  ("const", N) ("int", NAME) ("ask", N) ("truth", C) ("add", NAME, N)
"""
import copy
from dataclasses import dataclass, field


@dataclass(eq=False)
class Statement:
    line: int = field(default=0, init=False)      # where the text has it, once it is written
    end_line: int = field(default=0, init=False)  # of a scope: its closing brace
    unit: int = field(default=0, init=False)

    def blocks(self):
        """The lists of statements directly below."""
        return []


@dataclass(eq=False)
class Make(Statement):
    family: str
    to: tuple | None  # None: nobody keeps what is made
    token: str | None = None


@dataclass(eq=False)
class Release(Statement):
    family: str
    handle: tuple
    clears: bool = False  # the form that also empties the place


@dataclass(eq=False)
class Use(Statement):
    family: str
    handle: tuple
    result: str | None = None
    cancel: bool = False


@dataclass(eq=False)
class UseToken(Statement):
    token: str
    result: str | None = None


@dataclass(eq=False)
class Complete(Statement):
    handle: tuple


@dataclass(eq=False)
class Copy(Statement):
    to: tuple
    source: tuple


@dataclass(eq=False)
class Clear(Statement):
    to: tuple
    family: str


@dataclass(eq=False)
class Point(Statement):
    pointer: str
    to: tuple


@dataclass(eq=False)
class Push(Statement):
    """Given away to a queue, or to code that nobody can see."""
    family: str
    handle: tuple
    how: str


@dataclass(eq=False)
class SetInt(Statement):
    name: str
    value: tuple


@dataclass(eq=False)
class If(Statement):
    cond: tuple
    then: list
    other: list = field(default_factory=list)

    def blocks(self):
        return [self.then, self.other]


@dataclass(eq=False)
class Switch(Statement):
    name: str
    cases: list  # of [number, block, falls through]
    default: list

    def blocks(self):
        return [case[1] for case in self.cases] + [self.default]


@dataclass(eq=False)
class Loop(Statement):
    """form: "for" (a counter up to `bound`), "while", "do" (as long as `cond` holds)."""
    form: str
    counter: str | None
    bound: tuple | None
    cond: tuple | None
    body: list

    def blocks(self):
        return [self.body]


@dataclass(eq=False)
class Break(Statement):
    pass


@dataclass(eq=False)
class Continue(Statement):
    pass


@dataclass(eq=False)
class Goto(Statement):
    label: str


@dataclass(eq=False)
class Label(Statement):
    name: str


@dataclass(eq=False)
class Return(Statement):
    value: tuple | None = None  # ("int", EXPRESSION) or ("handle", PLACE, FAMILY) or ("empty", FAMILY)


@dataclass(eq=False)
class Scope(Statement):
    decls: list
    body: list

    def blocks(self):
        return [self.body]


@dataclass(eq=False)
class BoxNew(Statement):
    name: str
    guarded: list  # what is done when there is no memory

    def blocks(self):
        return [self.guarded]


@dataclass(eq=False)
class BoxFree(Statement):
    name: str


@dataclass(eq=False)
class Call(Statement):
    """args: ("handle", PLACE) ("address", PLACE) ("int", EXPRESSION) ("owner",) ("box", NAME)"""
    function: str
    args: list
    result: tuple | None = None  # ("int", NAME) or ("handle", PLACE)


@dataclass(eq=False)
class Decl:
    kind: str  # int, handle, token, box (a struct), heap (a pointer to one), array, pointer (to a handle)
    name: str
    family: str | None = None
    init: bool = True
    cleanup: bool = False
    size: int = 0


@dataclass(eq=False)
class Function:
    name: str
    params: list  # of Decl: int, handle, pointer (in and out), out (a pointer, written only), owner, box pointers
    returns: tuple  # ("void",) ("int",) ("handle", FAMILY)
    decls: list
    body: list
    static: bool = True
    unit: int = 0
    line: int = 0
    end_line: int = 0


@dataclass(eq=False)
class Program:
    name: str
    families: list   # of the fields of the box and of the owner: fields f0, f1 ...
    functions: list  # callees first
    shape: str = ""
    global_family: str | None = None

    def function(self, name):
        return next(f for f in self.functions if f.name == name)


def walk(block):
    """Each statement of a block and below."""
    for statement in block:
        yield statement
        for below in statement.blocks():
            yield from walk(below)


def all_blocks(block):
    yield block
    for statement in block:
        for below in statement.blocks():
            yield from all_blocks(below)


def statements(program):
    for function in program.functions:
        yield from walk(function.body)


def called(program):
    return {s.function for s in statements(program) if isinstance(s, Call)}


def clone(program):
    return copy.deepcopy(program)


def size(program):
    return sum(1 for _ in statements(program)) + len(program.functions)
