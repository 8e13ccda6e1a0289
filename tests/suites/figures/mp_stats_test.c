// SPDX-License-Identifier: MIT
/*
 * mp_stats_test.c - mp_get_stats(), mp_get_tree_stats(), mp_print_tree(): figures of pools
 *
 *	|<------------------- held ------------------->|
 *	| headers | used |..... tails .....|   used    |
 */
#include <kernel/lib/printk.h>
#include <tests/suites/figures/tree.h>

/* The bytes of the heap's block of so many, header counted; computed by hand. */
#define BLOCK(size) (((size) + 16 + 31) & ~(size_t)31)

static struct mp_stats_s stats_of(const struct mp_pool_s *pool)
{
	struct mp_stats_s stats;

	memset(&stats, 0xee, sizeof(stats)); /* what was there does not count */
	mp_get_stats(pool, &stats);
	return stats;
}

static struct mp_stats_s tree_stats_of(const struct mp_pool_s *pool)
{
	struct mp_stats_s stats;

	memset(&stats, 0xee, sizeof(stats));
	mp_get_tree_stats(pool, &stats);
	return stats;
}

static void expect_stats(struct kunit *test, struct mp_stats_s got, struct mp_stats_s expected)
{
	KUNIT_EXPECT_EQ(test, got.held, expected.held);
	KUNIT_EXPECT_EQ(test, got.peak, expected.peak);
	KUNIT_EXPECT_EQ(test, got.used, expected.used);
	KUNIT_EXPECT_EQ(test, got.tails, expected.tails);
	KUNIT_EXPECT_EQ(test, got.headers, expected.held - expected.used - expected.tails);
	KUNIT_EXPECT_EQ(test, got.limit, expected.limit);
	KUNIT_EXPECT_EQ(test, got.pools, expected.pools);
	KUNIT_EXPECT_EQ(test, got.nodes, expected.nodes);
	KUNIT_EXPECT_EQ(test, got.large, expected.large);
	KUNIT_EXPECT_EQ(test, got.handlers, expected.handlers);
	KUNIT_EXPECT_EQ(test, got.children, expected.children);
	KUNIT_EXPECT_EQ(test, got.marks, expected.marks);
	KUNIT_EXPECT_EQ(test, got.refused, expected.refused);
}

#define NODE ((size_t)1024) /* bytes that the nodes of tree.server hold, and MP_REDZONE */

static void new_pool(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&arena_heap, NODE);
	struct mp_stats_s expected = {
		.held = bytes_of(pool),
		.peak = bytes_of(pool),
		.tails = NODE + MP_REDZONE,
		.pools = 1,
		.nodes = 1,
	};

	expect_stats(test, stats_of(pool), expected);
	expect_stats(test, tree_stats_of(pool), expected);
	mp_destroy_pool(pool);
}

