// SPDX-License-Identifier: MIT
/*
 * run_text.c - mp_memdup(), mp_strdup(), mp_strndup(), mp_strcat(), mp_printf()
 *
 * They are mp_nalloc() with contents: so the model asks for the same bytes, and then compares.
 */
#include <kernel/lib/string.h>
#include <tests/model/pools/pools.h>

#define MOST_BYTES 9000

/* The text that is copied: always the end of this one. */
static char text[MOST_BYTES + 1];

/* The last @n bytes of the text. */
static const char *words(size_t n)
{
	for (size_t i = 0; i < MOST_BYTES; i++)
		text[i] = (char)('a' + (i * 7 + i / 26) % 26);
	text[MOST_BYTES] = '\0';
	return text + MOST_BYTES - n;
}

/* Text of @n bytes, or in case of mp_memdup() so many bytes. */
static void *call(struct mp_pool_s *pool, size_t how, const char *source, size_t n)
{
	switch (how) {
	case TEXT_MEMDUP:
		return mp_memdup(pool, source, n);
	case TEXT_STRDUP:
		return mp_strdup(pool, source);
	case TEXT_STRNDUP:
		return mp_strndup(pool, text + MOST_BYTES / 3, n);
	case TEXT_STRCAT:
		return mp_strcat(pool, "", words(n / 2), words(n - n / 2), (char *)NULL);
	default:
		return mp_printf(pool, "%s%s", "", source);
	}
}

/* Is it the text that was asked for? */
static bool is_right(const char *p, size_t how, size_t n)
{
	size_t first = how == TEXT_STRCAT ? n / 2 : n;
	const char *source = how == TEXT_STRNDUP ? text + MOST_BYTES / 3 : words(first);

	return !memcmp(p, source, first) && !memcmp(p + first, words(n - first), n - first) &&
	       (how == TEXT_MEMDUP || !p[n]);
}

static bool all_null(struct mp_pool_s *pool)
{
	return !mp_memdup(pool, NULL, 3) && !mp_strdup(pool, NULL) && !mp_strndup(pool, NULL, 3);
}

void run_mp_text(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct model_op made = { .code = OP_MP_NALLOC, .owner = op->owner, .slot = op->slot };
	size_t how = op->align % TEXT_COUNT, n = op->size % (MOST_BYTES / 3);
	struct model_request request;
	struct live *live;
	char *p;

	if (!pool->pool || (m->slots[op->slot] && m->slots[op->slot]->kind != LIVE_SMALL))
		return;
	made.size = how == TEXT_MEMDUP ? n : n + 1;
	if (!all_null(pool->pool))
		model_fail(m, "a copy of NULL is not NULL");
	model_request_begin(m, &made, &request);
	p = call(pool->pool, how, words(n), n);
	if (p && model_in_arena(m, p, made.size) && !is_right(p, how, n))
		model_fail(m, "the text of %zu bytes is not right (call %zu)", n, how);
	/* It may have been formatted into free bytes. */
	if (!p && how == TEXT_PRINTF && !MP_REDZONE)
		model_forgive(m, pool->pool->current->last,
			      (size_t)(pool->pool->current->end - pool->pool->current->last));
	live = model_request_end(m, &request, (unsigned char *)p);
	if (!live || m->error[0])
		return;
	m->slots[op->slot] = live;
	if (model_neighbours_intact(m, live->at))
		model_check_heap(m, pool->heap);
}
