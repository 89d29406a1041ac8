from havana.knowledge.chunk import BELOW, ENOUGH, Chunk, cut, cut_page, plain


def test_each_section_is_a_passage_under_its_path_of_headings() -> None:
    document = cut("# Housing\n\nWe help.\n\n## Rooms\nCheap.\n\n### Shared\nCheaper.\n\n## Food\nGood.", "file")

    assert document.title == "Housing"
    assert [(chunk.heading, chunk.text) for chunk in document.chunks] == [
        ("", "We help."),
        ("Rooms", "Cheap."),
        (f"Rooms{BELOW}Shared", "Cheaper."),
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

    assert document.chunks == (Chunk("B", "It is.", "It is.", ("Is it b?",), "b"),)


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


def test_a_passage_leads_to_the_heading_above_it_as_github_names_it() -> None:
    source = "# Housing\n\nTop.\n\n## Rooms & *beds*\nCheap.\n\n### Für zwei\nCheaper.\n\n## Rooms & beds\nAgain."

    assert [(chunk.heading, chunk.anchor) for chunk in cut(source, "file").chunks] == [
        ("", None),
        ("Rooms & beds", "rooms--beds"),
        (f"Rooms & beds{BELOW}Für zwei", "für-zwei"),
        ("Rooms & beds", "rooms--beds-1"),
    ]


def test_a_heading_may_name_its_own_anchor() -> None:
    (chunk,) = cut("## Rooms {#beds}\nCheap.", "file").chunks

    assert (chunk.heading, chunk.anchor) == ("Rooms", "beds")


def test_a_heading_of_a_page_has_no_anchor_but_its_own_or_the_nearest_above() -> None:
    document = cut_page("# T\n\n## A {#a}\n1\n\n### B\n2\n\n## C\n3", "T", "https://example.com/")

    assert [(chunk.heading, chunk.anchor) for chunk in document.chunks] == [
        ("A", "a"),
        (f"A{BELOW}B", "a"),
        ("C", None),
    ]


def test_nothing_in_a_page_is_taken_for_a_note_to_us() -> None:
    document = cut_page("---\ntitle: Other\n---\n\nalso: this is text", "Page", None)

    assert document.title == "Page"
    assert "also: this is text" in document.chunks[-1].text
    assert document.chunks[-1].questions == ()


def test_what_is_searched_is_what_a_reader_sees() -> None:
    assert plain(r"snake\_case \<b> \[x\]") == "snake_case <b> [x]"
