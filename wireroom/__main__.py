"""`python -m wireroom` is the command `wireroom`."""

from wireroom.cli import main

if __name__ == "__main__":
    main()
