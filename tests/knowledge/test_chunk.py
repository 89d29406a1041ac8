from havana.knowledge.chunk import ENOUGH, Chunk, cut, plain


def test_each_section_is_a_passage_under_its_path_of_headings() -> None:
    document = cut("# Housing\n\nWe help.\n\n## Rooms\nCheap.\n\n### Shared\nCheaper.\n\n## Food\nGood.", "file")

    assert document.title == "Housing"
    assert [(chunk.heading, chunk.text) for chunk in document.chunks] == [
        ("", "We help."),
        ("Rooms", "Cheap."),
        ("Rooms / Shared", "Cheaper."),
        ("Food", "Good."),
    ]


def test_front_matter_names_title_address_and_questions() -> None:
    source = "---\ntitle: Rooms\nurl: https://example.com/rooms\nalso: Where to live?\nalso: dorms\n---\nNone here."
    document = cut(source, "file")

    assert (document.title, document.url) == ("Rooms", "https://example.com/rooms")
    assert document.chunks == (Chunk("", "None here.", "None here.", ("Where to live?", "dorms")),)


def test_questions_of_front_matter_may_be_a_list() -> None:
    document = cut("---\nalso:\n  - one\n  - two\n---\nText.", "file")

    assert document.chunks[0].questions == ("one", "two")


def test_questions_below_a_heading_belong_to_its_section_and_are_not_shown() -> None:
    document = cut("# A\n## B\nalso: Is it b?\n\nIt is.", "file")

    assert document.chunks == (Chunk("B", "It is.", "It is.", ("Is it b?",)),)


def test_a_text_without_a_title_is_called_by_its_name() -> None:
    assert cut("Only words.", "opening hours").title == "opening hours"


def test_a_list_stays_with_the_sentence_that_announces_it() -> None:
    items = "\n".join(f"- item {number} of the list, which is not short" for number in range(20))
    document = cut(f"You need:\n\n{items}", "file")

    assert [chunk.text for chunk in document.chunks] == [f"You need:\n\n{items}"]


def test_a_loose_list_is_one_list() -> None:
    document = cut("1. one\n\n2. two\n\n   and more\n\n3. three", "file")

    assert [chunk.text for chunk in document.chunks] == ["1. one\n\n2. two\n\n   and more\n\n3. three"]


def test_long_paragraphs_are_cut_where_a_sentence_ends() -> None:
    sentence = "This sentence has exactly so many words that ten of them are too long. "
    document = cut(sentence * 20, "file")

    assert len(document.chunks) == 3
    assert all(len(chunk.text) <= ENOUGH and chunk.text.endswith("too long.") for chunk in document.chunks)


def test_a_wall_of_letters_is_cut_anyway() -> None:
    document = cut("x" * 10_000, "file")

    assert max(len(chunk.text) for chunk in document.chunks) <= 2 * ENOUGH
    assert "".join(chunk.text for chunk in document.chunks) == "x" * 10_000


def test_code_is_kept_as_it_is() -> None:
    code = "```\n# not a heading\n\nalso: not a question\n```"
    document = cut(f"# A\n\n{code}", "file")

    assert [(chunk.heading, chunk.text) for chunk in document.chunks] == [("", code)]


def test_what_is_searched_has_no_marks() -> None:
    assert (
        plain("See **our** [fees](https://x.example/fees) `now`:\n\n- $40\n- <b>free</b>")
        == "See our fees now: $40 free"
    )


def test_comments_are_for_nobody() -> None:
    assert cut("Yes.<!-- not\n\nfor readers -->", "file").chunks[0].text == "Yes."


def test_an_empty_article_has_no_passages() -> None:
    assert cut("# Only a title\n\n## And a heading\n", "file").chunks == ()
