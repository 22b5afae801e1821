"""Which articles tell the same story: made by hand, changed as newsrooms change each other's copy."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.articles.stories import MIN_WORDS, account, kinship_of, site_number
from scraper.model import Kin
from scraper.text.words import share_in, words_of

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


def ramble(seed: float, words: int = 120) -> str:
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
    assert kinship(one, article("The price of herring", f"{ramble(11, 90)}. {box}")) is None, (
        "no headline speaks for it"
    )
    news = f"{ramble(12, 60)}. {box}"
    other = article("Board and readers", news)
    assert kinship(article("Readers elect the board in spring", f"{ramble(13, 60)}. {box}"), other) is not None
    found = article("Readers elect the board in spring", f"{ramble(13, 60)}. {box}").judge(
        [
            kin(1, "Board and readers", news),
            kin(2, "The price of herring", f"The price of herring: {ramble(14)}. {box}"),
        ]
    )
    assert found == (), "a third text has it, too"


def kin(number: int, title: str, text: str, story_id: int | None = None) -> Kin:
    return Kin(article_id=number, story_id=story_id, site=number, title=title, text=text)


def test_one_of_each_story_is_named() -> None:
    found = SOURCE.judge(
        [kin(1, "a", FERRY, 5), kin(2, "b", FERRY, 5), kin(3, "c", FERRY), kin(4, "d", OTHER), kin(5, "e", FERRY)]
    )
    assert [kinship.article_id for kinship in found] == [1, 3, 5]


def test_two_halves_are_each_kin_of_the_whole_and_not_of_each_other() -> None:
    first, second = FERRY[: FERRY.index("The council")], FERRY[FERRY.index("Some four") :]
    whole = article(FERRY_TITLE, f"{FERRY} {OTHER}")
    halves = article("Ferry sails on Monday", FERRY), article("Books move into the customs house", OTHER)
    assert [kinship(half, whole) is not None for half in halves] == [True, True]
    assert kinship(*halves) is None
    assert kinship(article("One", first), article("Two", second)) is None


FORMS = {
    "en": (
        "Fire crews from {0} were sent to {1} on {2} after smoke was seen above a {3}. Nobody was hurt, and the flames were out "
        "by {4}. Residents were told to keep windows shut. The brigade asks people to test their alarms once a month, never to "
        "leave candles burning, and to keep stairs free of things that burn, because most fires at home begin at night.",
        ("Oldham Row", "Pear Street", "Monday", "bakery", "half past 3"),
        ("Weir Bank", "Castle Road", "Friday", "garage", "a quarter to 11"),
    ),
    "no capitals": (
        "소방대는 {2} {0}에서 {3}에 불이 났다는 신고를 받고 {1}로 출동했다. 다친 사람은 없었으며 불은 {4}에 꺼졌다. 소방서는 경보기를 한 달에 한 번 "
        "시험하고 촛불을 켜 둔 채 자리를 비우지 말며 계단에 물건을 쌓아 두지 말라고 당부했다. 집에서 나는 불은 대부분 밤에 시작되기 때문이다. "
        "자세한 안내는 소방서 누리집에서 볼 수 있고 상담은 무료이며 주말에도 받을 수 있다. 이웃에게도 알려 주기를 바란다고 소방서는 덧붙였다.",
        ("한강동", "은행로", "월요일", "빵집", "세시"),
        ("북산동", "역전길", "금요일", "창고", "열시"),
    ),
    "no spaces": (
        "{2}、{0}の{3}で火事があり、消防車が{1}に出動した。けが人はなく、火は{4}に消し止められた。消防署は、火災警報器を月に一度は点検し、"
        "ろうそくをつけたまま離れず、階段に燃えやすいものを置かないよう呼びかけている。家庭の火事の多くは夜に起きるためだ。詳しい案内は消防署の"
        "ページで見ることができ、相談は無料で週末も受け付けている。",
        ("青木町", "銀座通り", "月曜日", "パン店", "午後三時"),
        ("北山町", "港南道路", "金曜日", "倉庫", "夜十一時"),
    ),
}


@pytest.mark.parametrize("language", FORMS)
def test_a_form_filled_with_other_names_is_other_news_whoever_prints_it(language: str) -> None:
    form, one, other = FORMS[language]
    texts = form.format(*one), form.format(*other)
    assert kinship(article("Fire", texts[0]), article("Fire", texts[1])) is None
    assert kinship(article("Fire", texts[0]), article("Fire", texts[1], "https://two.example/b")) is None
    found = kinship(article("Fire", texts[0]), article("Blaze out by night", texts[0], "https://two.example/b"))
    assert found is not None, "a copy of a filled form is a copy"


def test_a_fact_set_right_makes_no_other_news() -> None:
    right = FERRY.replace("212,000", "221,000") + " This report has been corrected."
    found = kinship(article(FERRY_TITLE, right, "https://two.example/b"), SOURCE)
    assert found is not None
    assert found.how == "copy"


def test_the_same_words_with_other_adjectives_are_an_edit_elsewhere_and_a_form_at_home() -> None:
    text = (
        "It will be {0} along the coast today, and {1} air comes in from the sea. The evening stays {2}. Those who go out in boats "
        "should look at the tables first, as the water falls quickly and the banks lie bare for hours; help may be far away. "
        "The harbour office hangs out its lamps at dusk, and whoever sees a flare is asked to call it at once, by day or by night."
    )
    one, other = text.format("bright", "mild", "calm"), text.format("foggy", "cold", "damp")
    assert kinship(article("The coast", one), article("The coast", other)) is None
    assert kinship(article("The coast", one), article("By the sea", other, "https://two.example/b")) is not None


@pytest.mark.parametrize("end", ["…", "."])
def test_lists_with_some_teasers_in_common_are_no_copies(end: str) -> None:
    lines = [f"{ramble(seed, 4)}. {ramble(100 + seed, 18)}{end}" for seed in range(12)]
    one, other = (
        "\n\n".join(lines[at] for at in order) for order in ((0, 4, 1, 5, 2, 6, 3, 7), (8, 4, 9, 5, 10, 6, 11, 7))
    )
    assert (
        kinship(article("Read this week", one), article("Ten for the morning", other, "https://two.example/b")) is None
    )
    assert (
        kinship(article("Read this week", one), article("Ten for the morning", one, "https://two.example/b"))
        is not None
    )


@pytest.mark.parametrize("seed", range(5))
def test_two_are_kin_whichever_came_first(seed: int) -> None:
    rng = random.Random(seed)
    sentences = [*FERRY.split(". "), *OTHER.split(". "), *(ramble(rng.random(), 15) for _ in range(6))]
    made = [
        article(rng.choice((FERRY_TITLE, "Ferry back", None)), ". ".join(rng.sample(sentences, 6))) for _ in range(8)
    ]
    for one in made:
        for other in made:
            assert (kinship(one, other) is None) is (kinship(other, one) is None)


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
