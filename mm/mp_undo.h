/* SPDX-License-Identifier: MIT */
/*
 * mp_undo.h - what ends with a pool: cleanup handlers, child pools; and marks to go back to
 *
 * A pool is a stack of things to undo. Whatever it holds besides small objects is a record
 * on one list, newest first: a node, a large block, a cleanup handler, a child pool, a
 * mark. mp_destroy_pool() and mp_reset_pool() undo all of them, mp_release() those
 * made since a mark, always in the reverse order of creation. So a handler finds alive
 * whatever was there when it was registered:
 *
 *	mp_create_child(pool, 1024);			3rd: the child ends, its own handlers first
 *	mp_cleanup_or_run(pool, close_it, file);	2nd: close_it(file) is called
 *	mp_alloc(pool, 5000);				1st: the large block is freed
 *	mp_destroy_pool(pool);
 *
 * While a handler runs because its pool is undone, everything younger in its pool is gone,
 * and everything older is there. Its pool is usable: the handler may allocate, register and
 * remove handlers, create and destroy children, use scopes. What it makes ends with this
 * undoing. It may destroy other pools. To destroy a pool that is being undone, or one that would
 * end such a pool with it, panics. It must return: longjmp() or an exception would leave the
 * pool half undone. At most 32 handlers may run one inside the other.
 *
 * mp_pool.h includes this header. mp_scope.h has scopes: marks that a block releases at its end.
 */
#ifndef MM_MP_UNDO_H
#define MM_MP_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/config.h>

struct mp_pool_s;
struct mp_savepoint_s;

/**
 * struct mp_record_s - a record: the first words of a block of the heap that a pool holds
 * @next: the record made before it, or NULL
 * @tag: the kind of the record; of a node, also bits that vouch for it (mp_record.h)
 *
 * It is packed to 12 bytes, so that a node's header has 32: its two counts follow.
 */
struct mp_record_s {
	struct mp_record_s *next;
	uint32_t tag;
} __attribute__((__packed__, __aligned__(4)));

/**
 * struct mp_entry_s - a record that can leave the list from the middle: all but nodes
 * @record: its first words
 * @prev: the record made after it; of the newest record, it means nothing
 * @cookie: right only for a live record of its pool, at its own address, with these words
 */
struct mp_entry_s {
	struct mp_record_s record;
	struct mp_record_s *prev;
	uintptr_t cookie;
};

/**
 * struct mp_cleanup_s - a cleanup handler
 * @entry: the pool's
 * @handler: set it to what shall be called; NULL: nothing is called
 * @data: what is passed to it: the bytes that mp_cleanup_add() was asked for, or anything else
 */
struct mp_cleanup_s {
	struct mp_entry_s entry;
	void (*handler)(void *data);
	void *data;
};

/**
 * struct mp_mark_s - the token for a mark
 * @savepoint: its record; NULL: there was no memory for it
 * @number: no other mark of the heap has it
 */
struct mp_mark_s {
	struct mp_savepoint_s *savepoint;
	uint64_t number;
};

MM_BEGIN_DECLS

struct mp_cleanup_s *mp_cleanup_add(struct mp_pool_s *pool, size_t size);
int mp_cleanup_or_run(struct mp_pool_s *pool, void (*fn)(void *data), void *data);
int mp_cleanup_remove(struct mp_pool_s *pool, struct mp_cleanup_s *cleanup);
int mp_cleanup_run(struct mp_pool_s *pool, struct mp_cleanup_s *cleanup);

struct mp_pool_s *mp_create_child(struct mp_pool_s *parent, size_t size)
	MM_NAMED("mp_create_child");
struct mp_pool_s *mp_parent(const struct mp_pool_s *pool);
bool mp_is_ancestor(const struct mp_pool_s *a, const struct mp_pool_s *b);

struct mp_mark_s mp_mark(struct mp_pool_s *pool);
int mp_release(struct mp_pool_s *pool, struct mp_mark_s mark);

MM_END_DECLS

#endif /* MM_MP_UNDO_H */
