// SPDX-License-Identifier: MIT
/*
 * string.c - those of the C library's string functions that the kernel uses
 *
 * They are short, not fast: none of them is on a hot path. memset(), memcpy() and memmove()
 * are on hot paths, so they are written in assembly (arch/x86_64/memory.S).
 */
#include <stdint.h>

#include <kernel/lib/string.h>

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strnlen(const char *s, size_t max)
{
	size_t length = 0;

	while (length < max && s[length])
		length++;
	return length;
}

size_t strlen(const char *s)
{
	return strnlen(s, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strstr(const char *haystack, const char *needle)
{
	size_t length = strlen(needle);

	for (; strncmp(haystack, needle, length); haystack++)
		if (!*haystack)
			return NULL;
	return (char *)haystack;
}
