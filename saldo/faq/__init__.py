"""The reviewed answers: loaded from `faq/`, checked, and read by topic and language."""

from saldo.faq.check import check
from saldo.faq.load import load
from saldo.faq.texts import LANGUAGES, Block, ContactText, Faq, Link, TopicText, Words

__all__ = ["LANGUAGES", "Block", "ContactText", "Faq", "Link", "TopicText", "Words", "check", "load"]
