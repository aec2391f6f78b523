"""Every rule's edge cases and the examples of its page."""
import os
import sys

sys.path[:0] = [config.source_root, os.path.join(config.source_root, "tools")]
import lit_settings
from lit_formats import RuleTest

config.name = "rules"
config.test_format = RuleTest(os.path.join(config.tools_dir, "cancelint"))
config.suffixes = [".c", ".cpp", ".md"]
config.excludes = ["models"]
config.test_source_root = os.path.join(os.path.dirname(config.source_root), "rules")
config.test_exec_root = lit_settings.output_folder(config, "rules")
lit_settings.apply(config, lit_config)
