// SPDX-License-Identifier: MIT
/*
 * misuse_large.c - large blocks released wrongly, and their records overwritten
 *
 *	pool->records --> r --> q --> p --> NULL		r is the newest
 *	|pool|hdr|next tag prev cookie|##p##|hdr|next tag prev cookie|##q##|hdr| ...
 *
 * A write past the end of p reaches q's header, and then q's record.
 */
#include <mm/env.h>
#include <tests/misuse/misuse.h>

/* Where a field of the record in front of an object lies. */
#define FIELD(name) ((long)offsetof(struct mp_large_s, name) - (long)RECORD)
#define END (LARGE - (long)RECORD)

#define OVERWRITTEN "overwritten"

/* other is a large block of another pool on the same heap. */
static void two_pools(void)
{
	larges();
	mem.other = mp_alloc(mp_create_pool_on(mem.heap, NODE), LARGE);
}

static void large_reused(void)
{
	large_freed();
	mem.other = mp_alloc((struct mp_pool_s *)mem.pool, LARGE - RECORD);
}

static void larges_reset(void)
{
	larges();
	mp_reset_pool((struct mp_pool_s *)mem.pool);
}

static void larges_destroyed(void)
{
	larges();
	mp_destroy_pool((struct mp_pool_s *)mem.pool);
}

/* The caller frees the record's block behind the pool's back. */
static void record_freed(void)
{
	larges();
	heap_free(mem.heap, mem.q - RECORD);
}

/* A copy of q's record lies in p. */
static void record_copied(void)
{
	larges();
	memcpy(mem.p + 64, mem.q - RECORD, RECORD);
}

/* The block of the newest record was freed behind the pool's back. */
static void newest_freed(void)
{
	larges();
	heap_free(mem.heap, mem.r - RECORD);
}

/* Releases @p, then its neighbour in the list. */
static const char *release_both(unsigned char *p, size_t n)
{
	release(p, n);
	return release(mem.p, n);
}

