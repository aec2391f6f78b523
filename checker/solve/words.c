#include "words.h"

#include <ctype.h>
#include <string.h>

bool word_next(const char **at, char word[MAX_WORD])
{
	const char *p = *at;
	size_t n = 0;
	while (*p && !isalnum((unsigned char)*p))
		p++;
	const char *first = p;
	while (isalnum((unsigned char)*p) &&
	       !(p > first && isupper((unsigned char)*p) && islower((unsigned char)p[-1]))) {
		if (n + 1 < MAX_WORD)
			word[n++] = (char)tolower((unsigned char)*p);
		p++;
	}
	word[n] = 0;
	*at = p;
	return n > 0;
}

bool word_among(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}
