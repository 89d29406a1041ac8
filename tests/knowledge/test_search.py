import pytest
from tests.knowledge.conftest import a_site

from havana.knowledge import ingest
from havana.knowledge.search import Knowledge, Passage
from havana.storage.database import Database

ARTICLES = {
    "welding": (
        "# Welding\n\n## Cost\nalso: How much is it to learn welding?\n\nTuition is $8,400.\n\n## Length\nNine months."
    ),
    "housing": "---\nurl: https://example.com/housing\n---\n# Housing\n\nThere are no dormitories on the campus.",
    "parking": "# Parking\n\nParking on the campus is free for all students. Résumés are not needed.",
    "hours": "# Opening hours\n\nThe office opens at eight and applications close in December.",
}


@pytest.fixture
def filled(database: Database, site: str) -> str:
    for path, text in ARTICLES.items():
        database.write_now(lambda conn, path=path, text=text: ingest.put(conn, site, path, text))
    return site


async def titles(knowledge: Knowledge, site: str, query: str) -> list[str]:
    return [passage.title for passage in await knowledge.search(site, query)]


async def test_a_passage_comes_with_all_that_a_citation_needs(knowledge: Knowledge, filled: str) -> None:
    (passage,) = await knowledge.search(filled, "dormitories")

    assert passage == Passage(
        passage.article,
        "Housing",
        "",
        "https://example.com/housing",
        "There are no dormitories on the campus.",
        passage.score,
    )
    assert 0.3 < passage.score <= 1


async def test_a_question_asked_as_foreseen_finds_the_passage_with_other_words(
    knowledge: Knowledge, filled: str
) -> None:
    best = (await knowledge.search(filled, "how much does it cost to learn welding"))[0]

    assert (best.title, best.heading, best.text) == ("Welding", "Cost", "Tuition is $8,400.")


async def test_a_passage_appears_once_however_many_questions_lead_to_it(knowledge: Knowledge, filled: str) -> None:
    found = await knowledge.search(filled, "welding cost tuition")

    assert [passage.heading for passage in found] == ["Cost", "Length"]


@pytest.mark.parametrize(
    "query", ["applied", "aplication", "APPLYING", "resume dormitory application", "applications!!!"]
)
async def test_other_forms_and_slips_of_a_word_are_found(knowledge: Knowledge, filled: str, query: str) -> None:
    assert "Opening hours" in await titles(knowledge, filled, query)


async def test_accents_do_not_matter(knowledge: Knowledge, filled: str) -> None:
    assert await titles(knowledge, filled, "resumes") == await titles(knowledge, filled, "résumés") == ["Parking"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "the of and", "what is it", "xylophone quartet", "日本語"])
async def test_nothing_is_found_where_there_is_nothing_to_look_for(
    knowledge: Knowledge, filled: str, query: str
) -> None:
    assert await knowledge.search(filled, query) == []


@pytest.mark.parametrize(
    "query",
    [
        'parking" OR "',
        "parking AND NOT (",
        "title:parking*",
        "NEAR(parking, 3)",
        "parking'; --",
        "^parking",
        "parking\0x",
    ],
)
async def test_a_question_is_never_a_command_of_the_index(knowledge: Knowledge, filled: str, query: str) -> None:
    assert (await titles(knowledge, filled, query))[0] == "Parking"


async def test_a_word_of_few_articles_weighs_more(knowledge: Knowledge, filled: str) -> None:
    assert (await titles(knowledge, filled, "campus dormitories"))[0] == "Housing"


async def test_what_the_articles_lack_lowers_the_score(knowledge: Knowledge, filled: str) -> None:
    (known,) = await knowledge.search(filled, "parking")
    partly = (await knowledge.search(filled, "parking for helicopters"))[0]

    assert partly.score < known.score / 1.5


async def test_another_sites_articles_are_not_found(database: Database, knowledge: Knowledge, filled: str) -> None:
    other = a_site(database, "other")

    assert await knowledge.search(other, "parking") == []


async def test_the_limit_holds(knowledge: Knowledge, filled: str) -> None:
    assert len(await knowledge.search(filled, "campus welding office", limit=2)) == 2


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com/fees", "https://example.com/fees#f%C3%BCr-zwei"),
        ("https://example.com/#/fees", "https://example.com/#/fees"),
    ],
)
async def test_a_passage_below_a_heading_has_a_link_that_leads_there(
    database: Database, knowledge: Knowledge, site: str, url: str, link: str
) -> None:
    text = f"---\nurl: {url}\n---\n# Fees\n\nMoney.\n\n## Für zwei\n\nDouble the price."
    database.write_now(lambda conn: ingest.put(conn, site, "fees", text))

    assert (await knowledge.search(site, "money"))[0].url == url
    assert (await knowledge.search(site, "double"))[0].url == link
