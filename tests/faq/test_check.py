"""Each rule of the content check can fail: one thing broken in a copy of what is shipped, one mistake told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.errors import Fault
from saldo.faq import Faq, check, load

Edit = Callable[[str, str, str], None]


@pytest.fixture
def added(small: Faq, folder: Path) -> Callable[[], list[str]]:
    """The mistakes that the copy has and what is shipped has not."""

    def told() -> list[str]:
        shipped = {_without_line(fault) for fault in check(small)}
        return [str(fault) for fault in check(load(folder)) if _without_line(fault) not in shipped]

    return told


def _without_line(fault: Fault) -> tuple[str, str]:
    return fault.file, fault.text


def line_of(folder: Path, file: str, passage: str) -> int:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if passage in line)


Added = Callable[[], list[str]]


def test_a_copy_is_as_good_as_what_is_shipped(added: Added) -> None:
    assert added() == []


def test_a_topic_without_a_text(folder: Path, added: Added) -> None:
    (folder / "fi" / "paid_twice.yml").unlink()
    assert added() == ["faq/fi/paid_twice.yml: is missing, but faq/topics.yml names the topic"]


def test_a_text_without_a_topic(folder: Path, added: Added) -> None:
    (folder / "nl" / "parking.yml").write_text((folder / "nl" / "change_package.yml").read_text(encoding="utf-8"))
    assert "faq/nl/parking.yml: faq/topics.yml does not name parking" in added()


def test_a_contact_that_nobody_is(folder: Path, edit: Edit, added: Added) -> None:
    edit("nl/cancel_service.yml", "contacts: [support]", "contacts: [support, boss]")
    line = line_of(folder, "nl/cancel_service.yml", "boss")
    assert added() == [f"faq/nl/cancel_service.yml:{line}: no contact 'boss' in faq/nl.yml"]


def test_a_source_in_the_other_language(folder: Path, edit: Edit, added: Added) -> None:
    edit("fi/cancel_service.yml", "article: fi", "article: nl")
    line = line_of(folder, "fi/cancel_service.yml", "article: nl")
    assert added() == [f"faq/fi/cancel_service.yml:{line}: the source is the fi article"]


def test_a_wording_for_what_no_rule_says(folder: Path, edit: Edit, added: Added) -> None:
    edit("nl/manage_licences.yml", "figures:\n", 'figures:\n  price: "Dat is duur."\n')
    edit("fi/manage_licences.yml", "figures:\n", 'figures:\n  price: "Se on kallista."\n')
    line = line_of(folder, "nl/manage_licences.yml", "price")
    assert added()[1].startswith(f"faq/nl/manage_licences.yml:{line}: no rule says 'price'; manage_licences has remov")
    assert len(added()) == 2


def test_a_statement_that_no_language_words(edit: Edit, added: Added) -> None:
    edit("nl/manage_licences.yml", '  none_removable: "Er is nu geen licentie vrij om te verwijderen."\n', "")
    finnish = "Poistettavia lisenssejä ei nyt ole, koska mikään lisenssi ei ole vapaana."
    edit("fi/manage_licences.yml", f'  none_removable: "{finnish}"\n', "")
    (told,) = added()
    assert told.endswith("figures: no language words 'none_removable'")


def test_a_statement_that_one_language_words(edit: Edit, added: Added) -> None:
    edit("nl/manage_licences.yml", '  none_removable: "Er is nu geen licentie vrij om te verwijderen."\n', "")
    (told,) = added()
    assert told.startswith("faq/fi/manage_licences.yml:")
    assert told.endswith("'none_removable' is not in nl; mend it, or review it in exceptions.yml")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "nl/manage_licences.yml",
            "{free|vrije",
            "{vrij|vrije",
            "removable: unknown placeholder {vrij}; allowed: {free}",
        ),
        ("nl/manage_licences.yml", "nu geen licentie vrij om", "nu {free} om", "none_removable: unknown placeholder"),
        ("fi.yml", "lasku {invoice}, rivi {line}", "lasku {invoice}, rivi {row}", "invoice_line: unknown placeholder"),
        ("nl.yml", "Graag gedaan.", "Graag gedaan, {name}.", "thank: unknown placeholder {name}; allowed: none"),
        (
            "nl.yml",
            "Goedendag {name},",
            "Goedendag {naam},",
            "greet_known: unknown placeholder {naam}",
        ),
        ("nl.yml", "Goedendag {name},", "Goedendag {name,", "greet_known: a brace that belongs to no placeholder"),
        ("fi.yml", "rivi {line}", "rivi {line|a}", "invoice_line: a brace that belongs to no placeholder"),
        ("nl/manage_licences.yml", "{free|vrije", "{{free|vrije", "removable: a brace that belongs to no placeholder"),
    ],
)
def test_a_wording_that_cannot_be_filled(edit: Edit, added: Added, file: str, old: str, new: str, told: str) -> None:
    edit(file, old, new)
    (fault,) = added()
    assert fault.startswith(f"faq/{file}:") and told in fault


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("  due_date: Vervaldatum\n", "facts lacks 'due_date'"),
        ('  users: "uw gebruikers in Severa"\n', "sources lacks 'users'"),
        ('  thank: "Graag gedaan."\n', "says lacks 'thank'"),
    ],
)
def test_a_word_that_will_be_wanted(edit: Edit, added: Added, old: str, told: str) -> None:
    edit("nl.yml", old, "")
    (fault,) = added()
    assert fault.startswith("faq/nl.yml:") and fault.endswith(told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("facts:\n", "facts:\n  shoe_size: Schoenmaat\n", ": facts: nothing is called 'shoe_size'"),
        ("sources:\n", "sources:\n  hearsay: van horen zeggen\n", ": sources: nothing is called 'hearsay'"),
    ],
)
def test_a_word_that_will_never_be_wanted(edit: Edit, added: Added, old: str, new: str, told: str) -> None:
    edit("nl.yml", old, new)
    (fault,) = added()
    assert fault.startswith("faq/nl.yml:") and fault.endswith(told)


@pytest.mark.parametrize(
    ("file", "old", "new", "value"),
    [
        ("nl/invoice_quantity.yml", "6 × 10 = 60", "6 × 10 = 61", "61"),
        ("nl/invoice_quantity.yml", "6 × 10 = 60", "6 × 10 = 60,5", "60,5"),
        ("nl/cancel_service.yml", "naar onze klantenondersteuning", "naar help@visma.com", "help@visma.com"),
        ("nl/cancel_service.yml", "links: []", "links: [{label: Lees, url: 'https://s.nl/x'}]", "https://s.nl/x"),
        (
            "nl/cancel_service.yml",
            "contacts: [support]",
            "contacts: [support, invoicing]",
            "severa.invoicing@visma.com",
        ),
        ("fi/paid_twice.yml", "Mitään ei tarvitse tehdä", "Visma Amili auttaa", "Visma Amili"),
        ("nl.yml", "hoogstens {limit} tekens", "hoogstens 2.000 tekens", "2.000"),
        ("fi.yml", "Yhteystiedot ovat alla", "Yhteystiedot: a@visma.com", "a@visma.com"),
    ],
)
def test_a_figure_or_address_that_the_other_language_lacks(
    edit: Edit, added: Added, file: str, old: str, new: str, value: str
) -> None:
    edit(file, old, new)
    other = "fi" if file.startswith("nl") else "nl"
    told = [fault for fault in added() if fault.startswith(f"faq/{file}:")]
    assert [fault.split(": ", 1)[1] for fault in told] == [
        f"{value!r} is not in {other}; mend it, or review it in exceptions.yml"
    ]


def test_a_reviewed_difference_is_none(folder: Path, edit: Edit, added: Added) -> None:
    edit("nl/cancel_service.yml", "naar onze klantenondersteuning", "naar help@visma.com")
    with (folder / "exceptions.yml").open("a", encoding="utf-8") as file:
        file.write("\n- {topic: cancel_service, language: nl, values: [help@visma.com], why: Nederlands adres.}\n")
    assert added() == []


def test_a_review_of_what_differs_no_more(folder: Path, added: Added) -> None:
    with (folder / "exceptions.yml").open("a", encoding="utf-8") as file:
        file.write("\n- {topic: cancel_service, language: nl, values: [help@visma.com], why: Nederlands adres.}\n")
    (told,) = added()
    assert told.startswith("faq/exceptions.yml:")
    assert told.endswith("cancel_service: 'help@visma.com' is no difference between the languages any more")


def test_a_review_of_no_topic(folder: Path, added: Added) -> None:
    with (folder / "exceptions.yml").open("a", encoding="utf-8") as file:
        file.write("\n- {topic: parking, language: nl, values: ['9'], why: Parkeren.}\n")
    (told,) = added()
    assert told.startswith("faq/exceptions.yml:") and told.endswith("faq/topics.yml does not name parking")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_files(folder: Path, edit: Edit, added: Added) -> None:
    (folder / "nl" / "change_package.yml").unlink()
    edit("nl.yml", "Graag gedaan.", "Graag gedaan, {name}.")
    edit("fi/cancel_service.yml", "article: fi", "article: nl")
    assert [fault.split(":")[0] for fault in added()] == [
        "faq/fi/cancel_service.yml",
        "faq/nl.yml",
        "faq/nl/change_package.yml",
    ]


NO_REPLY = "tells to write to severa.support@visma.com, also in a letter from there; in_reply has no words for that"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("", NO_REPLY),
        ("in_reply: {naar severa.support@visma.com: in een antwoord}\n", None),
        (
            "in_reply: {naar severa.support@visma.com: in een antwoord, post ons: antwoord}\n",
            "no sentence says 'post ons'",
        ),
        ("in_reply: {naar severa.support@visma.com: voor 12 uur}\n", "'voor 12 uur' is to name no figure"),
        ("in_reply: {naar severa.support@visma.com: 'aan {name}'}\n", "'aan {name}' is to name no figure"),
    ],
)
def test_a_text_that_tells_to_mail_whom_it_is_from(edit: Edit, added: Added, reply: str, told: str | None) -> None:
    for language, was, now in (
        ("nl", "naar onze klantenondersteuning", "naar severa.support@visma.com"),
        ("fi", "asiakastukeemme", "osoitteeseen severa.support@visma.com"),
    ):
        edit(f"{language}/cancel_service.yml", was, now)
    edit("fi/cancel_service.yml", "source:\n", "in_reply: {osoitteeseen severa.support@visma.com: tähän}\nsource:\n")
    edit("nl/cancel_service.yml", "source:\n", f"{reply}source:\n")
    faults = added()
    assert len(faults) == (told is not None), faults
    assert told is None or (faults[0].startswith("faq/nl/cancel_service.yml:") and told in faults[0])


def test_a_topic_offered_next_is_another_one_that_there_is(folder: Path, edit: Edit, added: Added) -> None:
    for language in ("nl", "fi"):
        edit(f"{language}/cancel_service.yml", "links: []", "next: [parking]")
    line = line_of(folder, "nl/cancel_service.yml", "next:")
    told = "cancel_service.yml:{}: next: 'parking' is no other topic of faq/topics.yml"
    assert added() == [f"faq/{language}/{told.format(line)}" for language in ("fi", "nl")]
