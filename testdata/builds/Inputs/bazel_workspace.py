"""bazel_workspace.py INSTALLED RULES INPUTS TARGET: a workspace that needs no network."""
import os
import shutil
import sys

installed, rules, inputs, target = sys.argv[1:]
shutil.copytree(os.path.join(inputs, "program"), target)
shutil.copytree(rules, os.path.join(target, "bazel"))
shutil.copy(os.path.join(inputs, "bazel", "BUILD.program"), os.path.join(target, "BUILD"))
open(os.path.join(target, "bazel", "BUILD"), "w").close()
with open(os.path.join(target, "WORKSPACE"), "w") as out:
    out.write('workspace(name = "program")\n'
              'new_local_repository(name = "cancelint", path = "%s", build_file = "//bazel:BUILD.cancelint")\n' % installed)
places = {"rules_cc": os.path.join(inputs, "bazel", "rules_cc"), "remote_coverage_tools": os.path.join(inputs, "bazel", "coverage"),
          "platforms": "/usr/share/bazel/platforms", "rules_java": "/usr/share/bazel/rules/java",
          "rules_proto": "/usr/share/bazel/rules/proto"}
with open(os.path.join(target, ".bazelrc"), "w") as out:
    for name, place in places.items():
        out.write("build --override_repository=%s=%s\n" % (name, place))
