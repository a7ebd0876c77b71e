"""The demonstration: three pools with invented people, institutions and requests.

Days are relative to today, telephone numbers are those set aside for films (decisions.md 31),
mail goes to example.org. What is new is made by the verbs; what is history is written as rows with
the times it had, because verbs only ever act now.
"""
