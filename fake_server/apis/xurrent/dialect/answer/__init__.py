"""What responses carry: headers, pages of a list, compression, errors on demand."""
