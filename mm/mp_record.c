// SPDX-License-Identifier: MIT
/*
 * mp_record.c - the rare and the long parts of mp_record.h
 */
#include <mm/mp_record.h>

void mp_list_failed(const struct mp_pool_s *pool, const void *record)
{
	panic("the pool %p: the list of its records was overwritten, near the record %p",
	      (const void *)pool, record);
}

/**
 * mp_is_child() - does a record begin a live child?
 * @pool: the pool that may be the parent
 * @record: a readable record that says so
 *
 * A child is longer than other records: it is read only if all of it lies in pages given out.
 *
 * Return: whether it does.
 */
mm_trusted bool mp_is_child(const struct mp_pool_s *pool, const struct mp_record_s *record)
{
	const struct mp_pool_s *child = mp_block_of(record);

	return page_find(pool->heap->pages, &child->name) && child->parent == pool &&
	       mp_is_pool(child);
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
	mp_leave(&entry->record);
}

/* The first child on the list that begins at @record, a record of @pool; or NULL. */
static struct mp_pool_s *first_child(const struct mp_pool_s *pool, const struct mp_record_s *record)
{
	for (; record; record = record->next) {
		enum mp_kind kind = mp_kind(pool, record);

		if (kind == MP_CHILD)
			return mp_block_of(record);
		if (kind == MP_NONE)
			mp_list_failed(pool, record);
	}
	return NULL;
}

/**
 * mp_next_pool() - walk a tree of pools: a pool, then all below it, the youngest child first
 * @root: where the walk begins
 * @at: where it is
 *
 * A walk takes time for each record of each pool, and no stack. Panics if a record was
 * overwritten.
 *
 * Return: the next pool; NULL: @at was the last.
 */
struct mp_pool_s *mp_next_pool(const struct mp_pool_s *root, const struct mp_pool_s *at)
{
	struct mp_pool_s *next = first_child(at, at->records);

	for (; !next && at != root; at = at->parent)
		next = first_child(at->parent, at->entry.record.next);
	return next;
}
