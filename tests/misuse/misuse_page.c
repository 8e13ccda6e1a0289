// SPDX-License-Identifier: MIT
/*
 * misuse_page.c - wrong arguments to the page allocator: refused, and nothing changes
 */
#include <mm/env.h>
#include <tests/misuse/misuse.h>

static const char *word_of(int error)
{
	switch (error) {
	case 0:
		return "= 0";
	case -EINVAL:
		return "= -EINVAL";
	case -EBUSY:
		return "= -EBUSY";
	case -ENOSPC:
		return "= -ENOSPC";
	default:
		return "= another error";
	}
}

static const char *add_range(unsigned char *p, size_t bytes)
{
	return word_of(page_add_range(mem.pages, p, bytes));
}

/* 40 ranges of a page each; the last 8 find no place in the array. */
static const char *add_40_ranges(unsigned char *p, size_t bytes)
{
	int error = 0;

	for (size_t i = 0; i < 40; i++)
		error = page_add_range(mem.pages, (void *)((uintptr_t)p + i * 2 * bytes), bytes);
	return word_of(error);
}

static const char *page_get(unsigned char *p, size_t count)
{
	(void)p;
	return success(page_alloc(mem.pages, count));
}

static const char *put_back(unsigned char *p, size_t count)
{
	return word_of(page_put_back(mem.pages, p, count));
}

static const char *extend(unsigned char *p, size_t count)
{
	return page_extend(mem.pages, p, count) ? "= true" : "= false";
}

static const char *is_used(unsigned char *p, size_t bytes)
{
	return page_is_used(mem.pages, p, bytes) ? "= true" : "= false";
}

/* other: the first of four pages, all given out. */
static void four_pages(void)
{
	mem.other = page_alloc(mem.pages, 4);
}

static void four_pages_back(void)
{
	four_pages();
	page_put_back(mem.pages, mem.other, 4);
}

const struct misuse_row misuse_page[] = {
	{ "add: NULL", "= -EINVAL", nothing, {}, { add_range, NULL, 0, 8 * MM_PAGE_SIZE } },
	{ "add: less than a page", "= -EINVAL", nothing, {}, { add_range, NULL, 4096, 4095 } },
	{ "add: a page, not aligned", "= -EINVAL", nothing, {}, { add_range, NULL, 4097, 4096 } },
	{ "add: 0 bytes", "= -EINVAL", nothing, {}, { add_range, NULL, 4096, 0 } },
	{ "add: wraps", "= -EINVAL", nothing, {}, { add_range, NULL, 4096, SIZE_MAX } },
	{ "add: the same range twice",
	  "= -EINVAL",
	  nothing,
	  {},
	  { add_range, &mem.start, 0, (MISUSE_PAGES << MM_PAGE_SHIFT) } },
	{ "add: overlaps the end",
	  "= -EINVAL",
	  nothing,
	  {},
	  { add_range, &mem.start, (MISUSE_PAGES - 1) * MM_PAGE_SIZE, 2 * MM_PAGE_SIZE } },
	{ "add: inside another range",
	  "= -EINVAL",
	  four_pages,
	  {},
	  { add_range, &mem.other, MM_PAGE_SIZE, MM_PAGE_SIZE } },
	{ "add: too many ranges",
	  "= -ENOSPC",
	  nothing,
	  {},
	  { add_40_ranges, NULL, 0x1000000000, MM_PAGE_SIZE },
	  .is_long = true },
	{ "alloc: no page", "= NULL", nothing, {}, { page_get } },
	{ "alloc: one page too many", "= NULL", nothing, {}, { page_get, .n = MISUSE_PAGES + 1 } },
	{ "alloc: bytes wrap", "= NULL", nothing, {}, { page_get, .n = SIZE_MAX } },
	{ "alloc: bytes wrap to one page",
	  "= NULL",
	  nothing,
	  {},
	  { page_get, .n = ((size_t)1 << 52) + 1 } },
	{ "put back: no page", "= -EINVAL", four_pages, {}, { put_back, &mem.other, 0, 0 } },
	{ "put back: not aligned", "= -EINVAL", four_pages, {}, { put_back, &mem.other, 8, 3 } },
	{ "put back: more than are given out",
	  "= -EINVAL",
	  four_pages,
	  {},
	  { put_back, &mem.other, 0, 5 } },
	{ "put back: bytes wrap",
	  "= -EINVAL",
	  four_pages,
	  {},
	  { put_back, &mem.other, 0, ((size_t)1 << 52) + 4 } },
	{ "put back: below the range",
	  "= -EINVAL",
	  four_pages,
	  {},
	  { put_back, &mem.other, -(long)MM_PAGE_SIZE, 5 } },
	{ "put back: twice", "= -EINVAL", four_pages_back, {}, { put_back, &mem.other, 0, 4 } },
	{ "put back: the last page twice",
	  "= -EINVAL",
	  four_pages_back,
	  {},
	  { put_back, &mem.other, 3 * MM_PAGE_SIZE, 1 } },
	{ "put back: not the last pages",
	  "= -EBUSY",
	  four_pages,
	  {},
	  { put_back, &mem.other, 0, 2 } },
	{ "put back: a variable", "= -EINVAL", four_pages, {}, { put_back, &mem.fake, 0, 1 } },
	{ "put back: NULL", "= -EINVAL", four_pages, {}, { put_back, &mem.null, 0, 1 } },
	{ "extend: not at the frontier",
	  "= false",
	  four_pages,
	  {},
	  { extend, &mem.other, 2 * MM_PAGE_SIZE, 1 } },
	{ "extend: past the range",
	  "= false",
	  four_pages,
	  {},
	  { extend, &mem.other, 4 * MM_PAGE_SIZE, MISUSE_PAGES } },
	{ "extend: no page",
	  "= false",
	  four_pages,
	  {},
	  { extend, &mem.other, 4 * MM_PAGE_SIZE, 0 } },
	{ "extend: bytes wrap",
	  "= false",
	  four_pages,
	  {},
	  { extend, &mem.other, 4 * MM_PAGE_SIZE, (size_t)1 << 52 } },
	{ "extend: NULL", "= false", four_pages, {}, { extend, &mem.null, 0, 1 } },
	{ "extend: a range of which nothing is given out",
	  "= false",
	  nothing,
	  {},
	  { extend, &mem.start, 0, 1 } },
	{ "is used: reaches past the frontier",
	  "= false",
	  four_pages,
	  {},
	  { is_used, &mem.other, 4 * MM_PAGE_SIZE - 8, 9 } },
	{ "is used: bytes wrap", "= false", four_pages, {}, { is_used, &mem.other, 8, SIZE_MAX } },
	{ "is used: went back", "= false", four_pages_back, {}, { is_used, &mem.other, 0, 1 } },
	{ "is used: NULL", "= false", four_pages, {}, { is_used, &mem.null, 0, 1 } },
	{},
};
