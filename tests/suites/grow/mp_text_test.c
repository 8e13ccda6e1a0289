// SPDX-License-Identifier: MIT
/*
 * mp_text_test.c - text in a pool: copied, joined, formatted, and packed
 *
 *	|####|line 7.............|###|	formatted into the free bytes
 *	|####|.............line 7|###|	and moved to their end
 */
#include <tests/suites/grow/grow.h>

/* What the next packed object of @size bytes must be, if it fits the current node. */
static char *packed_place(size_t size)
{
	return (char *)pool->current->end - MP_PACKED(size);
}

static char *place;

static void expect_text(struct kunit *test, const char *got, const char *text)
{
	KUNIT_ASSERT_PTR_EQ(test, got, place);
	KUNIT_EXPECT_STREQ(test, got, text);
}

/* @got must be at @where, which is computed before, and hold @text and its NUL. */
#define EXPECT_TEXT(test, where, got, text)   \
	do {                                  \
		place = (where);              \
		expect_text(test, got, text); \
	} while (0)

static void copies(struct kunit *test)
{
	static const char bytes[] = "a\0b";

	EXPECT_TEXT(test, packed_place(6), mp_strdup(pool, "hello"), "hello");
	EXPECT_TEXT(test, packed_place(1), mp_strdup(pool, ""), "");
	EXPECT_TEXT(test, packed_place(3), mp_strndup(pool, "hello", 2), "he");
	EXPECT_TEXT(test, packed_place(6), mp_strndup(pool, "hello", 5), "hello");
	EXPECT_TEXT(test, packed_place(6), mp_strndup(pool, "hello", SIZE_MAX), "hello");
	EXPECT_TEXT(test, packed_place(1), mp_strndup(pool, "hello", 0), "");
	EXPECT_TEXT(test, packed_place(4), mp_memdup(pool, bytes, 4), "a");
	KUNIT_EXPECT_MEMEQ(test, pool->current->end, bytes, 4);
	KUNIT_EXPECT_NOT_NULL(test, mp_memdup(pool, bytes, 0));
	KUNIT_EXPECT_NULL(test, pool->records);
}

/* NULL in, NULL out, and the pool has not changed. */
static void null_is_null(struct kunit *test)
{
	uint64_t sum = sum_of(pool);

	KUNIT_EXPECT_NULL(test, mp_strdup(pool, NULL));
	KUNIT_EXPECT_NULL(test, mp_strndup(pool, NULL, 5));
	KUNIT_EXPECT_NULL(test, mp_strndup(pool, NULL, 0));
	KUNIT_EXPECT_NULL(test, mp_memdup(pool, NULL, 5));
	KUNIT_EXPECT_NULL(test, mp_memdup(pool, NULL, 0));
	KUNIT_EXPECT_NULL(test, mp_memdup(pool, NULL, SIZE_MAX));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
}

/* Not one byte is read behind @n: there is no NUL. (ASan watches the array.) */
static void reads_no_further(struct kunit *test)
{
	char text[] = { 'a', 'b', 'c', 'd' };

	EXPECT_TEXT(test, packed_place(5), mp_strndup(pool, text, 4), "abcd");
}

static void joins(struct kunit *test)
{
	EXPECT_TEXT(test, packed_place(1), mp_strcat(pool, (char *)NULL), "");
	EXPECT_TEXT(test, packed_place(1), mp_strcat(pool, "", "", (char *)NULL), "");
	EXPECT_TEXT(test, packed_place(2), mp_strcat(pool, "a", (char *)NULL), "a");
	EXPECT_TEXT(test, packed_place(11), mp_strcat(pool, "/usr", "/", "", "local", (char *)NULL),
		    "/usr/local");
	/* More arguments than registers hold. */
	EXPECT_TEXT(test, packed_place(15),
		    mp_strcat(pool, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "abc",
			      (char *)NULL),
		    "12345678910abc");
}

static void formats(struct kunit *test)
{
	EXPECT_TEXT(test, packed_place(1), mp_printf(pool, "%s", ""), "");
	EXPECT_TEXT(test, packed_place(7), mp_printf(pool, "line %d", 7), "line 7");
	EXPECT_TEXT(test, packed_place(25),
		    mp_printf(pool, "%d %s %c %5zu|%-4d|%04x", -1, "two", '3', (size_t)4, 5, 0x66),
		    "-1 two 3     4|5   |0066");
}

