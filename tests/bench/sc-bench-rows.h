// SPDX-License-Identifier: MIT
// The rows of design.md §6 that exist by now. Each prints what it measured; none judges by its exit
// status.

#pragma once

/** sc_bench_idle: memory and work of an agent that has nothing to do */
void sc_bench_idle (void);
/** sc_bench_start: exec to bus name */
void sc_bench_start (void);
/** sc_bench_redirect: the browser's answer, without the exchange */
void sc_bench_redirect (void);
/** sc_bench_connect: a click on Connect to tokens in hand */
void sc_bench_connect (void);
