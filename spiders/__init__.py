"""Turns pages into articles: what to fetch, how to behave as a guest, how to read what came back.

Reading is pure (`blocks`, `dates`, `extract`, `site`, `sites`); fetching is Scrapy's.
"""
