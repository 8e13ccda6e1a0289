// SPDX-License-Identifier: MIT
/*
 * demo.c - the life of a pool, in pictures; demo_undo.c has the part about handlers,
 * demo_grow.c the part about text, limits and figures
 *
 * The word "demo" on the command line runs it. The pictures are drawn from the
 * pool's own structs. Every sentence that could be wrong is checked: if the pool
 * does something else than the text says, the run fails.
 */
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/program.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <mm/mp_internal.h>
#include <mm/mp_record.h>
#include <mm/page.h>
#include <tests/demo/demo.h>

/* Bytes of one character in a picture. All sizes are multiples, so pictures are exact. */
#define CELL ((size_t)MP_ALIGNMENT / 8)
#define NODE_CELLS 48
#define NODE_BYTES (NODE_CELLS * CELL)
#define NODES_MAX 4

static struct object {
	char name;
	const unsigned char *at;
	size_t cells;
} objects[8];

static unsigned int nr_objects;

/* Remembers an object for the pictures, and fills it with its name. */
static void *note(char name, void *at, size_t cells)
{
	claim(at, "the allocation succeeds");
	if (at)
		memset(at, name, cells * CELL);
	objects[nr_objects++] = (struct object){ name, at, cells };
	return at;
}

static void draw_node(const struct mp_pool_s *pool, const struct mp_node_s *node,
		      const unsigned char *start, unsigned int number)
{
	char cells[NODE_CELLS + 1];
	size_t from = (size_t)(node->last - start) / CELL;
	size_t to = (size_t)(node->end - start) / CELL;

	/*
	 * Objects are written over this. A '-' that remains is padding; a '?' that
	 * remains is a gap between packed objects, which must not exist. Free bytes of a node
	 * outside the window are lost until the pool is reset: no request looks there.
	 */
	memset(cells, '?', NODE_CELLS);
	memset(cells, '-', from);
	memset(cells + from, node == pool->current || node == pool->older ? '.' : '~', to - from);
	cells[NODE_CELLS] = '\0';

	for (unsigned int i = 0; i < nr_objects; i++) {
		size_t first = (size_t)(objects[i].at - start) / CELL;

		if (objects[i].at < start || objects[i].at >= start + NODE_BYTES)
			continue;
		for (size_t c = first; c < first + objects[i].cells; c++) {
			claim(cells[c] == '-' || cells[c] == '?', "no two objects overlap");
			cells[c] = objects[i].name;
		}
	}
	claim(!strchr(cells, '?'), "packed objects lie without gaps");
	printk("#   %4u %-7s |%s| %4zu %6u\n", number,
	       node == pool->current ? "current" :
	       node == pool->older   ? "older" :
				       "",
	       cells, (size_t)(node->end - node->last), node->failed);
}

static void draw(const struct mp_pool_s *pool)
{
	const struct mp_node_s *nodes[NODES_MAX] = { pool->head };
	const struct mp_record_s *record;
	unsigned int nr = 1, i;

	/* The list of records goes from the newest node to the oldest. The first is not on it. */
	for (record = pool->records; record && nr < NODES_MAX; record = record->next)
		nr++;
	record = pool->records;
	for (i = nr; i > 1; i--, record = record->next)
		nodes[i - 1] = mp_block_of(record);

	printk("#   node window   aligned ->%*s<- packed   free failed\n", NODE_CELLS - 19, "");
	for (i = 0; i < nr; i++) {
		const unsigned char *start = (const void *)mp_node_start(pool, nodes[i]);

		claim(nodes[i]->end <= start + NODE_BYTES,
		      "a node has the size that was asked for");
		if (nodes[i]->end > start + NODE_BYTES)
			return;
		draw_node(pool, nodes[i], start, i + 1);
	}
	blank();
}

static void show_nodes(struct mp_pool_s *pool)
{
	struct mp_node_s *first = pool->head, *second;

	draw(pool);

	printk("# A = mp_alloc(pool, %zu), B = mp_calloc(pool, %zu): aligned objects grow up.\n",
	       10 * CELL, 6 * CELL);
	printk("# c = mp_nalloc(pool, %zu), d = mp_nalloc(pool, %zu): packed objects grow down.\n",
	       3 * CELL, 5 * CELL);
	printk("# Aligned sizes are rounded up to a multiple of %d: \"-\" marks the padding.\n",
	       MP_ALIGNMENT);
	printk("# Packed objects have no padding.\n");
	note('A', mp_alloc(pool, 10 * CELL), 10);
	note('B', mp_calloc(pool, 6 * CELL), 6);
	note('c', mp_nalloc(pool, 3 * CELL), 3);
	note('d', mp_nalloc(pool, 5 * CELL), 5);
	draw(pool);

	printk("# E = mp_alloc(pool, %zu) does not fit node 1, so the pool gets node 2. This is\n",
	       18 * CELL);
	printk("# the current node: a request tries it first. F = mp_alloc(pool, %zu) fits.\n",
	       16 * CELL);
	note('E', mp_alloc(pool, 18 * CELL), 18);
	note('F', mp_alloc(pool, 16 * CELL), 16);
	second = pool->current;
	claim(second != first && pool->older == first, "a second node is current");
	draw(pool);

	printk("# g = mp_nalloc(pool, %zu) does not fit node 2, but the older node 1 has room.\n",
	       9 * CELL);
	note('g', mp_nalloc(pool, 9 * CELL), 9);
	claim(pool->current == second && second->failed == 1, "the older node serves g");
	printk("# H = mp_alloc(pool, %zu) fits neither, so the pool gets node 3. A request tries\n",
	       12 * CELL);
	printk("# only two nodes: the current one and one older one. Of nodes 1 and 2, the pool\n");
	printk("# gives up the one that failed more often. They tie, so it is the older, node 1.\n");
	printk("# What is free there is lost until the pool is reset: \"~\".\n");
	note('H', mp_alloc(pool, 12 * CELL), 12);
	claim(pool->older == second, "the pool no longer tries node 1");
	draw(pool);
}

