"""`python -m havana.cli`."""

from havana.cli import main

main()
