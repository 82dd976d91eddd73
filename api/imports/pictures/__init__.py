"""Pictures that imports left elsewhere: fetched, stored, and shown from here wherever they were shown."""
