/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernel headers would provide to the functions that oracle.c includes, for a user-space compiler. */
#ifndef DOMAIN_ORACLE_SHIM_H
#define DOMAIN_ORACLE_SHIM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef unsigned long long u64;
typedef long long s64;
#define S8_MIN (-128)
#define S8_MAX 127
#define S16_MIN (-32768)
#define S16_MAX 32767
#define U32_MAX ((u32)-1)
#define S32_MAX ((s32)0x7fffffff)
#define S32_MIN (-S32_MAX - 1)
#define U64_MAX ((u64)-1)
#define S64_MAX ((s64)0x7fffffffffffffffLL)
#define S64_MIN (-S64_MAX - 1)
#define BIT_ULL(n) (1ULL << (n))
#define PASTE_2(a, b) a##b
#define __PASTE(a, b) PASTE_2(a, b)
#define EXPORT_SYMBOL_GPL(name)
#define fallthrough __attribute__((fallthrough))
#define min(a, b) ({ __auto_type min_a = (a); __auto_type min_b = (b); min_a < min_b ? min_a : min_b; })
#define max(a, b) ({ __auto_type max_a = (a); __auto_type max_b = (b); max_a > max_b ? max_a : max_b; })
#define swap(a, b) do { __auto_type swap_a = (a); (a) = (b); (b) = swap_a; } while (0)
#define min_array(a, n) ({ __auto_type m = (a)[0]; for (int i = 1; i < (n); i++) m = min(m, (a)[i]); m; })
#define max_array(a, n) ({ __auto_type m = (a)[0]; for (int i = 1; i < (n); i++) m = max(m, (a)[i]); m; })
#define check_mul_overflow(a, b, result) __builtin_mul_overflow(a, b, result)
#define div64_u64(a, b) ((a) / (b))
#define div64_s64(a, b) ((a) / (b))
#define swab16(n) __builtin_bswap16(n)
#define swab32(n) __builtin_bswap32(n)
#define swab64(n) __builtin_bswap64(n)
static inline int fls64(u64 n) { return n ? 64 - __builtin_clzll(n) : 0; }
static inline bool is_power_of_2(unsigned long n) { return n && !(n & (n - 1)); }
#endif
