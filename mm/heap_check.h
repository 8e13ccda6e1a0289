/* SPDX-License-Identifier: MIT */
/*
 * heap_check.h - panics that say what is wrong with a heap; for mm/heap*.c only
 */
#ifndef MM_HEAP_CHECK_H
#define MM_HEAP_CHECK_H

#include <mm/heap_block.h>

void heap_free_failed(const struct heap *heap, const void *p) __attribute__((noreturn, cold));
void heap_alloc_failed(const struct heap_block *block) __attribute__((noreturn, cold));
void heap_trim_failed(const struct heap_block *sentinel) __attribute__((noreturn, cold));

#endif /* MM_HEAP_CHECK_H */
