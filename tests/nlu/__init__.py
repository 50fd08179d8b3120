"""Tests of the understanding; a package, so that `checks` is shared by relative import."""
