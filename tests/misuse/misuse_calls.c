// SPDX-License-Identifier: MIT
/*
 * misuse_calls.c - calls of one public function each, and their results in words
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/misuse/misuse.h>

const char *success(const void *p)
{
	return p ? "= memory" : "= NULL";
}

/* With red zones, a block waits in quarantine; heap_trim() frees it for good. */
const char *free_block(unsigned char *p, size_t n)
{
	(void)n;
	heap_free(mem.heap, p);
	if (MP_REDZONE)
		heap_trim(mem.heap);
	return "= freed";
}

const char *alloc(unsigned char *p, size_t n)
{
	(void)p;
	return success(heap_alloc(mem.heap, HEAP_ALIGN, n));
}

/* @p: the alignment. */
const char *alloc_aligned(unsigned char *p, size_t n)
{
	return success(heap_alloc(mem.heap, (size_t)p, n));
}

/* @p: the offset. */
const char *alloc_at(unsigned char *p, size_t n)
{
	return success(heap_alloc_at(mem.heap, 64, (size_t)p, n));
}

/* @n: how far behind @p the other block begins; the sum may wrap. */
const char *join(unsigned char *p, size_t n)
{
	return heap_join(mem.heap, p, (void *)((uintptr_t)p + n)) ? "= joined" : "= false";
}

const char *usable_size(unsigned char *p, size_t n)
{
	(void)n;
	return heap_usable_size(p) ? "= bytes" : "= 0";
}

/* What heap_check() has printed. */
static char message[160];

static void take(const char *text, size_t size)
{
	size_t used = strlen(message);

	snprintf(message + used, sizeof(message) - used, "%.*s", (int)size, text);
}

/* Of the line "# heap_check: at 0x1000: WHAT", returns "= WHAT". */
static const char *what_is_broken(void)
{
	char *at = strstr(message, ": at 0x");
	char *what = at ? strstr(at + 1, ": ") : NULL;
	char *end = what ? strchr(what, '\n') : NULL;

	if (!end || end[1])
		return "= -EFAULT without one line that says why";
	what[0] = '=';
	end[0] = '\0';
	return what;
}

const char *check(unsigned char *p, size_t n)
{
	void (*taker)(const char *text, size_t size) = printk_taker;
	int error;

	(void)p;
	(void)n;
	message[0] = '\0';
	printk_taker = take;
	error = heap_check(mem.heap);
	printk_taker = taker;
	if (error == -EFAULT)
		return what_is_broken();
	return error || message[0] ? "= another error" : "= 0";
}

const char *trim(unsigned char *p, size_t n)
{
	(void)p;
	(void)n;
	return heap_trim(mem.heap) ? "= pages" : "= 0";
}

const char *destroy(unsigned char *p, size_t n)
{
	(void)n;
	mp_destroy_pool((struct mp_pool_s *)p);
	return "= destroyed";
}

const char *reset(unsigned char *p, size_t n)
{
	(void)n;
	mp_reset_pool((struct mp_pool_s *)p);
	return "= reset";
}

const char *aligned(unsigned char *p, size_t n)
{
	return success(mp_alloc((struct mp_pool_s *)p, n));
}

const char *packed(unsigned char *p, size_t n)
{
	return success(mp_nalloc((struct mp_pool_s *)p, n));
}

const char *zeroed(unsigned char *p, size_t n)
{
	return success(mp_calloc((struct mp_pool_s *)p, n));
}

const char *memaligned(unsigned char *p, size_t n)
{
	return success(mp_memalign((struct mp_pool_s *)p, 100, n));
}

const char *release(unsigned char *p, size_t n)
{
	int error = mp_free((struct mp_pool_s *)mem.pool, p);

	(void)n;
	return error == -ENOENT ? "= -ENOENT" : error ? "= another error" : "= 0";
}

/**
 * misuse_call() - make a call
 * @call: the call of a row, after misuse_prepare(); or one that a handler makes
 *
 * Return: the result of the call, in words, if it returned.
 */
const char *misuse_call(const struct misuse_call *call)
{
	/* In numbers, because a base may be NULL. */
	uintptr_t base = call->base ? (uintptr_t)*call->base : 0;

	return call->run((unsigned char *)(base + (uintptr_t)call->offset), call->n);
}
