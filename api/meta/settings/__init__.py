"""The settings in force, for those who may see them: nothing is changed here."""
