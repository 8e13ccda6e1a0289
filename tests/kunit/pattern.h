/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - fills each object with a pattern of its own
 *
 * Each 8 bytes are a hash of the object's number and of the offset. So a word
 * hardly ever repeats, neither inside an object nor in another one. If two
 * objects overlap, the pattern of the one filled first is destroyed, at any
 * offset. A constant byte for each object, or a counter, would hide some
 * overlaps: the bytes could be equal by chance.
 */
#ifndef TESTS_PATTERN_H
#define TESTS_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* The 8 bytes at offset 8 * @word of object @number. */
static inline uint64_t pattern_word(size_t number, size_t word)
{
	uint64_t x = (number + 1) * 0x9e3779b97f4a7c15 + word * 0xd1b54a32d192ed03;

	x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
	return x ^ (x >> 32);
}

static inline unsigned char pattern_byte(size_t number, size_t offset)
{
	return (unsigned char)(pattern_word(number, offset / 8) >> (offset % 8 * 8));
}

/* Fills @size bytes at @at, which need not be aligned. */
static inline void pattern_fill(unsigned char *at, size_t size, size_t number)
{
	size_t i = 0;

	for (; size - i >= 8; i += 8) {
		uint64_t word = pattern_word(number, i / 8);

		__builtin_memcpy(at + i, &word, 8);
	}
	for (; i < size; i++)
		at[i] = pattern_byte(number, i);
}

/* Returns the offset of the first byte that differs from the pattern, or @size. */
static inline size_t pattern_check(const unsigned char *at, size_t size, size_t number)
{
	size_t i = 0;
	uint64_t word;

	for (; size - i >= 8; i += 8) {
		__builtin_memcpy(&word, at + i, 8);
		if (word != pattern_word(number, i / 8))
			break;
	}
	while (i < size && at[i] == pattern_byte(number, i))
		i++;
	return i;
}

/* Returns the offset of the first byte that is not zero, or @size. */
static inline size_t pattern_zeros(const unsigned char *at, size_t size)
{
	size_t i = 0;

	while (i < size && !at[i])
		i++;
	return i;
}

#endif /* TESTS_PATTERN_H */
