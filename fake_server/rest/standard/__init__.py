"""The standard dialect: lists, records and writes of APIs that have no dialect of their own.

What an operation takes and answers is what its document says: parameters, schemas and headers.
`operation_reading.py` reads that, `list_query.py` and `pages.py` act on it, the other modules
answer.
"""
