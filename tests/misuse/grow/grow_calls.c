// SPDX-License-Identifier: MIT
/*
 * grow_calls.c - one call each of what resizes, names, limits and counts; its result in words
 */
#include <kernel/lib/printk.h>
#include <tests/misuse/grow/grow.h>

struct wide {
	unsigned char bytes[128];
} __attribute__((aligned(128)));

/* Text of 5,000 letters: too much for a node. */
static const char *long_text(void)
{
	static char text[5001];

	memset(text, 't', sizeof(text) - 1);
	return text;
}

static size_t from(size_t n)
{
	return n >> 32 == ANY_SIZE ? SIZE_MAX : n >> 32;
}

static size_t to(size_t n)
{
	return (uint32_t)n == ANY_SIZE ? SIZE_MAX : (uint32_t)n;
}

/* @error: what a call returned. */
static const char *in_words(int error)
{
	return error == -EBUSY	? BUSY :
	       error == -EINVAL ? INVAL :
	       error		? "= another error" :
				  "= 0";
}

/* What a call that resizes returned; nothing may be broken by it. */
static const char *whole(const void *p)
{
	if (heap_check(mem.heap))
		return "= a broken heap";
	return success(p);
}

const char *resize_of(unsigned char *p, size_t n)
{
	return whole(mp_realloc(as_pool(p), mem.small, from(n), to(n)));
}

const char *give_back_of(unsigned char *p, size_t n)
{
	return in_words(mp_give_back(as_pool(p), mem.small, n));
}

/* @n: elements of 8 bytes that the array has. */
const char *append_of(unsigned char *p, size_t n)
{
	void *array = mem.small;
	size_t count = n;

	return success(mp_append(as_pool(p), &array, &count, 8));
}

/* @n: the alignment. */
const char *aligned_to(unsigned char *p, size_t n)
{
	return success(mp_alloc_aligned(as_pool(p), 24, n));
}

const char *new_object(unsigned char *p, size_t n)
{
	(void)n;
	return success(mp_new(as_pool(p), struct wide));
}

const char *new_array(unsigned char *p, size_t n)
{
	return success(mp_new_array(as_pool(p), uint64_t, n));
}

const char *zeroed_array(unsigned char *p, size_t n)
{
	return success(mp_calloc_array(as_pool(p), n, 48));
}

const char *memdup_of(unsigned char *p, size_t n)
{
	return success(mp_memdup(as_pool(p), long_text(), n));
}

const char *strdup_of(unsigned char *p, size_t n)
{
	(void)n;
	return success(mp_strdup(as_pool(p), long_text()));
}

const char *strndup_of(unsigned char *p, size_t n)
{
	return success(mp_strndup(as_pool(p), long_text(), n));
}

const char *strcat_of(unsigned char *p, size_t n)
{
	(void)n;
	return success(mp_strcat(as_pool(p), long_text(), "and more", (char *)NULL));
}

const char *printf_of(unsigned char *p, size_t n)
{
	return success(mp_printf(as_pool(p), "%zu letters", n));
}

const char *limit_of(unsigned char *p, size_t n)
{
	return in_words(mp_set_limit(as_pool(p), n));
}

const char *name_of(unsigned char *p, size_t n)
{
	(void)n;
	mp_set_name(as_pool(p), "a name");
	return "= named";
}

const char *stats_of(unsigned char *p, size_t n)
{
	struct mp_stats_s stats;

	(void)n;
	mp_get_stats(as_pool(p), &stats);
	return "= figures";
}

const char *tree_stats_of(unsigned char *p, size_t n)
{
	struct mp_stats_s stats;

	(void)n;
	mp_get_tree_stats(as_pool(p), &stats);
	return "= figures";
}

static void drop(const char *text, size_t size)
{
	(void)text;
	(void)size;
}

const char *tree_of(unsigned char *p, size_t n)
{
	void (*taker)(const char *text, size_t size) = printk_taker;

	(void)n;
	printk_taker = drop;
	mp_print_tree(as_pool(p));
	printk_taker = taker;
	return "= a tree";
}

/* @n: the limit. */
const char *create_below(unsigned char *p, size_t n)
{
	struct mp_options_s options = { .parent = as_pool(p), .limit = n };

	return success(mp_create_pool_with(&options));
}

const char *create_below_on_heap(unsigned char *p, size_t n)
{
	struct mp_options_s options = { .parent = as_pool(p), .heap = mem.heap, .limit = n };

	return success(mp_create_pool_with(&options));
}

const char *resize_object(unsigned char *p, size_t n)
{
	return whole(mp_realloc(as_pool(mem.pool), p, from(n), to(n)));
}

const char *give_back(unsigned char *p, size_t n)
{
	return in_words(mp_give_back(as_pool(mem.pool), p, n));
}

const char *resize_block(unsigned char *p, size_t n)
{
	return heap_resize(mem.heap, p, n) ? "= true" : "= false";
}

const char *realloc_block(unsigned char *p, size_t n)
{
	return whole(heap_realloc(mem.heap, p, n));
}
