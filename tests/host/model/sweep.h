/* SPDX-License-Identifier: MIT */
/*
 * sweep.h - the names that ld --wrap gives to the functions between a heap and its pages
 */
#ifndef TESTS_HOST_SWEEP_H
#define TESTS_HOST_SWEEP_H

#include <mm/page.h>

void *__real_page_alloc(struct page_allocator *pa, size_t count);
bool __real_page_extend(struct page_allocator *pa, void *end, size_t count);
void *__wrap_page_alloc(struct page_allocator *pa, size_t count);
bool __wrap_page_extend(struct page_allocator *pa, void *end, size_t count);

#endif /* TESTS_HOST_SWEEP_H */
