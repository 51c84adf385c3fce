"""`fake-server serve --processes`: equal processes behind nginx, which hashes by world."""
