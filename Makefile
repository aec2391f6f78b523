# What people type. The build itself is CMake's: see CMakeLists.txt and CMakePresets.json.
# One thing after the other: two installations at once would not do.
.NOTPARALLEL:
.PHONY: all deps test-deps build test demo asan fuzz bench pch-equal bench-scale bench-program bench-store bench-lsp tidy-equal kill-store replay fuzz-programs install package test-package clean

PREFIX ?= /usr/local

all: build

# Installs what is missing (Debian 12; as root), or says what to install: to build; to test as well.
deps:
	@.ci/deps
test-deps:
	@.ci/deps test

build: deps
	@cmake --preset release >/dev/null
	@cmake --build --preset release

# Builds and runs everything; the last line is "N passed, N failed", with ", N skipped" if something is missing.
test: test-deps build
	@build/testdata/run-tests

# Analyses the sample service: findings on the terminal, as SARIF, in a database, and as an HTML report.
demo: build
	@.ci/demo

# The tests once more, with AddressSanitizer and UndefinedBehaviorSanitizer, in build-asan.
asan: test-deps
	@cmake --preset debug-asan >/dev/null
	@cmake --build --preset debug-asan
	@build-asan/testdata/run-tests

# Looks for inputs that break a reader or a writer, with libFuzzer under both sanitizers: make fuzz TARGET=models SECONDS=600; without
# TARGET each of testdata/fuzz/*_fuzz.c. docs/robustness.md has what came out.
SECONDS ?= 60
fuzz: test-deps build
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz
	@testdata/fuzz/fuzz.py --build build-fuzz --cancelint build/bin/cancelint --seconds $(SECONDS) $(TARGET)

# How fast it is beside compilers and other analysers, on real projects with compile databases: make bench PROJECTS="DIR DIR=BUILD",
# more with BENCH="--units 40"; testdata/bench/bench.py --help. The table is in build/bench.md. Many minutes, and no test.
bench: test-deps build
	@testdata/bench/bench.py --cancelint build/bin/cancelint --output build/bench.md $(BENCH) $(PROJECTS)

# Whether units that share headers have the same findings as without: make pch-equal PROJECTS="DIR DIR", directories with a
# compile database. Minutes, and no test.
pch-equal: test-deps build
	@testdata/pch/equal.sh build/bin/cancelint $(PROJECTS)

# Time and memory over generated units of growing size: minutes, and no test. SHAPES="ifs switch" for some of them.
bench-scale: test-deps build
	@testdata/scale/measure.py --cancelint build/bin/cancelint curve $(SHAPES)

# Programs of a thousand to sixteen thousand units: ten million lines, a million functions. Many minutes, and no test.
bench-program: test-deps build
	@testdata/scale/program.py --cancelint build/bin/cancelint $(if $(UNITS),$(UNITS),1000 4000 16000)

# Does clang-tidy with the plugin report what `cancelint check` does, for each unit of the rules and of testdata, or those of projects with
# compile databases: make tidy-equal PROJECTS="DIR DIR=BUILD"; EQUAL="--every 4" for some of them; testdata/clang-tidy/equal.py --help.
# Many minutes; a small part of it is in the tests.
tidy-equal: test-deps build
	@testdata/clang-tidy/equal.py --cancelint build/bin/cancelint --tidy build/bin/cancelint-tidy $(EQUAL) \
		$(if $(PROJECTS),$(PROJECTS:%=--project %),rules testdata --project rules=build --project testdata=build)

# A year of CI in one database, 2,000 runs of 2,000 findings: its size, and how long commands take. Minutes, and no test.
bench-store: test-deps build
	@testdata/store/bench.py --build build

# From an edit to its diagnostics, beside a parse of the same file by clang. No test. FILES="a.c b.c" for others than these.
bench-lsp: test-deps build
	@testdata/lsp/bench.py --cancelint build/bin/cancelint -p build \
		$(if $(FILES),$(FILES),checker/solve/call.c checker/store/run.c checker/cli/check.c checker/lsp/jobs.c)

# Kills runs that are being recorded five hundred times, at random moments, and looks at the database each time.
kill-store: test-deps build
	@rm -f build/kill.db*
	@build/bin/store_driver kill build/kill.db 500

# How well findings keep their identity over the history of a repository: make replay REPO=DIR FLAGS="-Iinclude", or BUILD=DIR
# for that of a compile database; testdata/store/replay.py --help.
replay: test-deps build
	@testdata/store/replay.py --cancelint build/bin/cancelint --repo "$(REPO)" $(if $(BUILD),--build "$(BUILD)") \
		$(if $(FLAGS),--flags="$(FLAGS)") $(REPLAY)

# Random programs whose defects are known, and whether the report says just that: make fuzz-programs N=2000 SEED=1, more with
# PROGRAMS="--miss --same"; testdata/generated/programs.py --help, docs/generated-programs.md.
fuzz-programs: test-deps build
	@testdata/generated/programs.py --cancelint build/bin/cancelint -n $(or $(N),2000) --seed $(or $(SEED),1) $(PROGRAMS)

# Into PREFIX; DESTDIR is put in front of it.
install: build
	@cmake --install build --prefix "$(PREFIX)"

# A Debian package, in build/package.
package: build
	@cd build && cpack -B package

# Installs that package in a new Debian root and runs it there. As root; minutes, and no part of the tests.
test-package: package
	@testdata/tools/package_test.sh build/package/cancelint_*.deb

clean:
	rm -rf build build-asan
