// SPDX-License-Identifier: MIT
/*
 * grow_object.c - objects of pools that are resized or given back wrongly; sizes that overflow
 *
 * The pool knows no sizes of small objects. It believes what the caller says, as long as an object
 * of that size could end where the free bytes of the node begin.
 */
#include <tests/misuse/grow/grow.h>

/* other is a large block of another pool on the same heap; b is the newest object there. */
static void two_pools(void)
{
	struct mp_pool_s *second;

	larges();
	second = mp_create_pool_on(mem.heap, NODE);
	mem.b = mp_alloc(second, 64);
	mem.other = mp_alloc(second, LARGE);
}

static void marked(void)
{
	newest();
	mp_mark(as_pool(mem.pool));
}

static void marked_packed(void)
{
	newest_packed();
	mp_mark(as_pool(mem.pool));
}

static void given_back(void)
{
	newest();
	mp_give_back(as_pool(mem.pool), mem.small, 64);
}

static void given_back_packed(void)
{
	newest_packed();
	mp_give_back(as_pool(mem.pool), mem.small, 64);
}

/* The window has gone on: the first node serves no requests any more. */
static void window_gone(void)
{
	newest();
	for (int i = 0; i < 3; i++)
		mp_alloc(as_pool(mem.pool), NODE - 64);
}

/* Two pages are left for large blocks, and they are the last of all memory. */
static void large_at_end(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.a = heap_alloc(mem.heap, HEAP_ALIGN, (MISUSE_PAGES - 3) * MM_PAGE_SIZE);
	mem.q = mp_alloc(as_pool(mem.pool), LARGE);
	mem.p = mp_alloc(as_pool(mem.pool), LARGE * 5);
	heap_free(mem.heap, mem.a);
	heap_trim(mem.heap); /* with red zones, it frees for good */
	if (!mem.p)
		panic("the scene needs a large block");
}

static void bounded_full(void)
{
	bounded();
	while (mp_alloc(as_pool(mem.grandchild), LARGE))
		;
}

static const char *resize_in_grandchild(unsigned char *p, size_t n)
{
	return success(mp_realloc(as_pool(mem.grandchild), p, n >> 32, (uint32_t)n));
}

/* Gives @p back, which is the newest, and then again. */
static const char *give_back_twice(unsigned char *p, size_t n)
{
	give_back(p, n);
	return give_back(p, n);
}

/* Resizes @p, which moves, and then again: the pointer is stale. */
static const char *resize_twice(unsigned char *p, size_t n)
{
	resize_object(p, n);
	return resize_object(p, n);
}

/* @p: elements; @n: bytes of each. */
static const char *array_of(unsigned char *p, size_t n)
{
	return success(mp_calloc_array(as_pool(mem.pool), (size_t)p, n));
}

static const char *new_array_of(unsigned char *p, size_t n)
{
	struct wide {
		unsigned char bytes[128];
	} __attribute__((aligned(128)));

	(void)p;
	return success(mp_new_array(as_pool(mem.pool), struct wide, n));
}

static const char *copy_bytes(unsigned char *p, size_t n)
{
	return success(mp_memdup(as_pool(mem.pool), p, n));
}

static const char *no_string(unsigned char *p, size_t n)
{
	return success(n ? mp_strndup(as_pool(mem.pool), (char *)p, n) :
			   mp_strdup(as_pool(mem.pool), (char *)p));
}

/* An array of @p elements of @n bytes gets one more. It must stay as it was if it does not. */
static const char *append_to(unsigned char *p, size_t n)
{
	void *array = mem.small;
	size_t count = (size_t)p;

	if (mp_append(as_pool(mem.pool), &array, &count, n))
		return "= an element";
	return array == mem.small && count == (size_t)p ? "= NULL" : "= NULL, but changed";
}

#define ALL_PAGES (MISUSE_PAGES * MM_PAGE_SIZE)

/* Is @kind: a size is wrong that only the caller knows. */
#define BELIEVED .kind = 7

