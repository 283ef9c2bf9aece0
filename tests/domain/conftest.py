"""Examples are made up anew in each run; how long one takes on a busy machine says nothing about a rule."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
