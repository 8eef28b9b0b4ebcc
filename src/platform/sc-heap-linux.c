// SPDX-License-Identifier: MIT
// A heap that forgets: whatever is freed is overwritten first, by whom ever it was allocated.
//
// Our own secrets wipe themselves. The libraries that they pass through keep copies of their own,
// in header lists, JSON strings and messages, and free these as they are. glibc's M_PERTURB does
// not reach them: small blocks go to the thread's cache before it is looked at. So these two
// functions stand in front of glibc's for the whole program, which glibc allows. They are linked
// into the agent's program alone.

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern void __libc_free (void *memory);

/* What they are called outside of here. */
void sc_heap_free (void *memory) __asm__("free");
void *sc_heap_realloc (void *memory, size_t size) __asm__("realloc");

void
sc_heap_free (void *memory)
{
  if (memory == NULL)
    return;
  explicit_bzero (memory, malloc_usable_size (memory));
  __libc_free (memory);
}

/* Never glibc's own, which may move a block and leave the old one as it is. */
void *
sc_heap_realloc (void *memory, size_t size)
{
  size_t room = 0;
  void *larger = NULL;

  if (memory == NULL)
    return malloc (size);
  if (size == 0)
    {
      sc_heap_free (memory);
      return NULL;
    }
  room = malloc_usable_size (memory);
  if (size <= room && size >= room / 2)
    return memory;

  larger = malloc (size);
  if (larger == NULL)
    return NULL;
  memcpy (larger, memory, room < size ? room : size);
  sc_heap_free (memory);
  return larger;
}
