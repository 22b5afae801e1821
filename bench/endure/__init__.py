"""The real daemon through everything that a machine, a disk and other people's servers do to it in years."""
