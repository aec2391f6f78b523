"""C that no person writes."""
import random

random.seed(1)
print("int next(int n);\nint row(int n) {")
for i in range(10000):
    print(f"if (n == {i}) n = next(n);")
print("return n; }\nint nest(int n) {")
print("while (next(n)) {" * 150 + "n++;" + "}" * 150)
print("return n; }\nint out(int n) {")
for i in range(10000):
    print(f"if (next({i})) goto out;")
print("return n;\nout: return next(n); }\nint web(int n) {")
for i in range(3000):
    print(f"l{i}: if (next(n)) goto l{random.randrange(3000)};")
print("return n; }")
for i in range(5000):
    print(f"int f{i}(int n);")
for i in range(5000):
    print(f"int f{i}(int n) {{ return n ? f{(i + 1) % 5000}(n) : f{random.randrange(5000)}(n - 1); }}")
