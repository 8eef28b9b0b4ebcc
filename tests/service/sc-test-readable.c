// SPDX-License-Identifier: MIT
// Preloaded into an agent whose memory a test reads: all that it does is to let the agent stay
// readable, which it refuses to be, so that the test needs no privileges.

#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int
prctl (int option, ...)
{
  unsigned long arguments[4] = { 0 };
  va_list more;

  if (option == PR_SET_DUMPABLE)
    return 0;
  va_start (more, option);
  for (int i = 0; i < 4; i++)
    arguments[i] = va_arg (more, unsigned long);
  va_end (more);
  return (int) syscall (SYS_prctl, option, arguments[0], arguments[1], arguments[2], arguments[3]);
}
