"""Makes a program smaller as long as it shows the same difference."""
import itertools

import compare
import oracle
import tree as t

AT_ONCE = 24  # candidates that one run of cancelint looks at


def edits(program):
    """Functions that each make a copy of the program smaller: the large cuts first."""
    called = t.called(program)
    for i, f in enumerate(program.functions):
        if f.name not in called and len(program.functions) > 1:
            yield lambda p, i=i: p.functions.pop(i)
    for i, f in enumerate(program.functions):
        for b, block in enumerate(t.all_blocks(f.body)):
            for length in sorted({n for n in (8, 4, 2, 1) if n <= len(block)}, reverse=True):
                for at in range(0, len(block) - length + 1):
                    yield lambda p, i=i, b=b, at=at, n=length: cut(p, i, b, at, n)
            for at, s in enumerate(block):
                for which in range(len(s.blocks())):
                    yield lambda p, i=i, b=b, at=at, w=which: unwrap(p, i, b, at, w)
                for new in simpler(s):
                    yield lambda p, i=i, b=b, at=at, new=new: simplify(p, i, b, at, new)
        for d in range(len(f.decls)):
            yield lambda p, i=i, d=d: p.functions[i].decls.pop(d)
        if f.unit:
            yield lambda p, i=i: to_first(p, i)
    if program.global_family:
        yield lambda p: setattr(p, "global_family", None)
    if len(program.families) > 1:
        yield drop_family


def block_at(program, i, b):
    return next(itertools.islice(t.all_blocks(program.functions[i].body), b, None))


def cut(program, i, b, at, n):
    del block_at(program, i, b)[at:at + n]


def unwrap(program, i, b, at, which):
    block = block_at(program, i, b)
    s = block[at]
    if isinstance(s, t.Scope):
        program.functions[i].decls += s.decls
    block[at:at + 1] = s.blocks()[which]


def simpler(s):
    """Attributes of a statement that may be replaced."""
    if isinstance(s, t.If):
        if s.cond[0] in ("and", "or"):
            yield {"cond": s.cond[1]}
            yield {"cond": s.cond[2]}
        if s.other:
            yield {"other": []}
        if s.cond[0] == "cmp" and s.cond[1][0] != "ask":
            yield {"cond": ("cmp", ("ask", 0), *s.cond[2:])}
    if isinstance(s, t.Switch) and len(s.cases) > 1:
        for i in range(len(s.cases)):
            yield {"cases": s.cases[:i] + s.cases[i + 1:]}
    if isinstance(s, t.Make) and s.token:
        yield {"token": None}


def simplify(program, i, b, at, new):
    s = block_at(program, i, b)[at]
    new = dict(new)
    if "cases" in new:
        new["cases"] = [c for c in s.cases if c[0] in [k[0] for k in new["cases"]]]
    for name, value in new.items():
        setattr(s, name, value)


def to_first(program, i):
    program.functions[i].unit, program.functions[i].static = 0, True


def drop_family(program):
    program.families = program.families[:1]


def signature(differences):
    return {(d.kind, d.rule) for d in differences}


def renamed(program, name):
    program.name = name
    return program


def fit(candidates):
    """Those of (index, program) that can be judged, under names of their own, with their verdicts."""
    for number, (index, candidate) in enumerate(candidates):
        try:
            yield index, renamed(candidate, f"c{number}"), oracle.judge(candidate)
        except (oracle.Invalid, oracle.TooBig, StopIteration, KeyError, ValueError):
            continue


def check(cancelint, judged, wanted):
    """The first candidate that still shows what is wanted: (index, program)."""
    if not judged:
        return None
    try:
        findings = compare.report_on(cancelint, [c for _, c, _ in judged])
    except compare.Broken:
        if len(judged) == 1:
            return None
        return next(filter(None, (check(cancelint, [one], wanted) for one in judged)), None)
    for index, candidate, verdict in judged:
        if wanted in signature(compare.compare(candidate, verdict, findings)[0]):
            return index, candidate
    return None


def candidates_of(program, start):
    for index, edit in enumerate(edits(program)):
        if index < start:
            continue
        candidate = t.clone(program)
        try:
            edit(candidate)
        except (IndexError, StopIteration):
            continue
        yield index, candidate


def one_pass(cancelint, program, wanted):
    """Each edit once; what comes before an edit that was of use is not tried again."""
    start = 0
    while True:
        several = candidates_of(program, start)
        while batch := list(itertools.islice(several, AT_ONCE)):
            smaller = check(cancelint, list(fit(batch)), wanted)
            if smaller:
                start, program = smaller
                break
        else:
            return program


def shrink(cancelint, program, wanted):
    """The smallest program found that differs in (kind, rule) `wanted`."""
    while True:
        before = t.size(program), len(repr([vars(s) for s in t.statements(program)]))
        program = one_pass(cancelint, program, wanted)
        if (t.size(program), len(repr([vars(s) for s in t.statements(program)]))) == before:
            return renamed(program, "p")
