// SPDX-License-Identifier: MIT
/*
 * init.c - the two globals of mm/
 *
 * Everything else here is an object that its caller owns: a test can have ten
 * page allocators, ten heaps, and a pool on each.
 */
#include <mm/heap.h>
#include <mm/page.h>

struct page_allocator kernel_pages;
struct heap kernel_heap;
