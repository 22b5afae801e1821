"""How fast searches are in an archive of generated articles, and what their index costs."""
