"""No silence: people are reminded by rule and rhythm, once a day at most, and instructors see which mentorships fade.

`rules` say what is looked for, in `facts` that `reading` brings; `sweeping` plans every night what is to be sent, by
`planning`; `sending` carries it, one notice a day for each person, in the words of `saying`. `stopping` is how people,
pairs and instructors have less of it. `fading` lists whom an instructor should look at.
"""
