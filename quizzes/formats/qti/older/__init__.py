"""QTI 1.2, as Canvas Classic, Common Cartridge and others write it: its items become items of QTI 2.

`items` turns a question, `conditions` its rules, `assessments` goes through files; what then happens is the same for
all versions. `writing` makes packages for Canvas.
"""
