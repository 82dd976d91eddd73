"""Tags and categories: the words under which articles and items are filed."""
