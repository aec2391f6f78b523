#include "frames.h"
#include "fuzz.h"

#include "facts.h"
#include "hash.h"

bool frame_mend_facts(char *file, size_t n)
{
	if (n < FACTS_HEAD)
		return false;
	size_t link = fuzz_get(file + 12, 4), rest = n - FACTS_HEAD;
	if (link > rest)
		link %= rest + 1;
	memcpy(file, "CIFACTS", 8);
	fuzz_put(file + 8, FACTS_VERSION, 4);
	fuzz_put(file + 12, link, 4);
	fuzz_put(file + 16, hash64(file + FACTS_HEAD, link), 8);
	fuzz_put(file + 24, rest - link, 8);
	fuzz_put(file + 32, hash64(file + FACTS_HEAD + link, rest - link), 8);
	return true;
}
