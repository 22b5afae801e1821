"""Maintenance, reading stored pages again, drift of sites, imports."""
