// SPDX-License-Identifier: MIT
/*
 * demo_undo.c - the demonstration's second part: handlers, a child and a mark end with the pool
 *
 *	records --> child --> cleanup 2 --> mark --> cleanup 1 --> large --> node 3 --> node 2
 *	            |                          |                                             |
 *	            '------ mp_release() ------'                                             |
 *	            '-------------------------------- mp_reset_pool() -----------------------'
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/mp_record.h>
#include <tests/demo/demo.h>

static char spoken[16]; /* which handlers have spoken: a digit each, in this order */

/* The handler. @data is its number, a digit. */
static void speak(void *data)
{
	size_t length = strlen(spoken);

	printk("#   handler %s speaks\n", (const char *)data);
	if (length + 1 < sizeof(spoken))
		spoken[length] = *(const char *)data;
}

/* Have just these handlers spoken since the last call, in this order? */
static bool have_spoken(const char *numbers)
{
	bool is_so = !strcmp(spoken, numbers);

	memset(spoken, 0, sizeof(spoken));
	return is_so;
}

/* Registers speak() with data elsewhere. */
static void let_speak(struct mp_pool_s *pool, const char *number)
{
	claim(mp_cleanup_or_run(pool, speak, (void *)(uintptr_t)number) == 0,
	      "a handler is registered");
}

/* How many records of that kind does the list have, from @record on? */
static unsigned int count(const struct mp_pool_s *pool, const struct mp_record_s *record,
			  enum mp_kind kind)
{
	unsigned int n = 0;

	for (; record; record = record->next)
		n += mp_kind(pool, record) == kind;
	return n;
}

static void draw_record(const struct mp_pool_s *pool, const struct mp_record_s *record,
			const struct mp_mark_s *mark)
{
	enum mp_kind kind = mp_kind(pool, record);
	unsigned int number = count(pool, record, kind);
	const struct mp_cleanup_s *cleanup = mp_block_of(record);
	const struct mp_pool_s *child = mp_block_of(record);

	switch (kind) {
	case MP_NODE: /* node 1 is part of the pool */
		printk("#   node %u\n", number + 1);
		break;
	case MP_LARGE:
		printk("#   large       %zu bytes\n",
		       heap_usable_size(record) - sizeof(struct mp_large_s));
		break;
	case MP_CLEANUP:
		claim(cleanup->handler == speak, "the record holds the handler");
		printk("#   cleanup %u   calls speak(\"%s\")\n", number, (char *)cleanup->data);
		break;
	case MP_CHILD:
		printk("#   child       a pool with a list of its own: %u cleanup\n",
		       count(child, child->records, MP_CLEANUP));
		break;
	case MP_MARK: /* the high bits of a mark's number tell its heap */
		claim(mark->savepoint == mp_block_of(record), "the token leads to the mark");
		printk("#   mark %-5u  the nodes as they were\n", (uint32_t)mark->number);
		break;
	default:
		claim(false, "every record is vouched for");
	}
}

static void draw_records(const struct mp_pool_s *pool, const struct mp_mark_s *mark)
{
	printk("# records, newest first:\n");
	for (const struct mp_record_s *record = pool->records; record; record = record->next)
		draw_record(pool, record, mark);
	blank();
}

/* A large block and a handler, which stay. */
static void add_older(struct mp_pool_s *pool)
{
	struct mp_cleanup_s *cleanup;

	printk("# A pool is a stack of things to undo. It lists them: all nodes but node 1, large\n");
	printk("# blocks, cleanup handlers, child pools, marks. Now it gets a large block, a\n");
	printk("# handler, a mark, a handler, and a child pool that has handler 3.\n");
	claim(mp_alloc(pool, 2000), "a large block is allocated");
	cleanup = mp_cleanup_add(pool, 2);
	claim(cleanup, "a handler is added");
	if (!cleanup)
		return;
	cleanup->handler = speak;
	memcpy(cleanup->data, "1", 2);
}

/* A handler, and a child that has one, too: made after the mark. */
static void add_younger(struct mp_pool_s *pool)
{
	struct mp_pool_s *child;

	let_speak(pool, "2");
	child = mp_create_child(pool, 64);
	claim(child && mp_parent(child) == pool, "the child knows its parent");
	if (child)
		let_speak(child, "3");
}

void show_undo(struct mp_pool_s *pool)
{
	const struct mp_record_s *older;
	struct mp_mark_s mark;
	void *small;

	memset(spoken, 0, sizeof(spoken));
	add_older(pool);
	older = pool->records;
	mark = mp_mark(pool);
	small = mp_alloc(pool, MP_ALIGNMENT);
	add_younger(pool);
	draw_records(pool, &mark);

	printk("# mp_release(pool, mark) undoes what is younger than the mark, newest first:\n");
	claim(mp_release(pool, mark) == 0, "the mark is alive");
	claim(have_spoken("32"), "first the child's handler speaks, then handler 2");
	printk("# and then the mark. Small objects made since are gone, too. So the pool is what\n");
	printk("# it was, and the same request gets the same address.\n");
	claim(pool->records == older, "the list is what it was");
	claim(mp_alloc(pool, MP_ALIGNMENT) == small, "the same request gets the same address");
	claim(mp_release(pool, mark) == -EINVAL, "the mark is gone");
	draw_records(pool, &mark);
}

void show_undo_of_reset(struct mp_pool_s *pool)
{
	mp_reset_pool(pool);
	claim(have_spoken("1"), "a reset calls the handler");
}

void show_undo_of_destroy(struct mp_pool_s *pool)
{
	struct mp_pool_s *child;

	let_speak(pool, "4");
	let_speak(pool, "5");
	child = mp_create_child(pool, 64);
	claim(child, "a child is created");
	if (child)
		let_speak(child, "6");
	mp_destroy_pool(pool);
	claim(have_spoken("654"), "handlers speak in the reverse order");
}
