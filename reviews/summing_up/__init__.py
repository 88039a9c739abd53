"""What ratings come to: agreement, reliability, gaps, trends and fit, as plain values in and out.

Every function has an outcome for every input: where a figure is not defined it is None, with the reason beside it. How
much of a figure may be shown, and to whom, is not decided here but by `reviews.disclosure`: of fewer than eight
anonymous raters words only.

- `figure`: a number, or why there is none; `student`: quantiles of Student's t;
- `agreement`: whether raters of one subject agree; `reliability`: whether raters tell subjects apart;
- `gaps`: self and others; `change`: from round to round; `fit`: against a target profile; `leniency`: mild and strict;
- `many`: agreement of thousands of subjects at once, which needs numpy.
"""
