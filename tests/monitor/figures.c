// SPDX-License-Identifier: MIT
/*
 * figures.c - "tree" and "stats": figures of pools, heap, pages
 *
 * "tree" shows what mp_print_tree() prints, in as many columns as the screen has.
 */
#include <mm/mp_internal.h>
#include <tests/monitor/draw.h>

#define NAME_COLUMNS 12
#define FIGURE_COLUMNS 8
#define MAX_INDENT 6 /* deeper pools stand below each other */

/* Prints a line of the tree: @name, @depth steps to the right, and as many figures as fit. */
static void say_pool(struct monitor *monitor, unsigned int depth, const char *name,
		     const struct mp_stats_s *stats)
{
	const struct {
		const char *title;
		size_t value;
	} figures[] = {
		{ "held", stats->held },	 { "used", stats->used },
		{ "tails", stats->tails },	 { "headers", stats->headers },
		{ "nodes", stats->nodes },	 { "large", stats->large },
		{ "refused", stats->refused },	 { "peak", stats->peak },
		{ "handlers", stats->handlers }, { "marks", stats->marks },
	};
	size_t fit = (screen_columns(monitor) - NAME_COLUMNS) / FIGURE_COLUMNS;

	if (depth > MAX_INDENT)
		depth = MAX_INDENT;
	say(monitor, "%*s%-*s", (int)depth, "", NAME_COLUMNS - (int)depth, name);
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures) && i < fit; i++) {
		if (stats->pools)
			say(monitor, "%*zu", FIGURE_COLUMNS, figures[i].value);
		else
			say(monitor, "%*s", FIGURE_COLUMNS, figures[i].title);
	}
	say(monitor, "\n");
}

/* Prints @root and all pools below it. */
static void say_tree(struct monitor *monitor, const struct mp_pool_s *root)
{
	unsigned int depth = 0;

	for (const struct mp_pool_s *at = root, *next; at; at = next) {
		uint32_t number = find_thing(&monitor->session.world, POOL, (uintptr_t)at);
		struct mp_stats_s stats;

		mp_get_stats(at, &stats);
		say_pool(monitor, depth++, WORDS("p%u", number).text, &stats);
		next = mp_next_pool(root, at);
		/* It is a child of @at, or of a pool above. */
		for (; next && at != next->parent; at = at->parent)
			depth--;
	}
}

/* Prints all pools, each below its parent. */
enum answer cmd_tree(struct monitor *monitor, const struct args *args)
{
	const struct world *world = &monitor->session.world;
	const struct mp_stats_s titles = { 0 };

	(void)args;
	say_pool(monitor, 0, "bytes of", &titles);
	for (uint32_t i = 0; i < world->nr[POOL]; i++)
		if (!world->of[POOL][i].ended && world->of[POOL][i].pool == NO_THING)
			say_tree(monitor, world->of[POOL][i].at);
	return ANSWER_DONE;
}

/* Prints a line of figures: so many, and how many bytes that is, if not 0. */
static void say_figure(struct monitor *monitor, const char *what, size_t nr, size_t bytes)
{
	say(monitor, "%-22s%8zu", what, nr);
	if (bytes)
		say(monitor, "%10zu", bytes);
	say(monitor, "\n");
}

static void say_pages(struct monitor *monitor, const struct page_allocator *pages)
{
	struct page_stats stats;

	page_get_stats(pages, &stats);
	say_figure(monitor, "pages", stats.total, stats.total << MM_PAGE_SHIFT);
	say_figure(monitor, "  used", stats.used, stats.used << MM_PAGE_SHIFT);
	say_figure(monitor, "  used at most", stats.peak, stats.peak << MM_PAGE_SHIFT);
	say_figure(monitor, "  requests refused", stats.failed, 0);
}

static void say_heap(struct monitor *monitor, const struct heap *heap)
{
	struct heap_sums sums;

	heap_add_up(heap, &sums);
	say_figure(monitor, "spans of the heap", sums.spans.nr, sums.all);
	say_figure(monitor, "  used blocks", sums.used.nr, sums.used.bytes);
	say_figure(monitor, "  free blocks", sums.free.nr, sums.free.bytes);
	say_figure(monitor, "  top", sums.top > 0, sums.top);
}

static void say_pools(struct monitor *monitor, const struct world *world)
{
	struct mp_stats_s all = { 0 }, one;

	for (uint32_t i = 0; i < world->nr[POOL]; i++) {
		if (world->of[POOL][i].ended)
			continue;
		mp_get_stats(world->of[POOL][i].at, &one);
		all.pools++;
		all.nodes += one.nodes;
		all.large += one.large;
		all.held += one.held;
		all.tails += one.tails;
		all.refused += one.refused;
	}
	say_figure(monitor, "pools, what they hold", all.pools, all.held);
	say_figure(monitor, "  nodes, their room", all.nodes, all.tails);
	say_figure(monitor, "  large blocks", all.large, 0);
	say_figure(monitor, "  requests refused", all.refused, 0);
}

static void say_things(struct monitor *monitor, const struct world *world)
{
	static const char *const names[THING_KINDS] = { "pools alive", "objects alive",
							"marks alive", "halloc blocks alive",
							"handlers alive" };

	for (enum thing_kind kind = POOL; kind < THING_KINDS; kind++) {
		size_t alive = 0;

		for (uint32_t i = 0; i < world->nr[kind]; i++)
			alive += !world->of[kind][i].ended;
		say(monitor, "%-22s%8zu of %u\n", names[kind], alive, world->nr[kind]);
	}
}

/* Prints figures of everything. */
enum answer cmd_stats(struct monitor *monitor, const struct args *args)
{
	const struct session *session = &monitor->session;

	(void)args;
	say(monitor, "%30s%10s\n", "number", "bytes");
	say_pages(monitor, &session->world.pages);
	say_heap(monitor, &session->world.heap);
	say_pools(monitor, &session->world);
	say_things(monitor, &session->world);
	say_figure(monitor, "commands", session->command, 0);
	say_figure(monitor, "operations", session->nr, 0);
	return ANSWER_DONE;
}
