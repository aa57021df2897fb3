"""Walks through the pages of the admin interface in a real browser, as an administrator does.

A module for each page or group of pages, each with a function `walk(browser)`. It runs alone, on a server that it fills itself.
"""
