"""`python -m fourways`."""

from fourways.cli import main

main(prog_name="fourways")
