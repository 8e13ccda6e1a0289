// SPDX-License-Identifier: MIT
/*
 * mp_record.c - records leave the list of their pool
 *
 *	pool->records --> node --> large --> cleanup --> node --> child --> NULL
 *	                  newest                                  oldest
 *
 *	mp_take_newest()	the newest leaves
 *	mp_unlink()		one leaves from the middle: check both neighbours, join them
 */
#include <mm/mp_record.h>

void mp_list_failed(const struct mp_pool_s *pool, const void *record)
{
	panic("the pool %p: the list of its records was overwritten, near the record %p",
	      (const void *)pool, record);
}

/**
 * mp_unlink() - take a record off the list, wherever it is
 * @pool: the pool
 * @entry: a live record of it
 *
 * Constant time. Panics if a neighbour was overwritten.
 */
mm_trusted void mp_unlink(struct mp_pool_s *pool, struct mp_entry_s *entry)
{
	mp_join(pool, mp_check_neighbours(pool, entry), entry->record.next);
	mp_leave(&entry->record, mp_said_kind(&entry->record));
}
