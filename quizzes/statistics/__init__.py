"""How questions and whole quizzes did: Moodle's classical figures and some more, over the attempts that are handed in.

All formulas are those of docs.moodle.org/dev/Quiz_statistics_calculations. S is the number of attempts, x an item's
mark, m its maximum, T an attempt's total and y = T - x the rest; every variance and covariance is divided by S - 1. An
item that is drawn only now and then is judged by the attempts that had it. What is not defined is None.

- `answers`: what everything starts from, as columns of numbers;
- `items`: each question; `whole`: the quiz as a test; `options`: each option of a question;
- `forms`: how often questions are asked, how alike different draws are, and what changes over time;
- `live`: what follows from sums that are kept and grow by one attempt at a time.
"""
