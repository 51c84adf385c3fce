"""The standard dialect: lists, records and writes of APIs that have no dialect of their own.

What an operation takes and answers is what its document says: parameters, schemas and headers.
`operations.py` reads that, `queries.py` and `pages.py` act on it, the other modules answer.
"""
