"""Use cases: what commands, web and APIs do, without any of them."""
