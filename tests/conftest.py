"""What holds for every test."""

from hypothesis import settings

# An example may take its time: a busy machine is no failure.
settings.register_profile("tocsin", deadline=None)
settings.load_profile("tocsin")
