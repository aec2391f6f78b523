# What people type. The build itself is CMake's: see CMakeLists.txt and CMakePresets.json.
.PHONY: all deps build test demo asan clean

all: build

# Installs what is missing (Debian 12; as root), or says what to install.
deps:
	@.ci/deps

build: deps
	@cmake --preset release >/dev/null
	@cmake --build --preset release

# Builds and runs everything; the last line is "N passed, N failed".
test: build
	@build/testdata/run-tests

# Analyses the sample service: findings on the terminal, as SARIF, and in a database.
demo: build
	@.ci/demo

# The tests once more, with AddressSanitizer and UndefinedBehaviorSanitizer, in build-asan.
asan: deps
	@cmake --preset debug-asan >/dev/null
	@cmake --build --preset debug-asan
	@build-asan/testdata/run-tests

clean:
	rm -rf build build-asan
