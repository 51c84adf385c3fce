"""Benchmarks; nothing here is a test.

- `make bench`, which is `python -m bench [--large]`: one table of figures beside their targets
- `python -m bench.many_worlds [count]`: what 10,000 worlds in use weigh
- `python -m bench.long_run [count]`: a million requests to one world, whose journal is bounded
- `make bench-others`, which is `python -m bench.others`: our reset beside those of other servers
"""
