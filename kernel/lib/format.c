// SPDX-License-Identifier: MIT
/*
 * format.c - printf's formatting: %d %i %u %x %X %o %c %s %p %%, with the flags
 * - 0 # + and blank, width, .precision, *, and hh h l ll z t j
 *
 * Every conversion writes a field of this form:
 *
 *	|  blanks  | sign or 0x | zeros | digits or string |  blanks  |
 *
 * A width and a precision are at most INT_MAX each. Their sums are computed in 64 bits.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <kernel/lib/format.h>
#include <kernel/lib/string.h>

/* One conversion of a format. */
struct spec {
	bool left, zero, alternate;
	char sign; /* written before a number that is not negative: '+', ' ' or 0 for nothing */
	long width;
	long precision; /* negative: none */
	int bytes;	/* size of an integer argument */
	char conversion;
};

static void put(struct text *text, char c)
{
	if (text->at == text->end && text->full)
		text->full(text);
	if (text->at < text->end)
		*text->at++ = c;
	text->length++;
}

/* Nothing if @count is negative. What will be dropped is only counted. */
static void put_many(struct text *text, char c, long count)
{
	for (; count > 0 && (text->at < text->end || text->full); count--)
		put(text, c);
	if (count > 0)
		text->length += count;
}

static void put_field(struct text *text, const struct spec *spec, const char *prefix, long zeros,
		      const char *body, long length)
{
	long blanks = spec->width - (long)strlen(prefix) - zeros - length;

	if (!spec->left)
		put_many(text, ' ', blanks);
	while (*prefix)
		put(text, *prefix++);
	put_many(text, '0', zeros);
	for (long i = 0; i < length; i++)
		put(text, body[i]);
	if (spec->left)
		put_many(text, ' ', blanks);
}

static void put_number(struct text *text, const struct spec *spec, uintmax_t value,
		       const char *prefix, unsigned int base)
{
	const char *digits = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char body[3 * sizeof(value)];
	long length = 0;
	long zeros;

	/* From the last digit to the first. With a precision of 0, a value of 0 has no digit. */
	for (; value; value /= base)
		body[sizeof(body) - ++length] = digits[value % base];
	if (!length && spec->precision)
		body[sizeof(body) - ++length] = '0';

	zeros = spec->precision - length;
	if (spec->precision < 0 && spec->zero && !spec->left)
		zeros = spec->width - (long)strlen(prefix) - length;
	/* %#o wants a leading 0, unless the digits begin with one. */
	if (base == 8 && spec->alternate && zeros <= 0 &&
	    (!length || body[sizeof(body) - length] != '0'))
		zeros = 1;
	put_field(text, spec, prefix, zeros > 0 ? zeros : 0, body + sizeof(body) - length, length);
}

static intmax_t next_integer(va_list *args, const struct spec *spec)
{
	bool is_signed = spec->conversion == 'd' || spec->conversion == 'i';
	int unused = 64 - 8 * spec->bytes;
	uintmax_t value = spec->bytes == 8 ? va_arg(*args, uintmax_t) : va_arg(*args, unsigned int);

	/* hh and h cut the value to its size; then the sign is extended to 64 bits. */
	value <<= unused;
	return is_signed ? (intmax_t)value >> unused : (intmax_t)(value >> unused);
}

