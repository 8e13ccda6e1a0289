/* SPDX-License-Identifier: MIT */
/*
 * mp_record.h - the list of what a pool holds besides small objects; for mm/mp_*.c and reports
 *
 *	pool              newest                             made before it
 *	+----------+      +------+-----+------+--------+     +------+-----+------+--------+
 *	| records -|----->| next | tag | prev | cookie |<-.  | next | tag | prev | cookie |
 *	| cookie   |      +--|---+-----+------+--------+  |  +--^---+-----+--|---+--------+
 *	+----------+         '----------------------------|-----'            |
 *	                                                  '------------------'
 *
 * Each record is the first words of a block of the heap:
 *
 *	MP_NODE         |next|tag|counts|last|end| objects .......................|
 *	MP_LARGE        |next|tag|prev|cookie| memory ............................|
 *	MP_CLEANUP      |next|tag|prev|cookie|handler|data| its data .............|
 *	MP_CHILD        |next|tag|prev|cookie| the rest of the child, its first node ..|
 *	MP_MARK         |next|tag|prev|cookie|number| what the window was ........|
 *
 * A record enters as the newest. Any but a node can leave from the middle, in constant time;
 * a node has no prev, and leaves when it is the newest. The prev of the newest means nothing.
 *
 * The pool's cookie vouches for the pointer to the newest record, and the cookie of each
 * for the pointer to the next: it is the sum of the record's words, its address, its pool and
 * a secret. A node has no room for it, so its tag holds the low 29 bits. A child's cookie is
 * that of a pool, without the secret, and its parent must be this pool. Who changes a link
 * changes the sum by as much: so a record that was overwritten stays wrong.
 */
#ifndef MM_MP_RECORD_H
#define MM_MP_RECORD_H

#include <mm/mp_internal.h>

/* What a record is: the low bits of its tag. 0 is none of them. */
enum mp_kind { MP_NONE, MP_NODE, MP_LARGE, MP_CLEANUP, MP_CHILD, MP_MARK };

#define MP_KIND_BITS 3

/*
 * An entry or a node does not cross the end of a page: page_find() of its first byte is enough.
 * A child is longer and may cross it. So may memory that only claims to be one: mp_is_child()
 * looks up its last word, too.
 */
MM_ASSERT(sizeof(struct mp_entry_s) == HEAP_ALIGN, "an entry has the size of its alignment");
MM_ASSERT(sizeof(struct mp_node_s) == HEAP_ALIGN, "a larger header would cost memory");

/*
 * The block that @record begins, as what it is: an entry, a node, a child. (GCC warns of the
 * plain conversion, because a packed struct could lie at any multiple of 4.)
 */
static inline void *mp_block_of(const struct mp_record_s *record)
{
	return (void *)(uintptr_t)record;
}

/* What only a live record of @pool at this address, with this next, adds up to. */
static inline mm_trusted uintptr_t mp_sum(const struct mp_pool_s *pool,
					  const struct mp_record_s *record)
{
	return (heap_mark(pool->heap, record) ^ (uintptr_t)pool) + (uintptr_t)record->next;
}

static inline mm_trusted uint32_t mp_node_tag(const struct mp_pool_s *pool,
					      const struct mp_record_s *record)
{
	return (uint32_t)mp_sum(pool, record) << MP_KIND_BITS | MP_NODE;
}

static inline mm_trusted uintptr_t mp_entry_cookie(const struct mp_pool_s *pool,
						   const struct mp_entry_s *entry)
{
	return mp_sum(pool, &entry->record) + (uintptr_t)entry->prev + entry->record.tag;
}

/* What a record says it is: right if it was vouched for. */
static inline mm_trusted enum mp_kind mp_said_kind(const struct mp_record_s *record)
{
	return record->tag & ((1 << MP_KIND_BITS) - 1);
}

/*
 * Is the tag of @record one that a record can have? The kind tells where its cookie lies. The
 * other bits of an entry's tag are 0, those of a node's tag hardly ever.
 */
static inline mm_trusted bool mp_has_kind(const struct mp_record_s *record)
{
	return mp_said_kind(record) == MP_NODE ||
	       (record->tag >= MP_LARGE && record->tag <= MP_MARK);
}

