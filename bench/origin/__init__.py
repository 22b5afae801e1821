"""A synthetic news origin on loopback: many hosts, their feeds and article pages, all a function of a seed."""