const struct misuse_row misuse_large[] = {
	{ "released twice", "= -ENOENT", large_freed, {}, { release, &mem.q } },
	{ "released twice, for a new owner",
	  "= -ENOENT",
	  large_reused,
	  {},
	  { release, &mem.q },
	  .kind = 2 },
	{ "released after reset", "= -ENOENT", larges_reset, {}, { release, &mem.q } },
	{ "released after destroy", "= -ENOENT", larges_destroyed, {}, { release, &mem.q } },
	{ "another pool's block", "= -ENOENT", two_pools, {}, { release, &mem.other } },
	{ "a small object", "= -ENOENT", larges, {}, { release, &mem.small } },
	{ "NULL", "= -ENOENT", larges, {}, { release, &mem.null } },
	{ "address 32", "= -ENOENT", larges, {}, { release, NULL, 32 } },
	{ "the last address", "= -ENOENT", larges, {}, { release, NULL, -1 } },
	{ "an address that no processor has",
	  "= -ENOENT",
	  larges,
	  {},
	  { release, NULL, 0x7fffffffffff0000 } },
	{ "a variable", "= -ENOENT", larges, {}, { release, &mem.fake, 64 } },
	{ "its record", "= -ENOENT", larges, {}, { release, &mem.q, -(long)RECORD } },
	{ "1 byte into it", "= -ENOENT", larges, {}, { release, &mem.q, 1 } },
	{ "32 bytes into it", "= -ENOENT", larges, {}, { release, &mem.q, 32 } },
	{ "a block of the heap", "= -ENOENT", larges, {}, { release, &mem.guard } },
	{ "the pool", "= -ENOENT", larges, {}, { release, &mem.pool } },
	{ "a copy of its record", "= -ENOENT", record_copied, {}, { release, &mem.p, 96 } },
	{ "its record freed by heap_free(): release",
	  "= -ENOENT",
	  record_freed,
	  {},
	  { release, &mem.q } },
	{ "its record freed by heap_free(): destroy",
	  OVERWRITTEN,
	  record_freed,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by heap_free()", "inside a block", larges, {}, { free_block, &mem.q } },

	{ "next: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.record.next), 8, 'A' },
	  { release, &mem.q } },
	{ "next is NULL: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.record.next), 8, 0 },
	  { release, &mem.q } },
	{ "next is a variable: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.record.next), .put = &mem.fake },
	  { release, &mem.q } },
	{ "next is itself: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.record.next), .put = &mem.q },
	  { release, &mem.q } },
	{ "next: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.record.next), 8, 'A' },
	  { destroy, &mem.pool } },
	{ "next is NULL: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.record.next), 8, 0 },
	  { destroy, &mem.pool } },
	{ "next is NULL: reset",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.record.next), 8, 0 },
	  { reset, &mem.pool } },
	{ "next of the neighbour: release",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, FIELD(entry.record.next), 8, 'A' },
	  { release, &mem.q } },
	{ "prev: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.prev), 8, 'A' },
	  { release, &mem.q } },
	{ "prev is NULL: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.prev), 8, 0 },
	  { release, &mem.q } },
	{ "prev is a variable: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.prev), .put = &mem.fake },
	  { release, &mem.q } },
	{ "prev: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.prev), 8, 'A' },
	  { destroy, &mem.pool } },
	{ "prev of the newest: reset",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, FIELD(entry.prev), 8, 'A' },
	  { reset, &mem.pool } },
	{ "prev of the neighbour: release",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, FIELD(entry.prev), 8, 'A' },
	  { release, &mem.q } },
	{ "cookie is 0: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.cookie), 8, 0 },
	  { destroy, &mem.pool } },
	{ "cookie: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.cookie), 8, 'A' },
	  { destroy, &mem.pool } },
	{ "cookie: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.cookie), 8, 'A' },
	  { release, &mem.q } },
	{ "cookie of the newest: reset",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, FIELD(entry.cookie), 1, FLIP(1) },
	  { reset, &mem.pool } },
	{ "cookie of the newest: alloc, large",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, FIELD(entry.cookie), 8, 0 },
	  { aligned, &mem.pool, 0, LARGE } },
	{ "tag: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.record.tag), 4, 'A' },
	  { release, &mem.q } },
	{ "1 byte of the tag: release",
	  "= -ENOENT",
	  larges,
	  { &mem.q, FIELD(entry.record.tag), 1, FLIP(0xff) },
	  { release, &mem.q } },
	{ "tag: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, FIELD(entry.record.tag), 4, 'A' },
	  { destroy, &mem.pool } },
	{ "tag of the newest: reset",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, FIELD(entry.record.tag), 4, 'A' },
	  { reset, &mem.pool } },
	{ "tag of the neighbour: release both",
	  "= -ENOENT",
	  larges,
	  { &mem.p, FIELD(entry.record.tag), 4, 'A' },
	  { release_both, &mem.q },
	  .is_long = true },

	{ "1 byte behind p: release p",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 1, 'A' },
	  { release, &mem.p } },
	{ "8 bytes behind p: release p",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 8, 'A' },
	  { release, &mem.p } },
	{ "16 bytes behind p: release p",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 16, 'A' },
	  { release, &mem.p } },
	{ "24 bytes behind p: release p",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 24, 'A' },
	  { release, &mem.p } },
	{ "32 bytes behind p: release p",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 32, 'A' },
	  { release, &mem.p } },
	{ "8 bytes behind p: release q",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 8, 'A' },
	  { release, &mem.q } },
	{ "16 bytes behind p: release q",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 16, 'A' },
	  { release, &mem.q } },
	{ "24 bytes behind p: release q",
	  "= -ENOENT",
	  larges,
	  { &mem.p, END, 24, 'A' },
	  { release, &mem.q } },
	{ "32 bytes behind p: release q",
	  "= -ENOENT",
	  larges,
	  { &mem.p, END, 32, 'A' },
	  { release, &mem.q } },
	{ "48 bytes behind p: release q",
	  "= -ENOENT",
	  larges,
	  { &mem.p, END, 48, 'A' },
	  { release, &mem.q } },
	{ "24 bytes behind p: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 24, 'A' },
	  { destroy, &mem.pool } },
	{ "16 bytes behind p: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 16, 'A' },
	  { destroy, &mem.pool } },
	{ "16 bytes behind p: reset",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, END, 16, 'A' },
	  { reset, &mem.pool } },
	{ "8 bytes behind r: destroy",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, END, 8, 'A' },
	  { destroy, &mem.pool } },
	{ "the newest record freed by heap_free(): alloc, large",
	  OVERWRITTEN,
	  newest_freed,
	  {},
	  { aligned, &mem.pool, 0, LARGE } },
	{ "the newest record freed by heap_free(): memalign",
	  OVERWRITTEN,
	  newest_freed,
	  {},
	  { memaligned, &mem.pool, 0, 64 } },
	{ "tag of the newest: alloc, large",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, FIELD(entry.record.tag), 1, FLIP(0x10) },
	  { aligned, &mem.pool, 0, LARGE } },
	{},
};
