/* SPDX-License-Identifier: MIT */
/*
 * kunit.h - a small KUnit: Linux's names, in the kernel and on the host
 *
 *	static void bump_fit_zero(struct kunit *test)
 *	{
 *		KUNIT_EXPECT_TRUE(test, bump_fit(0, 0, 0, 1, &at));
 *	}
 *
 *	static struct kunit_case bump_cases[] = {
 *		KUNIT_CASE(bump_fit_zero),
 *		{},
 *	};
 *
 *	static struct kunit_suite bump_suite = {
 *		.name = "bump",
 *		.test_cases = bump_cases,
 *	};
 *
 *	kunit_test_suite(bump_suite);
 *
 * EXPECT notes a failure and continues. ASSERT notes it and ends the case. Each
 * macro evaluates its arguments once. Integers are compared by value: -1 is less
 * than 1u.
 *
 * After each case the runner trims kernel_heap. The case fails if it leaked a
 * page of kernel_pages or if heap_check() finds damage.
 */
#ifndef TESTS_KUNIT_H
#define TESTS_KUNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/poison.h>

enum kunit_status { KUNIT_SUCCESS, KUNIT_FAILURE, KUNIT_SKIPPED };

/**
 * struct kunit - a case that is running
 * @suite: name of its suite
 * @name: name of the case
 * @status: its result so far
 * @failures: how many expectations did not hold
 * @skip_reason: the text given to kunit_skip()
 * @abort: where ending the case jumps to (__builtin_setjmp)
 * @caught: where an expected panic jumps to, inside KUNIT_EXPECT_PANIC
 * @awaited: the innermost message that was awaited when KUNIT_EXPECT_PANIC began
 * @priv: for the suite's use; its init may set it
 * @log: if set, diagnostics go to this string and not to the console, so that
 *	kunit's own tests can read them
 * @log_size: size of @log in bytes
 */
struct kunit {
	const char *suite;
	const char *name;
	enum kunit_status status;
	unsigned int failures;
	char skip_reason[80];
	void *abort[5];
	void *caught[5];
	struct kunit_message *awaited;
	void *priv;
	char *log;
	size_t log_size;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	bool by_name_only;
	bool chosen; /* kunit_choose() sets it, kunit_run() runs the case */
};

#define KUNIT_CASE(fn)                        \
	{                                     \
		.run_case = (fn), .name = #fn \
	}

/*
 * A case that depends on the memory layout without red zones, or writes where a
 * sanitizer forbids it. In a build with red zones it runs only if test= names it.
 */
#define KUNIT_CASE_PLAIN(fn)                                                \
	{                                                                   \
		.run_case = (fn), .name = #fn, .by_name_only = !!MP_REDZONE \
	}

/* A case that runs only if test=SUITE.CASE names it, for example one that fails on purpose. */
#define KUNIT_CASE_BY_NAME(fn)                                      \
	{                                                           \
		.run_case = (fn), .name = #fn, .by_name_only = true \
	}

/**
 * struct kunit_suite - cases that belong together
 * @name: one word
 * @test_cases: the cases; an empty entry ends the array
 * @init: if set, called before each case; a result other than 0 fails the case
 *	without running it
 * @exit: if set, called after each case, also when the case or @init failed
 * @wanted: if set and it returns false, the suite is left out of the plan
 * @needs: what it needs to be wanted, for messages
 */
struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	bool (*wanted)(void);
	const char *needs;
};

/* Registers a suite. Suites run in the order in which their files are linked. */
#define kunit_test_suite(suite)                        \
	static struct kunit_suite *const suite##_entry \
		__attribute__((used, section("kunit_suites"))) = &(suite)

/* The section that kunit_test_suite() puts pointers in; the linker defines both symbols. */
extern struct kunit_suite *const __start_kunit_suites[];
extern struct kunit_suite *const __stop_kunit_suites[];

struct kunit_counts {
	unsigned int passed, failed, skipped;
};

/* The command that runs one case again, up to "SUITE.CASE". */
extern const char *kunit_again;

bool kunit_choose(const char *name);
void kunit_list(void);
struct kunit_counts kunit_run(void);
void kunit_run_case(const struct kunit_suite *suite, const struct kunit_case *one,
		    struct kunit *test);
