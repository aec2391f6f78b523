"""The stages: files with RUN lines below this folder. The rules are a suite of their own: rules/lit.cfg.py."""
import os
import sys

sys.path[:0] = [config.source_root, os.path.join(config.source_root, "tools")]
import lit_settings
from lit_formats import StageTest

config.name = "cancelint"
config.test_format = StageTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".test", ".yaml"]
config.excludes = ["Inputs", "corpus", "ctx", "include", "node_modules", "rules", "tools"]
config.test_source_root = config.source_root
config.test_exec_root = lit_settings.output_folder(config, "stages")
lit_settings.apply(config, lit_config)
