// SPDX-License-Identifier: MIT
/*
 * format.c - printf's formatting: %d %i %u %x %X %o %c %s %p %%, with the flags
 * - 0 # + and blank, width, .precision, *, and hh h l ll z t j
 *
 * Every conversion writes a field of this form:
 *
 *	|  blanks  | sign or 0x | zeros | digits or string |  blanks  |
 */
#include <stdbool.h>
#include <stdint.h>

#include <kernel/lib/format.h>
#include <kernel/lib/string.h>

/* One conversion of a format. */
struct spec {
	bool left, zero, alternate;
	char sign; /* written before a number that is not negative: '+', ' ' or 0 for nothing */
	int width;
	int precision; /* -1: none */
	int bytes;     /* size of an integer argument */
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

static void put_many(struct text *text, char c, int count)
{
	while (count-- > 0)
		put(text, c);
}

static void put_field(struct text *text, const struct spec *spec, const char *prefix, int zeros,
		      const char *body, int length)
{
	int blanks = spec->width - (int)strlen(prefix) - zeros - length;

	if (!spec->left)
		put_many(text, ' ', blanks);
	while (*prefix)
		put(text, *prefix++);
	put_many(text, '0', zeros);
	for (int i = 0; i < length; i++)
		put(text, body[i]);
	if (spec->left)
		put_many(text, ' ', blanks);
}

static void put_number(struct text *text, const struct spec *spec, uintmax_t value,
		       const char *prefix, unsigned int base)
{
	const char *digits = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char body[3 * sizeof(value)];
	int length = 0;
	int zeros;

	/* From the last digit to the first. With a precision of 0, a value of 0 has no digit. */
	for (; value; value /= base)
		body[sizeof(body) - ++length] = digits[value % base];
	if (!length && spec->precision)
		body[sizeof(body) - ++length] = '0';

	zeros = spec->precision - length;
	if (spec->precision < 0 && spec->zero && !spec->left)
		zeros = spec->width - (int)strlen(prefix) - length;
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
			  strnlen(string, spec->precision < 0 ? INT32_MAX : spec->precision));
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

static int parse_number(const char **fmt, va_list *args)
{
	int number = 0;

	if (**fmt == '*') {
		++*fmt;
		return va_arg(*args, int);
	}
	while (**fmt >= '0' && **fmt <= '9')
		number = 10 * number + *(*fmt)++ - '0';
	return number;
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
	for (; *fmt == 'h'; fmt++)
		spec->bytes /= 2;
	for (; *fmt && strchr("lztj", *fmt); fmt++)
		spec->bytes = 8;
	spec->conversion = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

/**
 * format_text() - write formatted text
 * @text: where it goes
 * @fmt: the format; an unknown conversion is copied as it is
 * @args: the arguments
 */
void format_text(struct text *text, const char *fmt, va_list args)
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
		if (spec.conversion && strchr("diuxXocsp", spec.conversion))
			convert(text, &spec, &rest);
		else if (spec.conversion == '%')
			put(text, '%');
		else
			while (start < fmt)
				put(text, *start++);
	}
	va_end(rest);
}