mm_internal bool mp_is_child(const struct mp_pool_s *pool, const struct mp_record_s *record);

/* What @record is to @pool; MP_NONE if it is no live record of it. It must be readable. */
static inline mm_trusted enum mp_kind mp_kind(const struct mp_pool_s *pool,
					      const struct mp_record_s *record)
{
	enum mp_kind kind = mp_said_kind(record);
	const struct mp_entry_s *entry = mp_block_of(record);
	bool is_right;

	if (kind == MP_NODE)
		is_right = record->tag == mp_node_tag(pool, record);
	else if (kind == MP_CHILD)
		is_right = mp_is_child(pool, record);
	else
		is_right = entry->cookie == mp_entry_cookie(pool, entry);
	return is_right ? kind : MP_NONE;
}

/* Can @record be read? It may be any address. */
static inline mm_trusted bool mp_is_readable(const struct mp_pool_s *pool, const void *record)
{
	return (uintptr_t)record % HEAP_ALIGN == 0 && page_find(pool->heap->pages, record);
}

/*
 * Is there a live record of @pool at @p, of this kind, and no child? @p may be any address: it
 * is read only if it lies in pages given out.
 */
static inline mm_trusted bool mp_is_entry(const struct mp_pool_s *pool, const void *p,
					  enum mp_kind kind)
{
	const struct mp_entry_s *entry = p;
	bool is_entry;

	if (!mp_is_readable(pool, p))
		return false;
	mm_ignore();
	is_entry = entry->record.tag == kind && entry->cookie == mp_entry_cookie(pool, entry);
	mm_watch(is_entry);
	return is_entry;
}

/* Panics: @record, or a link to it, is not what it should be. */
mm_internal void mp_list_failed(const struct mp_pool_s *pool, const void *record)
	__attribute__((noreturn, cold));

static inline mm_trusted void mp_set_next(struct mp_record_s *record, struct mp_record_s *next)
{
	uintptr_t more = (uintptr_t)next - (uintptr_t)record->next;
	struct mp_entry_s *entry = mp_block_of(record);

	record->next = next;
	if (mp_said_kind(record) == MP_NODE)
		record->tag += (uint32_t)more << MP_KIND_BITS;
	else
		entry->cookie += more;
}

static inline mm_trusted void mp_set_prev(struct mp_record_s *record, struct mp_record_s *prev)
{
	struct mp_entry_s *entry = mp_block_of(record);

	if (mp_said_kind(record) == MP_NODE)
		return;
	entry->cookie += (uintptr_t)prev - (uintptr_t)entry->prev;
	entry->prev = prev;
}

/*
 * Panics if the newest record was overwritten. Whoever adds a record calls this before it
 * allocates, because mp_enter() writes into the newest one. It is readable: the pool's cookie
 * vouches for the link.
 */
static inline mm_trusted void mp_check_newest(const struct mp_pool_s *pool)
{
	if (pool->records && mp_kind(pool, pool->records) == MP_NONE)
		mp_list_failed(pool, pool->records);
}

/*
 * Allocates a block of @size bytes, with the byte at @offset aligned, for a new record of @pool:
 * mp_link() and others put it on the list. NULL: memory is out, or a limit would be passed. Then
 * only the refusal has been counted. The heap's oom callback may have changed the list.
 */
static inline mm_always_inline void *mp_take_block(struct mp_pool_s *pool, size_t alignment,
						   size_t offset, size_t size)
{
	size_t bytes = block_bytes(size);
	void *block;

	mp_check_newest(pool);
	if (mp_charge(pool, bytes)) {
		block = offset ? heap_alloc_at(pool->heap, alignment, offset, size) :
				 heap_alloc(pool->heap, alignment, size);
		if (block) {
			mp_hold(pool, bytes);
			return block;
		}
		mp_discharge(pool, bytes);
	}
	mm_tell(REFUSED, pool, bytes, pool->bounded);
	mp_history(pool)->refused++;
	return NULL;
}

/* Makes @record the newest. Its words are right; mp_check_newest() has looked. */
static inline mm_trusted void mp_enter(struct mp_pool_s *pool, struct mp_record_s *record)
{
	if (record->next)
		mp_set_prev(record->next, record);
	MP_SET(pool, records, record);
}

