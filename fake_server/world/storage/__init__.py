"""The rows of one API in one world: SQLite behind SQLAlchemy Core."""
