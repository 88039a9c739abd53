"""Questions as files bring them, whatever the file: one model that every format is read into and written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from lti_tool import sounds
from quizzes.formats.usage import Statistic
from quizzes.kinds import Body, Kind
from quizzes.rich import PICTURE, SOUND, Named, TextFormat

Path = tuple[str, ...]
"""A topic by the titles on the way to it, the outermost first; none for the top."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file."""

    line: int = 0
    """From 1; 0 where a format has no lines. In a table, the row."""
    item: str = ""
    """What the file calls it: a title, an identifier, the name of a file in a package."""


NOWHERE = Place()


ENDINGS: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    **{mimetype: ending for ending, mimetype in sounds.MIMETYPES.items()},
}
"""Of files of each sort."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that a question shows, or a recording that it plays."""

    content: bytes
    name: str
    """What its file was called."""
    mimetype: str = ""

    @property
    def key(self) -> str:
        """What texts call it, as in `picture:<key>`: the same bytes have the same name in every format."""
        return key_of(sha256(self.content).hexdigest())

    @property
    def ending(self) -> str:
        """Of files that we write."""
        return ENDINGS.get(self.mimetype, "bin")

    @property
    def is_sound(self) -> bool:
        return self.mimetype.startswith("audio/")

    @property
    def reference(self) -> str:
        """How texts name it: `picture:<key>` or `sound:<key>`."""
        return (SOUND if self.is_sound else PICTURE) + self.key

    @property
    def named(self) -> Named:
        return Named(self.key, "", self.is_sound)


def key_of(sha256: str) -> str:
    return sha256[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with all that any of our formats says of it.

    `body` is what `quizzes.kinds` says of the kind, with `text` and `why`: the same that banks keep. Its ids are
    ours, made from the texts; `equality` looks through them.
    """

    kind: Kind
    body: Body
    text_format: TextFormat = TextFormat.PLAIN
    """Of every text in the body, of the feedback and of the hints."""
    title: str = ""
    identifier: str = ""
    """What the file knows it by for ever."""
    category: Path = ()
    tags: tuple[str, ...] = ()
    maximum: float = 1.0
    difficulty: int = 0
    """1 easy, 2 medium, 3 hard; 0 where nothing is said."""
    feedback: Mapping[str, str] = field(default_factory=dict)
    """What is said to an answer, by the way to it in the body: `options/<id>`, `items/<id>`, `answers/<place from 0>`,
    `gaps/<id>/options/<id>`, `gaps/<id>/answers/<place>`, `gaps/<id>/other`; and by `RIGHT`, `PARTLY`, `WRONG`,
    `OTHER`."""
    hints: tuple[str, ...] = ()
    """One after each try that was not right."""
    penalty: str = ""
    """What a further try costs, as a fraction of the mark; empty where nothing is said."""
    media: tuple[Media, ...] = ()
    """Those that its texts name."""
    is_draft: bool = field(default=False, compare=False)
    """Whether something of it is missing, so that it cannot be asked yet; `registry` says so of what it reads."""
    place: Place = field(default=NOWHERE, compare=False)


RIGHT, PARTLY, WRONG, OTHER = "right", "partly", "wrong", "other"
"""Feedback to the whole answer; `OTHER` to one that is none of those listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A place in a quiz for one question, named by its identifier."""

    question: str
    maximum: float | None = None
    """Where the quiz says otherwise than the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """So many questions of those named here, or of a category, or with these tags."""

    count: int
    questions: tuple[str, ...] = ()
    category: Path | None = None
    with_inner: bool = True
    tags: tuple[str, ...] = ()
    bank: str = ""
    """What the file knows the bank by that they come from, which may be missing; `category` is what it has become."""
    title: str = field(default="", compare=False)
    """What the file calls them, where it says so."""
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    slots: tuple[Fixed | Draw, ...] = ()
    title: str = ""
    instructions: str = ""
    is_shuffled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What learners see of their answers afterwards, as far as files say it."""

    is_one_by_one: bool = False
    """Whether each question is handed in by itself, and what is shown of it is shown at once."""
    answers: bool = False
    """Whether they can look at what was asked and what they answered."""
    key: bool = False
    reasons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """What asks questions, where a format has such a thing."""

    title: str
    identifier: str = ""
    intro: str = ""
    text_format: TextFormat = TextFormat.PLAIN
    """Of the intro and of the instructions."""
    sections: tuple[Section, ...] = ()
    seconds: int | None = None
    """The time limit."""
    attempts: int | None = None
    """How many; None where nothing is said or there is no end."""
    is_shuffled: bool = False
    """Whether its sections change places."""
    is_linear: bool = False
    """Whether there is a way on only, and none back."""
    pass_percent: int | None = None
    reviewed: Reviewed | None = None
    """None where nothing is said."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A bank that a quiz of the file draws from."""

    identifier: str
    title: str = ""
    quiz: str = ""
    category: Path | None = None
    """The topic that it has become; none if it is not in the file."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """What a file holds, or what is to be written into one."""

    title: str = ""
    language: str = ""
    license: str = ""
    categories: tuple[Path, ...] = ()
    """In the order of the file, those without questions too."""
    questions: tuple[Question, ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    """How its questions did, where somebody wants to say so."""
