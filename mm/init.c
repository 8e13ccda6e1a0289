// SPDX-License-Identifier: MIT
/*
 * init.c - the two globals of mm/
 *
 * All other page allocators, heaps and pools belong to their callers: a test can have
 * ten of each.
 */
#include <mm/heap.h>
#include <mm/page.h>

struct page_allocator kernel_pages;
struct heap kernel_heap;
