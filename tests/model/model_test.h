/* SPDX-License-Identifier: MIT */
/*
 * model_test.h - what the command line can say about the suite "model"
 */
#ifndef TESTS_MODEL_TEST_H
#define TESTS_MODEL_TEST_H

void model_set(const char *seed, const char *rounds);

#endif /* TESTS_MODEL_TEST_H */