/* Puts a node, in a new block, on the list. */
static inline mm_trusted void mp_link_node(struct mp_pool_s *pool, struct mp_node_s *node)
{
	node->record.next = pool->records;
	node->record.tag = mp_node_tag(pool, &node->record);
	mp_enter(pool, &node->record);
}

/* Puts a large block, a cleanup handler or a mark on the list: @entry begins a new block. */
static inline mm_trusted void mp_link(struct mp_pool_s *pool, struct mp_entry_s *entry,
				      enum mp_kind kind)
{
	entry->record.next = pool->records;
	entry->record.tag = kind;
	entry->prev = NULL;
	entry->cookie = mp_entry_cookie(pool, entry);
	mp_enter(pool, &entry->record);
}

/* Puts @child, a new pool, on the list. Its cookie is that of a pool. */
static inline mm_trusted void mp_link_child(struct mp_pool_s *pool, struct mp_pool_s *child)
{
	child->parent = pool;
	child->entry.record.next = pool->records;
	child->entry.record.tag = MP_CHILD;
	child->entry.cookie = mp_pool_cookie(child);
	mp_enter(pool, &child->entry.record);
}

/*
 * Makes @record dead: its tag names no kind. A child stays a live pool: its cookie vouches for
 * the tag, and changes by as much.
 */
static inline mm_trusted void mp_leave(struct mp_record_s *record)
{
	struct mp_entry_s *entry = mp_block_of(record);

	if (mp_said_kind(record) == MP_CHILD)
		entry->cookie -= record->tag;
	record->tag = MP_NONE;
}

/* Takes the newest record off the list. Returns what it is. Panics if it was overwritten. */
static inline mm_trusted enum mp_kind mp_take_newest(struct mp_pool_s *pool)
{
	struct mp_record_s *record = pool->records;
	enum mp_kind kind = mp_is_readable(pool, record) ? mp_kind(pool, record) : MP_NONE;

	if (kind == MP_NONE)
		mp_list_failed(pool, record);
	MP_SET(pool, records, record->next);
	mp_leave(record);
	return kind;
}

/*
 * Panics unless both neighbours of @entry, which is vouched for, point to it. Returns the
 * record made later; NULL: @entry is the newest.
 */
static inline mm_trusted struct mp_record_s *mp_check_neighbours(const struct mp_pool_s *pool,
								 const struct mp_entry_s *entry)
{
	const struct mp_record_s *record = &entry->record, *next = record->next;
	const struct mp_entry_s *next_entry = mp_block_of(next);
	bool is_newest = pool->records == record;
	struct mp_record_s *prev = is_newest ? NULL : entry->prev;

	if (!is_newest && (!prev || prev->next != record || !mp_has_kind(prev)))
		mp_list_failed(pool, entry);
	if (next && mp_said_kind(next) != MP_NODE && next_entry->prev != record)
		mp_list_failed(pool, entry);
	return prev;
}

/*
 * Makes @prev and @next neighbours: what was between them has left the list. Either may be
 * NULL. mp_check_neighbours() has checked them.
 */
static inline mm_trusted void mp_join(struct mp_pool_s *pool, struct mp_record_s *prev,
				      struct mp_record_s *next)
{
	if (next)
		mp_set_prev(next, prev);
	if (prev)
		mp_set_next(prev, next);
	else
		MP_SET(pool, records, next);
}

/*
 * Takes @entry, which is vouched for, off the list, and frees the block that it begins.
 * heap_free() checks and may panic, so it comes before the first write. It overwrites the entry,
 * so the links are read before.
 */
static inline mm_trusted void mp_free_entry(struct mp_pool_s *pool, struct mp_entry_s *entry)
{
	struct mp_record_s *prev = mp_check_neighbours(pool, entry);
	struct mp_record_s *next = entry->record.next;
	size_t bytes = mp_block_bytes(entry);

	(void)mp_charge(pool, 0); /* panics if a limit above was overwritten */
	heap_free(pool->heap, entry);
	mp_let_go(pool, bytes);
	mp_join(pool, prev, next);
}

mm_internal void mp_unlink(struct mp_pool_s *pool, struct mp_entry_s *entry);

#endif /* MM_MP_RECORD_H */
