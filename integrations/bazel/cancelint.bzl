"""Cancelint under Bazel: each unit is extracted by an action of its own, and the units of targets are linked.

    load("//bazel:cancelint.bzl", "cancelint_report", "cancelint_test")

    cancelint_report(name = "cancellation", deps = [":server"])  # cancellation.sarif
    cancelint_test(name = "cancellation_test", deps = [":server"])  # fails when there are findings

An action reads the sources, the headers that its target declares and the models, and nothing else of the workspace, so that
it may run elsewhere and its result may come from a cache. Only headers of the system are taken from the machine.
"""

UnitsInfo = provider("What was extracted of a target and of what it depends on.", fields = {
    "units": "depset of files",
    "sources": "depset of the files that findings may be in: reports show and hash their lines",
})

_SOURCES = ["c", "cc", "cpp", "cxx", "c++", "C"]
_CPLUSPLUS = ["cc", "cpp", "cxx", "c++", "C"]

def _flags(ctx, target, source):
    context = target[CcInfo].compilation_context
    fragment = ctx.fragments.cpp
    options = fragment.copts + (fragment.cxxopts if source.extension in _CPLUSPLUS else fragment.conlyopts)
    flags = options + getattr(ctx.rule.attr, "copts", [])
    flags = flags + ["-D" + d for d in context.defines.to_list() + context.local_defines.to_list()]
    flags = flags + ["-D" + d for d in getattr(ctx.rule.attr, "local_defines", [])]
    for option, paths in [("-I", context.includes), ("-iquote", context.quote_includes), ("-isystem", context.system_includes)]:
        for path in paths.to_list():
            flags = flags + ([option + path] if option == "-I" else [option, path])
    return flags

def _extract(ctx, target, source):
    unit = ctx.actions.declare_file("%s.%s.unit" % (target.label.name, source.path.replace("/", "_")))
    context = target[CcInfo].compilation_context
    arguments = ["extract", source.path, "-o", unit.path]
    for model in ctx.files._models:
        arguments = arguments + ["--models", model.path]
    ctx.actions.run(
        executable = ctx.executable._cancelint,
        arguments = arguments + ["--"] + _flags(ctx, target, source),
        inputs = depset([source] + ctx.files._runtime + ctx.files._models, transitive = [context.headers]),
        outputs = [unit],
        mnemonic = "CancelintExtract",
        progress_message = "Looking at cancellation in %s" % source.short_path,
    )
    return unit

def _aspect(target, ctx):
    units = []
    sources = []
    if CcInfo in target:
        sources = target[CcInfo].compilation_context.direct_headers
        for label in getattr(ctx.rule.attr, "srcs", []):
            for source in label.files.to_list():
                if source.extension in _SOURCES:
                    units.append(_extract(ctx, target, source))
                    sources = sources + [source]
    below = [dep[UnitsInfo] for dep in getattr(ctx.rule.attr, "deps", []) if UnitsInfo in dep]
    info = UnitsInfo(
        units = depset(units, transitive = [b.units for b in below]),
        sources = depset(sources, transitive = [b.sources for b in below]),
    )
    return [info, OutputGroupInfo(cancelint_units = info.units)]

_TOOL = {
    "_cancelint": attr.label(default = "@cancelint//:cancelint", executable = True, cfg = "exec", allow_files = True),
    "_runtime": attr.label(default = "@cancelint//:runtime"),
    "_models": attr.label(default = "@cancelint//:models"),
}

cancelint_aspect = aspect(
    implementation = _aspect,
    attr_aspects = ["deps"],
    attrs = _TOOL,
    fragments = ["cpp"],
)

def _units_of(ctx):
    return depset(transitive = [dep[UnitsInfo].units for dep in ctx.attr.deps])

def _sources_of(ctx):
    return depset(transitive = [dep[UnitsInfo].sources for dep in ctx.attr.deps])

def _models(ctx, short):
    words = []
    for model in ctx.files._models:
        words = words + ["--models", model.short_path if short else model.path]
    return words

def _report(ctx):
    units = _units_of(ctx)
    out = ctx.actions.declare_file(ctx.label.name + ".sarif")
    arguments = ctx.actions.args()
    arguments.add_all(["link", "--root", ".", "--no-db", "--fail-on", "none", "--progress", "never"])
    arguments.add_all(_models(ctx, False))
    arguments.add(out, format = "--format=sarif=%s")
    arguments.add_all(units)
    ctx.actions.run(
        executable = ctx.executable._cancelint,
        arguments = [arguments],
        inputs = depset(ctx.files._runtime + ctx.files._models, transitive = [units, _sources_of(ctx)]),
        outputs = [out],
        mnemonic = "CancelintLink",
        progress_message = "Looking at cancellation in %s" % ctx.label,
    )
    return [DefaultInfo(files = depset([out]))]

cancelint_report = rule(
    implementation = _report,
    attrs = dict(_TOOL, deps = attr.label_list(aspects = [cancelint_aspect], doc = "Targets of C or C++.")),
    doc = "Writes NAME.sarif with the findings of the targets and of what they depend on.",
)

def _quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"

def _test(ctx):
    units = _units_of(ctx)
    words = [ctx.executable._cancelint.short_path, "link", "--root", ".", "--no-db", "--progress", "never"]
    words = words + _models(ctx, True) + [unit.short_path for unit in units.to_list()]
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(script, "#!/bin/sh\nexec " + " ".join([_quoted(w) for w in words]) + "\n", is_executable = True)
    files = ctx.files._runtime + ctx.files._models + [ctx.executable._cancelint]
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files, transitive_files = depset(transitive = [units, _sources_of(ctx)])))]

cancelint_test = rule(
    implementation = _test,
    attrs = dict(_TOOL, deps = attr.label_list(aspects = [cancelint_aspect], doc = "Targets of C or C++.")),
    test = True,
    doc = "Fails when the targets, or what they depend on, have findings.",
)
