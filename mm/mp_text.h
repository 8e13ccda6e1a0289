/* SPDX-License-Identifier: MIT */
/*
 * mp_text.h - text and other bytes in a pool, packed: copied, joined, formatted
 *
 * mp_pool.h includes this header.
 */
#ifndef MM_MP_TEXT_H
#define MM_MP_TEXT_H

#include <stdarg.h>
#include <stddef.h>

#include <mm/config.h>

struct mp_pool_s;

MM_BEGIN_DECLS

char *mp_strdup(struct mp_pool_s *pool, const char *s);
char *mp_strndup(struct mp_pool_s *pool, const char *s, size_t n);
void *mp_memdup(struct mp_pool_s *pool, const void *p, size_t n);
char *mp_strcat(struct mp_pool_s *pool, ...) __attribute__((__sentinel__));
char *mp_printf(struct mp_pool_s *pool, const char *fmt, ...)
	__attribute__((__format__(__printf__, 2, 3)));
char *mp_vprintf(struct mp_pool_s *pool, const char *fmt, va_list args)
	__attribute__((__format__(__printf__, 2, 0)));

MM_END_DECLS

#endif /* MM_MP_TEXT_H */
