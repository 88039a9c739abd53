"""`python3 -m tools <command>` is what make calls; old Pythons can read this file and say that they are too old."""

import sys

OLDEST = (3, 11)

TOO_OLD = (
    "Mentoring needs Python 3.11 or newer, and this one is %d.%d: "
    "install a newer one, or name one you have, as in make run PYTHON=python3.11"
)


def main():  # type: () -> None
    if sys.version_info < OLDEST:
        sys.exit(TOO_OLD % sys.version_info[:2])
    from tools import commands

    sys.exit(commands.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
