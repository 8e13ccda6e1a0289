// SPDX-License-Identifier: MIT
/*
 * replay_report.c - where the memory went, and how many instructions calls took
 *
 * Every byte of a heap block that a pool holds belongs to one of four kinds. They
 * are counted when the pool gives the block back:
 *
 *	node: |heap header|pool or node header|objects, rounded up|tail|rounding|
 *	large block:   |heap header|record|the object|rounding|
 *	cleanup:       |heap header|record|its data|rounding|
 *
 * - asked for: the objects, and the data of cleanups;
 * - headers: the heap's 16 bytes, and the header of the pool, node, large block or
 *   cleanup (rounded up to MP_ALIGNMENT);
 * - tails: the bytes between last and end of a node;
 * - alignment: the rest, because objects are rounded up to MP_ALIGNMENT and heap
 *   blocks to 32 bytes.
 */
#include <kernel/lib/printk.h>
#include <mm/heap.h>
#include <mm/mp_record.h>
#include <mm/page.h>
#include <tests/replay/replay.h>

#define HEAP_HEADER 16

/* Counts a heap block of @held bytes; @asked of them are objects. */
static void account(struct replay_report *report, size_t held, size_t asked, size_t header,
		    size_t tail)
{
	report->held += held;
	report->lost_headers += header;
	report->lost_tails += tail;
	report->lost_alignment += held - asked - header - tail;
}

/**
 * replay_account_large() - count the bytes of a large block
 * @replay: the replay
 * @block: alive, but about to be freed
 */
void replay_account_large(struct replay *replay, const struct replay_block *block)
{
	const struct mp_large_s *large = (const struct mp_large_s *)block->at - 1;

	account(&replay->report, HEAP_HEADER + heap_usable_size(large), block->size,
		HEAP_HEADER + sizeof(*large), 0);
}

/* How many records of each kind a pool has. */
struct numbers {
	size_t nodes, large, cleanups, children;
};

/* The pool's list and the trace must agree on what the pool holds. */
static bool check_numbers(struct replay *replay, const struct replay_pool *owner,
			  const struct numbers *nr)
{
	if (nr->large != owner->nr_large)
		return replay_fail(replay, "the pool lists %zu large blocks, the trace %u",
				   nr->large, owner->nr_large);
	if (nr->cleanups != owner->nr_cleanups)
		return replay_fail(replay, "the pool lists %zu cleanups, the trace %u",
				   nr->cleanups, owner->nr_cleanups);
	if (nr->children != owner->nr_children)
		return replay_fail(replay, "the pool lists %zu children, the trace %u",
				   nr->children, owner->nr_children);
	return true;
}

/**
 * replay_account_pool() - count the bytes of a pool's nodes and cleanups
 * @replay: the replay
 * @owner: a pool that is about to be reset or destroyed
 *
 * Large blocks were counted before, and each child has its turn.
 *
 * Return: true if the records of the pool agree with the trace.
 */
bool replay_account_pool(struct replay *replay, const struct replay_pool *owner)
{
	const struct mp_pool_s *pool = owner->pool;
	size_t held = HEAP_HEADER + heap_usable_size(pool), headers = HEAP_HEADER + POOL_HEADER;
	size_t tails = pool->head->end - pool->head->last, room;
	struct numbers nr = { .nodes = 1 };
	bool overlap = pool->head->end < pool->head->last;

	for (const struct mp_record_s *record = pool->records; record; record = record->next) {
		const struct mp_node_s *node = mp_block_of(record);

		switch (mp_kind(pool, record)) {
		case MP_NODE:
			nr.nodes++;
			overlap = overlap || node->end < node->last;
			tails += node->end - node->last;
			held += HEAP_HEADER + heap_usable_size(record);
			headers += HEAP_HEADER + NODE_HEADER;
			break;
		case MP_CLEANUP:
			nr.cleanups++;
			held += HEAP_HEADER + heap_usable_size(record);
			headers += HEAP_HEADER + CLEANUP_HEADER;
			break;
		case MP_LARGE:
			nr.large++;
			break;
		case MP_CHILD:
			nr.children++;
			break;
		default:
			return replay_fail(replay, "a record of the pool is none: %p", record);
		}
	}

	room = nr.nodes * pool->size - tails;
	if (overlap)
		return replay_fail(replay, "packed objects overlap aligned ones in a node");
	if (room < owner->asked)
		return replay_fail(replay, "%zu bytes of objects lie in %zu bytes of nodes",
				   owner->asked, room);
	if (!check_numbers(replay, owner, &nr))
		return false;
	account(&replay->report, held, owner->asked + owner->asked_cleanups, headers, tails);
	return true;
}

