"""Which part of the page is the article: roles are settled, blocks weighed, one block chosen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from scraper.extract.body.blocks import HEADINGS, Block, Line, prose_of
from scraper.extract.body.facts import Facts
from scraper.extract.body.line_rules import own_verdict
from scraper.extract.body.roles import Role
from scraper.extract.words.walls import asks_for_consent

#: A role is not believed of a block that holds more of the page's prose than this ...
_ROLE_MAX_SHARE = 0.35
#: ... nor anywhere on the page when all its blocks together hold more.
_ROLE_MAX_TOTAL = 0.5
#: Bytes of prose that a block of such a role may hold at most.
_MAX_PROSE = {
    Role.CAPTION: 1500, Role.BYLINE: 300, Role.DATE: 0, Role.TAGS: 200, Role.STANDFIRST: 800, Role.SHARE: 0,
    Role.NAVIGATION: 600,
}  # fmt: skip
#: The article's block holds at least this share of the page's gain.
_LEAST_SHARE = 0.6
#: The chosen block holds at least this share of the paragraphs behind the headline; of each, links are less than that.
_LEAST_COVERED = 0.7
_TEXT_LINKED = 0.3
#: Bytes of a sentence that is text even if nothing else is.
_SENTENCE_MIN = 40
#: What is no part of the text around it by its very markup.
_APART_TAGS = frozenset(("aside", "footer"))
_APART_ROLES = frozenset(("dialog", "alertdialog", "complementary", "contentinfo"))
#: A block beside another that gains as much is a part of the text.
_TWIN_GAIN = 150
#: Bytes of prose elsewhere (before a block of comments) that make these roles believed at any length.
_ENOUGH = 600
#: A paragraph that a witness tells too speaks for its block this much louder.
_TOLD_FACTOR = 3
#: Teasers hold no more of the page's prose than this.
_CARDS_MAX_SHARE = 0.5
_TEXT_TAGS = frozenset(("p", "li", "blockquote", "pre", "dd", "dt", "dl", "ul", "ol", *HEADINGS))
_TABLE_TAGS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "th"))


def choose_root(lines: list[Line], blocks: list[Block], facts: Facts) -> Block:
    """The block that holds the article; settles the roles of all blocks on the way."""
    title = _title_line(lines, facts)
    headline = title if _is_mostly_behind(lines, title) else -1
    told = _running(line.weight if line.is_prose and facts.is_told(line.folded) else 0 for line in lines)
    is_text_beside = title >= 0 and _is_text_beside(lines, blocks, title)
    settle_roles(lines, blocks, title if is_text_beside else headline, told, is_text_beside=is_text_beside)
    mark_cards(lines, blocks)
    _add_up(lines, blocks, headline, told, is_text_beside=is_text_beside)
    whole = max(blocks, key=lambda block: block.gain)
    best = _one_of_several(whole, blocks)
    chosen = _whole(_descend(best, blocks, lines, facts, headline))
    is_settled = best is not whole or told[chosen.last] > told[chosen.first]
    return chosen if is_settled else _covering(chosen, lines, facts, headline)


def _covering(block: Block, lines: list[Line], facts: Facts, headline: int) -> Block:
    """The smallest block around the chosen one that holds most of the paragraphs behind the headline.

    The chosen block is the purest, and may be a part of the text alone; these paragraphs are a second answer, found
    without weighing any block.
    """

    def is_text(line: Line) -> bool:
        return (
            line.is_prose
            and line.block.role is None
            and line.link_share < _TEXT_LINKED
            and not own_verdict(line, facts)
        )

    start = headline + 1
    if not any(map(is_text, (*lines[start : block.first], *lines[max(start, block.last) :]))):
        return block
    text = _running(line.weight if at >= start and is_text(line) else 0 for at, line in enumerate(lines))
    while text[block.last] - text[block.first] < _LEAST_COVERED * text[-1] and block.parent is not None:
        block = block.parent
    return block


# --------------------------------------------------------------------------- roles


def _is_text_beside(lines: list[Line], blocks: list[Block], title: int) -> bool:
    """Whether text follows the headline in blocks whose names say nothing against it."""
    named: set[int] = set()
    for block in blocks:
        if block.role is not None or (block.parent is not None and id(block.parent) in named):
            named.add(id(block))
    return any(
        id(line.block) not in named
        and line.tag not in HEADINGS
        and line.link_share < 0.5
        and ((line.has_sentence and line.weight >= _SENTENCE_MIN) or any(one.is_body for one in line.block.outward()))
        and not asks_for_consent(line.text)
        for line in lines[title + 1 :]
    )


def settle_roles(
    lines: list[Line], blocks: list[Block], headline: int, told: list[int], *, is_text_beside: bool = False
) -> None:
    """Let each block inherit its parent's role, and drop roles that prose, the headline or a witness contradicts.

    `told` are running totals: the weight of the prose before each line that a witness tells too. Where text stands
    beside them, dialogues and asides keep their role, however long they are.
    """
    prose = _prose_before(lines)
    total = prose[-1] or 1
    claimed: dict[Role, int] = {}
    for block in blocks:
        _inherit(block)
        if block.role is None or (block.parent and block.parent.role is not None):
            continue
        inside = prose[block.last] - prose[block.first]
        is_told = told[block.last] - told[block.first] > max(_ENOUGH, told[-1] // 2)
        if is_told or _is_contradicted(block, prose, headline, is_text_beside=is_text_beside):
            block.role = None
        elif inside <= total * _ROLE_MAX_SHARE and not (is_text_beside and _is_set_apart(block)):
            claimed[block.role] = claimed.get(block.role, 0) + inside
    doubted = {role for role, inside in claimed.items() if inside > total * _ROLE_MAX_TOTAL}
    for block in blocks:
        if block.role in doubted:
            block.role = None
        _inherit(block)


def _inherit(block: Block) -> None:
    role = block.parent.role if block.parent else None
    if role is not None and (block.role is None or role in (Role.COMMENTS, Role.RELATED, Role.HIDDEN)):
        block.role = role


def _is_set_apart(block: Block) -> bool:
    """Whether the markup itself, not a name, says that a block is no part of the text around it."""
    get = block.element.get
    return block.tag in _APART_TAGS or get("role") in _APART_ROLES or get("aria-modal") == "true"


def _is_contradicted(block: Block, prose: list[int], headline: int, *, is_text_beside: bool) -> bool:
    """Whether a block holds more than what its role says."""
    assert block.role is not None
    inside = prose[block.last] - prose[block.first]
    # A paragraph that a paywall's style hides is the article's all the same.
    if inside == 0 or (block.role is Role.HIDDEN and block.tag == "p"):
        return inside > 0
    if block.first <= headline < block.last:
        return True
    if is_text_beside and _is_set_apart(block):
        return False
    if inside <= min(prose[-1] * _ROLE_MAX_SHARE, _MAX_PROSE.get(block.role, inside)):
        return False
    # Comments may be longer than the article before them, a wall longer than the article behind it.
    before = prose[block.first] - prose[max(headline, 0)]
    elsewhere = {Role.COMMENTS: before, Role.CONSENT: prose[-1] - inside}.get(block.role, 0)
    return elsewhere < _ENOUGH


def _prose_before(lines: Iterable[Line]) -> list[int]:
    """Running totals: the weight of prose in all lines before each one."""
    return _running(line.weight if line.is_prose else 0 for line in lines)


def _running(weights: Iterable[int]) -> list[int]:
    return list(accumulate(weights, initial=0))


def mark_cards(lines: list[Line], blocks: list[Block]) -> None:
    """Three or more like siblings that each open with a linked headline are teasers, whatever they are called.

    Unless they hold most of the page's prose: then they are the parts of an article that lists things.
    """
    prose = _prose_before(lines)
    groups: dict[tuple[int, frozenset[str]], list[Block]] = {}
    for block in blocks:
        if block.role is None and block.parent is not None and 1 <= block.last - block.first <= 8:
            groups.setdefault((id(block.parent), _make(block)), []).append(block)
    for group in groups.values():
        if len(group) < 3 or sum(_is_card(lines, block) for block in group) < 0.8 * len(group):
            continue
        if sum(prose[block.last] - prose[block.first] for block in group) <= prose[-1] * _CARDS_MAX_SHARE:
            for block in group:
                block.role = Role.RELATED
    for block in blocks:
        if block.role is None and block.parent is not None and block.parent.role is Role.RELATED:
            block.role = Role.RELATED


def _is_card(lines: list[Line], block: Block) -> bool:
    """A headline that is a link, and at most a short text or two with it."""
    inside = lines[block.first : block.last]
    linked = [line for line in inside if line.link_share > 0.85 and line.weight >= 20]
    return bool(linked) and prose_of(inside) <= 700 and len(linked) + 4 >= len(inside)


# --------------------------------------------------------------------------- the choice


def _title_line(lines: list[Line], facts: Facts) -> int:
    """The heading that is the page's headline; -1 = none is."""
    return next((at for at, line in enumerate(lines) if line.tag in HEADINGS and facts.is_title(line.folded)), -1)


