"""HTTP: connections that reach public addresses only, decoding, robots.txt, and what sites ask of clients."""