void kunit_info(struct kunit *test, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void kunit_skip(struct kunit *test, const char *why) __attribute__((noreturn));

/* The rest implements the macros. Tests do not use these names directly. */

enum kunit_op { KUNIT_EQ, KUNIT_NE, KUNIT_LT, KUNIT_LE, KUNIT_GT, KUNIT_GE };

/* Source line and text of an expectation. @right is NULL if it has no right side. */
struct kunit_site {
	const char *file;
	int line;
	bool is_assert;
	const char *left;
	const char *right;
};

/**
 * struct kunit_message - a message that KUNIT_EXPECT_MESSAGE waits for
 * @test: the case
 * @site: where it waits
 * @words: what the message contains
 * @outer: the KUNIT_EXPECT_MESSAGE around it, or NULL
 * @came: whether it was taken
 * @other: the beginning of the first line that it did not take; "" if there was none
 * @is_too_long: that line is longer than the messages that can be taken (255 bytes)
 */
struct kunit_message {
	struct kunit *test;
	const struct kunit_site *site;
	const char *words;
	struct kunit_message *outer;
	bool came;
	char other[80];
	bool is_too_long;
};

struct kunit_number {
	uint64_t bits;
	bool is_signed;
};

void kunit_check_numbers(struct kunit *test, const struct kunit_site *site,
			 struct kunit_number left, enum kunit_op op, struct kunit_number right);
void kunit_check_bool(struct kunit *test, const struct kunit_site *site, bool got, bool expected);
void kunit_check_pointers(struct kunit *test, const struct kunit_site *site, const void *left,
			  enum kunit_op op, const void *right);
void kunit_check_strings(struct kunit *test, const struct kunit_site *site, const char *left,
			 enum kunit_op op, const char *right);
void kunit_check_memory(struct kunit *test, const struct kunit_site *site, const void *left,
			const void *right, size_t size);
void kunit_fail(struct kunit *test, const struct kunit_site *site, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The log shows at most this many failures of one case, and counts the rest. */
#define KUNIT_FAILURES_SHOWN 8

bool kunit_note_failure(struct kunit *test);
void kunit_make_printable(char *text);
void kunit_report(struct kunit *test, const struct kunit_site *site, enum kunit_op op,
		  const char *expected, const char *got);
void kunit_await_panic(struct kunit *test);
void kunit_check_panic(struct kunit *test, const struct kunit_site *site, const char *words);
void kunit_await_message(struct kunit_message *message, struct kunit *test,
			 const struct kunit_site *site, const char *words);
void kunit_check_message(struct kunit_message *message);
void kunit_drop_messages(struct kunit_message *outer);
void kunit_print(const char *text);

extern struct kunit_message *kunit_awaited;
extern void (*kunit_outer_taker)(const char *text, size_t size);

#define KUNIT_SITE(is_assert, left, right) \
	(&(const struct kunit_site){ __FILE__, __LINE__, is_assert, left, right })

/* Does not evaluate @x. "+ 0" is for small types, which C promotes, and for bit-fields. */
#define KUNIT_IS_SIGNED(x) ((__typeof__((x) + 0))(-1) < (__typeof__((x) + 0))1)
#define KUNIT_NUMBER(x) ((struct kunit_number){ (uint64_t)(x), KUNIT_IS_SIGNED(x) })

#define KUNIT_NUMBERS(test, site, left, op, right) \
	kunit_check_numbers(test, site, KUNIT_NUMBER(left), op, KUNIT_NUMBER(right))

#define KUNIT_EXPECT_EQ(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(false, #left, #right), left, KUNIT_EQ, right)
#define KUNIT_ASSERT_EQ(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(true, #left, #right), left, KUNIT_EQ, right)
#define KUNIT_EXPECT_NE(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(false, #left, #right), left, KUNIT_NE, right)
#define KUNIT_ASSERT_NE(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(true, #left, #right), left, KUNIT_NE, right)
#define KUNIT_EXPECT_LT(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(false, #left, #right), left, KUNIT_LT, right)
#define KUNIT_ASSERT_LT(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(true, #left, #right), left, KUNIT_LT, right)
#define KUNIT_EXPECT_LE(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(false, #left, #right), left, KUNIT_LE, right)
#define KUNIT_ASSERT_LE(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(true, #left, #right), left, KUNIT_LE, right)
#define KUNIT_EXPECT_GT(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(false, #left, #right), left, KUNIT_GT, right)
#define KUNIT_ASSERT_GT(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(true, #left, #right), left, KUNIT_GT, right)
#define KUNIT_EXPECT_GE(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(false, #left, #right), left, KUNIT_GE, right)
#define KUNIT_ASSERT_GE(test, left, right) \
	KUNIT_NUMBERS(test, KUNIT_SITE(true, #left, #right), left, KUNIT_GE, right)

#define KUNIT_EXPECT_TRUE(test, condition) \
	kunit_check_bool(test, KUNIT_SITE(false, #condition, NULL), condition, true)
#define KUNIT_ASSERT_TRUE(test, condition) \
	kunit_check_bool(test, KUNIT_SITE(true, #condition, NULL), condition, true)
#define KUNIT_EXPECT_FALSE(test, condition) \
	kunit_check_bool(test, KUNIT_SITE(false, #condition, NULL), condition, false)
#define KUNIT_ASSERT_FALSE(test, condition) \
	kunit_check_bool(test, KUNIT_SITE(true, #condition, NULL), condition, false)

#define KUNIT_EXPECT_PTR_EQ(test, left, right) \
	kunit_check_pointers(test, KUNIT_SITE(false, #left, #right), left, KUNIT_EQ, right)
#define KUNIT_ASSERT_PTR_EQ(test, left, right) \
	kunit_check_pointers(test, KUNIT_SITE(true, #left, #right), left, KUNIT_EQ, right)
#define KUNIT_EXPECT_PTR_NE(test, left, right) \
	kunit_check_pointers(test, KUNIT_SITE(false, #left, #right), left, KUNIT_NE, right)
#define KUNIT_ASSERT_PTR_NE(test, left, right) \
	kunit_check_pointers(test, KUNIT_SITE(true, #left, #right), left, KUNIT_NE, right)
#define KUNIT_EXPECT_NULL(test, p) \
	kunit_check_pointers(test, KUNIT_SITE(false, #p, "NULL"), p, KUNIT_EQ, NULL)
#define KUNIT_ASSERT_NULL(test, p) \
	kunit_check_pointers(test, KUNIT_SITE(true, #p, "NULL"), p, KUNIT_EQ, NULL)
#define KUNIT_EXPECT_NOT_NULL(test, p) \
	kunit_check_pointers(test, KUNIT_SITE(false, #p, "NULL"), p, KUNIT_NE, NULL)
#define KUNIT_ASSERT_NOT_NULL(test, p) \
	kunit_check_pointers(test, KUNIT_SITE(true, #p, "NULL"), p, KUNIT_NE, NULL)

#define KUNIT_EXPECT_STREQ(test, left, right) \
	kunit_check_strings(test, KUNIT_SITE(false, #left, #right), left, KUNIT_EQ, right)
#define KUNIT_ASSERT_STREQ(test, left, right) \
	kunit_check_strings(test, KUNIT_SITE(true, #left, #right), left, KUNIT_EQ, right)
#define KUNIT_EXPECT_STRNEQ(test, left, right) \
	kunit_check_strings(test, KUNIT_SITE(false, #left, #right), left, KUNIT_NE, right)
#define KUNIT_ASSERT_STRNEQ(test, left, right) \
	kunit_check_strings(test, KUNIT_SITE(true, #left, #right), left, KUNIT_NE, right)
#define KUNIT_EXPECT_MEMEQ(test, left, right, size) \
	kunit_check_memory(test, KUNIT_SITE(false, #left, #right), left, right, size)
#define KUNIT_ASSERT_MEMEQ(test, left, right, size) \
	kunit_check_memory(test, KUNIT_SITE(true, #left, #right), left, right, size)

/* Fails the case with a message. The arguments are those of printf(). */
#define KUNIT_FAIL(test, ...) kunit_fail(test, KUNIT_SITE(false, NULL, NULL), __VA_ARGS__)

/*
 * @statement must panic with a message that contains @words. It never finishes, so
 * do not read local variables that it changes afterwards: their values are undefined.
 */
#define KUNIT_EXPECT_PANIC(test, words, statement)                                   \
	do {                                                                         \
		if (!__builtin_setjmp((test)->caught)) {                             \
			kunit_await_panic(test);                                     \
			statement;                                                   \
		}                                                                    \
		kunit_check_panic(test, KUNIT_SITE(false, #statement, NULL), words); \
	} while (0)

/*
 * @statement must print a line that contains @words. That line is not printed; others
 * are. If @statement prints two such messages, it needs two of these, one in the other:
 * each takes one line. The check also runs if @statement leaves with return or break, or
 * with a panic that a KUNIT_EXPECT_PANIC around it catches.
 *
 * Do not use both macros in one function; call one that is not inlined. KUNIT_EXPECT_PANIC
 * holds a setjmp, and clang 14 under ASan changes the address of a local struct after it:
 * the longjmp brings a wrong address.
 */
#define KUNIT_EXPECT_MESSAGE(test, words, statement)                                              \
	do {                                                                                      \
		struct kunit_message kunit_message __attribute__((cleanup(kunit_check_message))); \
		kunit_await_message(&kunit_message, test, KUNIT_SITE(false, #statement, NULL),    \
				    words);                                                       \
		statement;                                                                        \
	} while (0)

#endif /* TESTS_KUNIT_H */