def _is_mostly_behind(lines: list[Line], title: int) -> bool:
    """Whether more text stands behind the headline than before it: the article begins there at the earliest."""
    if title < 0:
        return False
    before = sum(line.gain for line in lines[:title] if line.gain > 0)
    return before < sum(line.gain for line in lines[title:] if line.gain > 0)


def _add_up(lines: list[Line], blocks: list[Block], start: int, told: list[int], *, is_text_beside: bool) -> None:
    """Give each block the gains of its lines; text before the headline or in a block of another role gains nothing.

    Nor does talk of cookies, where other text stands.
    """
    for block in blocks:
        block.gain = 0.0
    for index, line in enumerate(lines):
        gain = line.gain * (_TOLD_FACTOR if told[index + 1] > told[index] else 1)
        is_other = index < start or line.block.role is not None
        if is_text_beside and not is_other and line.is_prose and asks_for_consent(line.text):
            is_other = True
        line.block.gain += min(gain, 0.0) if is_other else gain
    for block in reversed(blocks):
        if block.is_body and block.gain > 0 and block.role is None:
            block.gain *= 1.02
        if block.parent is not None:
            block.parent.gain += block.gain


def _one_of_several(best: Block, blocks: list[Block]) -> Block:
    """On a page that has loaded the next articles too, the first with a main heading of its own."""
    articles = [
        block
        for block in blocks
        if block.tag == "article"
        and best.first <= block.first
        and block.last <= best.last
        and block.gain > best.gain * 0.15
    ]
    outer = [
        block
        for index, block in enumerate(articles)
        if index == 0 or block.first >= max(b.last for b in articles[:index])
    ]
    if len(outer) >= 2 and all(block.element.find(".//h1") is not None for block in outer):
        return outer[0]
    return best


