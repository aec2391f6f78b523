/* tri.h - what is known of a condition. Private to solve. */
#ifndef CANCELINT_SOLVE_TRI_H
#define CANCELINT_SOLVE_TRI_H

enum tri { TRI_FALSE, TRI_TRUE, TRI_UNKNOWN };

#endif
