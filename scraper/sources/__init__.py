"""What can be subscribed to: RSS, Atom and JSON Feed documents, and how pages name them."""
