"""The parts of responses: headers, pages of a list, compression, errors on demand."""
