"""Authors: the names under which articles appear."""