static void show_large(struct mp_pool_s *pool, void *small)
{
	const struct mp_record_s *older = pool->records;
	void *large = mp_alloc(pool, 1000);

	claim(large == (char *)pool->records + sizeof(struct mp_large_s),
	      "its record is the newest");
	printk("# mp_alloc(pool, 1000) asks for more than max = %zu, so it gets a large block:\n",
	       pool->max);
	printk("# a heap block of its own, with a record in front of the memory.\n");
	printk("#   record (pool->records) at %p, memory at %p\n", (void *)pool->records, large);
	claim(!((uintptr_t)large & (MP_ALIGNMENT - 1)), "large blocks are aligned");
	claim(mp_free(pool, large) == 0 && pool->records == older, "mp_free frees a large block");
	claim(mp_free(pool, large) == -ENOENT, "mp_free refuses to free it again");
	claim(mp_free(pool, small) == -ENOENT, "mp_free refuses to free small objects");
	printk("# mp_free gives it back to the heap at once. To free it again, or to free the\n");
	printk("# small object A, fails with -ENOENT and changes nothing: small objects live\n");
	printk("# until their pool is reset or destroyed.\n");
	blank();
}

static void show_reset(struct mp_pool_s *pool, void *small)
{
	size_t cells = objects[0].cells;

	printk("# mp_reset_pool(pool) undoes all of the list. Node 1 stays. Memory is not cleared.\n");
	show_undo_of_reset(pool);
	printk("# The same requests get the same addresses: a = mp_alloc(pool, %zu) replaces A.\n",
	       cells * CELL);
	nr_objects = 0;
	claim(!pool->records, "one node is left");
	claim(mp_alloc(pool, cells * CELL) == small, "the same request gets the same address");
	claim(*(char *)small == 'A', "a reset does not clear memory");
	note('a', small, cells);
	draw(pool);
}

static size_t pages_used(void)
{
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	return stats.used;
}

static enum verdict run_demo(const struct boot_info *boot)
{
	size_t before, during;
	struct mp_pool_s *pool;
	void *small;

	if (!cmdline_has(boot->cmdline, "demo"))
		return VERDICT_NOTHING;
	if (MP_REDZONE) {
		printk("# no demonstration: the red zones of KASAN=1 would spoil the pictures\n");
		return VERDICT_NOTHING;
	}
	all_true = true;
	nr_claims = 0;
	before = pages_used();
	pool = mp_create_pool(NODE_BYTES);
	claim(pool, "a pool can be created");
	if (!pool)
		return VERDICT_FAILED;

	blank();
	printk("# The life of a pool. One character in a picture is %zu bytes.\n", CELL);
	blank();
	printk("# pool = mp_create_pool(%zu): one block of the heap, with one node in it.\n",
	       NODE_BYTES);
	show_nodes(pool);
	small = (void *)objects[0].at;
	show_large(pool, small);
	show_undo(pool);
	show_reset(pool, small);

	during = pages_used();
	printk("# The pool gets handlers 4 and 5, and a child with handler 6. mp_destroy_pool(pool)\n");
	printk("# gives everything back. Handlers speak in the reverse order of registration:\n");
	show_undo_of_destroy(pool);
	heap_trim(&kernel_heap);
	printk("# Pages in use before the pool was created: %zu; with the pool: %zu; now: %zu.\n",
	       before, during, pages_used());
	blank();
	claim(pages_used() == before, "every page is back");
	show_growing(&kernel_heap);
	if (all_true)
		printk("# The demonstration has checked %u claims. All of them hold.\n", nr_claims);
	blank();
	return all_true ? VERDICT_NOTHING : VERDICT_FAILED;
}

static const struct program demo = {
	.name = "demo",
	.options = PROGRAM_WORDS("demo"),
	.run = run_demo,
};

REGISTER_PROGRAM(1, demo);
