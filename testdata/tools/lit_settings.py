"""What both test suites set: programs, substitutions, features, environment."""
import os
import shlex
import shutil
import subprocess

import library_flags

PASSED_ON = ["HOME", "LANG", "TMPDIR", "PKG_CONFIG", "PKG_CONFIG_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"]


def apply(config, lit_config):
    set_environment(config)
    set_preloaded(config)
    set_programs(config)
    set_libraries(config)
    set_optional(config)
    if lit_config.maxIndividualTestTime == 0 and can_limit_time():
        lit_config.maxIndividualTestTime = 600


def output_folder(config, suite):
    """run_tests.py gives one that is in no project, so that no test finds a .git or a .cancelint.yaml around it."""
    return os.path.join(os.environ.get("CANCELINT_TEST_OUTPUT", config.binary_root), suite)


def can_limit_time():
    try:
        import psutil  # lit needs it to end a test with all its children
    except ImportError:
        return False
    return True


def can_mount():
    """Tests of disks that are full or cannot be written make a file system that only they see."""
    trial = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    try:
        return subprocess.run(trial, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def set_environment(config):
    for name in PASSED_ON:
        if name in os.environ:
            config.environment[name] = os.environ[name]
    config.environment["LC_ALL"] = "C.UTF-8"
    config.environment["UBSAN_OPTIONS"] = os.environ.get("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    # LLVM's headers poison memory that the library, built without ASan, hands out again.
    config.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "allow_user_poisoning=0:allocator_may_return_null=1")
    path = [config.tools_dir, os.path.join(config.binary_root, "bin"), os.environ.get("PATH", "")]
    config.environment["PATH"] = os.pathsep.join(path)


def set_preloaded(config):
    """A library with AddressSanitizer in it needs a program that begins with its runtime: clang-tidy by a script before the real one."""
    linked = subprocess.run(["ldd", os.path.join(config.tools_dir, "cancelint")], capture_output=True, text=True, check=False).stdout
    runtime = next((line.split()[2] for line in linked.splitlines() if "libasan" in line), None)
    if not runtime:
        return
    folder = os.path.join(config.test_exec_root, "preloaded")
    os.makedirs(folder, exist_ok=True)
    for name in ("clang-tidy", "clang-tidy-19", "clang-tidy-22"):
        real = shutil.which(name)
        if real:
            with open(os.path.join(folder, name), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o755)) as f:
                f.write(f'#!/bin/sh\nASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" LD_PRELOAD={runtime} exec {real} "$@"\n')
    config.environment["PATH"] = folder + os.pathsep + config.environment["PATH"]


def set_programs(config):
    add = config.substitutions.append
    for name in ("FileCheck", "not", "split-file"):
        add(("%" + name, os.path.join(config.llvm_tools_dir, name)))
    add(("%cancelint", os.path.join(config.tools_dir, "cancelint")))
    add(("%python", config.python))


def set_libraries(config):
    for name in library_flags.PACKAGES:
        flags = library_flags.flags(name)
        if flags is not None:
            config.available_features.add(name)
        config.substitutions.append(("%" + name + "_flags", shlex.join(flags or [])))


def set_optional(config):
    modules = os.environ.get("CANCELINT_NODE_MODULES", config.node_modules)
    os.environ["CANCELINT_NODE_MODULES"] = modules  # lit.local.cfg files look there
    config.environment["CANCELINT_NODE_MODULES"] = modules
    if os.access(os.path.join(modules, "@microsoft", "sarif-multitool-linux", "Sarif.Multitool"), os.X_OK):
        config.available_features.add("sarif-validator")
    if shutil.which("node") and os.path.exists("/usr/bin/chromium") and all(
            os.path.isdir(os.path.join(modules, name)) for name in ("playwright-core", "axe-core")):
        config.available_features.add("browser")
    if can_mount():
        config.available_features.add("own-mounts")
    for program in ("sqlite3", "git", "dot", "node", "prometheus"):
        if shutil.which(program):
            config.available_features.add(program)
