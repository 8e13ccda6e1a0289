// SPDX-License-Identifier: MIT
/*
 * demo_layers.c - what pages, heap and pool have, after the boot and after the tests
 *
 * The word "demo" on the command line runs it. The run's story (tests/runner/story) tells what
 * it prints.
 */
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/program.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

#define BYTES 1024 /* what the objects of a pool may take */

static struct page_stats pages(void)
{
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	return stats;
}

/* Before anybody else asks for memory, a pool comes and goes: what does each layer take for it? */
static enum verdict after_boot(const struct boot_info *boot)
{
	struct page_stats before = pages();
	struct mp_pool_s *pool;

	if (!cmdline_has(boot->cmdline, "demo"))
		return VERDICT_NOTHING;
	printk("# the layers, after the boot:\n");
	printk("#   pages   %zu, used %zu: the page tables\n", before.total, before.used);
	pool = mp_create_pool(BYTES);
	if (!pool)
		return VERDICT_NOTHING;
	printk("#   heap    %zu page(s) for its first block, aligned to %zu\n",
	       pages().used - before.used, HEAP_ALIGN);
	printk("#   pool    %zu bytes of the heap for %d bytes of objects\n", pool->held, BYTES);
	mp_destroy_pool(pool);
	heap_trim(&kernel_heap);
	return VERDICT_NOTHING;
}

static enum verdict after_tests(const struct boot_info *boot)
{
	if (!cmdline_has(boot->cmdline, "demo"))
		return VERDICT_NOTHING;
	heap_trim(&kernel_heap);
	printk("# the layers, after the tests:\n");
	printk("#   pages   %zu, used %zu, at most %zu\n", pages().total, pages().used,
	       pages().peak);
	printk("#   heap    holds %zu run(s) of pages\n", kernel_heap.nr_spans);
	return VERDICT_NOTHING;
}

static const struct program layers_after_boot = {
	.name = "layers",
	.options = PROGRAM_WORDS("demo"),
	.run = after_boot,
};

static const struct program layers_after_tests = {
	.name = "layers_end",
	.options = PROGRAM_WORDS("demo"),
	.run = after_tests,
};

REGISTER_PROGRAM(0, layers_after_boot);
REGISTER_PROGRAM(8, layers_after_tests);
