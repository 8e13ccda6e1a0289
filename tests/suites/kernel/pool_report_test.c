// SPDX-License-Identifier: MIT
/*
 * pool_report_test.c - what reports say of an address in a pool, also of a damaged one
 *
 *	pool->records --> mark --> cleanup 2 --> child --> large --> cleanup 1 --> node --> NULL
 *	                                         |
 *	                                         records --> cleanup 1 --> NULL
 *
 * A report must end, and must read no memory that is not given out, whatever the list holds.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/heap_text.h>
#include <mm/mp_record.h>
#include <tests/kunit/kunit.h>

#define POOL_SIZE 512
#define DATA 13

static struct mp_pool_s *pool, *child;
static struct mp_cleanup_s *cleanup[2], *in_child;
static struct mp_node_s *node;
static struct mp_mark_s mark;
static unsigned char *large;

static int start(struct kunit *test)
{
	(void)test;
	pool = mp_create_pool(POOL_SIZE);
	if (!pool)
		return 1;
	mp_alloc(pool, POOL_SIZE - 100);
	mp_alloc(pool, POOL_SIZE - 100);
	node = pool->current;
	cleanup[0] = mp_cleanup_add(pool, DATA);
	large = mp_alloc(pool, 5000);
	child = mp_create_child(pool, POOL_SIZE);
	in_child = child ? mp_cleanup_add(child, DATA) : NULL;
	cleanup[1] = mp_cleanup_add(pool, DATA);
	mark = mp_mark(pool);
	return !cleanup[0] || !large || !in_child || !cleanup[1] || !mark.savepoint;
}

static void finish(struct kunit *test)
{
	(void)test;
	mp_destroy_pool(pool);
}

/* The text for the byte at @p must end with @words and the address of @owner. */
static void expect_text(struct kunit *test, const void *p, const char *words,
			const struct mp_pool_s *owner)
{
	struct report_text text = heap_text((uintptr_t)p);
	size_t length = strlen(text.text), wanted;
	char end[160];

	snprintf(end, sizeof(end), ", %s of the pool at %#lx", words, (uintptr_t)owner);
	if (mp_parent(owner))
		snprintf(end + strlen(end), sizeof(end) - strlen(end),
			 ", a child of the pool at %#lx", (uintptr_t)owner->parent);
	wanted = strlen(end);
	if (length < wanted || strcmp(text.text + length - wanted, end))
		KUNIT_FAIL(test, "%p is \"%s\", not \"...%s\"", p, text.text, end);
}

static void expect_nobody(struct kunit *test, const void *p)
{
	struct report_text text = heap_text((uintptr_t)p);

	if (!text.text[0] || strstr(text.text, "pool"))
		KUNIT_FAIL(test, "%p is \"%s\", which names a pool", p, text.text);
}

static void each_record_has_a_name(struct kunit *test)
{
	expect_text(test, pool, "the first node", pool);
	expect_text(test, node, "a node", pool);
	expect_text(test, node + 1, "a node", pool);
	expect_text(test, large - 1, "a large block", pool);
	expect_text(test, large, "a large block", pool);
	expect_text(test, mark.savepoint, "a mark", pool);
	expect_text(test, &cleanup[0]->handler, "the record of cleanup 1", pool);
	expect_text(test, cleanup[0]->data, "the data of cleanup 1", pool);
	expect_text(test, (char *)cleanup[0]->data + DATA, "the data of cleanup 1", pool);
	expect_text(test, (char *)cleanup[1]->data - 1, "the record of cleanup 2", pool);
	expect_text(test, cleanup[1]->data, "the data of cleanup 2", pool);
	expect_text(test, child, "the first node", child);
	expect_text(test, in_child, "the record of cleanup 1", child);
	expect_text(test, in_child->data, "the data of cleanup 1", child);
}

/* Numbers count what is on the list now. */
static void numbers_follow_the_list(struct kunit *test)
{
	struct mp_cleanup_s *third = mp_cleanup_add(pool, DATA);

	KUNIT_ASSERT_NOT_NULL(test, third);
	expect_text(test, third, "the record of cleanup 3", pool);
	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, cleanup[0]), 0);
	expect_text(test, third, "the record of cleanup 2", pool);
	expect_text(test, cleanup[1], "the record of cleanup 1", pool);
}

static void what_has_left_has_no_name(struct kunit *test)
{
	struct mp_pool_s *other = child;

	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	expect_nobody(test, mark.savepoint);
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, cleanup[1]), 0);
	expect_nobody(test, cleanup[1]);
	mp_destroy_pool(child);
	expect_nobody(test, other);
	expect_nobody(test, in_child);
}