/* After mp_vprintf(), the caller's list has been used, once: he ends it. */
static __attribute__((__format__(__printf__, 1, 2))) char *format_list(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = mp_vprintf(pool, fmt, args);
	va_end(args);
	return text;
}

static void formats_a_list(struct kunit *test)
{
	EXPECT_TEXT(test, packed_place(14),
		    format_list("%d %d %s %d %d %s", 1, 2, "3", 4, 5, "six"), "1 2 3 4 5 six");
}

/* Leaves @room free bytes in the current node. */
static void leave_room(struct kunit *test, size_t room)
{
	size_t now = mp_node_room(pool->current);

	if (now != room)
		KUNIT_ASSERT_NOT_NULL(test, mp_nalloc(pool, now - MP_REDZONE - room));
	KUNIT_ASSERT_EQ(test, mp_node_room(pool->current), room);
}

/* Text and NUL fill the node to the last byte, after that a new one. */
static void fills_the_node(struct kunit *test)
{
	unsigned char *last = pool->head->last;
	char *text;

	leave_room(test, MP_PACKED(8));
	EXPECT_TEXT(test, (char *)last, mp_printf(pool, "%s", "1234567"), "1234567");
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), 0);
	KUNIT_EXPECT_NULL(test, pool->records);
	text = mp_printf(pool, "%s", "");
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), 1);
	KUNIT_EXPECT_STREQ(test, text, "");
}

/* One byte too long: the text moves to a new node, and nothing of the old one is lost. */
static void one_byte_too_long(struct kunit *test)
{
	char *text;

	leave_room(test, MP_PACKED(8));
	text = mp_printf(pool, "%s%d", "12345678901234567890", 5);
	KUNIT_EXPECT_STREQ(test, text, "123456789012345678905");
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), 1);
	KUNIT_EXPECT_PTR_EQ(test, text, (char *)pool->current->end);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), MP_PACKED(8));
	/* The old node is now the older one, and still serves what fits. */
	leave_room(test, 0);
	EXPECT_TEXT(test, (char *)pool->head->last, mp_printf(pool, "%s", "1234567"), "1234567");
}

#define LONG 5000

static char long_text[LONG + 1];

static void make_long_text(void)
{
	for (size_t i = 0; i < LONG; i++)
		long_text[i] = (char)('a' + i % 26);
	long_text[LONG] = '\0';
}

/* Around the largest small request, from nodes that are smaller and larger than the text. */
static void long_texts(struct kunit *test)
{
	static const size_t sizes[] = { 200, 4095, 16384 };

	make_long_text();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct mp_pool_s *in = mp_create_pool_on(&arena_heap, sizes[i]);

		KUNIT_ASSERT_NOT_NULL(test, in);
		for (size_t length = in->max - 2; length <= in->max + 1; length++) {
			bool is_large = length + 1 > in->max;
			char *text[4];

			text[0] = mp_printf(in, "%.*s", (int)length, long_text);
			text[1] = mp_strndup(in, long_text, length);
			text[2] = mp_strcat(in, text[1], "", (char *)NULL);
			text[3] = mp_memdup(in, text[1], length + 1);
			for (size_t k = 0; k < 4; k++) {
				KUNIT_ASSERT_NOT_NULL(test, text[k]);
				KUNIT_EXPECT_MEMEQ(test, text[k], long_text, length);
				KUNIT_EXPECT_EQ(test, text[k][length], '\0');
			}
			for (size_t k = 0; k < 4; k++)
				KUNIT_EXPECT_EQ(test, mp_free(in, text[k]), is_large ? 0 : -ENOENT);
		}
		mp_destroy_pool(in);
	}
}

/*
 *	|..................|0123456789|spent|	"0123456789" is free again, but there
 *	|.......---------------0123456789|###|	where the text will end
 *
 * The argument lies where the beginning of the text comes to lie. So the text is right only if the
 * argument has been read for the last time when the text is moved: it is formatted once.
 */
static void formatted_once(struct kunit *test)
{
	char *behind = mp_nalloc(pool, 20), *argument = mp_memdup(pool, "0123456789", 11), *text;

	KUNIT_EXPECT_EQ(test, mp_give_back(pool, argument, 11), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, behind, 20), 0);
	text = mp_printf(pool, "%s%s", "twenty-five bytes, and so", argument);
	KUNIT_EXPECT_TRUE(test, argument - text < 25);
	KUNIT_EXPECT_STREQ(test, text, "twenty-five bytes, and so0123456789");
}

