// SPDX-License-Identifier: MIT
/*
 * demo.c - the life of a pool, with pictures (the word "demo" asks for it)
 *
 * The pictures are drawn from the pool's own structs, and every sentence that
 * can be wrong is checked: a demonstration that shows something else than what
 * it says fails the run.
 */
#include <stdbool.h>
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/program.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

/* One character of a picture; all sizes are multiples, so pictures are exact. */
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
static bool all_true;

/* Also an empty line is one of ours: it begins as all do. */
static void blank(void)
{
	printk("# %s\n", "");
}

static void claim(bool is_so, const char *what)
{
	if (is_so)
		return;
	printk("# WRONG: it is not so that %s\n", what);
	all_true = false;
}

/* Remembers an object for the pictures, and writes to all of it. */
static void *note(char name, void *at, size_t cells)
{
	claim(at, "there is memory");
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

	/* What is left of '?' and '-' when the objects are in: nobody's, or padding. */
	memset(cells, '?', NODE_CELLS);
	memset(cells, '-', from);
	memset(cells + from, '.', to - from);
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
	printk("#   %4u %-7s |%s| %4zu %6zu\n", number,
	       node == pool->current ? "current" :
	       node == pool->older   ? "older" :
				       "",
	       cells, (size_t)(node->end - node->last), node->failed);
}

static void draw(const struct mp_pool_s *pool)
{
	const struct mp_node_s *nodes[NODES_MAX] = { pool->head };
	const struct mp_node_s *node = pool->head->next;
	unsigned int nr = 1;

	/* The list begins with the newest; node 1 lies in the pool's own block. */
	for (; node && nr < NODES_MAX; node = node->next)
		nr++;
	node = pool->head->next;
	for (unsigned int i = nr; i > 1; i--, node = node->next)
		nodes[i - 1] = node;

	printk("#   node window   aligned ->%*s<- packed   free failed\n", NODE_CELLS - 19, "");
	for (unsigned int i = 0; i < nr; i++) {
		/* Node 1 begins with the pool, each other one with its own header. */
		const void *block = i ? (const void *)nodes[i] : pool;
		const unsigned char *start = block;
		size_t header = i ? sizeof(**nodes) : sizeof(*pool);

		draw_node(pool, nodes[i], start + mp_align(header, MP_ALIGNMENT), i + 1);
	}
	blank();
}

static void show_nodes(struct mp_pool_s *pool)
{
	struct mp_node_s *first = pool->head, *second;

	draw(pool);

	printk("# A = mp_alloc(pool, %zu) and B = mp_calloc(pool, %zu) are aligned, and grow up.\n",
	       10 * CELL, 6 * CELL);
	printk("# c = mp_nalloc(pool, %zu) and d = mp_nalloc(pool, %zu) are packed, and grow down.\n",
	       3 * CELL, 5 * CELL);
	printk("# Rounding up to %d costs what is marked \"-\"; packed objects pay nothing.\n",
	       MP_ALIGNMENT);
	note('A', mp_alloc(pool, 10 * CELL), 10);
	note('B', mp_calloc(pool, 6 * CELL), 6);
	note('c', mp_nalloc(pool, 3 * CELL), 3);
	note('d', mp_nalloc(pool, 5 * CELL), 5);
	draw(pool);

	printk("# E = mp_alloc(pool, %zu): node 1 is too full, so there is a second one, and\n",
	       18 * CELL);
	printk("# everybody looks there first. F = mp_alloc(pool, %zu) nearly fills it.\n",
	       16 * CELL);
	note('E', mp_alloc(pool, 18 * CELL), 18);
	note('F', mp_alloc(pool, 16 * CELL), 16);
	second = pool->current;
	claim(second != first && pool->older == first, "a second node is current");
	draw(pool);

	printk("# g = mp_nalloc(pool, %zu) fits only node 1: a second chance for what is older.\n",
	       9 * CELL);
	note('g', mp_nalloc(pool, 9 * CELL), 9);
	claim(pool->current == second && second->failed == 1, "the older node served");
	printk("# H = mp_alloc(pool, %zu) fits neither: a third node. No request looks at more than\n",
	       12 * CELL);
	printk("# two, so of 1 and 2 the one that failed more often retires; at a tie, the older.\n");
	note('H', mp_alloc(pool, 12 * CELL), 12);
	claim(pool->older == second, "node 1 has retired");
	draw(pool);
}

static void show_large(struct mp_pool_s *pool, void *small)
{
	void *large = mp_alloc(pool, 1000);

	claim(large && pool->large, "a large block is on the pool's list");
	printk("# mp_alloc(pool, 1000) is above max = %zu: a large block, with a record in front.\n",
	       pool->max);
	printk("#   pool->large = %p, its memory is at %p\n", (void *)pool->large, large);
	claim(pool->large && (void *)(pool->large + 1) == large, "the record names its memory");
	claim(!((uintptr_t)large & (MP_ALIGNMENT - 1)), "large blocks are aligned");
	claim(mp_free(pool, large) == 0 && !pool->large, "mp_free takes a large block");
	claim(mp_free(pool, large) == -ENOENT, "mp_free takes it once");
	claim(mp_free(pool, small) == -ENOENT, "mp_free declines small objects");
	printk("# mp_free takes it back at once. Freed again, or A instead: -ENOENT, and nothing\n");
	printk("# happens. Small objects live until their pool is reset or destroyed.\n");
	blank();
}

static void show_reset(struct mp_pool_s *pool, void *small)
{
	size_t cells = objects[0].cells;

	printk("# mp_reset_pool(pool): every node but the first goes back; nothing is cleared.\n");
	printk("# The same requests get the same addresses: a = mp_alloc(pool, %zu) is A's.\n",
	       cells * CELL);
	mp_reset_pool(pool);
	nr_objects = 0;
	claim(!pool->head->next, "one node is left");
	claim(mp_alloc(pool, cells * CELL) == small, "the same request gets the same address");
	claim(*(char *)small == 'A', "a reset clears nothing");
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
		printk("# The demonstration is of a pool without red zones: not with KASAN=1.\n");
		return VERDICT_NOTHING;
	}
	all_true = true;
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
	show_reset(pool, small);

	during = pages_used();
	mp_destroy_pool(pool);
	heap_trim(&kernel_heap);
	printk("# mp_destroy_pool(pool): gone, all of it. Pages used before, during and after:\n");
	printk("# %zu, %zu, %zu.\n", before, during, pages_used());
	blank();
	claim(pages_used() == before, "every page is back");
	return all_true ? VERDICT_NOTHING : VERDICT_FAILED;
}

static const struct program demo = {
	.name = "demo",
	.options = "demo",
	.run = run_demo,
};

REGISTER_PROGRAM(1, demo);
