/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - fills memory with bytes that no other object has
 *
 * The pattern depends on the object's number and on the offset, through a
 * multiplicative hash: the same bytes neither repeat inside an object nor stand
 * anywhere in another one. So whichever way two objects overlap, the one filled
 * first no longer reads back right; a constant byte per object, or a counter,
 * would hide the overlaps that happen to fit.
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

/* Fills @size bytes at @at, of any alignment. */
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

/* Returns the offset of the first byte that is not the pattern's, @size if all are. */
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

/* Returns the offset of the first byte that is not zero, @size if all are. */
static inline size_t pattern_zeros(const unsigned char *at, size_t size)
{
	size_t i = 0;

	while (i < size && !at[i])
		i++;
	return i;
}

#endif /* TESTS_PATTERN_H */
