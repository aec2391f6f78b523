int a = make(); // cancelint-allow(missing-cancel): ends with the process
// cancelint-allow(missing-cancel, unchecked-done): the registry
// releases it

/* another comment */
int b = make();
int c = make(); /* cancelint-allow(missing-cancel) */

/*
 * cancelint-allow(*): the whole function,
 *	for a reason on two lines
 */
static int
function(int x)
{
	if (x) {
		call("}"); // NOLINT
	}
	return '}';
}
int d; // NOLINT(cancelint-*, bugprone-x): why
int e; // NOLINT()
int f; // NOLINT (cancelint-missing-cancel)
// NOLINTNEXTLINE(cancelint-missing-cancel)
int g;
// NOLINTBEGIN(a)
// NOLINTBEGIN(b)
int h;
// NOLINTEND(b)
int i;
// NOLINTEND(a)
// NOLINTEND(a)
// cancelint-allow-begin(a): outer
int j;
// cancelint-allow-begin(b, c): inner
int k;
// cancelint-allow-end(c, b)
int l;
// cancelint-allow-end
// cancelint-allow-end(zzz)
// cancelint-allow-begin(never-ended): why
int m; // cancelint-allow: no names
int n; // cancelint-allow(No_Rule): x
int o; // cancelint-allowed(missing-cancel): another word; my-cancelint-allow(x): too; `cancelint-allow(x)` is only quoted
int p; // cancelint-allow(a): first cancelint-allow(b): second
int q; // cancelint-allow(a): .
/* cancelint-allow(a): before */ int r;
int s; // NOLINTNONSENSE(a)
#if 1
// cancelint-allow(one-line): only the statement
int t = make();
#endif
int declared(void);
// cancelint-allow(last): at the end of the file