/* One of each, figures by hand. */
static void one_of_each(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&arena_heap, NODE);
	struct mp_stats_s expected = stats_of(pool);
	struct mp_mark_s mark;
	size_t taken;

	mp_alloc(pool, 100);
	mp_nalloc(pool, 7);
	taken = MP_ROOM(100) + MP_PACKED(7);
	expected.used += taken;
	expected.tails -= taken;
	expect_stats(test, stats_of(pool), expected);

	mp_alloc(pool, NODE); /* a second node, which it fills */
	expected.nodes++;
	expected.held += BLOCK(mp_align(32, MP_ALIGNMENT) + NODE + MP_REDZONE);
	expected.used += NODE + MP_REDZONE;
	expected.peak = expected.held;
	expect_stats(test, stats_of(pool), expected);

	KUNIT_ASSERT_NOT_NULL(test, mp_memalign(pool, 5000, 4096));
	expected.large++;
	expected.held += BLOCK(32 + 5000 + MP_REDZONE);
	expected.used += BLOCK(32 + 5000 + MP_REDZONE) - 16 - 32;
	KUNIT_ASSERT_NOT_NULL(test, mp_cleanup_add(pool, 100));
	expected.handlers++;
	taken = mp_align(48, MP_ALIGNMENT);
	expected.held += BLOCK(taken + 100 + MP_REDZONE);
	expected.used += BLOCK(taken + 100 + MP_REDZONE) - 16 - taken;
	mark = mp_mark(pool);
	expected.marks++;
	expected.held += heap_usable_size(mark.savepoint) + 16;
	KUNIT_ASSERT_NOT_NULL(test, mp_create_child(pool, 100));
	expected.children++;
	expected.peak = expected.held;
	expect_stats(test, stats_of(pool), expected);
	expected = stats_of(pool);

	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_EQ(test, stats_of(pool).peak, expected.peak);
	KUNIT_EXPECT_EQ(test, stats_of(pool).marks, 0);
	KUNIT_EXPECT_EQ(test, stats_of(pool).children, 0);
	mp_reset_pool(pool);
	expected = (struct mp_stats_s){
		.held = bytes_of(pool),
		.peak = expected.peak,
		.tails = NODE + MP_REDZONE,
		.pools = 1,
		.nodes = 1,
	};
	expect_stats(test, stats_of(pool), expected);
	mp_destroy_pool(pool);
}

/* Padding in front of an aligned object counts as used; what mp_give_back() takes, as free. */
static void padding(struct kunit *test)
{
	struct mp_pool_s *pool = tree.server;
	unsigned char *start = pool->head->last, *p = mp_alloc_aligned(pool, 10, 512);

	KUNIT_EXPECT_EQ(test, stats_of(pool).used, (size_t)(p - start) + MP_ROOM(10));
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 10), 0);
	KUNIT_EXPECT_EQ(test, stats_of(pool).used, (size_t)(p - start));
	expect_limits(test);
}

/* The most that was ever held, also for a moment; no reset makes it smaller. */
static void peak(struct kunit *test)
{
	struct mp_pool_s *pool = tree.below;
	size_t held = pool->held, most;
	void *p;

	for (int round = 0; round < 3; round++) {
		p = mp_alloc(pool, 9000);
		most = pool->held;
		KUNIT_EXPECT_EQ(test, stats_of(pool).peak, most);
		KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
		KUNIT_EXPECT_EQ(test, stats_of(pool).held, held);
		KUNIT_EXPECT_EQ(test, stats_of(pool).peak, most);
		mp_alloc(pool, 5000); /* less than before */
		KUNIT_EXPECT_EQ(test, stats_of(pool).peak, most);
		mp_reset_pool(pool);
		KUNIT_EXPECT_EQ(test, stats_of(pool).peak, most);
	}
	p = mp_realloc(pool, mp_alloc(pool, 9000), 9000, 12000);
	KUNIT_EXPECT_EQ(test, stats_of(pool).peak, held + BLOCK(32 + 12000 + MP_REDZONE));
	/* Of a tree: the sum. Parents do not count what children hold. */
	KUNIT_EXPECT_EQ(test, stats_of(tree.request).peak, tree.request->held);
	KUNIT_EXPECT_EQ(test, tree_stats_of(tree.request).peak,
			stats_of(pool).peak + stats_of(tree.request).peak);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

/* Counted: memory that was out, limits. Not counted: what nobody could serve. */
static void refused(struct kunit *test)
{
	struct mp_pool_s *pool = tree.below;

	KUNIT_EXPECT_NULL(test, mp_alloc(pool, ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, mp_memalign(pool, 10, 3));
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(pool, SIZE_MAX));
	KUNIT_EXPECT_EQ(test, stats_of(pool).refused, 1);
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, pool->held), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 200));
	KUNIT_EXPECT_NULL(test, mp_create_child(pool, 200));
	KUNIT_EXPECT_EQ(test, stats_of(pool).refused, 3);
	mp_reset_pool(pool); /* remembered for ever */
	KUNIT_EXPECT_EQ(test, stats_of(pool).refused, 3);
	KUNIT_EXPECT_EQ(test, stats_of(pool).limit, pool->held);
	KUNIT_EXPECT_EQ(test, stats_of(tree.request).refused, 0);
	KUNIT_EXPECT_EQ(test, tree_stats_of(tree.server).refused, 3);
}

