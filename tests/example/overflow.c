// SPDX-License-Identifier: MIT
/*
 * overflow.c - writes one byte past an object of a pool; AddressSanitizer and memcheck report it
 */
#include <mm/mp_pool.h>

int main(void)
{
	struct mp_pool_s *pool = mp_create_pool(1024);
	char *name = (char *)mp_nalloc(pool, 13);
	char *other = (char *)mp_nalloc(pool, 13);

	for (int i = 0; i <= 13; i++)
		other[i] = 'x';
	return name == other;
}
