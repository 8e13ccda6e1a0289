/* SPDX-License-Identifier: MIT */
/*
 * crash_frames.S - a function with a frame that no compiler makes everywhere
 *
 * In C it would need "rbp" as a clobber, and gcc refuses that where functions have frame
 * pointers, as with -O0.
 */
	.cfi_sections .debug_frame

/*
 * without_fp(array, lost_fp): calls lost_fp() while the frame pointer is cleared. Only the saved
 * value on the stack is left.
 */
	.globl	without_fp
	.type	without_fp, @function
without_fp:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	xorl	%ebp, %ebp
	call	*%rsi
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
	ret
	.cfi_endproc
	.size	without_fp, . - without_fp