/* Its record has left the list, but its block is not free yet. */
static void look_at_own_data(void *data)
{
	char *text = *(char **)data;
	struct report_text said = heap_text((uintptr_t)data);

	snprintf(text, sizeof(said.text), "%s", said.text);
}

static void a_handler_is_running(struct kunit *test)
{
	static char text[REPORT_TEXT_MAX];

	cleanup[1]->handler = look_at_own_data;
	*(char **)cleanup[1]->data = text;
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, cleanup[1]), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " of a used heap block of "));
	KUNIT_EXPECT_NULL(test, strstr(text, "pool"));
}

/*
 * Without the rest of the list, a cleanup has no number. Its own record is still vouched for. What
 * the damaged record is, nobody knows.
 */
static void damaged_record(struct kunit *test)
{
	struct mp_record_s *damaged = &((struct mp_large_s *)large - 1)->entry.record;
	static const uint32_t tags[] = { 0, MP_NODE, MP_CHILD, MP_MARK, 7, ~0u };
	struct mp_record_s good;

	good = *damaged;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		damaged->tag = tags[i];
		expect_nobody(test, large);
		expect_text(test, cleanup[1]->data, "the data of a cleanup", pool);
		expect_text(test, cleanup[0]->data, "the data of cleanup 1", pool);
		expect_text(test, node, "a node", pool);
	}
	*damaged = good;
	expect_text(test, cleanup[1]->data, "the data of cleanup 2", pool);
}

/*
 * The record links to @next, and vouches for that: the worst that damage can do. The numbers
 * of newer cleanups are lost, and nothing at @next is believed.
 */
static void expect_wild(struct kunit *test, void *next)
{
	struct mp_record_s *record = &((struct mp_large_s *)large - 1)->entry.record;
	struct mp_record_s *good = record->next;

	mp_set_next(record, next);
	expect_text(test, large, "a large block", pool);
	expect_text(test, cleanup[1]->data, "the data of a cleanup", pool);
	mp_set_next(record, good);
}

static void wild_links(struct kunit *test)
{
	const struct page_range *last = &kernel_pages.ranges[kernel_pages.nr_ranges - 1];

	expect_wild(test, (void *)HEAP_ALIGN);
	expect_wild(test, (void *)1);
	expect_wild(test, (void *)UINTPTR_MAX);
	expect_wild(test, (void *)0x5555555555555560);
	expect_wild(test, (void *)(uintptr_t)-HEAP_ALIGN);
	expect_wild(test, (void *)last->end);
	expect_wild(test, (void *)(last->end - HEAP_ALIGN));
	expect_wild(test, large + 1);
	expect_wild(test, large + HEAP_ALIGN);
	expect_wild(test, pool);
}

static void circles(struct kunit *test)
{
	expect_wild(test, (struct mp_large_s *)large - 1);
	expect_wild(test, child);
	expect_wild(test, cleanup[1]);
	expect_wild(test, mark.savepoint);
}

/*
 *	| page, given out             | page, not given out
 *	                       | a child that would be believed |
 *
 * A child's record is 128 bytes long, so it is read only if all of them are given out.
 */
static void child_at_the_end_of_pages(struct kunit *test)
{
	char *pages = page_alloc(&kernel_pages, 2);
	struct mp_pool_s *forged;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	forged = (struct mp_pool_s *)(void *)(pages + MM_PAGE_SIZE - 2 * HEAP_ALIGN);
	memset(forged, 0, sizeof(*forged));
	forged->entry.record.tag = MP_CHILD;
	forged->parent = pool;
	forged->entry.cookie = mp_pool_cookie(forged);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, pages + MM_PAGE_SIZE, 1), 0);
	expect_wild(test, forged);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, pages, 1), 0);
}

static struct kunit_case pool_report_cases[] = {
	KUNIT_CASE(each_record_has_a_name),
	KUNIT_CASE(numbers_follow_the_list),
	KUNIT_CASE(what_has_left_has_no_name),
	KUNIT_CASE(a_handler_is_running),
	KUNIT_CASE(damaged_record),
	KUNIT_CASE(wild_links),
	KUNIT_CASE(circles),
	KUNIT_CASE(child_at_the_end_of_pages),
	{},
};

static struct kunit_suite pool_report_suite = {
	.name = "pool_report",
	.init = start,
	.exit = finish,
	.test_cases = pool_report_cases,
};

kunit_test_suite(pool_report_suite);
