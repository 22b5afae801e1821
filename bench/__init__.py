"""Measures Wireroom beside named peers, in one run, by the same clock: `make bench`. See README.md here.

This module and `bench.dialogue` are imported by the peers' interpreter too: standard library only.
"""
