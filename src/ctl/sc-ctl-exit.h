// SPDX-License-Identifier: MIT
// What sikkactl's exit status says. Scripts depend on it: values are never renumbered.

#pragma once

/**
 * ScCtlExit:
 * @SC_CTL_EXIT_OK: connected, or the command did what was asked
 * @SC_CTL_EXIT_NOT_CONNECTED: pending, connecting, or a status too old to be believed
 * @SC_CTL_EXIT_USAGE: the command line is wrong
 * @SC_CTL_EXIT_NO_AGENT: the agent could not be reached
 * @SC_CTL_EXIT_FAILED: the connection or the command failed
 * @SC_CTL_EXIT_CANCELLED: cancelled, denied, declined or timed out
 */
typedef enum
{
  SC_CTL_EXIT_OK = 0,
  SC_CTL_EXIT_NOT_CONNECTED = 1,
  SC_CTL_EXIT_USAGE = 2,
  SC_CTL_EXIT_NO_AGENT = 3,
  SC_CTL_EXIT_FAILED = 4,
  SC_CTL_EXIT_CANCELLED = 5,
} ScCtlExit;
