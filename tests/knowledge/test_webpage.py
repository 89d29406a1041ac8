"""Pages of HTML as articles: what they are about, in Markdown, with the names of their headings."""

import pytest

from havana.knowledge import webpage
from havana.knowledge.chunk import cut_page
from havana.knowledge.webpage import WebPage

URL = "https://example.com/help/rooms"


def read(html: str, base: str | None = URL) -> WebPage:
    return webpage.read(html.encode(), None, base, "file name")


def anchors(html: str) -> list[tuple[str, str | None]]:
    page = read(html)
    return [(chunk.heading, chunk.anchor) for chunk in cut_page(page.markdown, page.title, URL).chunks]


def test_only_what_the_page_is_about_is_kept() -> None:
    page = read("""
        <title>Rooms | School</title><header><h1>School</h1></header><nav><a href=/>Home</a></nav>
        <main><h1>Rooms</h1><aside>Buy!</aside><p>They are <b>cheap</b>.<script>track()</script><form>Search</form>
        <p hidden>Old</p><p style="display: none">Older</p><i aria-hidden=true>icon</i><template>x</template></main>
        <footer>Since 1900</footer>""")

    assert page == WebPage("Rooms", "# Rooms\n\nThey are **cheap**.")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Rooms</title><p>words", "Rooms"),
        ("<title>Rooms | School</title><h1>Our  rooms</h1>words", "Our rooms"),
        ("<title>Both</title><h1>One</h1><h1>Two</h1>words", "Both"),
        ("<title>Rooms</title><header><h1>School</h1></header>words", "Rooms"),
        ("<svg><title>arrow</title></svg><p>words", "file name"),
    ],
)
def test_a_page_is_called_by_its_one_first_heading_or_its_title(html: str, title: str) -> None:
    assert read(html).title == title


def test_end_tags_that_were_left_out_are_where_browsers_see_them() -> None:
    page = read("<p>One<p>Two<ul><li>a<li>b</ul><table><tr><th>x<th>y<tr><td>1<td>2</table>")

    assert page.markdown == "One\n\nTwo\n\n- a\n- b\n\n| x | y |\n| --- | --- |\n| 1 | 2 |"


def test_a_heading_keeps_the_name_under_which_the_page_opens_there() -> None:
    assert anchors("""<h1 id=top>T</h1>zero
        <h2 id=a>A <a class=headerlink href="#a">¶</a></h2>one
        <h2><a name=b></a>B</h2>two
        <a id=c></a><h2>C</h2>three
        <section id=d><h2>D</h2>four</section>
        <h2>E</h2>five""") == [("", None), ("A", "a"), ("B", "b"), ("C", "c"), ("D", "d"), ("E", None)]


def test_links_lead_where_they_led_and_none_can_run() -> None:
    page = read('<a href="../fees(1)?a=b c">fees</a> <a href="javascript:alert(1)">evil</a> <a href="http://[">odd</a>')

    assert page.markdown == "[fees](https://example.com/fees%281%29?a=b%20c) evil odd"


def test_a_link_of_a_file_that_has_no_address_is_only_its_words() -> None:
    assert read('<a href="fees.html">fees</a> <a href="https://x.example/">x</a>', base=None).markdown == (
        "fees [x](https://x.example/)"
    )


def test_pictures_are_what_they_show_in_words() -> None:
    assert read('<p><img src="https://evil.example/x.png" alt="The gate"> is open').markdown == "The gate is open"


def test_words_that_look_like_marks_stay_words() -> None:
    page = read("<p># 2*3 &lt;b&gt; &amp; snake_case &amp;lt;<pre>a &lt; b &amp;&amp; c</pre>")

    assert page.markdown == "\\# 2\\*3 \\<b> & snake\\_case \\&lt;\n\n```\na < b && c\n```"


def test_questions_that_unfold_are_questions() -> None:
    page = read("<h3><button>May I?</button></h3>You may.<details><summary>When?</summary>Now.</details>")

    assert page.markdown == "### May I?\n\nYou may.\n\nWhen?\n\nNow."


def test_items_are_lines_and_cards_are_sections() -> None:
    assert read("<ul><li><p>one</p><p>more</p></li><li>two</ul>").markdown == "- one more\n- two"
    assert read("<ul><li><h2>One</h2><p>more</ul>").markdown == "## One\n\nmore"


def test_a_table_that_lays_out_the_page_is_none() -> None:
    assert read("<table><tr><td><h2>Left</h2><td><p>right</table>").markdown == "## Left\n\nright"


def test_a_form_around_the_whole_page_is_no_form() -> None:
    assert read("<form><h1>Rooms</h1><p>Cheap.<input name=x></form>").markdown == "# Rooms\n\nCheap."


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<p>Prüfung".encode(), None),
        ("<meta charset=latin1><p>Prüfung".encode("latin-1"), None),
        ("<p>Prüfung".encode("utf-16"), None),
        ("<meta charset=utf-8><p>Prüfung".encode("cp1252"), "windows-1252"),
        ("<p>Prüfung".encode("cp1252"), "no-such-thing"),
    ],
)
def test_letters_are_read_as_browsers_read_them(data: bytes, charset: str | None) -> None:
    assert webpage.read(data, charset, None, "x").markdown == "Prüfung"


@pytest.mark.parametrize("part", ["<div>", "<p>x<b>", "<ul><li>", "<table><tr><td>", "<header><h2>x", "<!--", "<a "])
def test_a_page_made_to_take_long_is_read_or_refused(part: str) -> None:
    try:
        outcome = f"{len(read(part * (100_000 // len(part))).markdown) < 300_000}"
    except ValueError as error:
        outcome = str(error)

    assert outcome in ("True", "it has too many parts for an article")
