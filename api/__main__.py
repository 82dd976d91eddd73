"""`python -m api` is the command `kiosque`."""

from api.cli import main

main()
