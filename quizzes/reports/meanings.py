"""What each figure is called, and one sentence that says what it means."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

OF_QUIZ: dict[str, tuple[LazyString, LazyString]] = {
    "mean": (_l("Mean"), _l("What an attempt earns on average. Most tests aim at 50 to 75%.")),
    "median": (_l("Median"), _l("Half of the attempts earned less, half of them more.")),
    "sd": (
        _l("Standard deviation"),
        _l("How far results lie apart. With 12 to 18% a test tells people apart well."),
    ),
    "skewness": (_l("Skewness"), _l("Below 0 some did much worse than most; above 0 some did much better.")),
    "kurtosis": (
        _l("Kurtosis"),
        _l("Above 1 nearly everybody earns much the same, and the test hardly tells them apart."),
    ),
    "consistency": (
        _l("Internal consistency"),
        _l("Whether the questions measure the same thing. Above 75% is good, below 64% is not."),
    ),
    "error_ratio": (_l("Error ratio"), _l("How much of the difference between results is chance.")),
    "standard_error": (
        _l("Standard error"),
        _l(
            "So far a result is usually from what this learner would earn on average. Close to the pass mark, do not "
            "trust one attempt alone."
        ),
    ),
    "fairness": (
        _l("Fairness of the draw"),
        _l(
            "How much easier some draws are than others: the standard deviation of what was to be expected of them. "
            "Within one percent nobody has it easier."
        ),
    ),
}
OF_ITEM: dict[str, tuple[LazyString, LazyString]] = {
    "facility": (
        _l("Facility"),
        _l("What share of its marks was earned on average: the lower, the harder the question."),
    ),
    "corrected": (
        _l("Facility beyond guessing"),
        _l("The same without what guessing earns; 0 where everybody could have guessed."),
    ),
    "guess": (_l("Random guess"), _l("What somebody who guesses earns on average.")),
    "sd": (
        _l("Standard deviation"),
        _l("How far marks lie apart. Where it is close to 0, everybody does the same."),
    ),
    "intended": (_l("Intended weight"), _l("How much of the attempt's marks it is worth.")),
    "effective": (
        _l("Effective weight"),
        _l(
            "How much it does to tell people apart. Much below the intended weight it does little; without a value it "
            "works against the others."
        ),
    ),
    "discrimination": (
        _l("Discrimination index"),
        _l("How it goes with the rest of the attempt: above 30% well, below 20% weakly, below 0 against it."),
    ),
    "efficiency": (
        _l("Discriminative efficiency"),
        _l("The same as a share of what is possible with a question this hard."),
    ),
    "upper_lower": (
        _l("Best against worst"),
        _l(
            "How much more of its marks the best 27% of attempts earned than the worst 27%, from -100 to 100%; above "
            "30% is good."
        ),
    ),
}
