// SPDX-License-Identifier: MIT
/*
 * figures.c - "tree" and "stats": figures of pools, heap, pages
 *
 * "tree" shows what mp_print_tree() prints, in as many columns as the screen has.
 */
#include <mm/mp_internal.h>
#include <tests/monitor/look/draw.h>

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

/* Things of each kind, and how many of them are alive. */
static void say_things(struct monitor *monitor, const struct world *world)
{
	static const char *const names[THING_KINDS] = { "pools", "objects", "marks",
							"blocks of halloc", "handlers" };

	for (enum thing_kind kind = POOL; kind < THING_KINDS; kind++) {
		size_t alive = 0;

		for (uint32_t i = 0; i < world->nr[kind]; i++)
			alive += !world->of[kind][i].ended;
		say(monitor, "%-22s%8zu of %u\n", WORDS("%s alive", names[kind]).text, alive,
		    world->nr[kind]);
	}
}

/* Prints figures of everything. */
enum answer cmd_stats(struct monitor *monitor, const struct args *args)
{
	const struct session *session = &monitor->session;
	const struct page_allocator *pages = &session->world.pages;
	struct heap_sums sums;
	struct page_stats st;

	(void)args;
	page_get_stats(pages, &st);
	heap_add_up(&session->world.heap, &sums);
	say(monitor, "%30s%10s\n", "number", "bytes");
	say(monitor, "pages %24zu%10zu\n", st.total, st.total << MM_PAGE_SHIFT);
	say(monitor, "  used %23zu%10zu\n", st.used, st.used << MM_PAGE_SHIFT);
	say(monitor, "  used at most %15zu%10zu\n", st.peak, st.peak << MM_PAGE_SHIFT);
	say(monitor, "  requests refused %11zu\n", st.failed);
	say(monitor, "spans of the heap %12zu%10zu\n", sums.spans.nr, sums.all);
	say(monitor, "  used blocks %16zu%10zu\n", sums.used.nr, sums.used.bytes);
	say(monitor, "  free blocks %16zu%10zu\n", sums.free.nr, sums.free.bytes);
	say(monitor, "  top %34zu\n", sums.top);
	say_things(monitor, &session->world);
	say(monitor, "commands %21u\n", session->command);
	say(monitor, "operations %19u\n", session->nr);
	return ANSWER_DONE;
}