def _descend(block: Block, blocks: list[Block], lines: list[Line], facts: Facts, headline: int) -> Block:
    children: dict[int, list[Block]] = {}
    for child in blocks:
        if child.parent is not None:
            children.setdefault(id(child.parent), []).append(child)
    least = block.gain * _LEAST_SHARE
    while True:
        inside = children.get(id(block), [])
        inner = max(inside, key=lambda child: child.gain, default=None)
        if inner is None or inner.tag in _TEXT_TAGS or inner.gain < least:
            return block
        if (
            _has_lead(block, inner, lines, facts)
            or _goes_on(block, inner, lines, headline)
            or _has_twins(inner, inside)
        ):
            return block
        block = inner


def _whole(block: Block) -> Block:
    """The block around a text element or a table's part; a cell with most of the page in it is layout, and stays."""
    while block.tag in _TEXT_TAGS | _TABLE_TAGS and block.parent is not None:
        block = block.parent
    return block


def _has_lead(outer: Block, inner: Block, lines: list[Line], facts: Facts) -> bool:
    """Whether paragraphs of the article stand between the headline and the inner block."""
    start = next((i for i in range(outer.first, inner.first) if facts.is_title(lines[i].folded)), inner.first)
    return any(line.tag == "p" and line.is_prose and line.block.role is None for line in lines[start : inner.first])


def _goes_on(outer: Block, inner: Block, lines: list[Line], headline: int) -> bool:
    """Whether paragraphs of the outer block itself stand beside the inner one."""
    beside = (*lines[max(outer.first, headline + 1) : inner.first], *lines[inner.last : outer.last])
    return any(
        line.is_prose
        and line.tag in ("p", "div")
        and line.block.role is None
        and (line.block.parent is outer or line.block is outer)
        for line in beside
    )


def _has_twins(inner: Block, siblings: list[Block]) -> bool:
    """Whether blocks beside it hold text too that are of the same make or stand on both sides: parts of one text."""
    beside = [child for child in siblings if child is not inner and child.role is None and child.gain > _TWIN_GAIN]
    if any(child.first < inner.first for child in beside) and any(child.first > inner.first for child in beside):
        return True
    make = _make(inner)
    return inner.tag != "article" and any(_is_alike(_make(child), make) for child in beside)


def _make(block: Block) -> frozenset[str]:
    """Tag and class names, without those that number the block."""
    names = (block.element.get("class") or "").split()
    return frozenset((f"<{block.tag}>", *(name for name in names if not any(map(str.isdigit, name)))))


def _is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return one == other or 2 * len(one & other) > min(len(one), len(other)) + 2


def with_lead(top: Block, lines: list[Line], facts: Facts) -> Block:
    """The smallest block that also holds a lead between headline and text; what else it holds is marked as outside."""
    start = _title_before(top, lines, facts)
    lead = [index for index in range(start + 1, top.first) if _is_lead(lines[index], facts)]
    if start < 0 or not lead or len(lead) > 3:
        return top
    outer = top
    while outer.first > lead[0] and outer.parent is not None:
        outer = outer.parent
    wanted = {*lead, *range(top.first, top.last)}
    for index in range(outer.first, outer.last):
        if index not in wanted:
            lines[index].dropped = lines[index].dropped or "outside"
    return outer


_LEAD_DISTANCE = 25


def _title_before(top: Block, lines: list[Line], facts: Facts) -> int:
    nearest = range(top.first - 1, max(-1, top.first - _LEAD_DISTANCE), -1)
    return next((index for index in nearest if lines[index].tag == "h1" or facts.is_title(lines[index].folded)), -1)


def _is_lead(line: Line, facts: Facts) -> bool:
    """A paragraph, or a sentence in a paragraph of its own that nothing speaks against."""
    is_sentence = line.tag == "p" and line.has_sentence and line.weight >= _SENTENCE_MIN and line.link_share < 0.5
    return (
        (line.is_prose or (is_sentence and own_verdict(line, facts) is None))
        and line.tag in ("p", "div")
        and line.block.role in (None, Role.STANDFIRST)
        and not facts.is_title(line.folded)
    )
