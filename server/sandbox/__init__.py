"""A WeChat platform and an SMS carrier that run on this machine, with an inbox to look at (沙箱).

They answer as the vendors answer, refuse what the vendors refuse, and fail on demand as vendors fail, so that the product
can be run, shown and tested without an account anywhere. Nothing here is for production.
"""
