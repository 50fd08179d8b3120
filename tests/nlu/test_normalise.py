"""How a question is written before the model sees it."""

from __future__ import annotations

import time

import pytest

from saldo.nlu.features import RARE, Vocabulary, grams, seen, words
from tests.nlu.small import every_word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lisenssimäärä ON väärin!", "lisenssimaara on vaarin"),
        ("factuur 2026-0142 van € 1.250,00", "factuur # van ~amount"),
        ("maksettu 1 250,00 € 3.5.2026", "maksettu ~amount ~date"),
        ("tien licenties per 1 juli 2026", "# licenties per ~date"),
        ("vijf of 12", "# of #"),
        ("2x betaald, twee keer betaald", "tweemaal betaald tweemaal betaald"),
        ("maksettu 2 kertaa", "maksettu kahdesti"),
        ("mail jan@bedrijf.nl of www.bedrijf.nl", "mail ~email of ~url"),
        ("factuur van Jansen B.V.", "factuur van ~company"),
        ("aikaa Salminen Rakennus Oy:lle", "aikaa ~company lle"),
        ("Bij Slack of het Eindhovens Dagblad? Wij", "bij ~name slack of het ~name eindhovens ~name dagblad wij"),
        (
            "Miten Kelan lasku? Elisalta tuli, Telia ja KPN-lasku",
            "miten ~name kelan lasku elisalta tuli ~name telia ja ~name kpn lasku",
        ),
        ("Waarom rekent Severa 5 stuks?", "waarom rekent severa # stuks"),
        ("HOE ZEG IK Bij Slack OP", "hoe zeg ik bij slack op"),
        ("heiiiiii", "hei"),
        ("🙂 ...", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize("text", ["a" * 2000, "1 " * 1000, "a@" * 1000, "€ " * 1000, "1." * 1000])
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    words(text)
    assert time.process_time() - started < 1


def test_grams_stay_within_a_word_and_mark_its_edges() -> None:
    assert grams("ja", 2, 3) == [" j", "ja", "a ", " ja", "ja "]


def test_a_vector_has_length_one_and_nothing_for_what_is_unknown() -> None:
    vocabulary = every_word(["dubbel betaald", "opzeggen"])
    _, values = vocabulary.vector("dubbel betaald graag")
    assert abs(float(values @ values) - 1) < 1e-5
    assert len(vocabulary.vector("xyz")[0]) == 0


@pytest.mark.parametrize(
    ("word", "as_seen"),
    [
        ("opzeggen", "opzeggen"),
        ("opzeggne", "opzeggne"),  # begins like a common word: mistyped, not rare
        ("laskuttavatko", "laskuttavatko"),  # … or inflected
        ("las", RARE),
        ("vattenfall", RARE),
        ("#", "#"),
        ("~amount", "~amount"),
    ],
)
def test_a_word_is_rare_that_begins_like_no_common_one(word: str, as_seen: str) -> None:
    assert seen(word, frozenset({"opzeg", "lasku"})) == as_seen


def test_what_is_said_around_a_rare_word_is_learnt_whatever_the_word() -> None:
    """Learnt from firms that each stand once: what is said of them is known of a firm that was never seen."""
    vocabulary = Vocabulary.learn(f"mijn {firm} abonnement" for firm in ("essent", "vitens", "ziggo"))
    pairs = vocabulary.features.blocks[2]
    assert {*pairs} == {f"mijn {RARE}", f"{RARE} abonnement"}
    assert {*pairs.values()} <= {*vocabulary.vector("mijn odido abonnement")[0]}


def test_what_stands_in_fewer_than_three_texts_is_no_feature() -> None:
    """It would be learnt by heart, and say nothing of any other text."""
    vocabulary = Vocabulary.learn(["opzeggen graag", "opzeggen", "nu opzeggen"])
    characters, names, pairs = vocabulary.features.blocks
    assert ("opzeggen" in names, "graag" in names, "nu opzeggen" in pairs) == (True, False, False)
    assert "zegge" in characters and "graag" not in characters


def test_the_matrix_holds_the_vectors() -> None:
    vocabulary = every_word(["dubbel betaald", "opzeggen"])
    row = vocabulary.matrix(["", "opzeggen"])[1].toarray()[0]
    ids, values = vocabulary.vector("opzeggen")
    assert row[ids].tolist() == values.tolist()
    assert row.sum() == pytest.approx(values.sum(), rel=1e-5)


def test_paying_in_two_parts_is_not_paying_twice() -> None:
    assert words("wij betaalden twee keer") == ("wij", "betaalden", "tweemaal")
    assert "tweemaal" not in words("mogen wij in twee keer betalen")
