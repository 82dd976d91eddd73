"""Second factors: codes of an app, or recovery codes, that a login needs beside the password."""
