"""One case per line comes in as JSON, one line of JSON for each goes out: `judge.py write` or `judge.py convert`.

Runs in a process of its own, with what lies in `packages` beside it; nothing of the project is imported here.
"""

import base64
import contextlib
import io
import json
import os
import sys
import tempfile


def write(case):
    """A package that text2qti makes of a text, or qti-package-maker of items, in base64."""
    if "text" in case:
        from text2qti.config import Config
        from text2qti.qti import QTI
        from text2qti.quiz import Quiz

        made = QTI(Quiz(case["text"], config=Config(), source_name="quiz.txt")).zip_bytes()
    else:
        made = _packed(case)
    return base64.b64encode(made).decode()


def _packed(case):
    from qti_package_maker.package_interface import QTIPackageInterface

    maker = QTIPackageInterface("questions", verbose=False, allow_mixed=True)
    for kind, parts in case["items"]:
        maker.add_item(kind, tuple(parts))
    with open(maker.save_package(case["as"], os.path.abspath("made")), "rb") as file:
        return file.read()


def convert(case):
    """A package of QTI 2 as one of QTI 3, or the other way, in base64; with what the converter warns of."""
    from qti_convert import downgrade_package, upgrade_package

    with open("given.zip", "wb") as file:
        file.write(base64.b64decode(case["package"]))
    turn = upgrade_package if case["to"] == "3.0" else downgrade_package
    done = turn("given.zip", "made.zip")
    with open("made.zip", "rb") as file:
        return {
            "package": base64.b64encode(file.read()).decode(),
            "warnings": [str(each) for each in getattr(done, "warnings", ())],
        }


def main():
    act = {"write": write, "convert": convert}[sys.argv[1]]
    answers = sys.stdout
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for line in sys.stdin:
            with contextlib.redirect_stdout(io.StringIO()):
                answer = act(json.loads(line))
            answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