const struct misuse_row grow_object[] = {
	/* No object of the pool, of a size that only large blocks have. */
	{ "freed", NOT_OF_POOL, large_freed, {}, { resize_object, &mem.q, 0, FROM_TO(900, 2000) } },
	{ "freed, smaller",
	  NOT_OF_POOL,
	  large_freed,
	  {},
	  { resize_object, &mem.q, 0, FROM_TO(900, 100) } },
	{ "moved before",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_twice, &mem.q, 0, FROM_TO(LARGE - RECORD, 3000) },
	  .is_long = true },
	{ "another pool's large block",
	  NOT_OF_POOL,
	  two_pools,
	  {},
	  { resize_object, &mem.other, 0, FROM_TO(LARGE, 2000) } },
	{ "32 bytes into a large block",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, &mem.q, 32, FROM_TO(900, 2000) } },
	{ "1 byte into a large block",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, &mem.q, 1, FROM_TO(900, 2000) } },
	{ "the record of a large block",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, &mem.q, -(long)RECORD, FROM_TO(900, 2000) } },
	{ "a block of the heap",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, &mem.guard, 0, FROM_TO(900, 2000) } },
	{ "a variable",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, &mem.fake, 64, FROM_TO(900, 2000) } },
	{ "a small number",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, NULL, 64, FROM_TO(900, 2000) } },
	{ "the last address",
	  NOT_OF_POOL,
	  larges,
	  {},
	  { resize_object, NULL, -1, FROM_TO(900, 9) } },
	{ "a small object, from SIZE_MAX",
	  NOT_OF_POOL,
	  newest,
	  {},
	  { resize_object, &mem.small, 0, FROM_TO(ANY_SIZE, 100) } },
	{ "a small object, from a large size",
	  NOT_OF_POOL,
	  newest,
	  {},
	  { resize_object, &mem.small, 0, FROM_TO(NODE + 1, 5000) } },

	/* Sizes that are too large. */
	{ "a small object, to SIZE_MAX",
	  "= NULL",
	  newest,
	  {},
	  { resize_object, &mem.small, 0, FROM_TO(64, ANY_SIZE) } },
	{ "a packed object, to SIZE_MAX",
	  "= NULL",
	  newest_packed,
	  {},
	  { resize_object, &mem.small, 0, FROM_TO(64, ANY_SIZE) } },
	{ "a large block, to SIZE_MAX",
	  "= NULL",
	  larges,
	  {},
	  { resize_object, &mem.q, 0, FROM_TO(900, ANY_SIZE) } },
	{ "NULL, to SIZE_MAX",
	  "= NULL",
	  larges,
	  {},
	  { resize_object, &mem.null, 0, FROM_TO(900, ANY_SIZE) } },
	{ "a large block, to more than there is",
	  "= NULL",
	  larges,
	  {},
	  { resize_object, &mem.q, 0, FROM_TO(900, ALL_PAGES) } },
	{ "a large block, from SIZE_MAX: works",
	  "= memory",
	  larges,
	  {},
	  { resize_object, &mem.q, 0, FROM_TO(ANY_SIZE, 900) },
	  .is_long = true },
	{ "the last of memory, from SIZE_MAX: works",
	  "= memory",
	  large_at_end,
	  {},
	  { resize_object, &mem.p, 0, FROM_TO(ANY_SIZE, 12 * MM_PAGE_SIZE) },
	  .is_long = true },
	{ "a large block that passes the limit",
	  "= NULL",
	  bounded_full,
	  {},
	  { resize_in_grandchild, &mem.r, 0, FROM_TO(LARGE * 5, LARGE * 8) } },

	/* Given back: only a newest object of that size, younger than the newest mark. */
	{ "give_back: twice", BUSY, newest, {}, { give_back_twice, &mem.small, 0, 64 }, true },
	{ "give_back: twice, packed",
	  BUSY,
	  newest_packed,
	  {},
	  { give_back_twice, &mem.small, 0, 64 },
	  true },
	{ "give_back: the second time", BUSY, given_back, {}, { give_back, &mem.small, 0, 64 } },
	{ "give_back: the second time, packed",
	  BUSY,
	  given_back_packed,
	  {},
	  { give_back, &mem.small, 0, 64 } },
	{ "give_back: an older one", BUSY, newest, {}, { give_back, &mem.a, 0, 64 } },
	{ "give_back: an older, packed", BUSY, newest_packed, {}, { give_back, &mem.a, 0, 64 } },
	{ "give_back: before a mark", BUSY, marked, {}, { give_back, &mem.small, 0, 64 } },
	{ "give_back: before a mark, packed",
	  BUSY,
	  marked_packed,
	  {},
	  { give_back, &mem.small, 0, 64 } },
	{ "give_back: of a node left", BUSY, window_gone, {}, { give_back, &mem.small, 0, 64 } },
	{ "give_back: another pool's newest", BUSY, two_pools, {}, { give_back, &mem.b, 0, 64 } },
	{ "give_back: a large block", BUSY, larges, {}, { give_back, &mem.q, 0, LARGE - RECORD } },
	{ "give_back: NULL", BUSY, newest, {}, { give_back, &mem.null, 0, 64 } },
	{ "give_back: a variable", BUSY, newest, {}, { give_back, &mem.fake, 0, 64 } },
	{ "give_back: the pool", BUSY, newest, {}, { give_back, &mem.pool, 0, 64 } },
	{ "give_back: the last address", BUSY, newest, {}, { give_back, NULL, -1, 64 } },
	{ "give_back: inside", BUSY, newest, {}, { give_back, &mem.small, 1, 64 } },
	{ "give_back: inside, packed", BUSY, newest_packed, {}, { give_back, &mem.small, 1, 64 } },
	{ "give_back: SIZE_MAX", BUSY, newest, {}, { give_back, &mem.small, 0, SIZE_MAX } },
	{ "give_back: SIZE_MAX, packed",
	  BUSY,
	  newest_packed,
	  {},
	  { give_back, &mem.small, 0, SIZE_MAX } },
	{ "give_back: a size that wraps", BUSY, newest, {}, { give_back, &mem.small, 0, -31 } },
	{ "give_back: too small a size",
	  BUSY,
	  newest,
	  {},
	  { give_back, &mem.small, 0, 64 - MP_ALIGNMENT } },
	{ "give_back: too large a size", BUSY, newest, {}, { give_back, &mem.small, 0, 100 } },
	{ "give_back: larger than the packed",
	  BUSY,
	  newest_packed,
	  {},
	  { give_back, &mem.small, 0, 64 * 3 + 1 + 3 * MP_REDZONE } },
	{ "give_back: an older one, of all bytes up to the free ones",
	  BUSY,
	  newest,
	  {},
	  { give_back, &mem.b, 0, 128 + MP_REDZONE },
	  BELIEVED },
	{ "give_back: packed, too large a size",
	  BUSY,
	  newest_packed,
	  {},
	  { give_back, &mem.small, 0, 100 },
	  BELIEVED },
	{ "packed, smaller, from too large a size",
	  NOT_OF_POOL,
	  newest_packed,
	  {},
	  { resize_object, &mem.small, 0, FROM_TO(100, 16) },
	  BELIEVED },

	/* Sums and products that overflow. */
	{ "calloc_array: 2^32 by 2^32",
	  "= NULL",
	  pool,
	  {},
	  { array_of, NULL, 1l << 32, 1ul << 32 } },
	{ "calloc_array: SIZE_MAX times 2", "= NULL", pool, {}, { array_of, NULL, -1, 2 } },
	{ "calloc_array: 2 times SIZE_MAX", "= NULL", pool, {}, { array_of, NULL, 2, SIZE_MAX } },
	{ "calloc_array: 1 times SIZE_MAX", "= NULL", pool, {}, { array_of, NULL, 1, SIZE_MAX } },
	{ "new_array: a product that wraps to 128",
	  "= NULL",
	  pool,
	  {},
	  { new_array_of, NULL, 0, ((size_t)1 << 57) + 1 } },
	{ "new_array: SIZE_MAX", "= NULL", pool, {}, { new_array_of, NULL, 0, SIZE_MAX } },
	{ "alloc_aligned: 0", "= NULL", pool, {}, { aligned_to, &mem.pool, 0, 0 } },
	{ "alloc_aligned: 48", "= NULL", pool, {}, { aligned_to, &mem.pool, 0, 48 } },
	{ "alloc_aligned: 1ul << 63", "= NULL", pool, {}, { aligned_to, &mem.pool, 0, 1ul << 63 } },
	{ "alloc_aligned: SIZE_MAX", "= NULL", pool, {}, { aligned_to, &mem.pool, 0, SIZE_MAX } },
	{ "memdup: the most", "= NULL", pool, {}, { copy_bytes, &mem.fake, 0, SIZE_MAX } },
	{ "memdup: NULL", "= NULL", pool, {}, { copy_bytes, &mem.null, 0, 5000 } },
	{ "strdup: NULL", "= NULL", pool, {}, { no_string, &mem.null, 0, 0 } },
	{ "strndup: NULL, SIZE_MAX", "= NULL", pool, {}, { no_string, &mem.null, 0, SIZE_MAX } },
	{ "append: elements of SIZE_MAX", "= NULL", newest, {}, { append_to, NULL, 8, SIZE_MAX } },
	{ "append: elements of 0 bytes", "= NULL", newest, {}, { append_to, NULL, 8, 0 } },
	{ "append: the product wraps", "= NULL", newest, {}, { append_to, NULL, 8, 1ul << 60 } },
	{ "append: 2^63 elements", "= NULL", newest, {}, { append_to, NULL, 1ul << 63, 8 } },
	{ "append: first, of SIZE_MAX", "= NULL", newest, {}, { append_to, NULL, 0, SIZE_MAX } },
	{ "append: an array larger than small ones",
	  NOT_OF_POOL,
	  newest,
	  {},
	  { append_to, NULL, 128, 8 } },
	{},
};
