int g; /* FIND a g */

int found_bad(void)
{
	return 1; /* FIND a x */ // miss a: x
}

int silent_bad(void)
{
	return 2;
}

int spoken_ok(void)
{
	return 3; /* FIND a y */ // want a: y
}

int lost_bad(void)
{
	return 4; // want a: z
}

int gone(void)
{
	return 5; // wrong a: w
}
int other(void)
{
	return 6; /* FIND a v */ // want a: elsewhere
}
