// SPDX-License-Identifier: MIT
/*
 * mp_text.c - text and other bytes in a pool, packed
 */
#include <mm/mp_internal.h>

/* The length of @s, but at most @max. (strlen() is nothing that env.h asks for.) */
static size_t length_of(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

/**
 * mp_memdup() - copy bytes into a pool
 * @pool: the pool
 * @p: the bytes; NULL: nothing is copied
 * @n: how many
 *
 * The copy is packed, so it has no alignment. To copy an object, write
 * *mp_new(pool, type) = *object. Panics as mp_nalloc_slow().
 *
 * Return: the copy; NULL if @p is NULL, or as mp_nalloc().
 */
void *mp_memdup(struct mp_pool_s *pool, const void *p, size_t n)
{
	void *copy = p ? mp_nalloc(pool, n) : NULL;

	return copy ? memcpy(copy, p, n) : NULL;
}

/**
 * mp_strndup() - copy the beginning of a string into a pool
 * @pool: the pool
 * @s: the string; it ends at its NUL, if that is among the first @n bytes. NULL: nothing is copied
 * @n: bytes that are copied at most
 *
 * Panics as mp_nalloc_slow().
 *
 * Return: the copy, packed, ended by a NUL; NULL if @s is NULL, or as mp_nalloc().
 */
char *mp_strndup(struct mp_pool_s *pool, const char *s, size_t n)
{
	size_t length = s ? length_of(s, n) : 0;
	char *copy = s ? mp_nalloc(pool, length + 1) : NULL;

	if (!copy)
		return NULL;
	copy[length] = '\0';
	return memcpy(copy, s, length);
}

/**
 * mp_strdup() - copy a string into a pool
 * @pool: the pool
 * @s: the string, or NULL
 *
 * Return: as mp_strndup().
 */
char *mp_strdup(struct mp_pool_s *pool, const char *s)
{
	return mp_strndup(pool, s, SIZE_MAX);
}

/**
 * mp_strcat() - join strings
 * @pool: the pool
 * @...: the strings; the last argument is (char *)NULL
 *
 * Each is read twice. Panics as mp_nalloc_slow(). The interface is that of APR's apr_pstrcat().
 *
 * Return: the text, packed, ended by a NUL; NULL as mp_nalloc().
 */
char *mp_strcat(struct mp_pool_s *pool, ...)
{
	va_list args, again;
	const char *s;
	char *text;
	size_t n = 0;

	va_start(args, pool);
	va_copy(again, args);
	while ((s = va_arg(args, const char *)))
		n += length_of(s, SIZE_MAX);
	va_end(args);
	text = mp_nalloc(pool, n + 1);
	n = 0;
	while (text && (s = va_arg(again, const char *)))
		for (; *s; s++)
			text[n++] = *s;
	va_end(again);
	if (text)
		text[n] = '\0';
	return text;
}

/**
 * mp_vprintf() - format text into a pool
 * @pool: the pool
 * @fmt: the format of printf(); see vsnprintf() of env.h
 * @args: the arguments
 *
 * The text is formatted once, into the free bytes of the current node, and moved to their end:
 * there it is packed. Only if they do not suffice, or if it is large, it is formatted once more,
 * into new memory. In a build with red zones, it always is. Panics as mp_nalloc_slow(), and if
 * the header of the current node was overwritten.
 *
 * Return: the text, packed, ended by a NUL; NULL as mp_nalloc(), or if vsnprintf() failed.
 */
char *mp_vprintf(struct mp_pool_s *pool, const char *fmt, va_list args)
{
	char *free_bytes, *text = NULL;
	size_t room;
	va_list again;
	int length;

	mp_check_pool(pool, "mp_vprintf");
	mp_check_node(pool, pool->current);
	free_bytes = (char *)pool->current->last;
	room = MP_REDZONE ? 0 : mp_node_room(pool->current);
	if (room > pool->max)
		room = pool->max; /* longer text gets a block: the oom callback may run */
	va_copy(again, args);
	length = vsnprintf(free_bytes, room, fmt, args);
	if (length >= 0)
		text = mp_nalloc(pool, (size_t)length + 1);
	if (text && (size_t)length < room)
		memmove(text, free_bytes, (size_t)length + 1);
	else if (text)
		vsnprintf(text, (size_t)length + 1, fmt, again);
	va_end(again);
	return text;
}

/**
 * mp_printf() - format text into a pool
 * @pool: the pool
 * @fmt: the format of printf()
 *
 * Return: as mp_vprintf().
 */
char *mp_printf(struct mp_pool_s *pool, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = mp_vprintf(pool, fmt, args);
	va_end(args);
	return text;
}
