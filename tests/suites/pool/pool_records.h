/* SPDX-License-Identifier: MIT */
/*
 * pool_records.h - counts the records of a pool, for its tests
 */
#ifndef TESTS_SUITES_POOL_RECORDS_H
#define TESTS_SUITES_POOL_RECORDS_H

#include <mm/mp_record.h>

/* How many live records of this kind are on the list of @pool. */
static inline size_t count_records(const struct mp_pool_s *pool, enum mp_kind kind)
{
	size_t count = 0;

	for (const struct mp_record_s *record = pool->records; record; record = record->next)
		count += mp_kind(pool, record) == kind;
	return count;
}

static inline size_t count_all_records(const struct mp_pool_s *pool)
{
	size_t count = 0;

	for (const struct mp_record_s *record = pool->records; record; record = record->next)
		count++;
	return count;
}

#endif /* TESTS_SUITES_POOL_RECORDS_H */
