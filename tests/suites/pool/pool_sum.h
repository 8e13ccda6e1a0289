/* SPDX-License-Identifier: MIT */
/*
 * pool_sum.h - a checksum of a pool, for tests that a request which fails changes nothing
 *
 * It covers every byte of the pool's blocks but one word: the pool counts refused requests in the
 * word "refused" of struct mp_history_s, and such a test sees it rise.
 */
#ifndef TESTS_SUITES_POOL_SUM_H
#define TESTS_SUITES_POOL_SUM_H

#include <mm/mp_internal.h>

static inline mm_trusted uint64_t sum_add(uint64_t sum, const void *block, const void *left_out)
{
	const unsigned char *byte = block;

	for (size_t i = heap_usable_size(block); i--; byte++)
		if ((uintptr_t)byte - (uintptr_t)left_out >= sizeof(size_t))
			sum = (sum ^ *byte) * 0x100000001b3;
	return sum;
}

/* A checksum of a pool, with its nodes and its other records (FNV-1a). */
static inline uint64_t sum_of(const struct mp_pool_s *pool)
{
	const void *refused = &mp_history(pool)->refused;
	uint64_t sum = sum_add(0xcbf29ce484222325, pool, refused);

	for (const struct mp_record_s *record = pool->records; record; record = record->next)
		sum = sum_add(sum, record, refused);
	return sum;
}

#endif /* TESTS_SUITES_POOL_SUM_H */
