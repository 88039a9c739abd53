"""Short guides of our own for the trainings of ready-made programs, by the key of the item."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

GUIDES: Mapping[str, LazyString] = {
    "introduction": _l(
        "Mentoring is help between two people for a limited time: one has been where the other wants to go. It is not"
        " supervision and not marking. Read the objective of the program, and be able to say in one sentence what"
        " your mentee should have at its end."
    ),
    "mentors-role": _l(
        "You listen, ask, tell what you have seen, and open doors. You do not do the work, and you do not judge. What"
        " your mentee tells you stays with you, unless somebody is in danger. Agree at the first meeting on how often"
        " you talk, where, and how each of you reaches the other."
    ),
    "adult-learning": _l(
        "Adults learn what they need for something they want to do soon. Begin with their own question and with what"
        " they know already. Let them try, then talk about it. One thing tried is worth more than five explained."
    ),
    "goal-setting": _l(
        "A good goal says what will be different, how one will see it, and by when; it is within reach, and it matters"
        " to the mentee. Write down one to three. Look at them at every second meeting, and change what does not fit"
        " any more."
    ),
    "communication": _l(
        "Ask open questions, and wait for the answer. Say back what you have understood. Give feedback on what somebody"
        " did, soon, and with what to do next time. Ask for feedback on yourself. If you cannot come, say so before."
    ),
    "challenges": _l(
        "Your mentee does not answer: write once more, short and friendly, then tell the instructor. You do not get on:"
        " say so early; another match is no defeat. It becomes too much: put yourself on pause instead of vanishing."
        " It becomes personal or serious: do not carry it alone, ask the instructor whom to turn to."
    ),
    "mentees-part": _l(
        "You steer, your mentor helps. Come with a question, write down what you agreed, and do it until the next"
        " meeting. Answer within the time agreed, and say when you cannot come. Tell your mentor what helps you and"
        " what does not; that is no rudeness but what they need."
    ),
}