static void tree_is_a_sum(struct kunit *test)
{
	struct mp_pool_s *pool[5] = { tree.server, tree.connection, tree.request, tree.below };
	struct mp_stats_s sum = { 0 };

	pool[4] = mp_create_child(tree.server, 64);
	KUNIT_ASSERT_NOT_NULL(test, pool[4]);
	for (size_t i = 0; i < 5; i++) {
		mp_alloc(pool[i], 20 + i);
		mp_alloc(pool[i], 5000 * i);
		mp_nalloc(pool[i], 20);
		DIARY_ADD(test, pool[i], (char)('a' + i));
	}
	KUNIT_ASSERT_NOT_NULL(test, mp_mark(tree.request).savepoint);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 100000), 0);
	for (size_t i = 0; i < 5; i++) {
		struct mp_stats_s one = stats_of(pool[i]);

		sum.held += one.held;
		sum.peak += one.peak;
		sum.used += one.used;
		sum.tails += one.tails;
		sum.pools += one.pools;
		sum.nodes += one.nodes;
		sum.large += one.large;
		sum.handlers += one.handlers;
		sum.children += one.children;
		sum.marks += one.marks;
		sum.refused += one.refused;
	}
	sum.limit = 100000;
	KUNIT_EXPECT_EQ(test, sum.pools, 5);
	KUNIT_EXPECT_EQ(test, sum.children, 4);
	KUNIT_EXPECT_EQ(test, sum.handlers, 5);
	KUNIT_EXPECT_EQ(test, sum.marks, 1);
	KUNIT_EXPECT_EQ(test, sum.large, 4);
	expect_stats(test, tree_stats_of(tree.server), sum);
}

/* Text that mp_print_tree() prints. */
static char printed[8192];

static void take(const char *text, size_t size)
{
	size_t length = strlen(printed);

	if (length + size < sizeof(printed)) {
		memcpy(printed + length, text, size);
		printed[length + size] = '\0';
	}
}

static const char *print(const struct mp_pool_s *pool)
{
	printed[0] = '\0';
	printk_taker = take;
	mp_print_tree(pool);
	printk_taker = NULL;
	return printed;
}

/* To the nearest whole number. */
static size_t percent(size_t part, size_t whole)
{
	return (200 * part + whole) / (2 * whole);
}

/* Appends what the line of @pool must be to @text. */
static void expect_line(char *text, size_t size, const struct mp_pool_s *pool, size_t whole,
			const char *name)
{
	struct mp_stats_s s = stats_of(pool);
	size_t length = strlen(text);

	snprintf(text + length, size - length,
		 "# %9zu %9zu %4zu%% %3zu%% %3zu%% %3zu%%  %5zu %5zu %8zu %5zu %7zu  %s\n", s.held,
		 s.peak, percent(s.held, whole), percent(s.used, s.held), percent(s.tails, s.held),
		 percent(s.headers, s.held), s.nodes, s.large, s.handlers, s.marks, s.refused,
		 name);
}

#define HEAD \
	"#      held      peak  part used tail head  nodes large handlers marks refused  pool\n"

/*
 *	server, limit 200000
 *	  unnamed
 *	    request, limit 50000
 *	  twin
 */
