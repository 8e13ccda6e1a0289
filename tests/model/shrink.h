/* SPDX-License-Identifier: MIT */
/*
 * shrink.h - makes a program that fails as short as it can be
 */
#ifndef TESTS_MODEL_SHRINK_H
#define TESTS_MODEL_SHRINK_H

#include <stdbool.h>

#include <tests/model/program.h>

size_t model_shrink(struct model_program *program, size_t at,
		    bool (*fails)(const struct model_program *program, void *arg), void *arg);

#endif /* TESTS_MODEL_SHRINK_H */
