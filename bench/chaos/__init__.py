"""A hostile origin against the real daemon, judged by what the origin saw and what the archive holds."""
