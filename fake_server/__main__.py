"""`python -m fake_server` is `fake-server`."""

from fake_server.cli import main

if __name__ == "__main__":
    main()
