"""Answers that may be given again: what they depend on, and what each request makes anew."""
