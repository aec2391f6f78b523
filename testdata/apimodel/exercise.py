"""Exercises every creator and every unbounded wait of the shipped models against the libraries' own headers.

    exercise.py MODEL_TEST CANCELINT MODELS_FOLDER OUTPUT_FOLDER

`model_test exercise` writes a rule test of each model file, rule_test.py runs it. Prints what was not as expected, then
how many functions were exercised. Exit: 0 when all were as expected.
"""
import pathlib
import subprocess
import sys

LEFT_OUT = {  # zeros cannot be given to these: they take a structure by value
    "hiredis/sync.yaml": ["redisConnectWithTimeout", "redisConnectUnixWithTimeout"],
    "nng/nng.yaml": ["nng_recvmsg"],
}
RULE_TEST = pathlib.Path(__file__).resolve().parent.parent / "tools" / "rule_test.py"


def main():
    model_test, cancelint, folder, output = sys.argv[1:]
    total = wrong = 0
    for model in sorted(pathlib.Path(folder).glob("*/*.yaml")):
        name = model.relative_to(folder).as_posix()
        if "\nc++: true" in model.read_text():  # members have no call that zeros make: testdata/models/*.cpp has them
            continue
        text = subprocess.run([model_test, "exercise", folder, name, *LEFT_OUT.get(name, [])],
                              check=True, capture_output=True, text=True).stdout
        count = text.count("_bad(")
        if not count:
            continue
        source = pathlib.Path(output) / (name.replace("/", "-").removesuffix(".yaml") + ".c")
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
        done = subprocess.run([sys.executable, RULE_TEST, "--cancelint", cancelint, source], check=False)
        total += count
        wrong += done.returncode != 0
    print(f"{total} functions exercised")
    return 1 if wrong or not total else 0


sys.exit(main())
