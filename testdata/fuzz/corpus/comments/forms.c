/* cancelint-allow(a, b): two
 * lines of reason */
int f(void) { // cancelint-allow(missing-cancel): behind code
	// cancelint-allow(*): above
	// goes on
	g();
	// NOLINTBEGIN(cancelint-*, other)
	h(); // NOLINT
	// NOLINTEND(cancelint-*, other)
	// NOLINTNEXTLINE(cancelint-x)
} /* cancelint-allow-begin(x): y */ int a; /* cancelint-allow-end(x) */
// cancelint-allow-begin(y): never ends
// cancelint-allow-end
