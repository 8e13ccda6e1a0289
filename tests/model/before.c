// SPDX-License-Identifier: MIT
/*
 * before.c - after a call that failed, every byte must be what it was before
 *
 * The arena holds memory that a sanitizer forbids to touch, so these functions are
 * trusted, and copy and compare by themselves.
 */
#include <kernel/lib/string.h>
#include <mm/mp_internal.h>
#include <tests/kunit/arena.h>
#include <tests/model/model.h>

/*
 * Both take 32 bytes at a time: all sizes here are multiples. The barrier keeps the
 * compiler from calling memcpy(), which sanitizers watch.
 */
static mm_trusted void copy(void *to, const void *from, size_t bytes)
{
	const uint64_t *source = from, *end = source + bytes / 8;

	for (uint64_t *at = to; source < end; source += 4, at += 4) {
		at[0] = source[0];
		at[1] = source[1];
		at[2] = source[2];
		at[3] = source[3];
		__asm__ volatile("" ::: "memory");
	}
}

/* Copies 8 bytes. */
static mm_trusted void copy_word(unsigned char *to, const size_t *from)
{
	*(size_t *)(uintptr_t)to = *from;
}

/* The offset of the first 32 bytes that differ, or @bytes. */
static mm_trusted size_t compare(const void *a, const void *b, size_t bytes)
{
	const uint64_t *one = a, *other = b;

	for (size_t i = 0; i < bytes / 8; i += 4)
		if (((one[i] ^ other[i]) | (one[i + 1] ^ other[i + 1]) |
		     (one[i + 2] ^ other[i + 2]) | (one[i + 3] ^ other[i + 3])))
			return i * 8;
	return bytes;
}

/**
 * model_remember() - copy the arena and the allocators
 * @m: the model
 */
void model_remember(struct model *m)
{
	copy(m->pages_before, m->pages, sizeof(m->pages));
	copy(m->heaps_before, m->heaps, sizeof(m->heaps));
	copy(m->before, m->arena, m->arena_pages * MM_PAGE_SIZE);
}

/**
 * model_forgive() - bytes of the arena may have changed, since nothing is in them
 * @m: the model; model_remember() was called
 * @p: the first of them
 * @bytes: how many
 */
mm_trusted void model_forgive(struct model *m, const void *p, size_t bytes)
{
	const unsigned char *from = p;
	unsigned char *to = m->before + (from - m->arena);

	for (size_t i = 0; i < bytes; i++) {
		to[i] = from[i];
		__asm__ volatile("" ::: "memory");
	}
}

/* A refused request is counted: model_check_pools() checks the count. Nothing else may differ. */
static mm_trusted void leave_out_refused(struct model *m)
{
	for (unsigned int i = 0; i < MODEL_POOLS; i++) {
		const size_t *refused;

		if (!m->pools[i].pool)
			continue;
		refused = &mp_history(m->pools[i].pool)->refused;
		copy_word(m->before + ((uintptr_t)refused - (uintptr_t)m->arena), refused);
	}
}

/**
 * model_unchanged() - compare the arena and the allocators with their copies
 * @m: the model; model_remember() was called
 * @after: what should have changed nothing, for the message
 *
 * The counts of failed requests may differ: model_sync() and model_check_pools() check them.
 *
 * Return: false, with an error noted, if they differ.
 */
bool model_unchanged(struct model *m, const char *after)
{
	size_t bytes = m->arena_pages * MM_PAGE_SIZE;
	size_t at;

	leave_out_refused(m);
	at = compare(m->before, m->arena, bytes);
	if (at < bytes)
		return model_fail(m, "%s changed memory at arena + 0x%zx", after, at);
	for (size_t i = 0; i < MODEL_ALLOCATORS; i++)
		m->pages_before[i].failed = m->pages[i].failed;
	if (compare(m->pages_before, m->pages, sizeof(m->pages)) < sizeof(m->pages))
		return model_fail(m, "%s changed a struct page_allocator", after);
	if (compare(m->heaps_before, m->heaps, sizeof(m->heaps)) < sizeof(m->heaps))
		return model_fail(m, "%s changed a struct heap", after);
	return true;
}

/**
 * model_arena_fill() - fill the arena before the first operation
 * @m: the model
 * @how: 0: zeros; 1: ones; else noise
 * @seed: of the noise
 */
void model_arena_fill(struct model *m, unsigned int how, uint64_t seed)
{
	uint64_t *words = (uint64_t *)m->arena;

	mm_unpoison(m->arena, MODEL_BYTES);
	for (size_t i = 0; i < m->arena_pages * MM_PAGE_SIZE / 8; i++)
		words[i] = how > 1 ? arena_random(&seed) : -(uint64_t)how;
}