static void convert(struct text *text, const struct spec *spec, va_list *args)
{
	struct spec pointer = { .width = spec->width, .left = spec->left, .precision = 16 };
	char sign[2] = { spec->sign, '\0' };
	const char *string;
	intmax_t number;
	char c;

	switch (spec->conversion) {
	case 'c':
		c = va_arg(*args, int);
		put_field(text, spec, "", 0, &c, 1);
		break;
	case 's':
		string = va_arg(*args, const char *) ?: "(null)";
		put_field(text, spec, "", 0, string,
			  strnlen(string, spec->precision < 0 ? LONG_MAX : spec->precision));
		break;
	case 'p':
		number = (intptr_t)va_arg(*args, void *);
		put_number(text, &pointer, number, "0x", 16);
		break;
	case 'd':
	case 'i':
		number = next_integer(args, spec);
		if (number < 0)
			sign[0] = '-';
		put_number(text, spec, number < 0 ? -(uintmax_t)number : (uintmax_t)number, sign,
			   10);
		break;
	case 'u':
		put_number(text, spec, next_integer(args, spec), "", 10);
		break;
	case 'o':
		put_number(text, spec, next_integer(args, spec), "", 8);
		break;
	case 'x':
	case 'X':
		number = next_integer(args, spec);
		string = spec->conversion == 'x' ? "0x" : "0X";
		put_number(text, spec, number, spec->alternate && number ? string : "", 16);
		break;
	}
}

/* Reads a number; '*' takes it from @args. If it is above INT_MAX, so is the result. */
static long parse_number(const char **fmt, va_list *args)
{
	long number = 0;

	if (**fmt == '*') {
		++*fmt;
		return va_arg(*args, int);
	}
	for (; **fmt >= '0' && **fmt <= '9'; ++*fmt)
		if (number <= INT_MAX)
			number = 10 * number + **fmt - '0';
	return number;
}

/* Reads the length of an integer argument. A letter too many, as in %hhhd, is left over. */
static const char *parse_length(const char *fmt, int *bytes)
{
	bool is_double = fmt[0] && fmt[0] == fmt[1]; /* hh or ll */

	if (*fmt == 'h') {
		*bytes = is_double ? 1 : 2;
		return fmt + 1 + is_double;
	}
	if (*fmt == 'l') {
		*bytes = 8;
		return fmt + 1 + is_double;
	}
	if (*fmt == 'z' || *fmt == 't' || *fmt == 'j') {
		*bytes = 8;
		return fmt + 1;
	}
	return fmt;
}

/* Reads a conversion, after its %; returns the rest of the format. */
static const char *parse_spec(const char *fmt, struct spec *spec, va_list *args)
{
	*spec = (struct spec){ .precision = -1, .bytes = sizeof(int) };

	for (;; fmt++) {
		if (*fmt == '-')
			spec->left = true;
		else if (*fmt == '0')
			spec->zero = true;
		else if (*fmt == '#')
			spec->alternate = true;
		else if (*fmt == '+' || *fmt == ' ')
			spec->sign = spec->sign == '+' ? '+' : *fmt;
		else
			break;
	}
	spec->width = parse_number(&fmt, args);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*fmt == '.') {
		fmt++;
		spec->precision = parse_number(&fmt, args);
	}
	fmt = parse_length(fmt, &spec->bytes);
	spec->conversion = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

/**
 * format_text() - write formatted text
 * @text: where it goes
 * @fmt: the format; an unknown conversion is copied as it is
 * @args: the arguments
 *
 * Stops at a width or a precision above INT_MAX.
 *
 * Return: the length of the text; as in C libraries, -1 if it stopped or if the length is above
 * INT_MAX.
 */
int format_text(struct text *text, const char *fmt, va_list args)
{
	struct spec spec;
	va_list rest;

	va_copy(rest, args); /* va_list is an array on x86_64, and &args would be of another type */
	while (*fmt) {
		const char *start = fmt;

		if (*fmt++ != '%') {
			put(text, *start);
			continue;
		}
		fmt = parse_spec(fmt, &spec, &rest);
		if (spec.width > INT_MAX || spec.precision > INT_MAX) {
			va_end(rest);
			return -1;
		}
		if (spec.conversion && strchr("diuxXocsp", spec.conversion))
			convert(text, &spec, &rest);
		else if (spec.conversion == '%')
			put(text, '%');
		else
			while (start < fmt)
				put(text, *start++);
	}
	va_end(rest);
	return text->length <= INT_MAX ? (int)text->length : -1;
}