/* @part / @whole in tenths, rounded to the nearest. */
static size_t tenths(size_t part, size_t whole)
{
	return whole ? (part * 10 + whole / 2) / whole : 0;
}

static void print_loss(const char *what, size_t bytes, size_t held)
{
	size_t percent = tenths(bytes * 100, held);

	printk("#   %-22s %12zu bytes    %3zu.%zu %%\n", what, bytes, percent / 10, percent % 10);
}

static void print_costs(const struct replay_report *report)
{
	static const char *const names[] = {
		[REPLAY_ALLOC_SMALL] = "allocate small",
		[REPLAY_ALLOC_LARGE] = "allocate large",
		[REPLAY_FREE] = "free",
		[REPLAY_DECLINE] = "decline to free",
		[REPLAY_CLEANUP] = "add a cleanup",
		[REPLAY_CREATE] = "create",
		[REPLAY_RESET] = "reset",
		[REPLAY_DESTROY] = "destroy",
	};
	struct replay_cost all = { 0 };
	size_t mean;

	printk("# instructions per event, checks and zeroing not counted\n");
	for (unsigned int i = 0; i < REPLAY_ZEROING; i++) {
		const struct replay_cost *cost = &report->cost[i];

		all.calls += cost->calls;
		all.instructions += cost->instructions;
		mean = tenths(cost->instructions, cost->calls);
		if (cost->calls)
			printk("#   %-22s %10zu.%zu x %zu\n", names[i], mean / 10, mean % 10,
			       cost->calls);
	}
	mean = tenths(all.instructions, all.calls);
	printk("#   %-22s %10zu.%zu x %zu\n", "mean", mean / 10, mean % 10, all.calls);
	mean = tenths(report->cost[REPLAY_ZEROING].instructions, all.calls);
	printk("#   %-22s %10zu.%zu x %zu\n", "zeroing, in addition", mean / 10, mean % 10,
	       all.calls);
}

/**
 * replay_print_report() - print the counts of a replay
 * @replay: a replay without an error
 * @name: the trace's name
 */
void replay_print_report(const struct replay *replay, const char *name)
{
	const struct replay_report *report = &replay->report;
	const struct replay_cost *cost = report->cost;
	size_t lost = report->lost_alignment + report->lost_tails + report->lost_headers;

	printk("# replay of %s\n", name);
	printk("#   %-22s %12zu\n", "events", report->events);
	printk("#   %-22s %12zu          %zu resets, %zu children\n", "pools", report->pools,
	       cost[REPLAY_RESET].calls, report->children);
	printk("#   %-22s %12zu          %zu aligned, %zu unaligned, %zu zeroed, %zu memalign\n",
	       "objects", report->objects, report->aligned, report->unaligned, report->zeroed,
	       report->memalign);
	printk("#   %-22s %12zu\n", "cleanups", report->cleanups);
	printk("#   %-22s %12zu          %zu of them declined\n", "frees",
	       cost[REPLAY_FREE].calls + cost[REPLAY_DECLINE].calls, cost[REPLAY_DECLINE].calls);
	printk("#   %-22s %12zu bytes\n", "peak asked for", report->peak_asked);
	printk("#   %-22s %12zu pages    %zu KiB\n", "peak used", report->peak_pages,
	       report->peak_pages * (MM_PAGE_SIZE / 1024));
	print_loss("held by all pools", report->held, report->held);
	print_loss("  asked for", report->held - lost, report->held);
	print_loss("  lost to alignment", report->lost_alignment, report->held);
	print_loss("  lost to node tails", report->lost_tails, report->held);
	print_loss("  lost to headers", report->lost_headers, report->held);
	if (replay->clock)
		print_costs(report);
}
