"""What the files of one mail are called behind its stem, in a folder of drafts and reviews."""

DRAFT = ".eml"
REVIEW = ".review.json"
MAIL = ".mail.json"
"""The mail as it was read."""
DESK = ".desk.json"
"""What a person did with it at the desk."""
FIRST = ".first"
"""Behind the name of a draft or a review: as Saldo made it, before a person changed it."""
ALL = (DRAFT, DRAFT + FIRST, REVIEW + FIRST, MAIL, DESK, REVIEW)
"""The review last: where it stands, the mail is there."""
