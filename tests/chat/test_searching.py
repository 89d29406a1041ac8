"""Which words find what, and which piece of it is shown."""

import pytest

from havana.chat import events as e
from havana.chat.excerpt import LENGTH, excerpt
from havana.chat.searching import MOST_WORDS, Phrase, found_in, plain, query_of, said_in, words_of


def found(text: str, wanted: str) -> list[str]:
    """What of the text is found."""
    return [text[begin:end] for begin, end in found_in(text, query_of(wanted))]


def shown(text: str, wanted: str) -> str:
    """The excerpt with its marks in brackets."""
    pieces = excerpt(text, query_of(wanted))
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is my Order #4711?", ["where", "is", "my", "order", "4711"]),
        ("Größe naïve ÅNGSTRÖM", ["grosse", "naive", "angstrom"]),
        ("ana.silva@example.com", ["ana", "silva", "example", "com"]),
        ("don't snake_case", ["don", "t", "snake", "case"]),
        ("السَّلام عليكم", ["السلام", "عليكم"]),
        ("東京タワー 2F", ["東", "京", "タ", "ワ", "ー", "2f"]),
        ("…!? 🌴", []),
        ("x² ½", ["x2", "12"]),
    ],
)
def test_words_are_letters_and_digits_without_case_and_accents(text: str, words: list[str]):
    assert [word.text for word in words_of(text)] == words


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("late order", (Phrase(("late",)), Phrase(("order",), begun=True))),
        ('"late order" dhl', (Phrase(("late", "order")), Phrase(("dhl",), begun=True))),
        ('dhl "late order"', (Phrase(("dhl",)), Phrase(("late", "order")))),
        ('dhl "late ord', (Phrase(("dhl",)), Phrase(("late", "ord"), begun=True))),
        ("„late order“", (Phrase(("late", "order")),)),
        ("ana@example.com", (Phrase(("ana", "example", "com"), begun=True),)),
        ('NEAR(a, b) OR -c* ^d : "', tuple(map(Phrase, [("near", "a"), ("b",), ("or",), ("c",), ("d",)]))),
        ("' & | ! <-> :*", ()),
        ("", ()),
    ],
)
def test_whatever_is_typed_is_a_query(typed: str, query: tuple[Phrase, ...]):
    assert query_of(typed) == query


def test_of_a_long_query_the_first_words_count():
    many = " ".join("abcdefghijklmnop")

    assert query_of(many) == (*(Phrase((letter,)) for letter in "abcdefghijk"), Phrase(("l",), begun=True))
    assert sum(len(phrase.words) for phrase in query_of("a-" * 50)) == MOST_WORDS
    assert query_of("x" * 10_000)[0].words == ("x" * 64,)


@pytest.mark.parametrize(
    ("text", "wanted", "marked"),
    [
        ("My order is late, my ORDERS are late", "late order", ["order", "late", "ORDERS", "late"]),
        ("My orders are late", '"order"', []),
        ("My order is late", "late parcel", []),
        ("late order, order late", '"order late"', ["order late"]),
        ("Ask Müller", "mull", ["Müller"]),
        ("東京タワーはどこ", "タワー", ["タワー"]),
        ("a b a b a", '"a b a"', ["a b a b a"]),
        ("anything", "", []),
    ],
)
def test_a_text_is_found_by_all_of_the_words_and_marked_where_it_has_them(text: str, wanted: str, marked: list[str]):
    assert found(text, wanted) == marked


def test_markdown_is_searched_as_it_is_read():
    text = "# Prices\n\n- **Welding** costs *1,200* EUR [1]\n- see [the list](https://example.com/x)\n```\na_b * 2\n```"

    assert plain(text) == "Prices\n\nWelding costs 1,200 EUR\nsee the list\na_b * 2\n"
    assert found(plain(text), "example") == []


@pytest.mark.parametrize(
    ("fact", "role", "said"),
    [
        (e.MessagePosted("*as typed*"), "visitor", "*as typed*"),
        (e.MessagePosted("*with marks*"), "agent", "with marks"),
        (e.MessagePosted("You are in the queue."), "system", ""),
        (e.AnswerFinished("a", "complete", "It **costs** 12"), "assistant", "It costs 12"),
        (e.AnswerFinished("a", "superseded", "Never shown"), "assistant", ""),
        (e.NotePosted("VIP"), "agent", "VIP"),
        (e.ContactLeft("Ana", "ana@example.com"), "visitor", "Ana, ana@example.com"),
        (e.Rated(5, "Great"), "visitor", "Great"),
        (e.Claimed(e.Person("a", "Ana")), "agent", ""),
    ],
)
def test_what_people_said_is_found_and_what_the_page_says_is_not(fact: e.AnyFact, role: str, said: str):
    assert said_in(fact, role) == said


def test_an_excerpt_begins_with_the_text_when_the_mark_is_near():
    assert shown("Where is my order?", "order") == "Where is my [order]?"


def test_an_excerpt_begins_near_a_mark_that_is_far():
    far = "Hello there, I have been waiting for quite a while now and nobody could tell me where my parcel is. Thanks"

    assert shown(far, "parcel") == "…could tell me where my [parcel] is. Thanks"


def test_an_excerpt_is_one_line_and_short():
    long = shown("Line one\n\n  two " + "word " * 200, "line")

    assert long.startswith("[Line] one two word")
    assert long.endswith("…")
    assert len(long) == LENGTH + len("[]…")


def test_a_mark_at_the_end_of_an_excerpt_is_cut_with_it():
    text = "order " + "x" * (LENGTH - 9) + " order"

    assert shown(text, "order") == "[order] " + "x" * (LENGTH - 9) + " [or]…"
    assert shown(text, "nothing") == ""
