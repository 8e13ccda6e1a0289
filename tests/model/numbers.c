// SPDX-License-Identifier: MIT
/*
 * numbers.c - the numbers in random programs
 *
 * Most lie at a border: of a node, of small and large, of a page, of all that there is.
 */
#include <tests/model/maker.h>

/**
 * model_scramble() - a number that starts a sequence of random numbers
 * @seed: any number
 *
 * Return: a number that is not 0; near seeds give far numbers.
 */
uint64_t model_scramble(uint64_t seed)
{
	seed = (seed + 1) * 0x9e3779b97f4a7c15;
	seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
	seed ^= seed >> 27;
	return seed ? seed : 1;
}

/**
 * number_near() - a number at a border, or near it
 * @maker: the generator
 * @border: the border
 *
 * Return: the number.
 */
size_t number_near(struct maker *maker, size_t border)
{
	static const signed char steps[] = { 0, 0, 1, -1, 8, -8, 16, -16, 31, 32, -32, 64 };

	return border + (size_t)(long)steps[below(maker, sizeof(steps))];
}

/**
 * number_huge() - a size that is too large
 * @maker: the generator
 *
 * Return: the size.
 */
size_t number_huge(struct maker *maker)
{
	static const size_t sizes[] = { SIZE_MAX,	 SIZE_MAX / 2, SIZE_MAX / 4,
					SIZE_MAX - 4096, SIZE_MAX / 8, 1ul << 46,
					(1ul << 48) - 1, 1ul << 32 };

	return sizes[below(maker, sizeof(sizes) / sizeof(*sizes))] - below(maker, 100) % 3 +
	       below(maker, 20) / 19 * 2;
}

/* Small sizes are the most frequent: a random limit, then a number below it. */
static size_t usual(struct maker *maker)
{
	return below(maker, (size_t)2 << below(maker, maker->biggest));
}

/**
 * number_heap_size() - the size of a block
 * @maker: the generator
 *
 * Return: the size.
 */
size_t number_heap_size(struct maker *maker)
{
	switch (below(maker, 12)) {
	case 0:
		return below(maker, 4) ? number_near(maker, 32 * below(maker, 40)) :
					 number_huge(maker);
	case 1:
		return number_near(maker,
				   MM_PAGE_SIZE * (1 + below(maker, below(maker, 4) ? 6 : 60)));
	case 2:
		return number_near(maker, 1024 + 512 * below(maker, 4));
	default:
		return usual(maker);
	}
}

/**
 * number_object_size() - the size of an object
 * @maker: the generator
 * @pool_size: what the nodes of its pool hold
 *
 * Return: the size.
 */
size_t number_object_size(struct maker *maker, size_t pool_size)
{
	switch (below(maker, 16)) {
	case 0:
		return below(maker, 2);
	case 1:
		return number_near(maker, pool_size);
	case 2:
		return mp_align(pool_size, MP_ALIGNMENT) + below(maker, 3) - 1;
	case 3:
		return MP_MAX_ALLOC_FROM_POOL - 1 + below(maker, 4);
	case 4:
		return below(maker, 4) ? number_near(maker, pool_size / 2) : number_huge(maker);
	case 5:
		return number_near(maker, MM_PAGE_SIZE * (1 + below(maker, 5)));
	case 6:
	case 7:
		return pool_size < 1 << 20 ? below(maker, pool_size + 1) : 1;
	default:
		return usual(maker);
	}
}

/**
 * number_pool_size() - what the nodes of a pool hold
 * @maker: the generator
 *
 * Return: the size.
 */
size_t number_pool_size(struct maker *maker)
{
	static const size_t sizes[] = { 1,   31,   32,	 33,   64,   100,  256,	 1000,
					512, 4064, 4095, 4096, 4097, 8192, 16384 };

	if (!below(maker, 12))
		return below(maker, 2) ? 0 : number_huge(maker);
	return sizes[below(maker, maker->small_pools ? 7 : sizeof(sizes) / sizeof(*sizes))];
}

/**
 * number_alignment() - an alignment; a few are none
 * @maker: the generator
 *
 * Return: the alignment.
 */
size_t number_alignment(struct maker *maker)
{
	static const size_t bad[] = { 0, 3, 33, 48, SIZE_MAX, 1ul << 63, 1ul << 47, 1ul << 46 };

	if (!below(maker, 20))
		return bad[below(maker, sizeof(bad) / sizeof(*bad))];
	return (size_t)1 << below(maker, below(maker, 4) ? 8 : 16);
}

/**
 * number_cleanup_size() - the size of a handler's data
 * @maker: the generator
 * @pool_size: what the nodes of its pool hold
 *
 * Return: the size.
 */
size_t number_cleanup_size(struct maker *maker, size_t pool_size)
{
	switch (below(maker, 8)) {
	case 0:
		return number_object_size(maker, pool_size);
	case 1:
		return below(maker, 4) ? 1 : number_huge(maker);
	case 2:
	case 3:
		return usual(maker) % 300;
	default:
		return 0;
	}
}
