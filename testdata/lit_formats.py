"""Test formats of this project, on top of lit's."""
import os
import subprocess
import sys

import lit.formats
import lit.Test

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools")


class StageTest(lit.formats.ShTest):
    """Files with RUN lines. The C sources of test programs are none."""

    def getTestsInDirectory(self, suite, path, lit_config, local_config):
        for test in super().getTestsInDirectory(suite, path, lit_config, local_config):
            if not test.path_in_suite[-1].endswith(("_test.c", "_driver.c", "_fuzz.c")):
                yield test


class RuleTest(lit.formats.FileBasedTest):
    """Sources with want, miss and wrong comments, and pages with such sources in them: see tools/rule_test.py.

    Every source of a folder, or only what a rule's folder tests: its page, and its sources named edge*.
    """

    def __init__(self, cancelint, every_source=False):
        self.cancelint = cancelint
        self.every_source = every_source

    def getTestsInDirectory(self, suite, path, lit_config, local_config):
        for test in super().getTestsInDirectory(suite, path, lit_config, local_config):
            name = test.path_in_suite[-1]
            if name == "rule.md" or name.endswith((".c", ".cpp")) and (self.every_source or name.startswith("edge")):
                yield test

    def execute(self, test, lit_config):
        command = [sys.executable, os.path.join(TOOLS, "rule_test.py"), "-v", "--cancelint", self.cancelint, test.getSourcePath()]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                              env=test.config.environment)
        codes = {0: lit.Test.PASS, 77: lit.Test.UNSUPPORTED}
        return lit.Test.Result(codes.get(done.returncode, lit.Test.FAIL), done.stderr + done.stdout)
