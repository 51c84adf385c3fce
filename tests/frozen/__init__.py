"""What the fake answered before its resources moved: documents and answers, to be held to."""
