"""Which articles tell the same story: made by hand, changed as newsrooms change each other's copy."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Kin
from scraper.story import MIN_WORDS, account, kinship_of, site_number
from scraper.words import share_in, words_of

LETTERS = "abcdefghijklmnoprstuvw"
FERRY = (
    "The ferry between Norhaven and the outer islands will sail again on Monday after nine weeks in the yard, its owner said. "
    "Engineers replaced both propeller shafts and found cracks in the rudder that nobody had looked for. "
    "Some four hundred islanders had to be brought across by fishing boats in the meantime, at a cost of 212,000 crowns. "
    "The council of Norhaven paid half of that and now wants the money back from the company. "
    "Captain Ilse Brandt said she had slept badly for two months, and that the first crossing would be hers."
)
OTHER = (
    "A new library opens in the old customs house of Norhaven this spring, with room for ninety thousand books. "
    "The building had stood empty since the harbour moved north, and the roof let the rain in for a decade. "
    "Its restorers kept the scales on which sugar and tobacco were weighed, and built the children's room around them. "
    "Readers may borrow from the first of May; the opening is to be celebrated with music from the town's two choirs. "
    "The librarian, Odd Hansen, promises long evenings and no silence except where a sign asks for it."
)
FERRY_TITLE = "Norhaven ferry sails again after nine weeks in the yard"


def article(title: str | None, text: str, url: str = "https://one.example/a"):
    return account(title, text, site_number(url))


def kinship(one, other):
    return kinship_of(one, other, 7)


def ramble(seed: int, words: int = 120) -> str:
    """Words that no other seed has."""
    rng = random.Random(seed)
    return " ".join("".join(rng.choices(LETTERS, k=rng.randint(4, 10))) for _ in range(words))


SOURCE = article(FERRY_TITLE, FERRY)


@pytest.mark.parametrize(
    ("title", "text", "how"),
    [
        (FERRY_TITLE, FERRY, "copy"),
        ("Islanders get their ship back on Monday", FERRY, "copy"),
        ("Islanders get their ship back on Monday", FERRY.replace(" ", "  ").upper(), "copy"),
        ("Ferry back", ". ".join(FERRY.split(". ")[:3]), "copy"),
        ("Ferry back", ". ".join(reversed(FERRY.split(". "))), "copy"),
        ("Ferry back", f"{ramble(1, 40)}. {FERRY}", "copy"),
        ("Ferry: the cost", f"{ramble(2, 60)}. {'. '.join(FERRY.split('. ')[:3])}. {ramble(3, 40)}", "retold"),
    ],
)
def test_copies_and_what_is_retold(title: str, text: str, how: str) -> None:
    found = kinship(article(title, text, "https://two.example/b"), SOURCE)
    assert found is not None
    assert (found.how, found.article_id) == (how, 7)
    assert "of this text is in it" in found.reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Library opens in the old customs house", OTHER),
        (FERRY_TITLE, ramble(4)),  # one headline over something else on another page of the site
        ("Ferry in short", " ".join(FERRY.split()[: MIN_WORDS // 3])),
        ("Ferries elsewhere", f"{FERRY.split('. ')[0]}. {ramble(5, 200)}"),
    ],
)
def test_what_is_no_copy(title: str, text: str) -> None:
    assert kinship(article(title, text), SOURCE) is None


def test_two_reports_under_one_headline_on_two_sites_are_one_story_if_they_speak_of_the_same() -> None:
    retold = (
        "After nine weeks the Norhaven ferry leaves the yard. On Monday Captain Ilse Brandt takes islanders home. Its shafts were "
        "replaced, cracks in the rudder mended; the council wants back what fishing boats have cost it since October. "
        "More than four hundred people depend on the ship, and the company speaks of a hard winter for its engineers."
    )
    found = kinship(article(FERRY_TITLE, retold, "https://two.example/b"), SOURCE)
    assert found is not None
    assert found.how == "headline"
    assert kinship(article(FERRY_TITLE, ramble(6), "https://two.example/b"), SOURCE) is None


def test_a_form_filled_with_other_figures_is_other_news() -> None:
    def report(day: str, figures: list[int]) -> str:
        return (
            f"Prices on the Norhaven exchange on {day}. The index closed at {figures[0]} points, after {figures[1]} the day before. "
            f"Shipping gained {figures[2]} points, fisheries lost {figures[3]}, and timber stood at {figures[4]} at the close. "
            f"Turnover came to {figures[5]} crowns. The exchange is open from nine to four on every working day of the week. "
            f"All prices are without guarantee and with a delay of fifteen minutes; the tables are on page {figures[6]}."
        )

    one = report("Monday", [1042, 1038, 17, 23, 611, 48123, 12])
    other = report("Tuesday", [1051, 1042, 31, 8, 640, 51230, 14])
    assert kinship(article("Exchange: index at 1042", one), article("Exchange: index at 1051", other)) is None


def test_furniture_of_a_site_makes_no_kin() -> None:
    box = (
        "This newspaper has been printed in Norhaven since the year of the great fire and belongs to its readers. Those who hold a "
        "share elect the board each spring in the town hall. Write to the editors at the old dairy, or call between nine and five. "
        "We correct mistakes on page two, and in the article itself, with the time at which it was corrected. "
        "Letters may be shortened; those without a name are not printed, and none is sent back."
    )
    one = article("A walk in the hills", f"{ramble(10, 90)}. {box}")
    other = article("The price of herring", f"{ramble(11, 90)}. {box}")
    kin = Kin(
        article_id=1, story_id=None, site=other.site, title="The price of herring", text=f"{ramble(11, 90)}. {box}"
    )
    near = [
        Kin(article_id=number, story_id=None, site=other.site, title="x", text=f"{ramble(number, 90)}. {box}")
        for number in (20, 21)
    ]
    assert one.judge([kin], lambda site: near) is None
    assert kinship(one, other) is None, "no headline speaks for it"


@pytest.mark.parametrize(
    "text",
    [
        "港の渡し船が九週間の修理を終えて月曜日に再び出航すると会社が発表した。技術者は両方のプロペラ軸を交換し、舵に誰も気づかなかった亀裂を見つけた。"
        "その間、四百人の島民は漁船で運ばれ、費用は二十一万二千クローネに上った。町議会は半分を支払い、今は会社に返還を求めている。",
        "Паром между Норхавеном и внешними островами снова пойдёт в понедельник после девяти недель ремонта, сообщил владелец. "
        "Инженеры заменили оба вала и нашли трещины в руле, которых никто не искал. Четыреста островитян всё это время перевозили на "
        "рыбацких лодках, что обошлось в 212 тысяч крон. Половину заплатил город и теперь требует деньги назад у компании. "
        "Капитан Ильзе Брандт сказала, что плохо спала два месяца, и что первый рейс будет её.",
    ],
)
def test_every_script_is_compared(text: str) -> None:
    one, other = article("見出し その一", text), article("別の見出し", text, "https://two.example/b")
    found = kinship(one, other)
    assert found is not None
    assert found.how == "copy"
    assert set(one.text.sketch()) == set(other.text.sketch())


def test_keys_are_of_64_bits_and_shared_by_copies() -> None:
    one, other = words_of(FERRY).sketch(), words_of(FERRY + " " + ramble(8, 20)).sketch()
    assert all(-(2**63) <= key < 2**63 for key in one)
    assert len(set(one) & set(other)) >= len(one) / 2
    assert not set(one) & set(words_of(OTHER).sketch())


@given(st.text(max_size=300), st.text(max_size=300))
def test_shares_lie_between_nothing_and_all(one: str, other: str) -> None:
    assert 0 <= share_in(one, other) <= 1
    kinship(article(one, one), article(other, other))


def test_share_in_counts_words_in_passages() -> None:
    assert share_in("a b c d e f", "x a b c y d e f") == 1
    assert share_in("a b c d e f", "c b a f e d") == 0
    assert share_in("a b c d", "a b c") == 0.75
    assert share_in("", "a") == 0
