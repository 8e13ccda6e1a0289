// SPDX-License-Identifier: MIT
/*
 * crash_ubsan.c - undefined behaviour, of each kind that compilers can report
 */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <kernel/lib/printk.h>
#include <tests/crash/crash.h>

/* Uses the value, so that the compiler computes it. */
#define USE(x) printk("# %ld\n", (long)(x))

/* What compilers pass: a place in the source, then more. The type is of no special kind. */
struct by_hand {
	const char *file;
	uint32_t line, column;
	union {
		const char *type;
		uint8_t kind;
	};
};

static const struct by_hand by_hand = { __FILE__, __LINE__, 1, { "\377\377\0\0'void (*)(void)'" } };
static const struct by_hand builtin_by_hand = { __FILE__, __LINE__, 1, { .kind = 2 } };

static void add_overflow(void)
{
	USE(HIDE(INT_MAX) + 1);
}

static void subtract(void)
{
	USE(HIDE(INT64_MIN) - 1);
}

static void multiply(void)
{
	USE(HIDE(1 << 20) * HIDE(1 << 20));
}

static void negate(void)
{
	USE(-HIDE(INT_MIN));
}

static void divide(void)
{
	USE(HIDE(7) / HIDE(0));
}

static void shift_by_too_much(void)
{
	USE(HIDE(1) << HIDE(32));
}

static void shift_by_less(void)
{
	USE(HIDE(1) << HIDE(-1));
}

static void out_of_bounds(void)
{
	static int array[10];

	USE(array[HIDE(10)]);
}

static void null(void)
{
	USE(*HIDE((int *)0));
}

static void misaligned(void)
{
	static int array[2];

	USE(*HIDE((int *)((char *)array + 1)));
}

static void wrapping_pointer(void)
{
	USE(HIDE((char *)UINTPTR_MAX) + HIDE(15));
}

static void null_arithmetic(void)
{
	USE(HIDE((char *)0) + HIDE(-1));
}

static void not_a_bool(void)
{
	unsigned char two = HIDE(2);

	USE(*(volatile bool *)&two);
}

static void no_elements(void)
{
	char array[HIDE(-1)];

	USE(HIDE(&array[0]));
}

__attribute__((noinline, nonnull)) static void takes(const char *text)
{
	USE(*HIDE(text));
}

static void null_argument(void)
{
	takes(HIDE((char *)0));
}

__attribute__((noinline, returns_nonnull)) static void *returns(void)
{
	return HIDE((void *)0);
}

static void null_return(void)
{
	USE(returns());
}

static void zeros_of_zero(void)
{
	USE(__builtin_ctz(HIDE(0)));
}

static void assume_false(void)
{
#ifdef __clang__
	__builtin_assume(HIDE(0));
#endif
	__ubsan_handle_invalid_builtin(&builtin_by_hand);
}

static void assume_aligned(void)
{
	USE(__builtin_assume_aligned(HIDE((char *)40), 32));
	__ubsan_handle_alignment_assumption(&by_hand, 40, 32, 0);
}

static int add_two(int n)
{
	return HIDE(n) + 2;
}

static void function_type(void)
{
	JUMP(HIDE((uintptr_t)add_two));
	__ubsan_handle_function_type_mismatch(&by_hand, (uintptr_t)add_two);
}

static void unreachable(void)
{
	if (HIDE(1))
		__builtin_unreachable();
}

const struct crash_case crash_ubsan[] = {
	{ "ubsan-add", add_overflow, "a sum that does not fit its type" },
	{ "ubsan-subtract", subtract, "a difference that does not fit its type" },
	{ "ubsan-multiply", multiply, "a product that does not fit its type" },
	{ "ubsan-negate", negate, "a negation that does not fit its type" },
	{ "ubsan-divide", divide, "a division by zero" },
	{ "ubsan-shift-by-too-much", shift_by_too_much, "a shift by all bits of the type" },
	{ "ubsan-shift-by-less", shift_by_less, "a shift by a negative number" },
	{ "ubsan-out-of-bounds", out_of_bounds, "an index just past the end of an array" },
	{ "ubsan-null", null, "a read through a null pointer" },
	{ "ubsan-misaligned", misaligned, "a read of an int at an odd address" },
	{ "ubsan-wrapping-pointer", wrapping_pointer, "a pointer that wraps around" },
	{ "ubsan-null-arithmetic", null_arithmetic, "a number added to a null pointer" },
	{ "ubsan-not-a-bool", not_a_bool, "a bool that is neither false nor true" },
	{ "ubsan-no-elements", no_elements, "an array whose size is negative" },
	{ "ubsan-null-argument", null_argument, "a null argument for a nonnull parameter" },
	{ "ubsan-null-return", null_return, "a null result of a returns_nonnull function" },
	{ "ubsan-zeros-of-zero", zeros_of_zero, "__builtin_ctz(0), which has no value" },
	{ "ubsan-assume-false", assume_false, "__builtin_assume() of what is false" },
	{ "ubsan-assume-aligned", assume_aligned, "__builtin_assume_aligned() of what is not" },
	{ "ubsan-function-type", function_type, "a call through a pointer of another type" },
	{ "ubsan-unreachable", unreachable, "a place marked __builtin_unreachable()" },
	{},
};
