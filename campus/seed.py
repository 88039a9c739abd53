"""The people and courses the campus opens with. Seeding again changes nothing anybody has edited since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from campus import groups
from campus.people import Role
from campus.store import Store

FIRST_COURSE, OTHER_COURSE = "2", "3"
COURSES = (
    (FIRST_COURSE, "MENTOR101", "Starting at work 101"),
    (OTHER_COURSE, "OTHER200", "Another course"),
)
VARIABLES = {
    "time_zone": "$Person.address.timezone",
    "closes": "$ResourceLink.submission.endDateTime",
    "context_history": "$Context.id.history",
    "canvas_sections": "$Canvas.course.sectionIds",
    "canvas_section_names": "$com.instructure.User.sectionNames",
    "moodle_groups": "$Moodle.Person.userGroupIds",
}
PLACEMENTS = (
    ("mentoring", "Mentoring", "Your mentor, your mentees, and what you do together."),
    ("quiz", "Onboarding quiz", "Twenty questions about your first weeks. It counts in the gradebook."),
)


@dataclass(frozen=True)
class Newcomer:
    """A person as the seed writes them; `role` is their seat in `courses`."""

    key: str
    given: str | None
    family: str | None
    about: str
    role: Role = Role.LEARNER
    courses: tuple[str, ...] = (FIRST_COURSE,)
    has_email: bool = True
    locale: str = "en"
    time_zone: str = "Europe/Lisbon"
    observes: str | None = None


CAST = (
    Newcomer("ines", "Ines", "Ferreira", "teaches this course", Role.INSTRUCTOR),
    Newcomer("maya", "Maya", "Okonkwo", "has been here a year; she will mentor"),
    Newcomer("leo", "Leo", "Nowak", "is new and learns"),
    Newcomer("tariq", "Tariq", "Haddad", "teaches it with Ines", Role.INSTRUCTOR),
    Newcomer("anouk", "Anouk", "Visser", "assists", Role.ASSISTANT),
    Newcomer("olga", "Olga", "Nowak", "is Leo's parent and may watch", Role.OBSERVER, observes="leo"),
    Newcomer("preview", "Test", "Student", "is the teacher's preview of a learner", Role.PREVIEW),
    Newcomer("zoe", "Zoe", "Lindqvist", "is somebody else, in another course", courses=(OTHER_COURSE,)),
    Newcomer("henrik", "Henrik", "Dahl", "teaches that other course", Role.INSTRUCTOR, (OTHER_COURSE,)),
)

# Thirty classmates. Names are varied on purpose: what breaks a page or a sort is somebody's real name.
CLASS = (
    Newcomer("amara", "Amara", "Okafor", "is in both courses", courses=(FIRST_COURSE, OTHER_COURSE)),
    Newcomer("chloe", "Chloé", "Dubois-Lefèvre", "", locale="fr", time_zone="Europe/Paris"),
    Newcomer("mei", "美玲", "陳", "", locale="zh-TW", time_zone="Asia/Taipei"),
    Newcomer("haruto", "陽翔", "佐藤", "", locale="ja", time_zone="Asia/Tokyo"),
    Newcomer("jisoo", "지수", "김", "", locale="ko", time_zone="Asia/Seoul"),
    Newcomer("layla", "ليلى", "الحسيني", "", locale="ar", time_zone="Africa/Cairo"),
    Newcomer("noam", "נועם", "בן־דוד", "", locale="he", time_zone="Asia/Jerusalem"),
    Newcomer("farida", "فریده", "رحیمی", "", locale="fa", time_zone="Asia/Tehran"),
    Newcomer(
        "maximiliane",
        "Maximiliane-Theodora Anastasia Wilhelmine",
        "von und zu Hohenstein-Wolfratshausen-Donaudampfschifffahrtsgesellschaft",
        "has the longest name",
        locale="de",
        time_zone="Europe/Berlin",
    ),
    Newcomer("siobhan", "Siobhán", "O'Brien & Söhne <Ltd>", "has signs in the name"),
    Newcomer("bobby", "Bobby <script>alert(1)</script>", "D'Angelo", "has a script in the name"),
    Newcomer("noemail", "Pavel", "Horák", "has no e-mail", has_email=False),
    Newcomer("noname", None, None, "has no name at all", has_email=False),
    Newcomer("onlygiven", "Sukarno", None, "has one name only", locale="id", time_zone="Asia/Jakarta"),
    Newcomer("liwei1", "Li", "Wei", "shares a name with a classmate"),
    Newcomer("liwei2", "Li", "Wei", "shares a name with a classmate"),
    Newcomer("nguyen", "Thị Ánh Nguyệt", "Nguyễn", "", locale="vi", time_zone="Asia/Ho_Chi_Minh"),
    Newcomer("oysten", "Øystein", "Ångström", "", locale="nb", time_zone="Europe/Oslo"),
    Newcomer("zeynep", "Zeynep", "Yıldırım", "", locale="tr", time_zone="Europe/Istanbul"),
    Newcomer("olena", "Олена", "Шевченко", "", locale="uk", time_zone="Europe/Kyiv"),
    Newcomer("eleni", "Ελένη", "Παπαδοπούλου", "", locale="el", time_zone="Europe/Athens"),
    Newcomer("priya", "प्रिया", "शर्मा", "", locale="hi", time_zone="Asia/Kolkata"),
    Newcomer("somchai", "สมชาย", "ใจดี", "", locale="th", time_zone="Asia/Bangkok"),
    Newcomer("kealoha", "Kealoha", "Kekaulikeʻaʻaliʻi", "", time_zone="Pacific/Honolulu"),
    Newcomer("rosa", "Rosa", "García Márquez", "", locale="es", time_zone="America/Bogota"),
    Newcomer("joao", "João", "Conceição", "", locale="pt-BR", time_zone="America/Sao_Paulo"),
    Newcomer("x", "X", "Æ", "has the shortest name"),
    Newcomer("emoji", "Robin 🌿", "Sato", "has a picture in the name"),
    Newcomer("tendai", "Tendai", "Moyo", "", time_zone="Africa/Harare"),
    Newcomer("ada", "Ada", "McKenzie", "", time_zone="America/New_York"),
)
FIRST_ID = 3


def seed(store: Store, extra_learners: int) -> None:
    """Fill an empty campus; in one that has people already, add only whoever is missing."""
    with store.writing() as db:
        db.executemany("INSERT OR IGNORE INTO courses VALUES (?, ?, ?)", COURSES)
        _seed_people(db, extra_learners)
        is_new = db.execute("INSERT OR IGNORE INTO meta VALUES ('seeded', 'yes')").rowcount == 1
        if is_new:
            _seed_placements(db)
            groups.seed(db, FIRST_COURSE)


def _seed_people(db: sqlite3.Connection, extra_learners: int) -> None:
    everybody = [*CAST, *CLASS, *_extras(extra_learners)]
    ids = {person.key: str(number) for number, person in enumerate(everybody, start=FIRST_ID)}
    for person in everybody:
        row = (
            ids[person.key],
            person.key,
            person.given,
            person.family,
            _full_name(person),
            f"{person.key}@campus.example" if person.has_email else None,
            person.locale,
            person.time_zone,
            person.about,
        )
        db.execute("INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        observes = ids[person.observes] if person.observes else None
        for course in person.courses:
            db.execute(
                "INSERT OR IGNORE INTO enrolments VALUES (?, ?, ?, 'active', ?)",
                (course, ids[person.key], person.role, observes),
            )


def _extras(count: int) -> Iterator[Newcomer]:
    for number in range(1, count + 1):
        yield Newcomer(f"extra{number}", "Extra", f"Learner {number:04}", "is one of many")


def _full_name(person: Newcomer) -> str | None:
    return " ".join(part for part in (person.given, person.family) if part) or None


def _seed_placements(db: sqlite3.Connection) -> None:
    placement_id = 0
    for course_id, _, _ in COURSES:
        for key, title, about in PLACEMENTS:
            placement_id += 1
            custom = json.dumps({"activity": key, **VARIABLES})
            db.execute(
                "INSERT INTO placements VALUES (?, ?, ?, ?, ?, ?)",
                (str(placement_id), course_id, key, title, about, custom),
            )
            if key == "quiz":
                db.execute(
                    "INSERT INTO line_items (course_id, placement_id, label, maximum, extra)"
                    " VALUES (?, ?, ?, 20, '{}')",
                    (course_id, str(placement_id), title),
                )
