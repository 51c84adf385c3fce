"""`fake-server watch`: a reverse proxy that checks the answers it passes on."""
