// flags: -DX=1 -Wall
// models: ctx
/* Everything is as the comments say. */
int g; /* FIND a g */ // want a: g

static int one_bad(void)
{
	const char *text = "}"; /* FIND a text */ // want a: text
	return text[0];         /* FIND a x FIND b y FIND a z */ // want a: z ; b: y ; a: x
}

int missed_bad(int n); /* only declared */
int missed_bad(int n)
{
	return n; // miss a: n
}

int known_ok(int n)
{
	if (missed_bad(n)) /* FIND a n */ // wrong a: n
		return '}';
	return 0;
}