/* The free bytes do not suffice: the second time is into the new memory. */
static void formatted_twice(struct kunit *test)
{
	leave_room(test, MP_PACKED(3));
	KUNIT_EXPECT_STREQ(test, mp_printf(pool, "%s %d %s", "abc", 12345, "def"), "abc 12345 def");
	KUNIT_EXPECT_STREQ(test, format_list("%s %d %s", "abc", 12345, "def"), "abc 12345 def");
}

/* Nothing but the free bytes of the node, where the text was tried, has changed. */
static void limit_is_reached(struct kunit *test)
{
	struct mp_node_s *node = pool->current, before;
	uint64_t sum;

	make_long_text();
	leave_room(test, MP_PACKED(4));
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, pool->held), 0);
	before = *node;
	sum = sum_of(pool);
	KUNIT_EXPECT_NULL(test, mp_strdup(pool, "a longer text that needs a node"));
	KUNIT_EXPECT_NULL(test,
			  mp_strcat(pool, "a longer text ", "that needs a node", (char *)NULL));
	KUNIT_EXPECT_NULL(test, mp_memdup(pool, long_text, 100));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	KUNIT_EXPECT_NULL(test, mp_printf(pool, "%s", "a longer text that needs a node"));
	KUNIT_EXPECT_NULL(test, mp_printf(pool, "%s", long_text));
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, 5);
	KUNIT_EXPECT_MEMEQ(test, node, &before, sizeof(before));
	/* What still fits is served. */
	KUNIT_EXPECT_STREQ(test, mp_printf(pool, "%d", 123), "123");
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->current), 0);
	sum = sum_of(pool);
	KUNIT_EXPECT_NULL(test, mp_printf(pool, "%s", ""));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
}

#if __STDC_HOSTED__
/* libc's vsnprintf() fails for a wide character that the locale does not have. */
static void vsnprintf_fails(struct kunit *test)
{
	static const int wide[] = { 0x7fffffff, 0 };
	unsigned char *end = pool->current->end;

	KUNIT_EXPECT_NULL(test, mp_printf(pool, "%ls", (const __WCHAR_TYPE__ *)wide));
	KUNIT_EXPECT_PTR_EQ(test, pool->current->end, end);
}
#endif

/* Frees the block that @arg points to, and fills the free bytes of the pool. */
static bool free_and_write(struct heap *heap, size_t size, void *arg)
{
	void *p = mp_alloc(pool, 3000);

	(void)size;
	if (p)
		memset(p, 'x', 3000);
	heap_free(heap, *(void **)arg);
	*(void **)arg = NULL;
	return true;
}

/* A text longer than max needs a block; the oom callback uses the bytes where it was formatted. */
static void oom_callback_writes(struct kunit *test)
{
	static char text[6001];
	void *spare;
	char *got;

	memset(text, 'a', 6000);
	mp_destroy_pool(pool);
	pool = NULL;
	arena_use(test, 1, 8);
	pool = mp_create_pool_on(&arena_heap, 16384);
	spare = heap_alloc(&arena_heap, 32, 15000);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_ASSERT_NOT_NULL(test, spare);
	heap_set_oom(&arena_heap, free_and_write, &spare);
	got = mp_printf(pool, "%s", text);
	heap_set_oom(&arena_heap, NULL, NULL);
	KUNIT_EXPECT_NULL(test, spare);
	KUNIT_EXPECT_STREQ(test, got, text);
	heap_free(&arena_heap, spare);
}

static struct kunit_case mp_text_cases[] = {
	KUNIT_CASE(copies),
	KUNIT_CASE(null_is_null),
	KUNIT_CASE(reads_no_further),
	KUNIT_CASE(joins),
	KUNIT_CASE(formats),
	KUNIT_CASE(formats_a_list),
	KUNIT_CASE(fills_the_node),
	KUNIT_CASE(one_byte_too_long),
	KUNIT_CASE(long_texts),
	KUNIT_CASE_PLAIN(formatted_once),
	KUNIT_CASE(formatted_twice),
	KUNIT_CASE(limit_is_reached),
	KUNIT_CASE(oom_callback_writes),
#if __STDC_HOSTED__
	KUNIT_CASE(vsnprintf_fails),
#endif
	{},
};

static struct kunit_suite mp_text_suite = {
	.name = "mp_text",
	.init = grow_start,
	.exit = grow_stop,
	.test_cases = mp_text_cases,
};

kunit_test_suite(mp_text_suite);
