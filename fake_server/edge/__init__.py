"""The HTTP server: it reads requests, calls the application and sends answers."""