static void prints_a_tree(struct kunit *test)
{
	static char expected[4096], name[64];
	struct mp_pool_s *twin;
	size_t whole, length;

	mp_destroy_pool(tree.below);
	twin = mp_create_child(tree.server, 100);
	KUNIT_ASSERT_NOT_NULL(test, twin);
	mp_set_name(tree.server, "server");
	mp_set_name(tree.request, "request");
	mp_set_name(twin, "twin");
	mp_alloc(twin, 5000);
	DIARY_ADD(test, tree.request, 'x');
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 200000), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, 50000), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.request, 60000));
	whole = tree_bytes(tree.server);

	snprintf(expected, sizeof(expected), "%s", HEAD);
	expect_line(expected, sizeof(expected), tree.server, whole, "server (limit 200000)");
	expect_line(expected, sizeof(expected), twin, whole, "  twin");
	snprintf(name, sizeof(name), "  %p", (void *)tree.connection);
	expect_line(expected, sizeof(expected), tree.connection, whole, name);
	expect_line(expected, sizeof(expected), tree.request, whole, "    request (limit 50000)");
	length = strlen(expected);
	snprintf(expected + length, sizeof(expected) - length, "# %9zu bytes in 4 pools\n", whole);
	KUNIT_EXPECT_STREQ(test, print(tree.server), expected);
}

/* A pool alone is all of the tree; siblings behind deep pools are on their level again. */
static void prints_depths(struct kunit *test)
{
	static char expected[4096];
	struct mp_pool_s *at = tree.below;
	size_t length;

	mp_set_name(at, "alone");
	snprintf(expected, sizeof(expected), "%s", HEAD);
	expect_line(expected, sizeof(expected), at, at->held, "alone");
	length = strlen(expected);
	snprintf(expected + length, sizeof(expected) - length, "# %9zu bytes in 1 pools\n",
		 at->held);
	KUNIT_EXPECT_STREQ(test, print(at), expected);
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "  100% "));

	/* The first child is the last one printed. */
	mp_set_name(mp_create_child(tree.server, 64), "young");
	mp_set_name(tree.connection, "old");
	print(tree.server);
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "0    young\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "0    old\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "0        alone\n"));
	KUNIT_EXPECT_TRUE(test, strstr(printed, "young") < strstr(printed, "old"));
}

/* From the 20th level on, lines are not indented further. */
static void prints_a_deep_tree(struct kunit *test)
{
	struct mp_pool_s *at = tree.server;
	const char *line;

	for (int depth = 1; depth <= 22; depth++) {
		at = mp_create_child(at, 32);
		KUNIT_ASSERT_NOT_NULL(test, at);
		if (depth >= 19)
			mp_set_name(at, "deep");
	}
	print(tree.server);
	for (int depth = 19; depth <= 22; depth++) {
		int indent = 2 * (depth < 20 ? depth : 20);

		line = strstr(printed, "deep");
		KUNIT_ASSERT_NOT_NULL(test, line);
		KUNIT_EXPECT_EQ(test, line[-indent - 2], ' ');
		KUNIT_EXPECT_EQ(test, line[-indent - 3], '0');
		printed[line - printed] = '.';
	}
}

static void no_pool(struct kunit *test)
{
	struct mp_stats_s stats;

	mp_destroy_pool(tree.below);
	KUNIT_EXPECT_PANIC(test, "mp_get_stats", mp_get_stats(tree.below, &stats));
	KUNIT_EXPECT_PANIC(test, "mp_get_tree_stats", mp_get_tree_stats(tree.below, &stats));
	KUNIT_EXPECT_PANIC(test, "is no pool", mp_print_tree(tree.below));
	KUNIT_EXPECT_PANIC(test, "mp_set_limit", mp_set_limit(tree.below, 5));
}

static struct kunit_case mp_stats_cases[] = {
	KUNIT_CASE(new_pool),
	KUNIT_CASE(one_of_each),
	KUNIT_CASE(padding),
	KUNIT_CASE(peak),
	KUNIT_CASE(refused),
	KUNIT_CASE(tree_is_a_sum),
	KUNIT_CASE(prints_a_tree),
	KUNIT_CASE(prints_depths),
	KUNIT_CASE(prints_a_deep_tree),
	KUNIT_CASE(no_pool),
	{},
};

static struct kunit_suite mp_stats_suite = {
	.name = "mp_stats",
	.init = tree_start,
	.exit = tree_stop,
	.test_cases = mp_stats_cases,
};

kunit_test_suite(mp_stats_suite);
