"""From an address to a clean article; knows no database and no command line."""
