"""The bench does what it says; nothing here is timed."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

from bench.command import main
from bench.extraction import Quality, installed_ports
from bench.origin.page import render_page
from bench.origin.site import Plan, Site
from bench.origin.words import write_story
from bench.peers.port_pages import reader
from bench.report import as_json, as_markdown, as_text
from bench.rounds import Measure, Row, Unit, play
from scraper.extract import extract_article
from scraper.sources.syndication import parse_feed

BENCH = Path(__file__).parent.parent / "bench"
FACTS = {"date": "2026-01-15 08:00 UTC", "command": "sh bench/run.sh"}


def seconds(*each: float) -> tuple[Measure, ...]:
    return tuple(Measure(count=10, seconds=value, cpu_seconds=value / 2) for value in each)


def row(*, ours: tuple[Measure, ...], theirs: tuple[Measure, ...], unit: Unit = "per second") -> Row:
    return Row(key="poll", work="poll", unit=unit, peer="reader", ours=ours, theirs=theirs)


def make_site(**plan: int) -> Site:
    wanted = Plan(**plan)
    return Site(wanted, [f"http://127.20.0.{at + 1}:8080" for at in range(wanted.hosts)])


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_a_row_gives_medians_the_ratio_of_them_and_the_spread_of_the_rounds():
    rate = row(ours=seconds(1, 2, 4), theirs=seconds(4, 4, 4))
    assert (rate.our_figure, rate.their_figure, rate.ratio) == (5, 2.5, 2)
    assert rate.spread == (1, 4)
    assert rate.our_cpu_ms == 100


def test_more_is_better_whatever_the_unit():
    each = row(unit="ms each", ours=seconds(1), theirs=seconds(3))
    assert (each.our_figure, each.their_figure) == (100, 300)
    assert each.ratio == pytest.approx(3)


def test_one_round_without_cpu_seconds_leaves_the_figure_unknown():
    unknown = (*seconds(1), Measure(count=10, seconds=1))
    assert row(ours=unknown, theirs=seconds(1, 1)).our_cpu_ms is None


def test_rounds_are_interleaved_and_take_turns_to_begin():
    seen: list[str] = []
    played = play(3, {name: lambda name=name: (seen.append(name), {})[1] for name in "ab"})
    assert "".join(seen) == "abbaab"
    assert [len(results) for results in played.values()] == [3, 3]


def test_the_table_is_printed_for_terminals_markdown_and_programs():
    rows = [row(ours=seconds(1), theirs=seconds(2))]
    assert "2.00" in as_text(rows, FACTS)
    assert "| poll | per second | 10.0 | reader | 5.00 | 2.00 | 2.00-2.00 | 50.0 / 100 |" in as_markdown(rows, FACTS)
    assert "| work | unit | Wireroom | peer |" in as_markdown(rows, FACTS)
    record = json.loads(as_json(rows, FACTS))
    assert record["rows"][0]["ratio"] == 2
    assert record["rows"][0]["ours"][0]["seconds"] == 1


def test_quality_stands_in_a_table_of_its_own():
    quality = [Quality(program="wireroom", pages=40, body_f1=0.9876, exact_pages=30)]
    rows = [row(ours=seconds(1), theirs=seconds(2))]
    assert as_text(rows, FACTS, quality).endswith("wireroom             40     0.988        30 (75%)")
    assert "| wireroom | 40 | 0.988 | 30 (75%) |" in as_markdown(rows, FACTS, quality)
    assert json.loads(as_json(rows, FACTS, quality))["quality"][0]["exact_pages"] == 30
    assert "exact pages" not in as_text(rows, FACTS)


def test_an_origin_without_validators_sends_the_same_bodies():
    site = make_site(feeds=3)
    path = path_of(site.feed_urls()[0])
    usual = site.answer(path)
    site.sends_validators = False
    bare = site.answer(path)
    assert usual is not None
    assert bare is not None
    assert "" not in (usual.etag, usual.last_modified)
    assert (bare.body, bare.etag, bare.last_modified) == (usual.body, "", "")
    site.reset()
    assert site.answer(path) == usual


def test_feeds_are_read_in_full_and_grow_when_something_is_published():
    site = make_site(feeds=10)
    bodies = [site.answer(path_of(url)) for url in site.feed_urls()]
    assert len(bodies) == 11
    parsed = [
        parse_feed(answer.body, url=url, content_type=answer.content_type)
        for answer, url in zip(bodies, site.feed_urls(), strict=True)
    ]
    assert sum(len(feed.entries) for feed in parsed[:-1]) == site.count_entries()
    assert site.publish(0.3) == 3
    after = [site.answer(path_of(url)) for url in site.feed_urls()]
    assert sum(a.etag != b.etag and a.last_modified != b.last_modified for a, b in zip(bodies, after, strict=True)) == 3
    site.reset()
    assert [site.answer(path_of(url)) for url in site.feed_urls()] == bodies


def test_pages_come_in_waves_each_on_a_host_of_its_own():
    site = make_site(articles=30)
    waves = [site.page_urls(wave) for wave in range(2)]
    hosts = [[url.split("/")[2] for url in wave] for wave in waves]
    assert hosts[0] == hosts[1]
    assert len(set(hosts[0])) == 30
    assert site.answer(path_of(waves[1][7])).content_type.startswith("text/html")
    for wave, urls in enumerate(waves):
        site.bring_out(wave)
        listed = "".join(site.answer(path_of(url)).body.decode() for url in site.list_urls())
        assert all(url in listed for url in urls)
        assert (waves[1][0] in listed) == (wave == 1)
    assert site.answer("/nothing") is None


def test_made_pages_are_as_large_as_real_ones_and_hold_their_story():
    sizes = []
    for number in range(6):
        story = write_story(1, number)
        page = render_page(story, f"https://made.example/{number}.html")
        sizes.append(len(page))
        extraction = extract_article(page, url=f"https://made.example/{number}.html")
        assert extraction.title == story.title
        assert story.paragraphs[0] in extraction.text
        assert story.paragraphs[-1] in extraction.text
    assert min(sizes) > 40_000
    assert max(sizes) < 250_000


@pytest.mark.parametrize("arguments", [["--rounds", "0"], ["--only", "weather"], ["--unknown"]])
def test_wrong_options_are_refused(arguments: list[str]):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_what_the_peers_import_of_the_bench_needs_no_package_of_ours():
    for path in [
        BENCH / "__init__.py",
        BENCH / "dialogue.py",
        BENCH / "passes.py",
        *sorted((BENCH / "peers").glob("*.py")),
    ]:
        names = {
            (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert not names & {"scraper", "store", "wireroom", "scheduler"}, path


def test_the_locks_name_no_host_and_pin_every_package_by_hash():
    for lock in BENCH.glob("*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)


def test_ports_join_where_they_are_installed(tmp_path, monkeypatch, capsys):
    """Stand-ins of the packages' shape; the real ones are not in the lock file."""
    document = "from types import SimpleNamespace as Page\n"
    (tmp_path / "trafipy.py").write_text(document + "def extract(html, *, url=None): return Page(text=html.upper())\n")
    (tmp_path / "etrafilatura.py").write_text(
        document + "def bare_extraction(html, **options): return Page(text=html.decode()) if html else None\n"
    )
    assert installed_ports(Path(sys.executable)) == {}
    assert "trafipy is not installed" in capsys.readouterr().err
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert list(installed_ports(Path(sys.executable))) == ["etrafilatura", "trafipy"]
    monkeypatch.syspath_prepend(tmp_path)
    assert reader("trafipy")(b"sea", "https://a.example/") == "SEA"
    assert reader("etrafilatura")(b"sea", "https://a.example/") == "sea"
    assert reader("etrafilatura")(b"", "https://a.example/") is None
