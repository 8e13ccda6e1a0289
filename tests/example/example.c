// SPDX-License-Identifier: MIT
/* example.c - a first program with pools; it is C, and C++ */
#include <stdio.h>
#include <mm/mp_pool.h>

int main(void)
{
	struct mp_pool_s *pool = mp_create_pool(1024);
	char *word = (char *)mp_nalloc(pool, 8);

	snprintf(word, 8, "line %d", 1);
	puts(word);
	mp_destroy_pool(pool);
	return 0;
}
