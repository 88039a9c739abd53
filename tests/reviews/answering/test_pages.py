"""The page of one rater: what it says first, what it keeps, and what it takes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from lti_tool.arrivals.sessions import Visit
from reviews.answering.models import Remark, Response
from reviews.answering.said import MOST_CHARACTERS
from reviews.instruments.content import Comments, Level, Scale
from tests.mentoring.conftest import Counting
from tests.reviews.answering.conftest import RATED, Collecting, Raters
from tests.reviews.conftest import Reviews

COMMENT = "c.listening"


def ratings(raters: Raters) -> list[dict[str, object]]:
    return [row.ratings for row in raters.reviews.session.scalars(select(Response))]


def test_first_of_all_it_says_about_whom_what_for_and_who_will_see_what(raters: Raters):
    page = raters.ana.get()

    before, _form = page.split('<form id="review"')
    assert "Your view of Leo Baum" in before
    assert "the development of Leo Baum, and no decision about them" in before
    assert "Answers count until:" in before
    assert "Your answers are anonymous" in before
    assert "at least 2 others" in before
    assert "In your group, Peers, 5 people are asked now, you among them." in before
    assert "whoever is in a group of 5 and sees its mean knows the mean of the 4 others" in before
    assert "once 5 people have written" in before


def test_whoever_is_reviewed_reads_statements_about_themselves(raters: Raters):
    page = raters.page(raters.reviews.school.leo).get()

    assert "How you see yourself" in page
    assert "Your own answers are shown as yours" in page
    assert "anonymous" not in page


def test_a_mentor_is_never_called_anonymous(collecting: Collecting, reviews: Reviews):
    reviews.school.mentors(maya=2)
    reviews.school.paired(reviews.school.leo, reviews.school.maya)
    raters = collecting()

    page = raters.page(reviews.school.maya).get()

    assert "Your answers are not anonymous: they are shown as those of the group Mentors, which is you alone" in page
    assert "Your answers are anonymous" not in page
    assert "word for word, as that of the group Mentors" in page


def test_what_is_saved_is_there_when_one_comes_back(raters: Raters):
    ana = raters.ana

    answer = ana.save({"r.asks": "4", COMMENT: "Asks well."})
    page = ana.get()

    assert answer.status_code == 302
    assert ana.draft.ratings == {"asks": 4}
    assert re.search(r'name="r.asks" value="4" checked', page)
    assert "Asks well." in page
    assert ana.state == "started"
    assert ratings(raters) == []


def test_handing_in_keeps_the_answers_and_no_draft(raters: Raters):
    ana = raters.ana

    answer = ana.hand_in(RATED)

    assert answer.status_code == 302
    assert ana.state == "submitted"
    assert ana.assignment.sealed_draft is None
    assert ratings(raters) == [{"asks": 4, "sums_up": None, "keeps": 5}]
    assert "You have handed this in" in ana.get()
    assert "Level 4" not in ana.get()


def test_what_is_open_is_named_first_with_links_and_what_was_said_is_kept(raters: Raters):
    ana = raters.ana

    answer = ana.hand_in({"r.asks": "4"})

    assert answer.status_code == 422
    summary = answer.text.split('class="error-summary"')[1].split("</section>")[0]
    links = re.findall(r'href="#([^"]+)">([^<]+)', summary)
    assert [words.rpartition(": ")[2] for _id, words in links] == ["Sums up.", "Keeps promises."]
    assert all(f'id="{each}"' in answer.text for each, _words in links)
    assert ana.draft.ratings == {"asks": 4}
    assert ratings(raters) == []


def test_all_not_observed_may_be_handed_in(raters: Raters):
    ana = raters.ana

    assert ana.hand_in(dict.fromkeys(RATED, "none")).status_code == 302

    assert ratings(raters) == [{"asks": None, "sums_up": None, "keeps": None}]


def test_a_score_on_no_scale_leaves_the_statement_open(raters: Raters):
    ana = raters.ana

    answer = ana.hand_in({**RATED, "r.asks": "9", "r.keeps": "a lot"})

    assert answer.status_code == 422
    assert ana.draft.ratings == {"sums_up": None}


def test_too_long_a_comment_is_refused_with_its_length_and_nothing_is_lost(raters: Raters):
    ana, long = raters.ana, "x" * 10_000
    ana.save({COMMENT: "Short."})

    answer = ana.hand_in({**RATED, COMMENT: long})

    assert answer.status_code == 422
    assert f"This has 10000 characters; at most {MOST_CHARACTERS} are kept" in answer.text
    assert long in answer.text
    assert ana.draft.ratings == {"asks": 4, "sums_up": None, "keeps": 5}
    assert ana.draft.comments == {"listening": "Short."}
    assert ratings(raters) == []


def test_whoever_names_somebody_is_told_before_and_may_hand_in_all_the_same(raters: Raters):
    ana, said = raters.ana, {**RATED, COMMENT: "Listens to Zoe, ask zoe@example.org."}

    first = ana.hand_in(said)
    seen = re.search(r'name="seen" value="([^"]+)"', first.text)
    assert seen is not None
    assert first.status_code == 422
    assert "“Zoe” is the name of somebody in the course." in first.text
    assert "“zoe@example.org” looks like a mail address." in first.text
    assert "Hand in all the same" in first.text
    assert ana.state == "started"
    second = ana.hand_in(said, seen=seen[1])

    assert second.status_code == 302
    [remark] = raters.reviews.session.scalars(select(Remark))
    assert remark.text == "Listens to Zoe, ask zoe@example.org."


def test_what_is_new_is_warned_of_again(raters: Raters):
    ana = raters.ana
    first = ana.hand_in({**RATED, COMMENT: "As Zoe says."})
    seen = re.search(r'name="seen" value="([^"]+)"', first.text)
    assert seen is not None

    second = ana.hand_in({**RATED, COMMENT: "As Maya says."}, seen=seen[1])

    assert second.status_code == 422
    assert "“Maya”" in second.text


def test_whoever_it_is_about_may_be_named(raters: Raters):
    assert raters.ana.hand_in({**RATED, COMMENT: "Leo listens, Leo's way."}).status_code == 302


def test_a_page_that_saves_by_itself_is_told_what_is_kept(raters: Raters):
    ana = raters.ana

    first = ana.keep(1, {"r.asks": "4"})
    again = ana.keep(1, {"r.asks": "4"})
    second = ana.keep(2, {"r.asks": "3"})

    assert [each.status_code for each in (first, again, second)] == [200, 200, 200]
    assert first.get_json() == again.get_json() == {"seq": 1, "refused": {}, "open": 2}
    assert second.get_json()["seq"] == 2
    assert ana.draft.ratings == {"asks": 3}


def test_of_two_pages_the_one_that_saved_last_is_right_and_the_other_is_told(raters: Raters):
    ana = raters.ana
    assert ana.keep(1, {"r.asks": "4"}).status_code == 200

    other = ana.keep(1, {"r.asks": "1"})

    assert other.status_code == 409
    assert "from another page or device" in other.get_json()["error"]
    assert ana.draft.ratings == {"asks": 4}


def test_without_a_script_the_other_page_shows_what_was_written_and_may_save_it_over(raters: Raters):
    ana = raters.ana
    ana.save({"r.asks": "4"}, seq=0)

    other = ana.hand_in({**RATED, "r.asks": "1"}, seq=0)
    assert other.status_code == 422
    assert "Other answers were saved from another page" in other.text
    assert re.search(r'name="r.asks" value="1" checked', other.text)
    assert ana.draft.ratings == {"asks": 4}
    again = ana.save({"r.asks": "1"}, seq=1)

    assert again.status_code == 302
    assert ana.draft.ratings == {"asks": 1}


def test_a_comment_that_is_too_long_is_refused_by_itself_and_the_rest_is_kept(raters: Raters):
    ana = raters.ana

    told = ana.keep(1, {"r.asks": "4", COMMENT: "x" * 4001}).get_json()

    [(where, sentence)] = told["refused"].items()
    assert where == "part-1-words"
    assert "4001 characters" in sentence
    assert ana.draft.ratings == {"asks": 4}


def test_handed_in_twice_there_is_one_answer(raters: Raters):
    ana = raters.ana
    ana.hand_in(RATED)

    again = ana.hand_in(RATED)

    assert again.status_code == 409
    assert "You have handed this in" in again.text
    assert ana.keep(9, RATED).status_code == 410
    assert len(ratings(raters)) == 1


def test_after_closing_nothing_is_taken_and_it_says_so(raters: Raters):
    ana = raters.ana
    ana.save({"r.asks": "4"})
    raters.reviews.close(raters.campaign)

    answer = ana.hand_in(RATED)

    assert answer.status_code == 409
    assert "The time to answer is over" in answer.text
    assert ana.keep(5, RATED).status_code == 410
    assert ratings(raters) == []
    assert "The time to answer is over" in ana.get()


def test_only_whoever_is_asked_opens_it(raters: Raters):
    ana, school = raters.ana, raters.reviews.school
    others = [raters.reviews.peers[1], school.leo, school.ines, school.zoe]

    for client in map(raters.visit, others):
        assert client.get(ana.url).status_code == 404
        assert client.post(ana.url, data=RATED).status_code == 404
        assert client.post(f"{ana.url}/draft", data={"seq": 1, **RATED}).status_code == 404


def test_whoever_was_named_and_not_approved_finds_nothing(collecting: Collecting):
    raters = collecting()
    ana = raters.ana
    ana.assignment.invited = None
    raters.reviews.session.commit()

    assert ana.client.get(ana.url).status_code == 404


def test_whoever_left_the_course_is_not_counted_and_finds_it_again_when_they_return(raters: Raters):
    ben, ana = raters.page(raters.reviews.peers[1]), raters.ana
    ben.save({"r.asks": "2"})
    raters.reviews.peers[1].is_active = False
    raters.reviews.session.commit()

    assert "In your group, Peers, 4 people are asked now" in ana.get()
    assert ben.client.get(ben.url).status_code == 403
    raters.reviews.peers[1].is_active = True
    raters.reviews.session.commit()

    assert ben.draft.ratings == {"asks": 2}
    assert "In your group, Peers, 5 people are asked now" in ana.get()


def test_a_scale_without_a_middle_is_answered_like_any(reviews: Reviews, collecting: Collecting):
    levels = tuple(Level(score=score, label=f"Level {score}") for score in (1, 2, 4, 5))
    reviews.content = replace(reviews.content, scale=Scale(levels=levels, allows_not_observed=False))
    raters = collecting()

    open_ones = raters.ana.hand_in({**RATED, "r.asks": "3", "r.sums_up": "none"})
    assert open_ones.status_code == 422
    assert raters.ana.draft.ratings == {"keeps": 5}
    assert raters.ana.hand_in({**RATED, "r.sums_up": "2"}).status_code == 302

    assert ratings(raters) == [{"asks": 4, "sums_up": 2, "keeps": 5}]


@pytest.mark.parametrize(
    ("comments", "is_offered", "is_taken_without"),
    [(Comments.DISABLED, False, True), (Comments.OPTIONAL, True, True), (Comments.REQUIRED, True, False)],
)
def test_each_competency_says_whether_it_wants_a_comment(
    reviews: Reviews, collecting: Collecting, comments: Comments, is_offered: bool, is_taken_without: bool
):
    listening, trust = reviews.content.competencies
    reviews.content = replace(reviews.content, competencies=(replace(listening, comments=comments), trust))
    ana = collecting().ana

    assert (f'name="{COMMENT}"' in ana.get(), 'name="c.trust"' in ana.get()) == (is_offered, True)
    without = ana.hand_in(RATED)
    assert (without.status_code, ana.state) == ((302, "submitted") if is_taken_without else (422, "started"))
    assert ('href="#' in without.text) == (not is_taken_without)
    if not is_taken_without:
        assert ana.hand_in({**RATED, COMMENT: "Asks twice."}).status_code == 302

    kept = [(each.about, each.text) for each in reviews.session.scalars(select(Remark))]
    assert kept == ([] if is_taken_without else [("listening", "Asks twice.")])


def test_what_was_written_where_nobody_asks_for_it_is_not_kept(reviews: Reviews, collecting: Collecting):
    listening, trust = reviews.content.competencies
    silent = replace(listening, comments=Comments.DISABLED)
    reviews.content = replace(reviews.content, competencies=(silent, trust))

    assert collecting().ana.hand_in({**RATED, COMMENT: "Asks twice.", "c.trust": "Keeps all."}).status_code == 302

    assert [each.about for each in reviews.session.scalars(select(Remark))] == ["trust"]


def test_the_page_asks_the_database_little(raters: Raters, counting: Counting):
    ana = raters.ana
    ana.get()

    with counting() as queries:
        ana.get()

    assert len(queries) <= 12


def test_the_page_of_reviews_lists_what_one_is_asked_with_how_far_one_has_come(raters: Raters):
    reviews, ana = raters.reviews, raters.ana
    index = f"/courses/{reviews.school.course.public_id}/reviews/"

    before = ana.client.get(index).text
    ana.hand_in(RATED)
    after = ana.client.get(index).text

    assert "Handed in: 0 of 1" in before
    assert ana.url in before
    assert "Handed in: 1 of 1" in after
    assert ana.url not in after


def test_whoever_acts_in_a_rater_s_name_reads_no_draft_of_theirs(raters: Raters):
    ana = raters.ana
    ana.save({**RATED, "c.keep": "So far"})
    raters.reviews.session.execute(update(Visit).values(acted_by="admin"))
    raters.reviews.session.commit()

    answers = [ana.client.get(ana.url), ana.client.get(f"{ana.url}/decline")]

    assert [each.status_code for each in answers] == [403, 403]
    assert not any("So far" in each.text for each in answers)
