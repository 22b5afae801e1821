"""What people touch: commands, reading room, exports, logs."""

__version__ = "0.1.0"
