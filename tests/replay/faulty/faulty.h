/* SPDX-License-Identifier: MIT */
/*
 * faulty.h - the reference pool with one of the text's faults
 */
#ifndef TESTS_FAULTY_H
#define TESTS_FAULTY_H

#include <stdbool.h>
#include <stdint.h>

#include <tests/replay/reference.h>

#define REF_FAULTS 11

/**
 * struct ref_fault - one of the faults in README.md, "The text we start from"
 * @word: its name
 * @does: what it does, in a sentence of at most 72 bytes
 */
struct ref_fault {
	const char *word;
	const char *does;
	const char *see; /* what to type to see it: P is the new pool, A its first object */
};

/**
 * struct ref_misplaced - an object that does not lie in its node
 * @node: the node; NULL: there is none
 * @at: the object, or a record
 * @size: its bytes
 */
struct ref_misplaced {
	const struct ref_node *node;
	const unsigned char *at;
	size_t size;
};

extern const struct ref_fault ref_faults[REF_FAULTS + 1]; /* 0 is no fault */
extern unsigned int reference_fault;			  /* which one is on; 0: none */
extern struct ref_misplaced reference_misplaced;	  /* the newest; the caller sets it to 0 */
extern const struct ref_calls reference_faulty_calls;

unsigned int ref_fault_find(const char *word);

/* What a heap block of the copy holds before it is used. */
#define REF_GARBAGE 0xa5

/* The next node, or NULL; also where fault 10 left garbage in place of it. */
static inline struct ref_node *ref_next(const struct ref_node *node)
{
	return (uintptr_t)node->next == REF_GARBAGE * (UINTPTR_MAX / 0xff) ? NULL : node->next;
}

#endif /* TESTS_FAULTY_H */
