// SPDX-License-Identifier: MIT
/*
 * init.c - the two globals of mm/ in a Linux program, and where their memory comes from
 *
 *	kernel_heap	takes pages from kernel_pages
 *	kernel_pages	when no range has room, more() maps a new range of addresses. Linux gives it
 *			memory page by page, when a page is first written to
 *	gave_back()	gives the memory of pages that came back to Linux; the addresses stay
 *
 *	|####|######|.............................|	a range: 64 MiB, the next 128 MiB, ...
 *	 written     addresses without memory
 *
 * start() runs before main() and before the constructors of C++ objects, except those that
 * have a priority of 101, too. It stands in the file that defines kernel_heap, so a program
 * that uses the heap has it. If two shared objects hold this file, the first one starts it.
 */
#include <sys/mman.h>

#include <mm/env.h>
#include <mm/heap.h>
#include <mm/page.h>

#define FIRST_RANGE ((size_t)64 << 20) /* bytes of addresses, not of memory */
#define BEFORE_CPLUSPLUS 101	       /* the first priority that a program may use */

struct page_allocator kernel_pages;
struct heap kernel_heap;

/* The ranges that more() has mapped: others are the program's own memory. */
static struct {
	uintptr_t start, end;
} mapped[PAGE_MAX_RANGES];
static size_t nr_mapped;

/* Maps at least @need bytes: @size if that can be had, else half of it, and so on. */
static void *map(size_t need, size_t *size)
{
	for (;; *size = *size / 2 > need ? *size / 2 : need) {
		void *p = mmap(NULL, *size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (p != MAP_FAILED || *size == need)
			return p;
	}
}

/* Gives @pa another range. Each is twice as large as the one before: 32 are enough. */
static bool more(struct page_allocator *pa, size_t pages, void *arg)
{
	size_t need = pages << MM_PAGE_SHIFT, size = FIRST_RANGE << nr_mapped;
	void *p;

	(void)arg;
	if (nr_mapped == PAGE_MAX_RANGES)
		return false;
	if (size < need)
		size = need;
	p = map(need, &size);
	if (p == MAP_FAILED)
		return false;
	if (page_add_range(pa, p, size)) {
		munmap(p, size);
		return false;
	}
	mapped[nr_mapped].start = (uintptr_t)p;
	mapped[nr_mapped++].end = (uintptr_t)p + size;
	return true;
}

static void gave_back(struct page_allocator *pa, void *start, size_t pages, void *arg)
{
	(void)pa;
	(void)arg;
	for (size_t i = 0; i < nr_mapped; i++)
		if ((uintptr_t)start >= mapped[i].start && (uintptr_t)start < mapped[i].end)
			madvise(start, pages << MM_PAGE_SHIFT, MADV_DONTNEED);
}

__attribute__((constructor(BEFORE_CPLUSPLUS))) static void start(void)
{
	if (kernel_heap.pages)
		return;
	page_set_source(&kernel_pages, more, gave_back, NULL);
	heap_init(&kernel_heap, &kernel_pages);
}
