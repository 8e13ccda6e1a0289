// SPDX-License-Identifier: MIT
/*
 * ubsan.c - undefined behaviour, reported where it happens (make UBSAN=1)
 *
 * Compilers put a call of one of these functions right before each operation whose
 * behaviour would be undefined. Names and arguments are fixed: see ubsan's run-time in
 * compiler-rt or libsanitizer. The first argument says where in the source it happened.
 *
 * These are all functions that gcc 11 and 12 and clang 14 to 22 call in C, but one: the kernel
 * has no floating point, so no conversion of that can overflow.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <kernel/report/report.h>

struct source {
	const char *file;
	uint32_t line;
	uint32_t column;
};

struct type {
	uint16_t kind; /* 0: an integer */
	uint16_t info; /* bit 0: signed; above it: log2 of its bits */
	char name[];
};

/* A place in the source and the types there; some have no second type. */
struct typed {
	struct source source;
	const struct type *type;
	const struct type *second;
};

struct mismatch {
	struct source source;
	const struct type *type;
	uint8_t log_align;
	uint8_t access; /* index of accesses[] */
};

struct builtin {
	struct source source;
	uint8_t kind; /* 2: __builtin_assume(); below: it counts zeros */
};

static const char *const accesses[] = {
	"load of",
	"store to",
	"reference binding to",
	"member access within",
	"member call on",
	"constructor call on",
	"downcast of",
	"downcast of",
	"upcast of",
	"cast to virtual base of",
	"nonnull binding to",
	"dynamic operation on",
};

__attribute__((format(printf, 2, 3), noreturn)) static void report(const struct source *source,
								   const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	panic_notifier = NULL; /* a test that expects a panic does not expect this one */
	panic("undefined behaviour at %s:%u:%u: %s", source->file, source->line, source->column,
	      text);
}

/* An integer in decimal; "?" for other types and above 64 bits, where @value is no number. */
struct number_text {
	char text[24];
};

static struct number_text number(const struct type *type, uintptr_t value)
{
	unsigned int log_bits = type->info >> 1;
	unsigned int unused = log_bits > 6 ? 0 : 64 - (1u << log_bits);
	struct number_text result;

	if (type->kind || log_bits > 6)
		snprintf(result.text, sizeof(result.text), "?");
	else if (type->info & 1)
		snprintf(result.text, sizeof(result.text), "%ld",
			 (intptr_t)(value << unused) >> unused);
	else
		snprintf(result.text, sizeof(result.text), "%lu", value);
	return result;
}

/* No header declares these: compilers call them by name. */
#define OVERFLOW(which, operator)                                                           \
	__attribute__((noreturn)) void __ubsan_handle_##which##_overflow(                   \
		const struct typed *at, uintptr_t left, uintptr_t right)                    \
	{                                                                                   \
		report(&at->source, "%s %s %s does not fit %s",                             \
		       number(at->type, left).text, operator, number(at->type, right).text, \
		       at->type->name);                                                     \
	}

OVERFLOW(add, "+")
OVERFLOW(sub, "-")
OVERFLOW(mul, "*")
OVERFLOW(divrem, "/")

__attribute__((noreturn)) void __ubsan_handle_negate_overflow(const struct typed *at,
							      uintptr_t value)
{
	report(&at->source, "-(%s) does not fit %s", number(at->type, value).text, at->type->name);
}

__attribute__((noreturn)) void __ubsan_handle_shift_out_of_bounds(const struct typed *at,
								  uintptr_t value, uintptr_t count)
{
	report(&at->source, "shift of %s (%s) by %s", number(at->type, value).text, at->type->name,
	       number(at->second, count).text);
}

__attribute__((noreturn)) void __ubsan_handle_out_of_bounds(const struct typed *at, uintptr_t index)
{
	report(&at->source, "index %s is out of bounds of %s", number(at->second, index).text,
	       at->type->name);
}

__attribute__((noreturn)) void __ubsan_handle_type_mismatch_v1(const struct mismatch *at,
							       uintptr_t pointer)
{
	const char *access = accesses[at->access];
	const char *name = at->type->name;

	if (!pointer)
		report(&at->source, "%s a null pointer of type %s", access, name);
	if (pointer & (((uintptr_t)1 << at->log_align) - 1))
		report(&at->source, "%s the misaligned address 0x%lx of type %s", access, pointer,
		       name);
	report(&at->source, "%s 0x%lx, which has no room for a %s", access, pointer, name);
}

__attribute__((noreturn)) void __ubsan_handle_pointer_overflow(const struct source *at,
							       uintptr_t base, uintptr_t result)
{
	if (!base)
		report(at, "arithmetic on a null pointer gives 0x%lx", result);
	report(at, "pointer arithmetic from 0x%lx wraps to 0x%lx", base, result);
}

__attribute__((noreturn)) void __ubsan_handle_load_invalid_value(const struct typed *at,
								 uintptr_t value)
{
	report(&at->source, "%lu is no value of %s", value, at->type->name);
}

__attribute__((noreturn)) void __ubsan_handle_vla_bound_not_positive(const struct typed *at,
								     uintptr_t bound)
{
	report(&at->source, "an array of %s elements", number(at->type, bound).text);
}

__attribute__((noreturn)) void __ubsan_handle_nonnull_arg(const struct source *at)
{
	report(at, "a null pointer is passed that must not be null");
}

__attribute__((noreturn)) void __ubsan_handle_nonnull_return_v1(const void *unused,
								const struct source *at)
{
	(void)unused;
	report(at, "a null pointer is returned that must not be null");
}

__attribute__((noreturn)) void __ubsan_handle_invalid_builtin(const struct builtin *at)
{
	if (at->kind < 2)
		report(&at->source, "a builtin counts the zeros of 0");
	report(&at->source, "__builtin_assume() of what is false");
}

/* Also for functions that are declared with alloc_align() or assume_aligned(). */
__attribute__((noreturn)) void __ubsan_handle_alignment_assumption(const struct source *at,
								   uintptr_t pointer,
								   uintptr_t align,
								   uintptr_t offset)
{
	report(at, "0x%lx is not aligned to %lu, as is assumed", pointer - offset, align);
}

__attribute__((noreturn)) void __ubsan_handle_function_type_mismatch(const struct typed *at,
								     uintptr_t function)
{
	report(&at->source, "%s is called through a %s", symbol_text(function).text,
	       at->type->name);
}

__attribute__((noreturn)) void __ubsan_handle_builtin_unreachable(const struct source *at)
{
	report(at, "a place that cannot be reached was reached");
}
